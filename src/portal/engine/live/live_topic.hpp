#pragma once

#include <lineside/credential.hpp>
#include <lineside/permission.hpp>
#include <lineside/watch.hpp>

#include "rules/change_log.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

// What the hub of live data keeps. Everything that is not const is guarded by the hub's mutex.
namespace lineside {

using steady_clock = std::chrono::steady_clock;

using topic_bits = std::uint8_t;
[[nodiscard]] constexpr topic_bits bit_of(watch_topic t) noexcept {
    return static_cast<topic_bits>(1U << static_cast<unsigned>(t));
}
template <class... Topics>
[[nodiscard]] constexpr topic_bits bits_of(Topics... topics) noexcept {
    return static_cast<topic_bits>((0U | ... | bit_of(topics)));
}

class watcher;

/// What is watched of an account: one for all who see the same of it, however many.
struct live_topic {
    live_topic(account_id of, std::uint32_t account_key, watch_topic what, std::string as, std::size_t kept_changes)
        : account(std::move(of)),
          key(account_key),
          topic(what),
          view(std::move(as)),
          log(kept_changes) {}

    const account_id account;
    const std::uint32_t key; ///< in the store
    const watch_topic topic;
    const std::string view; ///< of a dashboard: whose; of a balance: `without_totals` or empty

    std::unordered_set<watcher*> watchers;
    instant unwatched_since{};

    bool known = false;
    bool dirty = true;
    bool in_work = false; ///< somebody computes it; nobody else changes what follows
    steady_clock::time_point not_before{};
    instant looked_at{};
    std::uint64_t number = 0; ///< of `newest`; of alerts: of the newest event
    watch_update newest;      ///< the whole as it is, without a position
    rules::change_log<watch_update> log;
};

inline constexpr const char* without_totals = "without totals";

/// A read that waits for its update.
struct waiting_read {
    explicit waiting_read(detail::completion<watch_update> handler) : done(std::move(handler)) {}

    detail::completion<watch_update> done;
    std::shared_ptr<diagnostics> details;
    std::uint64_t id = 0;
    bool caller_waits = false;
    // Of a caller that does not wait:
    asio::any_completion_executor executor; ///< the handler's, kept busy
    asio::any_io_executor outside;          ///< from where it is handed over: never from within whatever completes it
    asio::cancellation_slot slot;
    /// Of one that something may end early.
    struct end {
        std::optional<std::stop_callback<std::function<void()>>> stop;
        std::optional<asio::steady_timer> deadline;
    };
    std::unique_ptr<end> early;
    std::shared_ptr<std::atomic<bool>> stopped; ///< before it was there to be found; null: nothing may end it
};

/// A watch as the hub sees it: some 400 bytes beside what its request holds.
class watcher : public std::enable_shared_from_this<watcher> {
public:
    watcher(std::shared_ptr<const credential> who, watch_request what)
        : shown(std::move(who)),
          request(std::move(what)) {}

    /// How far it is with a topic.
    struct place {
        std::shared_ptr<live_topic> topic;
        std::uint64_t seen = 0;
        watch_kind next = watch_kind::snapshot; ///< `change`: it follows from what was seen
    };
    enum class stage : std::uint8_t { fresh, open, ended };

    const std::shared_ptr<const credential> shown; ///< null: the operator
    watch_request request;                         ///< `resume` is let go once it is open

    watcher::stage stage = stage::fresh;
    bool listed = false;  ///< counts among the hub's watches
    bool suspect = false; ///< who it is and what it may see is to be looked at again
    bool working = false; ///< a thread is busy for it, and delivers at the end
    std::uint8_t turn = 0;
    bool is_operator = false;
    permission_set may{};
    std::string contact{}; ///< whose session it came with; empty: none
    instant until = instant::max();
    std::vector<place> places;
    std::unique_ptr<const error> why; ///< it ended
    std::unique_ptr<waiting_read> read;
};

} // namespace lineside
