#include "rules/dispute.hpp"

#include <lineside/dispute.hpp>

#include "portal/engine/calls/record_stream.hpp"
#include "portal/engine/desk.hpp"
#include "rules/metrics.hpp"
#include "wire/csv.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>
#include <utility>

// Two sets of calls, compared down to the call. Nothing is stored, and of files nothing is asked of the database.
namespace lineside {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::hours;

constexpr auto progress_interval = std::chrono::milliseconds(50);
constexpr std::uint32_t most_calls_named = 10'000;
constexpr std::size_t piece_bytes = std::size_t{1} << 16U;
// Calls around a range may be the other sides of calls in it, by clocks that are not yet known to be apart.
constexpr auto around_range = hours(16);
constexpr const char* any_account = "this comparison"; // whose records that need not say so are, in messages

time_range widened(time_range range) {
    if (range.empty())
        return range;
    constexpr auto least = instant::min() + around_range;
    constexpr auto most = instant::max() - around_range;
    return {std::max(range.from, least) - around_range, std::min(range.to, most) + around_range};
}

// One number for both inputs.
class shared_progress {
public:
    explicit shared_progress(const dispute_request& request) : tell_(request.on_progress) {
        std::uint64_t total = 0;
        for (const auto* side : {&request.ours, &request.theirs}) {
            if (!side->records || !side->records->input)
                continue;
            const auto size = side->records->input->size();
            if (!size)
                return;
            total += *size;
        }
        total_ = total;
    }
    void show(std::uint64_t rows, std::uint64_t bytes) {
        if (tell_ && clock::now() - told_ >= progress_interval)
            tell(rows, bytes);
    }
    void finish_side(std::uint64_t rows, std::uint64_t bytes) {
        if (tell_)
            tell(rows, bytes);
        rows_ += rows;
        bytes_ += bytes;
    }

private:
    void tell(std::uint64_t rows, std::uint64_t bytes) {
        told_ = clock::now();
        tell_({rows_ + rows, bytes_ + bytes, total_});
    }

    const std::function<void(const import_progress&)>& tell_;
    std::optional<std::uint64_t> total_;
    std::uint64_t rows_ = 0; // of the side before
    std::uint64_t bytes_ = 0;
    clock::time_point told_{};
};

// Takes the calls of one side in.
class side_reader final : public cdr::sink {
public:
    side_reader(const dispute_side& side, time_range range, rules::call_set& to)
        : side_(side),
          range_(widened(range)),
          to_(to) {}

    void on_call(const call_view& call, std::uint32_t rows) override {
        input.folded += rows - 1;
        if (!side_.only_account.empty() && call.account != side_.only_account)
            ++input.other_account;
        else
            take(call);
    }
    void take(const call_view& call) {
        const bool in_range = range_.empty() || range_.contains(instant(duration(call.start)));
        if (call.end == absent || !in_range)
            ++input.not_compared;
        else
            to_.add(call);
    }
    void on_rejected(rejected_row row) override {
        ++input.rejected;
        const auto& request = *side_.records;
        if (request.mode == import_mode::strict)
            throw error(errc::invalid_argument,
                        row.file + ":" + std::to_string(row.line) + ":" + std::to_string(row.column) + ": " +
                            (row.field.empty() ? "" : row.field + ": ") + row.reason,
                        row.field);
        if (request.on_rejected)
            request.on_rejected(row);
    }
    void on_note(std::string note) override { notes_.insert(std::move(note)); }

    void finish() { input.notes.assign(notes_.begin(), notes_.end()); }

    dispute_input input;

private:
    const dispute_side& side_;
    const time_range range_;
    rules::call_set& to_;
    std::set<std::string> notes_;
};

// Hands every difference on as a row of a table.
class evidence_writer {
public:
    explicit evidence_writer(const dispute_request& to) : to_(to) {
        if (to_.write_evidence)
            wire::append_header<wire::exported_difference>(text_, to_.evidence_format);
    }
    [[nodiscard]] bool wanted() const { return static_cast<bool>(to_.write_evidence); }
    void put(const dispute_call& c) {
        wire::append_row(text_, wire::difference_of(c), to_.evidence_format, to_.evidence_safety);
        if (text_.size() >= piece_bytes)
            hand_on();
    }
    void finish() {
        if (wanted() && !text_.empty())
            hand_on();
    }

private:
    void hand_on() {
        to_.write_evidence(text_);
        text_.clear();
    }

