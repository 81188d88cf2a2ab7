#pragma once

#include <lineside/call_refusal.hpp>
#include <lineside/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

namespace lineside {

/// Whose thread an engine works in for a call that does not block.
enum class asking_thread : std::uint8_t {
    kept_free, ///< one of its own: the call returns at once
    lent,      ///< where all it takes is a few reads that wait for nobody, the one that asks, before the call returns
};

/// How one call is to be made. The defaults suit most.
struct call_options {
    /// The whole call, retries included; 0 is no limit. Past it the call fails with `errc::timed_out`.
    std::chrono::milliseconds timeout{0};
    /// Asks the call to stop; it then fails with `errc::cancelled`. For `block`, which has no cancellation slot; the
    /// asynchronous forms honour it beside their slot.
    std::stop_token stop{};
    /// Where to leave what is known about a failure, for tokens that carry only the code. Read it after completion.
    std::shared_ptr<diagnostics> details{};
    /// Says that a later call with the same key is this one again: a `keyed` operation (operations.def) is done once, and
    /// its answer kept for 24 hours in the transaction of what it does. Asked again with the key by the same asker, it
    /// gives that answer; failures are not kept. 1 to 255 visible ASCII characters, to be made at random, for what is kept
    /// is sealed with it; empty: none. Other operations need none and ignore it.
    /// Errors: invalid_argument (no key, or another request's), conflict (the first call still runs); see
    /// `call_refusal`.
    std::string idempotency_key{};
    /// Does it only if the thing is still as the asker saw it: `revision_of` what was read; empty: in any case. For
    /// operations that replace or delete an account, contact, layout, branding, alert rule or the numbering.
    /// Errors: precondition_failed (read it again), invalid_argument (the operation has no such check).
    std::string if_match{};
    /// Where a client leaves the answer's JSON as it came: with members that this version of Lineside does not know.
    std::shared_ptr<std::string> answer_text{};
    /// `lent` spares a short read the way to another thread and back: for a thread that serves many. Its handler is then
    /// dispatched: it may run within the call, though never within that of another such handler. Clients ignore it.
    asking_thread thread = asking_thread::kept_free;
};

} // namespace lineside
