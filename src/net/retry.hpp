#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

namespace lineside::net {

/// When a failed call is made again: "standard" mode of AWS' SDKs, full jitter, and a quota that a client's calls share,
/// so that a server in trouble is not made worse.
struct retry_policy {
    unsigned attempts = 3; ///< 1: none is repeated
    std::chrono::milliseconds base{50};
    std::chrono::milliseconds throttled_base{1'000};
    std::chrono::milliseconds cap{20'000};
    std::chrono::milliseconds longest_retry_after{60'000};
    unsigned quota = 500;
    unsigned retry_cost = 14;
    unsigned throttled_cost = 5;
};

} // namespace lineside::net
