#pragma once

#include <lineside/error.hpp>

#include <chrono>
#include <memory>
#include <stop_token>

namespace lineside {

/// How one call is to be made. The defaults suit most.
struct call_options {
    /// The whole call, retries included; 0 is no limit. Past it the call fails with `errc::timed_out`.
    std::chrono::milliseconds timeout{0};
    /// Asks the call to stop; it then fails with `errc::cancelled`. For `block`, which has no cancellation slot; the
    /// asynchronous forms honour it beside their slot.
    std::stop_token stop{};
    /// Where to leave what is known about a failure, for tokens that carry only the code. Read it after completion.
    std::shared_ptr<diagnostics> details{};
};

} // namespace lineside
