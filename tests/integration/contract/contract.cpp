#include "integration/contract/contract.hpp"

#include <lineside/client.hpp>
#include <lineside/server.hpp>

#include "support/scratch_dir.hpp"

#include <date/tz.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <sstream>
#include <utility>

namespace lineside::contract {

namespace {

class hosted_engine final : public hosted_portal {
public:
    hosted_engine(bool in_file, portal_settings settings) {
        if (in_file)
            dir_.emplace();
        open(std::move(settings));
    }
    portal& get() override { return *engine_; }
    void reopen(portal_settings settings) override {
        if (!dir_)
            return;
        engine_.reset();
        open(std::move(settings));
    }

private:
    void open(portal_settings settings) {
        engine_options options;
        options.database = dir_ ? "sqlite:" + (dir_->path() / "portal.db").string() : "sqlite::memory:";
        options.storage = settings.storage;
        options.clock = std::move(settings.clock);
        options.delivery = std::move(settings.delivery);
        options.money = std::move(settings.money);
        options.webhooks = std::move(settings.webhooks);
        options.live = settings.live;
        options.identity.password_memory_kib = settings.password_memory_kib;
        options.identity.attempts_per_source = settings.attempts_per_source;
        options.identity.key = secret(std::string_view(settings.identity_key));
        options.identity.reset_link = settings.reset_link;
        engine_.emplace(std::move(options));
    }

    std::optional<test::scratch_dir> dir_;
    std::optional<engine> engine_;
};

/// A client at a server over an engine: everything goes over HTTP and back.
class hosted_client final : public hosted_portal {
public:
    explicit hosted_client(portal_settings settings) : engine_(true, std::move(settings)) { connect(); }
    portal& get() override { return *client_; }
    void reopen(portal_settings settings) override {
        client_.reset();
        server_.reset();
        engine_.reopen(std::move(settings));
        connect();
    }

private:
    void connect() {
        constexpr std::string_view token = "the-operators-token-of-thirty-two-bytes-at-least";
        server_options served;
        served.operator_token = secret(token);
        served.trusted_proxies = {"127.0.0.1"};
        served.limits.request_burst = 1'000'000;
        served.limits.requests_per_second = 1'000'000;
        server_.emplace(engine_.get(), std::move(served));
        client_options options;
        options.base_url = server_->url();
        options.token = secret(token);
        client_.emplace(std::move(options));
    }

    hosted_engine engine_;
    std::optional<server> server_;
    std::optional<client> client_;
};

class text_source final : public byte_source {
public:
    text_source(std::string text, std::size_t piece, std::function<void(std::size_t)> on_read)
        : text_(std::move(text)),
          piece_(piece),
          on_read_(std::move(on_read)) {}

