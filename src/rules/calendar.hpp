#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::rules {

/// An IANA time zone. The only place of Lineside that knows about zones. Regular, cheap to copy, thread-safe.
class zone {
public:
    /// UTC.
    zone();
    /// Errors: invalid_argument, naming the zone.
    [[nodiscard]] static result<zone> find(std::string_view name);
    /// For names that were checked when they were stored: time zone files of another machine may lack one.
    [[nodiscard]] static zone find_or_utc(std::string_view name);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool is_utc() const noexcept { return rep_ == nullptr; }

    /// A stretch [begin, end) over which the wall clock keeps one offset from UTC.
    struct stretch {
        instant begin;
        instant end;
        std::chrono::seconds offset;
    };
    [[nodiscard]] stretch stretch_at(instant t) const;
    [[nodiscard]] std::chrono::seconds offset_at(instant t) const { return stretch_at(t).offset; }

    /// What a wall-clock time can mean.
    struct local_time {
        enum class kind : std::uint8_t { unique, repeated, skipped } kind = kind::unique;
        instant first;  ///< the earlier of two equal wall-clock instants; of a skipped one, the instant of the jump
        instant second; ///< the later one; equals `first` unless repeated
    };
    /// `civil_ms` is the wall clock read as if it were UTC, milliseconds since 1970-01-01T00:00.
    [[nodiscard]] local_time resolve(std::int64_t civil_ms) const;

private:
    std::string name_;
    const void* rep_ = nullptr; // the tz database's zone, which lives as long as the process
};

/// The edges e0 < e1 < ... < en of the buckets that cover `range`: e0 <= range.from, en >= range.to, bucket i is
/// [e(i), e(i+1)). Days, weeks (from Monday) and months follow the zone's calendar; minutes and hours its wall clock,
/// with an edge at every jump of the wall clock that does not keep them aligned. Empty for an empty range.
[[nodiscard]] std::vector<instant> bucket_edges(const zone& z, time_range range, time_step step);

} // namespace lineside::rules
