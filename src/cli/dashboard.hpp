#pragma once

#include <lineside/account.hpp>
#include <lineside/money.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lineside::cli {

/// What the page shows.
struct dashboard {
    lineside::account account;
    instant at{};
    std::string zone;
    std::chrono::seconds offset{}; ///< of the zone at `at`
    time_range range;              ///< of the graphs
    series live_channels;
    series asr;
    series acd;
    series dtmf_percent;
    summary last_day;
    // What is known of this moment alone; unset: not reported.
    std::optional<std::size_t> checklist{}; ///< items
    std::optional<std::uint32_t> channels{};
    std::optional<money> balance{};
};

enum class colouring : std::uint8_t { off, on };

/// The page as lines of at most `width` columns: header, four graphs, the table of the last 24 hours.
[[nodiscard]] std::vector<std::string> draw(const dashboard& page, std::size_t width, colouring colour);

} // namespace lineside::cli