    std::size_t read(std::span<char> to) override {
        if (on_read_)
            on_read_(done_);
        const auto n = std::min({to.size(), piece_, text_.size() - done_});
        std::memcpy(to.data(), text_.data() + done_, n);
        done_ += n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return text_.size(); }

private:
    std::string text_;
    std::size_t piece_;
    std::size_t done_ = 0;
    std::function<void(std::size_t)> on_read_;
};

std::int64_t ms(instant t) { return t.time_since_epoch().count(); }

} // namespace

std::vector<backend> backends() {
    return {
        {"engine_over_a_file", [](portal_settings s) { return std::make_unique<hosted_engine>(true, std::move(s)); }},
        {"engine_in_memory", [](portal_settings s) { return std::make_unique<hosted_engine>(false, std::move(s)); }},
        {"client_of_a_server", [](portal_settings s) { return std::make_unique<hosted_client>(std::move(s)); }},
    };
}

void PrintTo(const backend& b, std::ostream* out) { *out << b.name; }

import_report portal_test::import_text(std::string text, import_request request) {
    if (request.format == record_format::detect)
        request.format = record_format::lineside;
    request.input = from_text(std::move(text));
    return lineside().async_import_records(std::move(request), block);
}

std::vector<call> portal_test::all_calls(const account_id& account) {
    std::vector<call> calls;
    call_query q;
    q.account = account;
    q.limit = 5'000;
    do {
        auto page = lineside().async_query_calls(q, block);
        calls.insert(calls.end(), page.items.begin(), page.items.end());
        q.cursor = page.next;
    } while (!q.cursor.empty());
    return calls;
}

// ---- requests -------------------------------------------------------------------------------------------------------

call answered_call(std::string id, instant start, duration talk) {
    call c;
    c.source = "switch-1";
    c.call_id = std::move(id);
    c.account_id = acme;
    c.direction = call_direction::outbound;
    c.cli = "442012345678";
    c.destination = "353871234567";
    c.start_time = start;
    c.answer_time = start + seconds(5);
    c.end_time = *c.answer_time + talk;
    c.duration_ms = talk;
    c.outcome = call_outcome::answered;
    c.sip_code = 200;
    return c;
}

call failed_call(std::string id, instant start, call_outcome why) {
    auto c = answered_call(std::move(id), start, {});
    c.answer_time.reset();
    c.end_time = start + seconds(8);
    c.outcome = why;
    c.sip_code = 486;
    return c;
}

call open_call(std::string id, instant start) {
    auto c = answered_call(std::move(id), start, {});
    c.end_time.reset();
    return c;
}

call charged(call c, std::string_view amount, std::string_view currency) {
    c.charge = parse_money(amount, currency).value();
    return c;
}

call random_calls::within(time_range range, const account_id& account) {
    call c;
    c.source = chance(4) ? "switch-2" : "switch-1";
    c.call_id = "call-" + std::to_string(made_++) + (chance(3) ? "@10.0.0.1" : "");
    c.branch = chance(6) ? "b" + std::to_string(number(1, 3)) : "";
    c.account_id = account;
    c.direction = static_cast<call_direction>(number(0, 3));
    c.cli = "4420" + std::to_string(number(10'000'000, 10'000'300));
    c.destination = chance(5) ? "sip:bob@example.com" : "353" + std::to_string(number(1'000'000, 1'000'300));
    c.start_time = range.from + duration(number(0, (range.to - range.from).count() - 1));
    if (chance(3)) // many in the same second
        c.start_time = std::max(range.from, instant(std::chrono::floor<std::chrono::minutes>(c.start_time)));
    const bool answered = chance(2);
    c.outcome = answered ? call_outcome::answered : static_cast<call_outcome>(number(2, 10));
    if (chance(2))
        c.pdd_ms = duration(number(0, 9'000));
    duration length = chance(20)  ? minutes(number(0, 3 * 24 * 60)) // over midnights
                      : chance(8) ? duration(0)
                                  : duration(number(1, 900'000));
    if (answered) {
        c.answer_time = c.start_time + duration(number(0, 20'000));
        c.duration_ms = length;
        length += *c.answer_time - c.start_time;
    }
    if (!chance(50))
        c.end_time = c.start_time + length;
    else
        c.duration_ms = duration(0);
    if (c.end_time && chance(10)) // a switch whose clocks disagree
        c.duration_ms = answered ? c.duration_ms / 2 : duration(0);
    if (chance(2))
        c.billed_ms = duration((c.duration_ms.count() + 59'999) / 60'000 * 60'000);
    if (chance(2))
        c.dtmf_digits = static_cast<std::uint32_t>(chance(2) ? 0 : number(1, 12));
    if (chance(2))
        c.sip_code = static_cast<std::uint16_t>(answered ? 200 : number(400, 606));
    if (chance(3))
        c.q850_cause = static_cast<std::uint16_t>(number(1, 127));
    c.hangup_cause = chance(2) ? "NORMAL_CLEARING" : "";
    c.released_by = static_cast<release_party>(number(0, 3));
    if (chance(2))
        c.charge = money{number(0, 20), static_cast<std::int32_t>(number(0, 99)) * 10'000'000, "EUR"};
    if (chance(4))
        c.rate = money{0, static_cast<std::int32_t>(number(0, 99)) * 1'000'000, "EUR"};
    c.source_ip = chance(3) ? "192.0.2." + std::to_string(number(1, 9)) : "";
    return c;
}

std::vector<call> random_calls::within(time_range range, std::size_t n, const account_id& account) {
    std::vector<call> calls;
    for (; n > 0; --n)
        calls.push_back(within(range, account));
    return calls;
}

std::shared_ptr<byte_source> from_text(std::string text, std::size_t piece, std::function<void(std::size_t)> on_read) {
    return std::make_shared<text_source>(std::move(text), piece, std::move(on_read));
}

namespace {

constexpr std::string_view csv_header =
    "call_id,branch,account_id,start_time,answer_time,end_time,duration_ms,billed_ms,pdd_ms,outcome,sip_code,"
    "q850_cause,hangup_cause,released_by,direction,cli,destination,dtmf_digits,charge,rate,currency,source_ip\n";

} // namespace

std::string to_csv(const std::vector<call>& calls) {
    std::string text(csv_header);
    const auto cell = [&](const std::string& value) { text.append(value).append(","); };
    const auto time = [&](std::optional<instant> t) { cell(t ? to_string(*t) : ""); };
    const auto length = [&](std::optional<duration> d) { cell(d ? std::to_string(d->count()) : ""); };
    const auto number = [&](auto n) { cell(n ? std::to_string(*n) : ""); };
    for (const auto& c : calls) {
        cell(c.call_id);
        cell(c.branch);
        cell(c.account_id.value());
        time(c.start_time);
        time(c.answer_time);
        time(c.end_time);
        length(c.duration_ms);
        length(c.billed_ms);
        length(c.pdd_ms);
        cell(std::string(to_string(c.outcome)));
        number(c.sip_code);
        number(c.q850_cause);
        cell(c.hangup_cause);
        cell(std::string(to_string(c.released_by)));
        cell(std::string(to_string(c.direction)));
        cell(c.cli);
        cell(c.destination);
        number(c.dtmf_digits);
        cell(c.charge ? to_string(*c.charge) : "");
        cell(c.rate ? to_string(*c.rate) : "");
        cell(c.charge ? c.charge->currency : c.rate ? c.rate->currency : "");
        text.append(c.source_ip).append("\n");
    }
    return text;
}

// ---- the oracle -----------------------------------------------------------------------------------------------------

namespace {

std::int64_t live_peak(const std::vector<call>& calls, time_range range) {
    std::vector<std::pair<std::int64_t, int>> events; // at one instant ends come first
    for (const auto& c : calls) {
        if (!c.end_time || *c.end_time <= range.from || c.start_time >= range.to || *c.end_time == c.start_time)
            continue;
        events.emplace_back(std::max(ms(c.start_time), ms(range.from)), 1);
        events.emplace_back(ms(*c.end_time), -1);
    }
    std::sort(events.begin(), events.end());
    std::int64_t now = 0;
    std::int64_t peak = 0;
    for (const auto& [when, change] : events)
        peak = std::max(peak, now += change);
    return peak;
}

std::int64_t live_ms(const std::vector<call>& calls, time_range range) {
    std::int64_t sum = 0;
    for (const auto& c : calls)
        if (c.end_time)
            sum += std::max<std::int64_t>(0, std::min(ms(*c.end_time), ms(range.to)) -
                                                 std::max(ms(c.start_time), ms(range.from)));
    return sum;
}

bool effective(call_outcome o) {
    return o == call_outcome::answered || o == call_outcome::busy || o == call_outcome::no_answer ||
           o == call_outcome::rejected || o == call_outcome::abandoned;
}

} // namespace

expected_measure measure(const std::vector<call>& calls, metric m, time_range range,
                         const std::function<bool(const call&)>& attempts_known) {
    std::int64_t attempts = 0, answered = 0, effective_calls = 0, uncovered = 0, talk = 0, pdd = 0, pdd_calls = 0;
    std::int64_t dtmf_known = 0, dtmf_calls = 0, digits = 0, charge = 0, charged_calls = 0, open = 0;
    std::map<std::int64_t, std::int64_t> in_second;
    for (const auto& c : calls) {
        if (!range.contains(c.start_time))
            continue;
        ++in_second[ms(c.start_time) / 1'000];
        if (!c.end_time) {
            ++open;
            continue;
        }
        ++attempts;
        effective_calls += effective(c.outcome) ? 1 : 0;
        uncovered += attempts_known && !attempts_known(c) ? 1 : 0;
        if (c.pdd_ms) {
            pdd += c.pdd_ms->count();
            ++pdd_calls;
        }
        if (c.charge) {
            charge += c.charge->units * 1'000'000'000 + c.charge->nanos;
            ++charged_calls;
        }
        if (!c.answered())
            continue;
        ++answered;
        talk += c.duration_ms.count();
        if (c.dtmf_digits) {
            ++dtmf_known;
            dtmf_calls += *c.dtmf_digits > 0 ? 1 : 0;
            digits += *c.dtmf_digits;
        }
    }
    std::int64_t cps = 0;
    for (const auto& [second, n] : in_second)
        cps = std::max(cps, n);
    const auto of = [&](std::int64_t numerator, std::int64_t denominator) {
        return expected_measure{denominator == 0 ? 0 : numerator, denominator, static_cast<std::uint32_t>(open)};
    };
    const std::int64_t dtmf_reported = answered == 0 || dtmf_known > 0 ? 1 : 0;
    switch (m) {
    case metric::live_channels: return of(live_peak(calls, range), 1);
    case metric::live_channels_avg: return of(live_ms(calls, range), (range.to - range.from).count());
    case metric::attempts: return of(attempts, 1);
    case metric::answered: return of(answered, 1);
    case metric::asr: return of(answered, uncovered > 0 ? 0 : attempts);
    case metric::acd: return of(talk, answered);
    case metric::ner: return of(effective_calls, uncovered > 0 ? 0 : attempts);
    case metric::dtmf_calls: return of(dtmf_calls, dtmf_reported);
    case metric::dtmf_digits: return of(digits, dtmf_reported);
    case metric::dtmf_percent: return of(dtmf_calls, dtmf_known);
    case metric::cps_peak: return of(cps, 1);
    case metric::cps_avg: return of(attempts + open, (range.to - range.from).count());
    case metric::pdd: return of(pdd, pdd_calls);
    case metric::talk: return of(talk, 1);
    case metric::charge: return of(charge, attempts == 0 || charged_calls > 0 ? 1 : 0);
    }
    return {};
}

std::vector<instant> walk_edges(const std::string& zone, time_range range, time_step step) {
    using namespace std::chrono;
    const auto* tz = date::locate_zone(zone);
    // What the wall clock shows, cut to the step: a bucket is a stretch over which this stays the same.
    const auto shown = [&](instant t) -> std::pair<std::int64_t, std::int64_t> {
        const auto offset = tz->get_info(t).offset;
        const auto local = t + offset;
        const auto date = floor<std::chrono::days>(local);
        // An hour that is shown twice is two buckets.
        const auto cut = [&](milliseconds unit) {
            const auto since = local.time_since_epoch();
            return std::pair<std::int64_t, std::int64_t>(floor<milliseconds>(since) / unit, offset.count());
        };
        switch (step) {
        case time_step::minute: return cut(std::chrono::minutes(1));
        case time_step::five_minutes: return cut(std::chrono::minutes(5));
        case time_step::hour: return cut(std::chrono::hours(1));
        case time_step::day: return {date.time_since_epoch().count(), 0};
        case time_step::week: return {(date - (weekday(date) - Monday)).time_since_epoch().count(), 0};
        case time_step::month: break;
        }
        const year_month_day ymd(date);
        return {static_cast<int>(ymd.year()) * 12 + static_cast<int>(static_cast<unsigned>(ymd.month())), 0};
    };
    const auto pace = step <= time_step::hour ? milliseconds(60'000) : milliseconds(900'000);
    instant t = floor<std::chrono::days>(range.from);
    while (t > range.from)
        t -= pace;
    t += (range.from - t) / pace * pace;
    while (shown(t - pace) == shown(t))
        t -= pace;
    std::vector<instant> edges{t};
    for (auto last = shown(t); edges.back() < range.to;) {
        t += pace;
        if (auto next = shown(t); next != last) {
            edges.push_back(t);
            last = next;
        }
    }
    return edges;
}

// ---- everything -----------------------------------------------------------------------------------------------------

std::string everything(portal& p, instant as_of) {
    std::ostringstream out;
    account_query accounts;
    accounts.limit = 1'000;
    for (const auto& a : p.async_list_accounts(accounts, block).items) {
        out << "account " << a.id << "|" << a.name << "|" << a.currency << "|" << a.time_zone << "\n";
        std::optional<instant> first;
        std::optional<instant> last;
        call_query q{.account = a.id, .limit = 5'000};
        // The order of calls that started in one millisecond is not promised.
        std::set<std::string> calls;
        do {
            const auto page = p.async_query_calls(q, block);
            for (const auto& c : page.items) {
                first = std::min(first.value_or(c.start_time), c.start_time);
                const auto end = std::max(c.start_time, c.end_time.value_or(c.start_time));
                last = std::max(last.value_or(end), end);
                calls.insert(to_string(c.start_time) + " " + c.source + " " + to_csv({c}).substr(csv_header.size()));
            }
            q.cursor = page.next;
        } while (!q.cursor.empty());
        for (const auto& c : calls)
            out << c;
        if (!first)
            continue;
        const time_range range{*first, *last + duration(1)};
        const auto number = [&](auto n) { n ? out << " " << *n : out << " -"; };
        for (const auto period : {summary_period::live, summary_period::daily, summary_period::monthly}) {
            for (const auto& r : p.async_query_summary({a.id, period, as_of, range}, block).rows) {
                out << to_string(r.start) << " " << r.attempts << " " << r.answered << " " << r.talk_s << " "
                    << r.open_calls << " " << r.currency << (r.charge ? " " + to_string(*r.charge) : " -");
                number(r.asr);
                number(r.acd_s);
                number(r.billed_s);
                number(r.dtmf_calls);
                number(r.dtmf_percent);
                out << "\n";
            }
        }
        const time_range whole{std::chrono::floor<std::chrono::hours>(range.from),
                               std::chrono::ceil<std::chrono::hours>(range.to)};
        for (const auto m : every_metric) {
            for (const auto step : {time_step::hour, time_step::day, time_step::month}) {
                for (const auto* zone : {"UTC", "Asia/Kolkata"}) {
                    const auto s = p.async_query_series({a.id, m, range, step, zone, 0}, block);
                    out << to_string(m) << " " << to_string(step) << " " << zone;
                    for (std::size_t i = 0; i < s.time.size(); ++i)
                        out << " " << s.numerator[i] << "/" << s.denominator[i] << "+" << s.open_calls[i];
                    out << "\n";
                }
            }
            const auto e = p.async_explain({a.id, m, whole, 0}, block);
            out << "explained " << e.numerator << "/" << e.denominator << " of " << e.call_count << " open "
                << e.open_calls << " until " << (e.watermark ? to_string(*e.watermark) : "-");
            std::set<std::string> coverage;
            for (const auto& c : e.coverage)
                coverage.insert(c.source + " " + std::to_string(c.attempts) + " " + std::to_string(c.attempts_known) +
                                " " + std::to_string(c.pdd_reported) + " " + std::to_string(c.dtmf_reported) + " " +
                                std::to_string(c.charge_reported));
            for (const auto& c : coverage)
                out << "; " << c;
            out << "\n";
        }
    }
    return out.str();
}

} // namespace lineside::contract
