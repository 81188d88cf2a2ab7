#include "store/segment.hpp"

#include "store/codec.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace lineside::store {

namespace {

constexpr std::uint8_t segment_format = 1;
// Four times what a writer puts into one: damaged bytes cannot ask for gigabytes.
constexpr std::uint64_t most_calls = 1U << 16U;
// In a journal, from 1970 in either direction: ten thousand years and more.
constexpr std::int64_t most_start = std::int64_t{1} << 49U;

// Who counts relies on the order of a call's instants, so damage that turns it around is found here.
std::int64_t later(std::int64_t instant, std::int64_t delay) {
    constexpr std::int64_t most_delay = std::int64_t{1} << 53U; // no sum of a few can overflow
    if (delay < 0 || delay > most_delay)
        throw_damaged("times");
    return instant + delay;
}
std::int64_t answer_of(std::int64_t start, std::int64_t delay) {
    return delay == absent ? absent : later(start, delay);
}
std::int64_t end_of(std::int64_t start, std::int64_t answer, std::int64_t delay) {
    return delay == absent ? absent : later(answer == absent ? start : answer, delay);
}
// Damaged lengths are other lengths.
constexpr std::int64_t plus(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Instants are kept as differences to what they usually follow, and lengths as differences to what they usually equal:
// most of those are small or zero. A call that lacks the other instant keeps the plain one.
std::int64_t answer_delay(const call_view& c) { return c.answer == absent ? absent : c.answer - c.start; }
std::int64_t end_delay(const call_view& c) {
    return c.end == absent ? absent : c.end - (c.answer == absent ? c.start : c.answer);
}
std::int64_t usual_talk(const call_view& c) {
    return c.answer != absent && c.end != absent && c.answered() ? c.end - c.answer : 0;
}

constexpr std::string_view call_view::*text_members[] = {
    &call_view::call_id,      &call_view::branch,    &call_view::cli,      &call_view::destination,
    &call_view::hangup_cause, &call_view::source_ip, &call_view::currency,
};

// The counted columns of a segment, in its order; start is known already.
struct counted_columns {
    std::vector<std::int64_t> column;

    explicit counted_columns(std::size_t n) : column(n) {}

    template <class Set>
    void take(byte_reader& from, Set set) {
        decode_column(from, column);
        for (std::size_t i = 0; i < column.size(); ++i)
            set(i, column[i]);
    }
};

template <class Enum>
Enum checked(std::int64_t v, Enum last, std::string_view what) {
    if (v < 0 || v > static_cast<std::int64_t>(last))
        throw_damaged(what);
    return static_cast<Enum>(v);
}

void take_calls(byte_reader& from, std::span<stored_call> calls, std::deque<std::string>& heaps) {
    counted_columns columns(calls.size());
    const auto take = [&](auto set) { columns.take(from, [&](std::size_t i, std::int64_t v) { set(calls[i], v); }); };
    take([](stored_call& c, std::int64_t v) { c.view.answer = answer_of(c.view.start, v); });
    take([](stored_call& c, std::int64_t v) { c.view.end = end_of(c.view.start, c.view.answer, v); });
    take([](stored_call& c, std::int64_t v) { c.view.outcome = checked(v, call_outcome::redirected, "outcome"); });
    take([](stored_call& c, std::int64_t v) { c.view.talk = plus(usual_talk(c.view), v); });
    take([](stored_call& c, std::int64_t v) { c.attempts_known = v != 0; });
    take([](stored_call& c, std::int64_t v) { c.view.billed = v == absent ? absent : plus(c.view.talk, v); });
    take([](stored_call& c, std::int64_t v) { c.view.pdd = v; });
    take([](stored_call& c, std::int64_t v) { c.view.charge = v; });
    take([](stored_call& c, std::int64_t v) { c.view.dtmf_digits = v; });
    take([](stored_call& c, std::int64_t v) { c.source = static_cast<std::uint32_t>(v); });
    take([](stored_call& c, std::int64_t v) { c.view.rate = v; });
    take([](stored_call& c, std::int64_t v) { c.view.sip_code = static_cast<std::int32_t>(v); });
    take([](stored_call& c, std::int64_t v) { c.view.q850_cause = static_cast<std::int32_t>(v); });
    take([](stored_call& c, std::int64_t v) { c.view.direction = checked(v, call_direction::internal, "direction"); });
    take([](stored_call& c, std::int64_t v) { c.view.released_by = checked(v, release_party::network, "release"); });

    std::vector<std::string_view> texts(calls.size());
    for (const auto member : text_members) {
        decode_texts(from, texts, heaps.emplace_back());
        for (std::size_t i = 0; i < calls.size(); ++i)
            calls[i].view.*member = texts[i];
    }
}

std::size_t take_header(byte_reader& from) {
    if (from.byte() != segment_format)
        throw_damaged("segment format");
    const std::uint64_t n = from.varint();
    if (n == 0 || n > most_calls)
        throw_damaged("segment size");
    return n;
}

std::vector<std::int64_t> take_starts(byte_reader& from, day_number day) {
    std::vector<std::int64_t> starts(take_header(from));
    decode_ascending(from, starts);
    for (auto& s : starts) {
        if (s < 0 || s >= day_ms)
            throw_damaged("start");
        s += start_of(day);
    }
    return starts;
}

} // namespace

// The calls turned on their side: one pass over them, then column by column.
struct segment_encoder::columns {
    // What is counted comes first, so that counting need not decode the rest; the decoders below know the order.
    static constexpr std::size_t integer_columns = 15;
    std::vector<std::int64_t> starts;
    std::array<std::vector<std::int64_t>, integer_columns> integers;
    std::array<std::vector<std::string_view>, std::size(text_members)> texts;
    std::vector<std::string_view> accounts;

