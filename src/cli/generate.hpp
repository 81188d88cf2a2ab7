#pragma once

#include <lineside/time.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace lineside::cli {

struct generate_options {
    std::uint64_t calls = 0;
    std::uint32_t accounts = 1;
    std::uint32_t days = 1;
    std::uint64_t seed = 0;
    instant start{};
};

/// Writes made-up calls as Lineside CSV, in the order of their starts: few accounts with most of the traffic, busy days
/// and quiet nights, ASR about 45 %, talk times log-normal with a mean of about 180 s. The same options give the same
/// bytes on every machine: all arithmetic is in integers. `write` takes the pieces in order.
void generate_calls(const generate_options& options, const std::function<void(std::string_view)>& write);

} // namespace lineside::cli
