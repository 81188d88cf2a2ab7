#pragma once

#include <lineside/engine.hpp>

#include "portal/engine/identity/principal.hpp"
#include "portal/engine/live/live_topic.hpp"
#include "rules/watch_position.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace lineside {

class engine_core;

/// Live data of an engine. Whatever changes something only says so (`touch`); the hub then looks once at what is watched,
/// with the code of the operations, and all watches that show it share what it found.
///
/// Nothing queues up for a watch: it knows a number for each of its topics, and what comes next follows from that. What
/// it is given is checked against who it is: a credential that ends, or changes, is looked at before anything more is.
///
/// Thread-safe. `touch` and `settle` must not be called while the thread has a snapshot or a transaction.
class live_hub {
public:
    /// Errors: invalid_argument.
    live_hub(engine_core& core, const engine_live& options);
    live_hub(const live_hub&) = delete;
    live_hub& operator=(const live_hub&) = delete;
    ~live_hub() = default;

    // ---- what happens

    /// Whether anybody watches anything. Where nobody does, this is all that live data costs.
    [[nodiscard]] bool is_watched() const noexcept { return watches_.load() != 0; }
    void touch(std::string_view account, topic_bits topics);
    /// Of every account.
    void touch_all(topic_bits topics);
    /// Live calls of any account.
    void touch_live() noexcept { live_touched_.store(true); }
    /// The clock moved: everything may look different, and anybody's session may be over.
    void touch_clock();
    /// Who may see what of an account changed: of a contact, or of everybody (empty). No account: the operator's keys.
    void touch_identity(std::string_view account, std::string_view contact);
    /// The end of an operation that touched something.
    void settle() noexcept;

    // ---- watches

    /// `read` completes with the next update, never within this call unless its caller waits. In a thread that keeps the
    /// engine open.
    void next(const std::shared_ptr<watcher>& w, std::unique_ptr<waiting_read> read);
    /// Completes the read of this id, if it still waits, with this error.
    void stop(const std::shared_ptr<watcher>& w, std::uint64_t id, errc why);
    void close(const std::shared_ptr<watcher>& w, errc why) noexcept;
    /// Ends all watches; from here on nothing can be watched, and no timer runs.
    void close() noexcept;
    [[nodiscard]] std::uint64_t next_read_id() noexcept { return ++reads_; }

    /// Completes it; not while the mutex is held.
    static void finish(std::unique_ptr<waiting_read> read, watch_update u);
    static void fail(std::unique_ptr<waiting_read> read, const error& why);

private:
    struct live_account {
        std::uint32_t key = 0;
        std::uint64_t version = 0; ///< of its live calls
        std::vector<std::shared_ptr<live_topic>> topics;
    };
    struct wanted {
        watch_topic topic;
        std::string view;
    };
    /// Whom a watch is for, and what that one sees.
    struct entitlement {
        principal who;
        instant until = instant::max();
        account_id account;
        std::uint32_t key = 0;
        std::vector<wanted> topics;
    };
    /// How a topic differs from what is known of it.
    struct finding {
        instant at{};
        bool changed = false;
        watch_update whole;
        std::optional<watch_update> step; ///< of live calls and summary
        std::size_t weight = 0;
        std::size_t most_weight = 0;
        std::uint64_t history = 0;        ///< of alerts: the number of the newest
        std::vector<watch_update> events; ///< the last of them
    };
    struct page_of_history {
        std::uint64_t seen = 0;
        std::optional<watch_update> update;
    };
    using topic_list = std::vector<std::shared_ptr<live_topic>>;
    using watcher_list = std::vector<std::shared_ptr<watcher>>;

    // live_values.cpp: no lock, a database
    [[nodiscard]] finding look(const live_topic& t);
    [[nodiscard]] finding look_at_alerts(const live_topic& t);
    [[nodiscard]] page_of_history read_history(const live_topic& t, std::uint64_t seen, const permission_set& may);
    [[nodiscard]] entitlement check(const watcher& w, bool first);
    [[nodiscard]] std::uint64_t database_tag();

    // live_reads.cpp
    void advance(const std::shared_ptr<watcher>& w);
    void open(watcher& w, bool first);
    [[nodiscard]] topic_list attach(watcher& w, const entitlement& e, bool first);
    [[nodiscard]] std::optional<rules::watch_position> resumed(watcher& w);
    [[nodiscard]] std::shared_ptr<live_topic> topic_of(const entitlement& e, const wanted& what);
    void leave(watcher& w, watcher::place& p) noexcept;
    void end(watcher& w, std::unique_ptr<const error> why) noexcept;
    void deliver(const std::shared_ptr<watcher>& w);
    [[nodiscard]] bool needs_work(watcher& w);
    [[nodiscard]] watcher::place* behind_history(watcher& w);
    [[nodiscard]] std::optional<watch_update> take(watcher& w);
    [[nodiscard]] static std::optional<watch_update> next_of(const watcher& w, watcher::place& p);
    [[nodiscard]] std::string position_of(const watcher& w) const;
    [[nodiscard]] std::unique_ptr<waiting_read> take_read(watcher& w) noexcept;
    void post_advance(const watcher_list& some);

    // live_hub.cpp
    void mark(live_topic& t);
    void mark(live_account& a, topic_bits topics);
    void mark_live();
    void mark_by_clock(instant now);
    [[nodiscard]] watcher_list suspects_by_clock(instant now);
    void sweep(instant now);
    [[nodiscard]] topic_list take_due();
    void refresh();
    void refresh(const std::shared_ptr<live_topic>& t);
    [[nodiscard]] bool publish(live_topic& t, finding& f);
    void arm();
    void run();

    engine_core& core_;
    const engine_live options_;
    const std::uint64_t run_; // of this engine, by chance

    std::atomic<std::size_t> watches_ = 0;
    std::atomic<bool> live_touched_ = false;
    std::atomic<std::uint64_t> reads_ = 0;
    std::atomic<std::uint64_t> database_ = 0; // 0: not read yet

    std::mutex mutex_; // guards what follows, topics and watchers; nothing is waited for while it is held
    bool closed_ = false;
    std::uint64_t identities_changed_ = 0;
    std::unordered_map<std::string, live_account> accounts_;
    std::unordered_set<watcher*> all_;
    std::uint64_t number_ = 0; // of the last change
    std::size_t reading_ = 0;  // reads that wait
    instant swept_at_{};
    steady_clock::time_point next_due_ = steady_clock::time_point::max();
    steady_clock::time_point next_look_{};
    steady_clock::time_point live_after_{};
    steady_clock::time_point armed_for_ = steady_clock::time_point::max();
    std::optional<asio::steady_timer> timer_;
};

} // namespace lineside
