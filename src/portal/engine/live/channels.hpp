#pragma once

#include <lineside/channel.hpp>
#include <lineside/engine.hpp>

#include "portal/engine/live/live_log.hpp"
#include "rules/live_calls.hpp"
#include "store/store.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lineside {

/// What an account's live calls are using up at this moment.
struct live_exposure {
    money locked{};                       ///< elapsed answered time x rate, rounded down to a billionth
    money per_minute{};                   ///< what the answered calls cost a minute
    std::uint32_t calls_without_rate = 0; ///< calls in progress whose cost is not known: no rate, or another currency
};

/// The live calls of an engine: the rules' set, kept so that it survives a kill of the process, and its history.
///
/// Every operation is an entry of a stream, committed before it takes effect; a checkpoint of the whole set replaces the
/// entries before it now and then. Closed minutes go to documents, one an account and UTC day. Numbers of accounts are
/// keys of the store. Thread-safe. What changes something must not be called while the thread has a snapshot or a
/// transaction; what only asks may.
class channels {
public:
    enum class durability : std::uint8_t { none, log };

    /// Loads what is kept. Errors: storage.
    channels(store::store& db, const engine_channels& options, durability kept, instant now);

    struct told {
        std::vector<rules::live_event> events; ///< `source` is an index into `sources`
        std::vector<std::string_view> sources;
    };
    /// One transaction, all or nothing. How many changed anything. Errors: exhausted.
    std::size_t report(told batch, instant now);
    /// Errors: exhausted.
    live_snapshot_report report_snapshot(std::string_view source, std::uint32_t account, instant at,
                                         std::vector<rules::listed_call> calls, instant now);
    /// `call.source` does not matter. Errors: exhausted.
    struct admitted {
        rules::admitting answer;
        std::uint32_t in_use = 0;
    };
    admitted admit(std::string_view source, rules::live_event call, std::optional<std::uint32_t> limit,
                   std::optional<instant> stated, instant now);

    struct status {
        rules::channel_counts counts;
        std::uint32_t peak_today = 0;
    };
    [[nodiscard]] status status_of(std::uint32_t account, instant now);
    [[nodiscard]] std::uint32_t in_use(std::uint32_t account, instant now);
    /// Another one means that something else can be seen of the account's calls.
    [[nodiscard]] std::uint64_t version_of(std::uint32_t account, instant now);
    /// Where a call stands in a list: its start and a hash of its identity.
    struct place {
        std::int64_t start = absent;
        std::uint64_t hash = 0;
        auto operator<=>(const place&) const = default;
    };
    struct placed_call {
        place at;
        live_call call; ///< without its account's id
    };
    /// In order, those after `after`, at most `limit`.
    [[nodiscard]] std::vector<placed_call> list(std::uint32_t account, live_call_filter filter, const place& after,
                                                std::size_t limit, instant now);
    /// Of the calls whose rate is in this currency, or in none.
    [[nodiscard]] live_exposure exposure_of(std::uint32_t account, const std::string& currency, instant now);

    /// Minutes of [from, to) in which channels were in use, in order; the last one may not be over. `stored` is a
    /// view that is younger than a minute.
    [[nodiscard]] std::vector<rules::live_minute> history(store::snapshot& stored, std::uint32_t account,
                                                          std::int64_t from, std::int64_t to, instant now);

    /// The store's key of an account that was named before.
    [[nodiscard]] std::optional<std::uint32_t> known_account(std::string_view id);
    void learn_account(std::string_view id, std::uint32_t key);

private:
    using minutes_by_account = std::unordered_map<std::uint32_t, std::vector<rules::live_minute>>;
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };
    using keys_of_texts = std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;

    void load();
    void play(live_entry e);
    std::uint32_t source_number(std::string_view name);
    void encode(live_entry& e);
    void commit();
    void advance(instant now);
    [[noreturn]] void throw_exhausted() const;
    void keep_house(instant now) noexcept;
    std::size_t write_checkpoint(store::transaction& tx, instant now);
    void write_minutes(store::transaction& tx);
    void forget_days(store::transaction& tx, std::int64_t today);

    store::store& db_;
    const engine_channels options_;
    const durability kept_;

    std::mutex changing_;              // guards what follows; taken before the store's and `seeing_`
    std::string entry_;                // being written
    std::size_t log_bytes_ = 0;        // since the last checkpoint
    std::size_t checkpoint_bytes_ = 0; // of it
    std::int64_t hold_until_ = absent; // not logged yet
    std::int64_t flushed_at_ = absent;
    std::int64_t forgot_on_ = absent; // a day

    std::mutex seeing_; // guards what follows; nothing is waited for while it is held
    rules::live_calls calls_;
    std::vector<std::string> sources_; // by number
    keys_of_texts source_numbers_;
    keys_of_texts accounts_;
    minutes_by_account waiting_; // closed minutes that are in no document yet
    std::size_t waiting_count_ = 0;
    minutes_by_account written_; // those that were put into one last, for readers of an older view; under both locks
};

} // namespace lineside
