#pragma once

#include <lineside/error.hpp>
#include <lineside/number_block.hpp>

#include "rules/number_plan.hpp"
#include "store/store.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace lineside {

// ---- documents. Blocks and extensions are their account's; the rest is the operator's (key 0).

struct block_record {
    static constexpr std::string_view kind = "number_block";
    std::string id{}; ///< `key_of` its range
    instant created_at{};
};

struct extension_record {
    static constexpr std::string_view kind = "extension";
    std::string id{}; ///< `key_of` its number
    std::string contact{};
    instant created_at{};
};

/// What was released and must not be used before `until`.
struct number_rest_record {
    static constexpr std::string_view kind = "number_rest";
    std::string id{}; ///< `key_of` a block's range or an extension's number
    instant until{};
};

struct numbering_record {
    static constexpr std::string_view kind = "numbering";
    std::string id = std::string(kind); ///< there is one
    numbering rules{};
};

/// The answer to a request that may be repeated.
struct number_request_record {
    static constexpr std::string_view kind = "number_request";
    std::string id{};     ///< the host's, of the account
    std::string asked{};  ///< operation and wish
    std::string answer{}; ///< the block's id or the extension's number
    instant until{};      ///< when it is forgotten
};

/// Keys that sort by width first: "04:1000", "04:1000-1999".
[[nodiscard]] std::string key_of(rules::number n);
[[nodiscard]] std::string key_of(const rules::number_span& range);
/// What stands behind the width.
[[nodiscard]] std::string_view text_of_key(std::string_view key) noexcept;

/// A change of numbers on its way: what is asked of the state before it, written in its transaction, and done to the
/// state once that is durable.
class number_change {
public:
    number_change(store::transaction& tx, rules::number_plan& plan, const numbering& settings,
                  std::shared_mutex& access)
        : tx_(tx),
          plan_(plan),
          settings_(settings),
          access_(access) {}

    [[nodiscard]] store::transaction& tx() noexcept { return tx_; }
    [[nodiscard]] const rules::number_plan& plan() const noexcept { return plan_; }
    [[nodiscard]] const numbering& settings() const noexcept { return settings_; }
    /// What looks for a free number remembers on the way where there was none.
    template <class Search>
    auto search(Search with) {
        const std::unique_lock alone(access_);
        return with(plan_);
    }

    using step = std::function<void(rules::number_plan&)>;
    void then(step s) { steps_.push_back(std::move(s)); }
    void then_settings(numbering n) { new_settings_ = std::move(n); }
    /// An operator's or account's document that is to be erased when its `until` has passed.
    void will_end(std::uint32_t account, std::string_view kind, std::string id, instant until) {
        ends_.emplace_back(until, account, kind, std::move(id));
    }

private:
    friend class number_registry;
    using end = std::tuple<instant, std::uint32_t, std::string_view, std::string>;

    store::transaction& tx_;
    rules::number_plan& plan_;
    const numbering& settings_;
    std::shared_mutex& access_;
    std::vector<step> steps_;
    std::optional<numbering> new_settings_;
    std::vector<end> ends_;
};

/// The operator's number plan in memory, a function of the documents in the store: it is read from them when it is first
/// needed, changes when their transaction has committed, and is read again after anything that went wrong.
///
/// Thread-safe. Changes are one at a time: the store's one writer is their turn.
class number_registry {
public:
    explicit number_registry(store::store& db) : db_(db) {}

    /// `look(plan, settings)` sees a consistent state. Not to be called while the thread holds a snapshot.
    template <class Look>
    auto read(Look look) {
        for (;;) {
            if (stale_) {
                const auto tx = db_.write();
                refresh(*tx);
            }
            const std::shared_lock together(access_);
            if (!stale_)
                return look(std::as_const(plan_), std::as_const(settings_));
        }
    }

    /// `work(number_change&)` decides and writes; then its transaction is committed, and its steps are done. All or
    /// nothing: an exception leaves everything as it was.
    template <class Work>
    auto change(instant now, Work work) {
        const auto tx = db_.write();
        refresh(*tx);
        number_change c(*tx, plan_, settings_, access_);
        auto answer = work(c);
        const auto ended = erase_ended(*tx, now);
        commit(*tx);
        finish(c, ended);
        return answer;
    }

private:
    void refresh(store::transaction& tx);
    void load(store::snapshot& db);
    [[nodiscard]] std::vector<number_change::end> erase_ended(store::transaction& tx, instant now);
    void commit(store::transaction& tx);
    void finish(number_change& c, const std::vector<number_change::end>& ended) noexcept;

    store::store& db_;
    std::atomic<bool> stale_ = true;    // of what follows; set by writers only
    std::set<number_change::end> ends_; // the writers'
    std::shared_mutex access_;          // guards what follows
    rules::number_plan plan_;
    numbering settings_;
};

} // namespace lineside