    const dispute_request& to_;
    std::string text_;
};

void check_side(const dispute_side& side, const char* name) {
    if (!side.records)
        return;
    if (!side.records->input)
        throw error(errc::invalid_argument, std::string(name) + " has no input to read", std::string(name) + "/input");
    if (!side.only_account.empty() && side.records->account)
        throw error(errc::invalid_argument,
                    std::string(name) + ": records that are all put on one account cannot be told apart by it",
                    std::string(name) + "/only_account");
}

void check_request(const dispute_request& request) {
    if (!request.ours.records && !request.theirs.records)
        throw error(errc::invalid_argument, "one side at least has to be records; the stored calls are the other's",
                    "theirs/records");
    check_side(request.ours, "ours");
    check_side(request.theirs, "theirs");
    if (request.range != time_range{} && request.range.empty())
        throw error(errc::invalid_argument,
                    "the range from " + to_string(request.range.from) + " to " + to_string(request.range.to) +
                        " is empty",
                    "range");
    if (request.limit > most_calls_named)
        throw error(errc::invalid_argument, "at most 10,000 calls are named", "limit");
    rules::check_tolerance(request.tolerance);
}

std::string name_of(const dispute_side& side, const char* otherwise) {
    if (!side.name.empty())
        return side.name;
    if (!side.records)
        return "stored calls";
    return side.records->name.empty() ? otherwise : side.records->name;
}

call shown_call(const rules::call_set& set, const rules::compared_call& c, const account_id& account,
                const std::string& source, const std::string& currency) {
    call to;
    to.source = source;
    to.call_id = set.id_of(c);
    to.account_id = account;
    to.cli = set.number(c.caller);
    to.destination = set.number(c.callee);
    to.start_time = instant(duration(c.start));
    if (c.ring != rules::compared_call::no_ring) {
        to.answer_time = to.start_time + duration(c.ring);
        to.end_time = *to.answer_time + duration(c.talk);
    }
    to.duration_ms = duration(c.talk);
    to.billed_ms = duration(c.billed);
    to.outcome = c.outcome;
    if (c.charge != absent)
        to.charge = rules::to_money(c.charge, currency);
    return to;
}

} // namespace

dispute_report desk::compare_calls(dispute_request request) {
    check_request(request);
    std::string currency;
    if (!request.account.empty())
        currency = ask().get_account(request.account).currency;
    else if (!request.ours.records || !request.theirs.records)
        throw error(errc::invalid_argument, "stored calls are an account's: which one?", "account");

    rules::call_set sets[2];
    dispute_input inputs[2];
    shared_progress progress(request);
    const dispute_side* const sides[] = {&request.ours, &request.theirs};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& side = *sides[i];
        side_reader reader(side, request.range, sets[i]);
        reader.input.name = name_of(side, i == 0 ? "ours" : "theirs");
        if (!side.records) {
            ask().scan_calls(request.account, widened(request.range), [&](const store::stored_call& c) {
                progress.show(++reader.input.read, 0);
                reader.take(c.view);
            });
            progress.finish_side(reader.input.read, 0);
        } else {
            auto records = *side.records;
            records.name = reader.input.name;
            cdr::reader_options options;
            if (records.account)
                options.account = records.account->value();
            else if (records.account_from.empty() && side.only_account.empty())
                options.account = any_account;
            options.account_from = records.account_from;
            // The account's, else that of the first charge. Calls of others are not compared: theirs is no matter.
            options.kept_currency = [&currency, &side](const call_view& c) -> std::string_view {
                if (!side.only_account.empty() && c.account != side.only_account)
                    return c.currency;
                if (currency.empty())
                    currency = c.currency;
                return currency;
            };
            const auto read = read_stream(
                records, std::move(options), reader,
                [&](std::uint64_t rows, std::uint64_t bytes) { progress.show(rows, bytes); }, stop_);
            progress.finish_side(read.rows, read.bytes);
            reader.input.format = read.format;
            reader.input.evidence = read.evidence;
            reader.input.read = read.rows;
        }
        reader.finish();
        inputs[i] = std::move(reader.input);
    }

    const rules::comparison compared(sets[0], sets[1],
                                     {.tolerance = request.tolerance,
                                      .population = request.population,
                                      .range = request.range,
                                      .currency = currency},
                                     [this] { stop_.check(); });
    auto report = compared.report();
    report.account = request.account;
    report.our_input = std::move(inputs[0]);
    report.their_input = std::move(inputs[1]);
    report.our_input.not_compared += compared.ours_not_compared();
    report.their_input.not_compared += compared.theirs_not_compared();

    evidence_writer evidence(request);
    constexpr std::size_t check_every = 4'096;
    std::size_t seen = 0;
    for (const auto& d : compared.differences()) {
        if (report.calls.size() == request.limit && !evidence.wanted())
            break;
        if (++seen % check_every == 0)
            stop_.check();
        dispute_call shown{.kind = d.kind, .amount = compared.amount_of(d), .text = compared.text_of(d)};
        if (d.ours != rules::matching::none)
            shown.ours = shown_call(sets[0], sets[0][d.ours], request.account, report.our_input.name, currency);
        if (d.theirs != rules::matching::none)
            shown.theirs = shown_call(sets[1], sets[1][d.theirs], request.account, report.their_input.name, currency);
        if (evidence.wanted())
            evidence.put(shown);
        if (report.calls.size() < request.limit)
            report.calls.push_back(std::move(shown));
    }
    evidence.finish();
    return report;
}

} // namespace lineside