    void take(std::span<const stored_call* const> calls, std::int64_t start_base) {
        const std::size_t n = calls.size();
        starts.resize(n);
        for (auto& column : integers)
            column.resize(n);
        for (auto& column : texts)
            column.resize(n);
        // Calls of one account lie far apart in a batch: fetch ahead, the call first and its texts when it is there.
        constexpr std::size_t ahead = 6;
        for (std::size_t i = 0; i < n; ++i) {
            if (i + 2 * ahead < n) {
                const auto* far = reinterpret_cast<const char*>(calls[i + 2 * ahead]);
                for (std::size_t line = 0; line < sizeof(stored_call); line += 64)
                    __builtin_prefetch(far + line);
            }
            if (i + ahead < n)
                __builtin_prefetch(calls[i + ahead]->view.call_id.data());
            const auto& c = *calls[i];
            const auto& v = c.view;
            starts[i] = v.start - start_base;
            const std::int64_t values[integer_columns] = {
                answer_delay(v),
                end_delay(v),
                static_cast<std::int64_t>(v.outcome),
                v.talk - usual_talk(v),
                static_cast<std::int64_t>(c.attempts_known),
                v.billed == absent ? absent : v.billed - v.talk,
                v.pdd,
                v.charge,
                v.dtmf_digits,
                static_cast<std::int64_t>(c.source),
                v.rate,
                static_cast<std::int64_t>(v.sip_code),
                static_cast<std::int64_t>(v.q850_cause),
                static_cast<std::int64_t>(v.direction),
                static_cast<std::int64_t>(v.released_by),
            };
            for (std::size_t k = 0; k < integer_columns; ++k)
                integers[k][i] = values[k];
            for (std::size_t k = 0; k < std::size(text_members); ++k)
                texts[k][i] = v.*text_members[k];
        }
    }

