#pragma once

#include <lineside/channel.hpp>

#include "rules/live_history.hpp"
#include "rules/live_table.hpp"
#include "rules/rollup.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::rules {

struct live_options {
    std::size_t most_calls = 1'000'000;        ///< in progress at a time; as many are remembered that are over
    std::int64_t longest_call = 4 * 3'600'000; ///< after this a call without an end becomes a ghost
    std::int64_t lateness = 120'000;           ///< how late an event may come and still change a minute's history
    std::int64_t snapshot_grace = 10'000;      ///< a call that showed itself so shortly before may be missing in it
    std::int64_t remember_ended = 600'000;     ///< how long what comes late for a call that ended is recognised
    std::int64_t remember_ghost = 86'400'000;  ///< how long a ghost is listed
    std::uint64_t seed = 0;                    ///< of the hash: random, as call ids are chosen by strangers
};

/// `call_event` with its texts in somebody else's memory, and names as small dense numbers; account 0: not said.
struct live_event {
    call_event_kind kind = call_event_kind::started;
    call_direction direction = call_direction::unknown;
    std::uint32_t source = 0;
    std::uint32_t account = 0;
    std::uint32_t currency = 0; ///< `currency_code`
    std::string_view call_id;   ///< this and the other texts: at most 65,535 bytes
    std::string_view branch;
    std::string_view cli;
    std::string_view destination;
    event_order order{};        ///< its instant and the source's sequence number
    std::int64_t rate = absent; ///< billionths a minute

    [[nodiscard]] live_key key() const noexcept { return {source, call_id, branch}; }
};

/// A call as a snapshot lists it.
struct listed_call {
    live_event call; ///< `kind` and sequence do not matter; its instant is the call's start
    std::int64_t answered = absent;
    std::uint32_t digits = 0;
};

/// A call as a checkpoint keeps it. `call` holds its key, details and account; its order is that of the newest start.
struct kept_call {
    live_event call;
    live_stage stage = live_stage::live;
    std::int64_t started = absent;
    std::int64_t answered = absent;
    std::int64_t over = absent;
    std::int64_t heard = 0;
    std::int64_t evidence = absent;
    std::int64_t since = absent; ///< when it was begun to be remembered as what it is
    event_order end{};
    std::uint32_t digits = 0;
    std::vector<std::uint64_t> digit_events;
};

struct admitting {
    bool admitted = false;
    bool known = false;   ///< asked before: nothing changed
    bool foreign = false; ///< the call is in progress and another account's
};

/// Of one account.
struct channel_counts {
    std::uint32_t ringing = 0;
    std::uint32_t answered = 0;
    std::uint32_t ghosts = 0;
    std::uint64_t drift_added = 0;    ///< calls that only a snapshot told of
    std::uint64_t drift_vanished = 0; ///< calls that a snapshot did not list
    std::uint64_t aged_out = 0;

    [[nodiscard]] std::uint32_t in_use() const noexcept { return ringing + answered; }
};

/// What answered calls of an account cost while they go on, in one currency.
struct live_burn {
    std::uint32_t currency = 0;
    nanos128 per_minute = 0;
    nanos128 rate_by_answer = 0; ///< sum of rate x instant of the answer

    /// Billionths spent until `now`.
    [[nodiscard]] nanos128 spent(std::int64_t now) const noexcept {
        const nanos128 product = per_minute * now - rate_by_answer;
        return product > 0 ? product / minute_ms : 0;
    }
};

/// "EUR" as a number and back; 0 is the empty text.
[[nodiscard]] constexpr std::uint32_t currency_code(std::string_view text) noexcept {
    std::uint32_t code = 0;
    for (const char c : text)
        code = code << 8U | static_cast<unsigned char>(c);
    return code;
}
[[nodiscard]] std::string currency_text(std::uint32_t code);

/// The calls in progress of all accounts, fed by what switches say: events that may be repeated, late and out of order,
/// and snapshots. A call occupies a channel from its start to its end.
///
/// The set that results is a function of what was told, not of the order of telling: a call is live when the newest of
/// its starts is newer than the newest of its ends. Counts follow from the set, so they cannot drift or become negative.
/// Two things are not made good: a second start of the same identity that is told before the first one's end leaves the
/// first out of the history; and an event that comes after `remember_ended` begins anew.
///
/// `now` is the engine's clock. It ages calls out, forgets and closes minutes, and never says when a call started or
/// ended; it may jump. A regular value without locks.
class live_calls {
public:
    explicit live_calls(const live_options& o);

