#pragma once

#include <lineside/watch_update.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

inline constexpr std::size_t watch_topics = 6;

/// How far a reader of a watch has come. Numbers of alerts are those of their history and good for the database; all others
/// belong to one run of an engine, in which no two changes have the same.
struct watch_position {
    std::uint64_t database = 0;
    std::uint64_t run = 0;
    std::array<std::optional<std::uint64_t>, watch_topics> numbers{}; ///< by topic

    [[nodiscard]] std::optional<std::uint64_t>& of(watch_topic t) { return numbers[static_cast<std::size_t>(t)]; }
    bool operator==(const watch_position&) const = default;
};

[[nodiscard]] std::string to_text(const watch_position& p);
/// Nothing: it is none of ours. One of another version of Lineside is a position, of nothing that is known here.
[[nodiscard]] std::optional<watch_position> parse_watch_position(std::string_view text);

} // namespace lineside::rules
