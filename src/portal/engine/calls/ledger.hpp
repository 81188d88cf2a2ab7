#pragma once

#include "portal/engine/calls/call_buffer.hpp"
#include "portal/engine/calls/prepared_batch.hpp"
#include "portal/engine/calls/segment_writer.hpp"
#include "store/identity_index.hpp"
#include "store/store.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lineside {

/// Calls that are acknowledged and lie in the journal, not yet in segments. Immutable once published.
struct pending_batch {
    call_buffer buffer;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_account; ///< (account key, index), sorted
};
using pending_calls = std::vector<std::shared_ptr<const pending_batch>>;

/// A consistent state of everything: the database's snapshot and the calls that wait in the journal.
struct ledger_view {
    std::unique_ptr<store::snapshot> stored;
    std::shared_ptr<const pending_calls> pending;
};

struct commit_counts {
    std::uint64_t imported = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t restated = 0;
    bool folded = false; ///< the journal went into segments: time to settle
};

/// The calls of every account: takes batches in, tells apart new calls, duplicates and restatements, keeps them durably
/// and marks what must be rolled up again. Numbers are always a function of the stored calls: a rollup is only ever
/// computed from them, so nothing can drift.
///
/// Thread-safe; batches are taken one at a time.
class ledger {
public:
    /// Opens over a database; loads the journal. `journal_calls`: how many may wait there.
    ledger(store::store& db, std::size_t journal_calls, std::function<instant()> clock);

    /// One transaction: on return the batch survives a kill; on an exception nothing of it is stored. `run` is the
    /// import it belongs to, 0 for none. Small batches go to the journal, large ones straight into segments.
    /// Errors: conflict (a charge's currency is not the account's).
    /// `prepared`: of the same batch, null for none.
    commit_counts commit(const call_buffer& batch, std::int64_t run, prepared_batch* prepared = nullptr);

    /// Moves the journal into segments and rolls up every day that lags behind; stops early, without harm, when asked.
    void settle(const std::stop_token& stop);

    [[nodiscard]] ledger_view view();

    std::uint32_t source_key(std::string_view name);
    std::int64_t open_import(std::string_view source, std::string_view input);
    void finish_import(std::int64_t run, std::uint64_t calls);
    /// What else happens in the transaction of a change of an account.
    using account_edit = std::function<void(store::transaction&, store::account_row&)>;
    /// Errors: conflict.
    account create_account(account value, const account_edit& along);
    /// `edit` changes the row. Errors: not_found.
    account update_account(const account_id& id, const account_edit& edit);

private:
    struct known_account {
        store::account_row row;
        bool changed = false;
    };
    struct pending_ref {
        std::uint32_t batch;
        std::uint32_t index;
    };
    struct located_call {
        std::uint32_t account; ///< key
        std::uint64_t hash;    ///< of its identity
        const store::stored_call* call;
    };
    struct verdict;

    template <class Work>
    auto transact(Work work);
    void mark_changed(known_account& account);
    known_account& account_named(store::transaction& tx, std::string_view id);
    [[nodiscard]] std::vector<std::uint32_t> resolve_accounts(store::transaction& tx, const call_buffer& batch);
    [[nodiscard]] verdict judge(store::transaction& tx, const call_buffer& batch,
                                std::span<const std::uint32_t> accounts) const;
    void write_segments(store::transaction& tx, std::span<const located_call> added,
                        std::span<const store::stored_call* const> removed, std::int64_t run, std::int64_t now);
    [[nodiscard]] bool all_new(store::transaction& tx, std::span<const store::identity_entry> identities) const;
    void write_prepared(store::transaction& tx, const call_buffer& batch, std::span<const std::uint32_t> accounts,
                        prepared_batch& prepared, std::int64_t run);
    void fold(store::transaction& tx);
    void commit_and_publish(store::transaction& tx);
    void save_accounts(store::transaction& tx);
    void load_journal(store::transaction& tx);
    void add_pending(std::span<const located_call> calls);
    void index_pending();
    [[nodiscard]] std::shared_ptr<const pending_calls> pending() const;
    [[nodiscard]] std::size_t settle_some(const std::stop_token& stop);

    store::store& db_;
    const std::size_t journal_calls_;
    const std::function<instant()> clock_;

    std::mutex committing_;                                                         // guards what follows
    std::unordered_map<std::string_view, std::unique_ptr<known_account>> accounts_; // keys lie in the values
    std::unordered_map<std::uint32_t, known_account*> accounts_by_key_;
    std::vector<known_account*> changed_accounts_; // by this transaction
    std::unordered_map<std::string, std::uint32_t> sources_;
    store::identity_index identities_;
    sole_writers writers_;
    store::segment_encoder encoder_;
    std::unordered_multimap<std::uint64_t, pending_ref> pending_index_; // by identity hash
    std::size_t pending_count_ = 0;
    bool folded_ = false; // this transaction moved what is pending into segments

    mutable std::mutex publishing_; // guards the pointer
    std::shared_ptr<const pending_calls> pending_ = std::make_shared<pending_calls>();
    std::atomic<std::uint64_t> folds_ = 0; // odd while a commit moves what is pending into the database
};

} // namespace lineside