    /// Whether anything changed; false: told before, or older than what is known.
    /// Errors: exhausted (nothing changed).
    bool apply(const live_event& e, std::int64_t now);
    /// Events in turn, faster. How many changed anything. Errors: exhausted (those before are applied).
    std::size_t apply(std::span<const live_event> events, std::int64_t now);
    /// Whether that cannot be exhausted. Exact but for events of one new call that come more than once.
    [[nodiscard]] bool has_room_for(std::span<const live_event> events) const noexcept;

    /// All calls a source has, or has of one account (0: of all), at an instant. Of a snapshot older than the last one of
    /// the whole source nothing is taken. Errors: exhausted (nothing is applied).
    live_snapshot_report apply_snapshot(std::uint32_t source, std::uint32_t account, std::int64_t at,
                                        std::span<const listed_call> calls, std::int64_t now);

    /// May this call occupy a channel? Then it does. Asked again the answer is the same, unless `stated` is
    /// a later instant than the end or refusal of what is known: then it is another call. `stated`: when it starts, by
    /// the source's clock; unset: now, by the engine's. Errors: exhausted.
    admitting admit(const live_event& call, std::optional<std::uint32_t> limit, std::optional<std::int64_t> stated,
                    std::int64_t now);
    /// The same question without an effect; `known` false: `admit` would change something.
    [[nodiscard]] admitting would_admit(const live_event& call, std::optional<std::uint32_t> limit,
                                        std::optional<std::int64_t> stated) const;

    /// A lower bound takes no call away.
    void set_most_calls(std::size_t calls) noexcept { options_.most_calls = calls; }

    /// Ages, forgets, closes. Cheap when there is nothing to do.
    void advance(std::int64_t now);
    /// Closes no minute before `until`: events held up somewhere may still come in.
    void hold_history(std::int64_t until) noexcept { hold_until_ = until; }

    [[nodiscard]] std::size_t live() const noexcept { return in_progress_; }
    [[nodiscard]] channel_counts counts(std::uint32_t account) const noexcept;
    /// Grows with every change of what can be seen of the account's calls.
    [[nodiscard]] std::uint64_t version(std::uint32_t account) const noexcept {
        return account < accounts_.size() ? accounts_[account].version : 0;
    }
    /// Most channels in use at one instant since `midnight`, which is the last one (UTC).
    [[nodiscard]] std::uint32_t peak_since(std::uint32_t account, std::int64_t midnight);
    [[nodiscard]] std::span<const live_burn> burns(std::uint32_t account) const noexcept;
    /// Records of the account that are live or ghosts, in no order. Valid until anything changes.
    template <class Visit>
    void each_of(std::uint32_t account, Visit visit) const {
        if (account < accounts_.size())
            for (const std::uint32_t i : accounts_[account].calls)
                visit(table_[i]);
    }

    /// Minutes that closed since the last time: of an account in order, each once.
    [[nodiscard]] std::vector<live_minute> take_minutes();
    [[nodiscard]] std::span<const live_minute> closed_minutes() const noexcept { return closed_minutes_; }
    /// Open minutes as they look now, the last one up to `now`.
    [[nodiscard]] std::vector<live_minute> open_minutes(std::uint32_t account, std::int64_t now);
    /// Where the open time begins; absent before the first `advance`.
    [[nodiscard]] std::int64_t open_since() const noexcept { return open_; }

    // ---- for a checkpoint

    struct kept_account {
        std::uint32_t account = 0;
        std::int64_t base = 0;
        std::int64_t peak_day = 0;
        std::uint32_t peak = 0;
        std::vector<std::int64_t> changes;
    };
    struct kept_state {
        std::int64_t open = absent;
        std::int64_t hold_until = absent;
        std::vector<std::int64_t> snapshots; ///< of each source
        std::vector<kept_account> accounts;
    };
    /// visit(kept_call): live calls first, then what is remembered, oldest first. The texts live until it returns.
    template <class Visit>
    void each_kept(Visit visit) const {
        table_.each([&](std::uint32_t i) {
            if (table_[i].stage == live_stage::live)
                visit(kept(table_[i], absent));
        });
        for (const auto* remembering : {&heard_of_, &ended_, &ghosts_})
            remembering->each([&](const remembered& m) {
                if (table_[m.index].generation == m.generation)
                    visit(kept(table_[m.index], m.since));
            });
    }
    [[nodiscard]] kept_state keep() const;
    /// Into an empty set: the state, then each call.
    void restore(kept_state state);
    /// Errors: storage (it is there already).
    void restore(const kept_call& call);

private:
    struct account_state {
        live_history history;
        std::vector<std::uint32_t> calls; // live and ghosts
        std::vector<live_burn> burns;
        channel_counts counts;
        std::uint64_t version = 0;
        std::int64_t peak_day = absent; // the day of `peak`
        std::uint32_t peak = 0;         // of that day's closed minutes

