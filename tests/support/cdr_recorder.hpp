#pragma once

#include <lineside/error.hpp>

#include "cdr/reader.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::test {

/// A call that owns its texts, and how many rows it came from.
struct recorded_call {
    call_view view; ///< its texts lie in `texts`
    std::uint32_t rows = 0;
    std::deque<std::string> texts;

    recorded_call(const call_view& call, std::uint32_t n) : view(call), rows(n) {
        for (const auto member :
             {&call_view::call_id, &call_view::branch, &call_view::account, &call_view::cli, &call_view::destination,
              &call_view::hangup_cause, &call_view::source_ip, &call_view::currency}) {
            view.*member = texts.emplace_back(call.*member);
        }
    }
    recorded_call(const recorded_call& other) : recorded_call(other.view, other.rows) {}
    recorded_call(recorded_call&&) noexcept = default;
    recorded_call& operator=(recorded_call&&) noexcept = default;
    recorded_call& operator=(const recorded_call&) = delete;
    ~recorded_call() = default;

    const call_view* operator->() const noexcept { return &view; }
    bool operator==(const recorded_call& other) const { return view == other.view && rows == other.rows; }
};

/// All that a reader says.
struct recorder final : cdr::sink {
    std::vector<recorded_call> calls;
    std::vector<rejected_row> rejected;
    std::vector<std::string> notes;

    void on_call(const call_view& call, std::uint32_t rows) override { calls.emplace_back(call, rows); }
    void on_rejected(rejected_row row) override { rejected.push_back(std::move(row)); }
    void on_note(std::string note) override { notes.push_back(std::move(note)); }

    [[nodiscard]] std::uint64_t rows() const {
        std::uint64_t n = rejected.size();
        for (const auto& c : calls)
            n += c.rows;
        return n;
    }
    [[nodiscard]] bool has_note(std::string_view part) const {
        return std::any_of(notes.begin(), notes.end(),
                           [part](const auto& note) { return note.find(part) != std::string::npos; });
    }
    bool operator==(const recorder& other) const {
        return calls == other.calls && rejected == other.rejected && notes == other.notes;
    }
};

/// What became of `bytes`, fed in pieces of `piece` bytes; `error` is the message where the reader refused them.
struct reading {
    recorder found;
    std::uint64_t rows = 0;
    std::string error;
};

inline reading read_calls(record_format format, std::string_view bytes, const cdr::reader_options& options = {},
                          std::size_t piece = std::string_view::npos) {
    reading result;
    try {
        const auto reader = cdr::make_reader(format, options, result.found);
        while (!bytes.empty()) {
            const auto n = std::min(piece, bytes.size());
            reader->feed(bytes.substr(0, n));
            bytes.remove_prefix(n);
        }
        reader->finish();
        result.rows = reader->rows();
    } catch (const lineside::error& e) {
        result.error = e.what();
    }
    return result;
}

/// A zone without a calendar: `hours` east of UTC.
inline cdr::zone_resolver fixed_zone(int hours) {
    return [hours](std::int64_t local_ms, cdr::repeated_hour) {
        return cdr::resolved_time{local_ms - hours * 3'600'000LL, cdr::resolved_time::kind::unique};
    };
}

/// Berlin in 2026: summer time begins on 29 March at 01:00 UTC, and the hour from 02:00 local of 25 October is there
/// twice.
inline cdr::resolved_time berlin_2026(std::int64_t local_ms, cdr::repeated_hour which) {
    using kind = decltype(cdr::resolved_time::kind);
    constexpr std::int64_t hour = 3'600'000;
    constexpr std::int64_t spring = 1'774'746'000'000; // 2026-03-29T01:00:00Z
    constexpr std::int64_t autumn = 1'792'890'000'000; // 2026-10-25T01:00:00Z
    if (local_ms < spring + hour)
        return {local_ms - hour, kind::unique};
    if (local_ms < spring + 2 * hour)
        return {spring, kind::skipped};
    if (local_ms < autumn + hour)
        return {local_ms - 2 * hour, kind::unique};
    if (local_ms >= autumn + 2 * hour)
        return {local_ms - hour, kind::unique};
    return {local_ms - (which == cdr::repeated_hour::first ? 2 : 1) * hour, kind::repeated};
}

} // namespace lineside::test
