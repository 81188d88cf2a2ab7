#include "portal/engine/live/live_log.hpp"

#include "store/codec.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace lineside {

namespace {

using rules::event_order;
using rules::kept_call;
using rules::live_event;
using rules::live_stage;
using store::byte_reader;
using store::byte_writer;

constexpr std::uint8_t version = 1;
constexpr std::size_t part_bytes = 100'000;

// What of an event is written, in a varint before it; the lowest two bits are its kind, the next two the direction.
constexpr std::uint32_t has_sequence = 1U << 4U;
constexpr std::uint32_t has_account = 1U << 5U;
constexpr std::uint32_t has_branch = 1U << 6U;
constexpr std::uint32_t has_source = 1U << 7U;
constexpr std::uint32_t has_numbers = 1U << 8U;
constexpr std::uint32_t has_rate = 1U << 9U;
constexpr std::uint32_t has_instant = 1U << 10U;

constexpr std::uint32_t if_so(bool so, std::uint32_t bit) { return so ? bit : 0; }

void write_text(byte_writer& to, std::string_view text) {
    to.varint(text.size());
    to.bytes(text);
}

std::string_view read_text(byte_reader& from) {
    const std::uint64_t size = from.varint();
    if (size > std::numeric_limits<std::uint16_t>::max())
        store::throw_damaged("a text of a live call");
    return from.bytes(size);
}

std::uint32_t read_number(byte_reader& from) {
    const std::uint64_t n = from.varint();
    if (n > std::numeric_limits<std::uint32_t>::max())
        store::throw_damaged("a number of a live call");
    return static_cast<std::uint32_t>(n);
}

// Instants that need not be known.
void write_instant(byte_writer& to, std::int64_t t, std::int64_t near) {
    to.byte(t == absent ? 0 : 1);
    if (t != absent)
        to.signed_varint(t - near);
}

// Sums that damaged bytes may make overflow.
std::int64_t sum(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// What has a place in a calendar; nothing that is worked out from such an instant overflows.
std::int64_t checked(std::int64_t t) {
    constexpr std::int64_t furthest = 400'000'000'000'000;
    if (t < -furthest || t > furthest)
        store::throw_damaged("an instant of a live call");
    return t;
}

std::int64_t read_instant(byte_reader& from, std::int64_t near) {
    return from.byte() == 0 ? absent : checked(sum(near, from.signed_varint()));
}

void write_event(byte_writer& to, const live_event& e, std::int64_t& near) {
    const bool numbered = e.order.sequence != event_order::unnumbered;
    const std::uint32_t what = static_cast<std::uint32_t>(e.kind) | static_cast<std::uint32_t>(e.direction) << 2U |
                               if_so(numbered, has_sequence) | if_so(e.account != 0, has_account) |
                               if_so(!e.branch.empty(), has_branch) | if_so(e.source != 0, has_source) |
                               if_so(!e.cli.empty() || !e.destination.empty(), has_numbers) |
                               if_so(e.rate != absent, has_rate) | if_so(e.order.at != absent, has_instant);
    to.varint(what);
    write_text(to, e.call_id);
    if (e.order.at != absent) {
        to.signed_varint(e.order.at - near);
        near = e.order.at;
    }
    if (numbered)
        to.varint(e.order.sequence);
    if (e.account != 0)
        to.varint(e.account);
    if (!e.branch.empty())
        write_text(to, e.branch);
    if (e.source != 0)
        to.varint(e.source);
    if ((what & has_numbers) != 0) {
        write_text(to, e.cli);
        write_text(to, e.destination);
    }
    if (e.rate != absent) {
        to.signed_varint(e.rate);
        to.varint(e.currency);
    }
}

live_event read_event(byte_reader& from, std::int64_t& near, std::size_t sources) {
    const std::uint32_t what = read_number(from);
    live_event e;
    e.kind = static_cast<call_event_kind>(what & 3U);
    e.direction = static_cast<call_direction>(what >> 2U & 3U);
    e.call_id = read_text(from);
    if ((what & has_instant) != 0)
        e.order.at = near = checked(sum(near, from.signed_varint()));
    if ((what & has_sequence) != 0)
        e.order.sequence = from.varint();
    if ((what & has_account) != 0)
        e.account = read_number(from);
    if ((what & has_branch) != 0)
        e.branch = read_text(from);
    if ((what & has_source) != 0)
        e.source = read_number(from);
    if ((what & has_numbers) != 0) {
        e.cli = read_text(from);
        e.destination = read_text(from);
    }
    if ((what & has_rate) != 0) {
        e.rate = from.signed_varint();
        e.currency = read_number(from);
    }
    if (e.source >= sources)
        store::throw_damaged("the source of a live call");
    return e;
}

void write_head(byte_writer& to, live_entry::kind what, std::int64_t now, std::int64_t hold_until) {
    to.byte(version);
    to.byte(static_cast<std::uint8_t>(what));
    to.signed_varint(now);
    write_instant(to, hold_until, now);
}

template <class Texts>
void write_sources(byte_writer& to, const Texts& sources) {
    to.varint(sources.size());
    for (const auto& s : sources)
        write_text(to, s);
}

void write_kept(byte_writer& to, const kept_call& c, std::int64_t& near) {
    write_event(to, c.call, near);
    to.byte(static_cast<std::uint8_t>(c.stage));
    for (const std::int64_t t : {c.started, c.answered, c.over, c.evidence, c.since, c.end.at})
        write_instant(to, t, near);
    to.signed_varint(c.heard - near);
    to.byte(c.end.sequence != event_order::unnumbered ? 1 : 0);
    if (c.end.sequence != event_order::unnumbered)
        to.varint(c.end.sequence);
    to.varint(c.digits);
    to.varint(c.digit_events.size());
    for (const std::uint64_t d : c.digit_events)
        to.varint(d);
}

kept_call read_kept(byte_reader& from, std::int64_t& near) {
    kept_call c;
    c.call = read_event(from, near, std::numeric_limits<std::uint32_t>::max());
    const auto stage = from.byte();
    if (stage > static_cast<std::uint8_t>(live_stage::refused))
        store::throw_damaged("the stage of a live call");
    c.stage = static_cast<live_stage>(stage);
    for (std::int64_t* t : {&c.started, &c.answered, &c.over, &c.evidence, &c.since, &c.end.at})
        *t = read_instant(from, near);
    c.heard = checked(sum(near, from.signed_varint()));
    if (from.byte() != 0)
        c.end.sequence = from.varint();
    c.digits = read_number(from);
    for (std::uint64_t n = from.varint(); n > 0; --n)
        c.digit_events.push_back(from.varint());
    const bool counted = c.stage == live_stage::live || c.stage == live_stage::ghost;
    if ((counted && (c.started == absent || c.call.account == 0)) ||
        (c.stage == live_stage::ghost && c.over == absent) || (c.stage != live_stage::live && c.since == absent) ||
        (c.stage == live_stage::ended && !(c.end.at != absent)))
        store::throw_damaged("a live call");
    return c;
}

void read_state(byte_reader& from, rules::live_calls::kept_state& state, std::int64_t now) {
    state.open = read_instant(from, now);
    state.hold_until = read_instant(from, now);
    for (std::uint64_t n = from.varint(); n > 0; --n)
        state.snapshots.push_back(read_instant(from, now));
    for (std::uint64_t n = from.varint(); n > 0; --n) {
        auto& a = state.accounts.emplace_back();
        a.account = read_number(from);
        a.base = checked(from.signed_varint());
        a.peak_day = read_instant(from, now);
        a.peak = read_number(from);
        std::int64_t change = now * 4;
        for (std::uint64_t changes = from.varint(); changes > 0; --changes) {
            change = sum(change, from.signed_varint());
            (void)checked(change / 4); // of an instant
            a.changes.push_back(change);
        }
    }
}

} // namespace

void encode_live_entry(const live_entry& e, std::string& to) {
    byte_writer out(to);
    write_head(out, e.what, e.now, e.hold_until);
    write_sources(out, e.sources);
    std::int64_t near = e.now;
    switch (e.what) {
    case live_entry::kind::events:
        out.varint(e.events.size());
        for (const auto& event : e.events)
            write_event(out, event, near);
        break;
    case live_entry::kind::admission:
        write_event(out, e.events.front(), near);
        out.byte(e.admitted ? 1 : 0);
        write_instant(out, e.stated, e.now);
        break;
    case live_entry::kind::snapshot:
        out.varint(e.account);
        out.signed_varint(e.at - e.now);
        out.varint(e.calls.size());
        for (const auto& c : e.calls) {
            write_event(out, c.call, near);
            write_instant(out, c.answered, near);
            out.varint(c.digits);
        }
        break;
    case live_entry::kind::checkpoint:
    case live_entry::kind::checkpoint_calls: break;
    }
}

live_entry decode_live_entry(std::string_view bytes) {
    byte_reader from(bytes);
    live_entry e;
    const auto written = from.byte();
    const auto what = from.byte();
    if (written != version || what > static_cast<std::uint8_t>(live_entry::kind::checkpoint_calls))
        store::throw_damaged("the log of live calls");
    e.what = static_cast<live_entry::kind>(what);
    e.now = checked(from.signed_varint());
    e.hold_until = read_instant(from, e.now);
    for (std::uint64_t n = from.varint(); n > 0; --n)
        e.sources.push_back(read_text(from));
    std::int64_t near = e.now;
    switch (e.what) {
    case live_entry::kind::events:
        for (std::uint64_t n = from.varint(); n > 0; --n)
            e.events.push_back(read_event(from, near, e.sources.size()));
        break;
    case live_entry::kind::admission:
        e.events.push_back(read_event(from, near, e.sources.size()));
        e.admitted = from.byte() != 0;
        e.stated = read_instant(from, e.now);
        break;
    case live_entry::kind::snapshot:
        if (e.sources.size() != 1)
            store::throw_damaged("the source of a snapshot");
        e.account = read_number(from);
        e.at = checked(sum(e.now, from.signed_varint()));
        for (std::uint64_t n = from.varint(); n > 0; --n) {
            auto& c = e.calls.emplace_back();
            c.call = read_event(from, near, 1);
            c.answered = read_instant(from, near);
            c.digits = read_number(from);
        }
        break;
    case live_entry::kind::checkpoint: read_state(from, e.state, e.now); break;
    case live_entry::kind::checkpoint_calls:
        while (!from.done())
            e.kept_calls.push_back(read_kept(from, near));
        break;
    }
    if (!from.done())
        store::throw_damaged("the log of live calls");
    return e;
}

std::vector<std::string> encode_live_checkpoint(const rules::live_calls& calls, const std::vector<std::string>& sources,
                                                std::int64_t now) {
    std::vector<std::string> parts(1);
    {
        byte_writer out(parts.front());
        write_head(out, live_entry::kind::checkpoint, now, absent);
        write_sources(out, sources);
        const auto state = calls.keep();
        write_instant(out, state.open, now);
        write_instant(out, state.hold_until, now);
        out.varint(state.snapshots.size());
        for (const std::int64_t t : state.snapshots)
            write_instant(out, t, now);
        out.varint(state.accounts.size());
        for (const auto& a : state.accounts) {
            out.varint(a.account);
            out.signed_varint(a.base);
            write_instant(out, a.peak_day, now);
            out.varint(a.peak);
            out.varint(a.changes.size());
            std::int64_t change = now * 4;
            for (const std::int64_t c : a.changes)
                out.signed_varint(c - std::exchange(change, c));
        }
    }
    std::int64_t near = now;
    calls.each_kept([&](const kept_call& c) {
        if (parts.size() == 1 || parts.back().size() > part_bytes) {
            byte_writer out(parts.emplace_back());
            write_head(out, live_entry::kind::checkpoint_calls, now, absent);
            write_sources(out, std::vector<std::string>());
            near = now;
        }
        byte_writer out(parts.back());
        write_kept(out, c, near);
    });
    return parts;
}

void encode_live_day(std::span<const rules::live_minute> minutes, std::int64_t day_start, std::string& to) {
    byte_writer out(to);
    out.byte(version);
    std::int64_t next = 0;
    for (const auto& m : minutes) {
        const std::int64_t minute = (m.start - day_start) / rules::minute_ms;
        out.varint(static_cast<std::uint64_t>(minute - next));
        next = minute + 1;
        out.varint(m.peak);
        // Near nothing where traffic is steady.
        out.varint(m.peak * static_cast<std::uint64_t>(rules::minute_ms) - m.channel_ms);
    }
}

void decode_live_day(std::string_view bytes, std::uint32_t account, std::int64_t day_start,
                     std::vector<rules::live_minute>& to) {
    constexpr std::uint64_t minutes_a_day = 1'440;
    byte_reader from(bytes);
    if (from.byte() != version)
        store::throw_damaged("a day of live channels");
    for (std::uint64_t next = 0; !from.done(); ++next) {
        const std::uint64_t gap = from.varint();
        if (gap >= minutes_a_day || next + gap >= minutes_a_day)
            store::throw_damaged("a day of live channels");
        next += gap;
        const std::uint32_t peak = read_number(from);
        const std::uint64_t most = peak * static_cast<std::uint64_t>(rules::minute_ms);
        const std::uint64_t unused = from.varint();
        if (unused > most)
            store::throw_damaged("a day of live channels");
        to.push_back({account, day_start + static_cast<std::int64_t>(next) * rules::minute_ms, peak, most - unused});
    }
}

} // namespace lineside