        void prefetch() const noexcept {
            for (std::size_t line = 0; line < sizeof *this; line += 64)
                __builtin_prefetch(reinterpret_cast<const char*>(this) + line, 1);
        }
    };
    // What is over, or nobody's: first in, first forgotten.
    struct remembered {
        std::int64_t since = 0;
        std::uint32_t index = 0;
        std::uint32_t generation = 0;
    };
    class memory {
    public:
        void push(const remembered& m);
        void pop() noexcept { ++first_; }
        /// The clock was: nothing is remembered since later than now.
        void set_back(std::int64_t now);
        [[nodiscard]] bool empty() const noexcept { return first_ == items_.size(); }
        [[nodiscard]] std::size_t size() const noexcept { return items_.size() - first_; }
        [[nodiscard]] const remembered& front() const noexcept { return items_[first_]; }
        [[nodiscard]] const remembered* ahead(std::size_t n) const noexcept {
            return size() > n ? &items_[first_ + n] : nullptr;
        }
        template <class Visit>
        void each(Visit visit) const {
            for (std::size_t i = first_; i < items_.size(); ++i)
                visit(items_[i]);
        }

    private:
        std::vector<remembered> items_;
        std::size_t first_ = 0;
    };

    [[nodiscard]] static kept_call kept(const live_record& r, std::int64_t since);
    bool apply(const live_event& e, std::uint32_t i, std::uint64_t hash, std::int64_t now);
    bool on_started(std::uint32_t i, const live_event& e, std::uint64_t hash, std::int64_t now);
    bool on_progress(std::uint32_t i, const live_event& e, std::uint64_t hash, std::int64_t now);
    bool on_ended(std::uint32_t i, const live_event& e, std::uint64_t hash, std::int64_t now);

    account_state& of(std::uint32_t account);
    bool note_if(bool changed, const live_record& r);
    std::uint32_t create(const live_event& e, std::uint64_t hash, live_stage stage, std::int64_t now);
    void check_room(std::size_t more) const;
    void begin(std::uint32_t i, const live_event& e, std::int64_t now);
    void finish(std::uint32_t i, const event_order& end, std::int64_t now);
    bool merge_start(std::uint32_t i, const live_event& e);
    void move_start(live_record& r, std::int64_t to);
    void move_account(std::uint32_t i, std::uint32_t to);
    bool take_details(live_record& r, const live_event& e, bool newer);
    bool take_progress(live_record& r, const live_event& e);
    bool take_answer(live_record& r, std::int64_t at);
    static bool take_digit(live_record& r, const event_order& order);
    void make_ghost(std::uint32_t i, std::int64_t over, std::int64_t now);
    bool revive(std::uint32_t i, std::int64_t now);
    /// From ghosts, without a change of what it was.
    void leave_ghosts(std::uint32_t i);
    void set_stage(live_record& r, live_stage to) noexcept;
    void count(const live_record& r, int sign);
    void list(std::uint32_t i);
    void unlist(std::uint32_t i);
    void remember(memory& where, std::uint32_t i, std::int64_t now);
    /// When it becomes too old.
    [[nodiscard]] std::int64_t due_of(const live_record& r) const noexcept;
    void watch(const live_record& r) noexcept;
    [[nodiscard]] bool begins_anew(const live_record& r, std::optional<std::int64_t> stated) const noexcept;
    void confirm(std::uint32_t i, const listed_call& listed, std::int64_t at);

    void age(std::int64_t now);
    void forget(memory& from, std::int64_t life, std::int64_t now);
    void close(std::int64_t now);

    live_options options_;
    live_table table_;
    std::vector<account_state> accounts_;  // by number
    std::vector<std::uint32_t> positions_; // by record: where in its account's list it is
    std::vector<std::int64_t> snapshots_;  // by source: the instant of the newest
    memory ended_;
    memory ghosts_;
    memory heard_of_;
    std::size_t in_progress_ = 0; // live, or heard of
    std::int64_t next_age_ = std::numeric_limits<std::int64_t>::max();
    std::int64_t open_ = absent;
    std::int64_t hold_until_ = absent;
    std::vector<live_minute> closed_minutes_;
    std::vector<std::int64_t> buffer_;
};

} // namespace lineside::rules
