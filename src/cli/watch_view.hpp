#pragma once

#include <lineside/watch_update.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace lineside::cli {

/// Says in a line what an update tells: `12:00:01 channels 17 of 60, ringing 3`. Times are UTC. It remembers what it
/// needs to: live calls and the Summary's hours are told as changes.
class watch_view {
public:
    /// Without control characters.
    [[nodiscard]] std::string line_of(const watch_update& u);

private:
    [[nodiscard]] std::string of_live_calls(const watch_update& u);
    [[nodiscard]] std::string of_summary(const watch_update& u);

    std::vector<live_call> calls_{};
    std::vector<summary_row> hours_{};
};

/// The channels in use as one line that is drawn again and again: the newest update and, as far as there is room, bars of
/// those before it.
class channels_line {
public:
    /// At most `width` columns.
    [[nodiscard]] std::string next(const watch_update& u, std::size_t width);

private:
    static constexpr std::size_t most_bars = 60;

    watch_view view_{};
    std::deque<std::uint32_t> in_use_{};
};

/// The last `columns` values as bars from zero to the largest of them: `▁▄█`.
[[nodiscard]] std::string bars_of(const std::deque<std::uint32_t>& values, std::size_t columns);

} // namespace lineside::cli