    void put(byte_writer& to) const {
        for (const auto& column : integers)
            encode_column(column, to);
        for (const auto& column : texts)
            encode_texts(column, to);
    }
};

segment_encoder::segment_encoder() : columns_(std::make_unique<columns>()) {}
segment_encoder::~segment_encoder() = default;

void segment_encoder::encode_segment(std::span<const stored_call* const> calls, day_number day, std::string& to) {
    byte_writer out(to);
    out.byte(segment_format);
    out.varint(calls.size());
    columns_->take(calls, start_of(day));
    encode_ascending(columns_->starts, out);
    columns_->put(out);
}

void segment_encoder::encode_journal(std::span<const stored_call* const> calls, std::string& to) {
    byte_writer out(to);
    out.byte(segment_format);
    out.varint(calls.size());
    columns_->take(calls, 0);
    encode_column(columns_->starts, out);
    auto& accounts = columns_->accounts;
    accounts.resize(calls.size());
    std::transform(calls.begin(), calls.end(), accounts.begin(), [](const stored_call* c) { return c->view.account; });
    encode_texts(accounts, out);
    columns_->put(out);
}

void decode_segment(std::string_view bytes, day_number day, std::string_view account, call_block& to) {
    byte_reader from(to.heaps.emplace_back(bytes));
    const auto starts = take_starts(from, day);
    const std::size_t at = to.calls.size();
    to.calls.resize(at + starts.size());
    const auto added = std::span(to.calls).subspan(at);
    for (std::size_t i = 0; i < added.size(); ++i) {
        added[i].view.start = starts[i];
        added[i].view.account = account;
    }
    take_calls(from, added, to.heaps);
}

void decode_facts(std::string_view bytes, day_number day, std::vector<rules::call_facts>& to) {
    byte_reader from(bytes);
    const auto starts = take_starts(from, day);
    const std::size_t at = to.size();
    to.resize(at + starts.size());
    const auto facts = std::span(to).subspan(at);
    std::vector<std::int64_t> answers(starts.size());
    decode_column(from, answers);
    counted_columns columns(starts.size());
    columns.take(from, [&](std::size_t i, std::int64_t v) {
        auto& f = facts[i];
        f.start = starts[i];
        answers[i] = answer_of(f.start, answers[i]);
        f.end = end_of(f.start, answers[i], v);
    });
    columns.take(from, [&](std::size_t i, std::int64_t v) {
        facts[i].outcome = checked(v, call_outcome::redirected, "outcome");
    });
    columns.take(from, [&](std::size_t i, std::int64_t v) {
        const auto& f = facts[i];
        const bool usual = answers[i] != absent && f.end != absent && f.outcome == call_outcome::answered;
        facts[i].talk = usual ? plus(v, f.end - answers[i]) : v;
    });
    columns.take(from, [&](std::size_t i, std::int64_t v) { facts[i].attempts_known = v != 0; });
    columns.take(from,
                 [&](std::size_t i, std::int64_t v) { facts[i].billed = v == absent ? v : plus(facts[i].talk, v); });
    columns.take(from, [&](std::size_t i, std::int64_t v) { facts[i].pdd = v; });
    columns.take(from, [&](std::size_t i, std::int64_t v) { facts[i].charge = v; });
    columns.take(from, [&](std::size_t i, std::int64_t v) { facts[i].dtmf_digits = v; });
}

void decode_spans(std::string_view bytes, day_number day, std::int64_t after, std::vector<rules::live_span>& to) {
    byte_reader from(bytes);
    const auto starts = take_starts(from, day);
    std::vector<std::int64_t> answers(starts.size());
    decode_column(from, answers);
    std::vector<std::int64_t> ends(starts.size());
    decode_column(from, ends);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (ends[i] == absent)
            continue;
        const std::int64_t end = end_of(starts[i], answer_of(starts[i], answers[i]), ends[i]);
        if (end > after)
            to.push_back({starts[i], end});
    }
}

void decode_journal(std::string bytes, call_block& to) {
    byte_reader from(to.heaps.emplace_back(std::move(bytes)));
    const std::size_t n = take_header(from);
    const std::size_t at = to.calls.size();
    to.calls.resize(at + n);
    const auto added = std::span(to.calls).subspan(at);
    std::vector<std::int64_t> starts(n);
    decode_column(from, starts);
    std::vector<std::string_view> accounts(n);
    decode_texts(from, accounts, to.heaps.emplace_back());
    for (std::size_t i = 0; i < n; ++i) {
        if (starts[i] < -most_start || starts[i] > most_start)
            throw_damaged("start");
        added[i].view.start = starts[i];
        added[i].view.account = accounts[i];
    }
    take_calls(from, added, to.heaps);
}

} // namespace lineside::store
