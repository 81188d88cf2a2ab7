#include "portal/engine/calls/ledger.hpp"

#include <lineside/error.hpp>

#include "portal/engine/calls/identity_table.hpp"
#include "portal/engine/calls/segment_writer.hpp"

#include <algorithm>
#include <deque>
#include <future>
#include <limits>
#include <map>

namespace lineside {

namespace {

using store::day_number;
using store::stored_call;

// Below this, writing whole segments for a batch costs more than the journal.
constexpr std::size_t direct_calls = 16'384;
// Journal entries below this are joined in memory, so that calls that come one by one make no long list.
constexpr std::size_t small_batch = 512;

} // namespace

// What a batch turned out to be.
struct ledger::verdict {
    commit_counts counts;
    std::vector<located_call> added;         // to be stored
    std::vector<const stored_call*> removed; // to be taken out of segments
    bool restates_pending = false;
    std::deque<store::call_block> blocks; // what `removed` points into
};

ledger::ledger(store::store& db, std::size_t journal_calls, std::function<instant()> clock)
    : db_(db),
      journal_calls_(journal_calls),
      clock_(std::move(clock)) {
    const auto tx = db_.write();
    load_journal(*tx);
    const auto names = tx->list_sources();
    for (std::uint32_t key = 0; key < names.size(); ++key)
        sources_.emplace(names[key], key);
}

// Runs work(transaction). Whatever was learned from a transaction that is undone is forgotten.
template <class Work>
auto ledger::transact(Work work) {
    const std::lock_guard turn(committing_);
    const auto tx = db_.write();
    folded_ = false;
    try {
        return work(*tx);
    } catch (...) {
        accounts_by_key_.clear();
        accounts_.clear();
        changed_accounts_.clear();
        writers_.clear();
        index_pending();
        throw;
    }
}

// ---- accounts and sources -------------------------------------------------------------------------------------------

ledger::known_account& ledger::account_named(store::transaction& tx, std::string_view id) {
    if (const auto found = accounts_.find(id); found != accounts_.end())
        return *found->second;
    auto known = std::make_unique<known_account>();
    if (auto row = tx.find_account(id)) {
        known->row = std::move(*row);
    } else {
        account fresh;
        fresh.id = account_id(std::string(id));
        fresh.name = fresh.id.value();
        fresh.created_at = clock_();
        known->row = tx.add_account(fresh);
    }
    auto& result = *known;
    accounts_by_key_.emplace(result.row.key, &result);
    accounts_.emplace(result.row.value.id.value(), std::move(known));
    return result;
}

// The keys of a batch's accounts. They are created on first sight; the first currency a call states is the account's for
// good.
std::vector<std::uint32_t> ledger::resolve_accounts(store::transaction& tx, const call_buffer& batch) {
    std::vector<known_account*> named(batch.accounts().size());
    std::transform(batch.accounts().begin(), batch.accounts().end(), named.begin(),
                   [&](std::string_view id) { return &account_named(tx, id); });
    for (const auto i : batch.currency_changes()) {
        auto& account = *named[batch.account_of()[i]];
        const auto& view = batch.calls()[i].view;
        auto& currency = account.row.value.currency;
        if (currency == view.currency)
            continue;
        if (!currency.empty())
            throw error(errc::conflict,
                        "call '" + std::string(view.call_id) + "' is charged in " + std::string(view.currency) +
                            ", account '" + std::string(view.account) + "' is kept in " + currency,
                        "currency");
        currency = view.currency;
        mark_changed(account);
    }
    std::vector<std::uint32_t> keys(named.size());
    std::transform(named.begin(), named.end(), keys.begin(), [](const auto* account) { return account->row.key; });
    return keys;
}

void ledger::mark_changed(known_account& account) {
    if (!std::exchange(account.changed, true))
        changed_accounts_.push_back(&account);
}

void ledger::save_accounts(store::transaction& tx) {
    for (auto* account : changed_accounts_) {
        tx.update_account(account->row);
        account->changed = false;
    }
    changed_accounts_.clear();
}

account ledger::create_account(account value, const account_edit& along) {
    return transact([&](store::transaction& tx) {
        if (tx.find_account(value.id.value()))
            throw error(errc::conflict, "account '" + value.id.value() + "' exists", "id");
        value.created_at = clock_();
        auto row = tx.add_account(value);
        along(tx, row);
        tx.commit();
        return value;
    });
}

account ledger::update_account(const account_id& id, const account_edit& edit) {
    return transact([&](store::transaction& tx) {
        if (!tx.find_account(id.value()))
            throw error(errc::not_found, "there is no account '" + id.value() + "'", "account");
        auto& known = account_named(tx, id.value());
        edit(tx, known.row);
        tx.update_account(known.row);
        tx.commit();
        return known.row.value;
    });
}

std::uint32_t ledger::source_key(std::string_view name) {
    {
        const std::lock_guard turn(committing_);
        if (const auto found = sources_.find(std::string(name)); found != sources_.end())
            return found->second;
    }
    return transact([&](store::transaction& tx) {
        // Somebody else may have been faster between the two locks.
        if (const auto found = sources_.find(std::string(name)); found != sources_.end())
            return found->second;
        const std::uint32_t key = tx.add_source(name);
        tx.commit();
        sources_.emplace(name, key);
        return key;
    });
}

std::int64_t ledger::open_import(std::string_view source, std::string_view input) {
    return transact([&](store::transaction& tx) {
        const std::int64_t run = tx.open_import(source, input, clock_());
        tx.commit();
        return run;
    });
}

void ledger::finish_import(std::int64_t run, std::uint64_t calls) {
    transact([&](store::transaction& tx) {
        tx.finish_import(run, clock_(), calls);
        tx.commit();
    });
}

// ---- batches --------------------------------------------------------------------------------------------------------

ledger::verdict ledger::judge(store::transaction& tx, const call_buffer& batch,
                              std::span<const std::uint32_t> accounts) const {
    struct entry {
        std::uint32_t latest = 0;           // index of the occurrence that holds
        const stored_call* known = nullptr; // the call as it was before the batch
        bool known_pending = false;         // it waits in the journal
        bool replaced = false;              // `latest` holds, not `known`
    };
    verdict out;
    const auto& calls = batch.calls();
    const auto& hashes = batch.hashes();
    const auto waiting = pending();

    // One entry an identity, in order of first appearance; further occurrences aside, they are rare.
    identity_table table(calls.size());
    std::vector<entry> entries;
    entries.reserve(calls.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> again; // (entry, index)
    std::vector<std::uint64_t> maybe_stored;
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (i + ahead < calls.size()) {
            table.prefetch(hashes[i + ahead]);
            identities_.prefetch(hashes[i + ahead]);
        }
        const auto fresh = static_cast<std::uint32_t>(entries.size());
        const auto number = table.find_or_keep(
            hashes[i], fresh, [&](std::uint32_t e) { return same_identity(calls[entries[e].latest], calls[i]); });
        if (number != fresh) {
            again.emplace_back(number, static_cast<std::uint32_t>(i));
            continue;
        }
        auto& added = entries.emplace_back();
        added.latest = static_cast<std::uint32_t>(i);
        if (identities_.may_contain(hashes[i]))
            maybe_stored.push_back(hashes[i]);
        const auto [first, last] = pending_index_.equal_range(hashes[i]);
        for (auto p = first; p != last; ++p) {
            const auto& call = (*waiting)[p->second.batch]->buffer.calls()[p->second.index];
            if (same_identity(call, calls[i])) {
                added.known = &call;
                added.known_pending = true;
            }
        }
    }

    for (const auto& hit : identities_.find(tx, std::move(maybe_stored))) {
        auto& block = out.blocks.emplace_back();
        const std::string_view account = block.heaps.emplace_back(tx.account_by_key(hit.account).value.id.value());
        tx.segments(hit.account, hit.day, hit.day, [&](const store::segment_key&, std::string_view bytes) {
            store::decode_segment(bytes, hit.day, account, block);
        });
        bool used = false;
        for (const auto& stored : block.calls) {
            const auto e =
                table.find(store::hash_identity(stored.source, stored.view.call_id, stored.view.branch),
                           [&](std::uint32_t number) { return same_identity(calls[entries[number].latest], stored); });
            if (e == identity_table::none)
                continue;
            entries[e].known = &stored;
            used = true;
        }
        if (!used) // a false alarm
            out.blocks.pop_back();
    }

    // Every occurrence is held against the one before it.
    const auto weigh = [&](entry& e, const stored_call* before, std::uint32_t index) {
        if (before != nullptr && *before == calls[index]) {
            ++out.counts.duplicates;
            return;
        }
        ++(before == nullptr ? out.counts.imported : out.counts.restated);
        e.latest = index;
        e.replaced = true;
    };
    for (auto& e : entries)
        weigh(e, e.known, e.latest);
    for (const auto& [number, index] : again)
        weigh(entries[number], entries[number].replaced ? &calls[entries[number].latest] : entries[number].known,
              index);
    for (const auto& e : entries) {
        // A call that was corrected back to what is known needs nothing.
        if (!e.replaced || (e.known != nullptr && *e.known == calls[e.latest]))
            continue;
        out.added.push_back({accounts[batch.account_of()[e.latest]], hashes[e.latest], &calls[e.latest]});
        if (e.known != nullptr)
            out.removed.push_back(e.known);
        out.restates_pending |= e.known_pending;
    }
    return out;
}

// Whether no call of a batch is known yet. Only for batches of new calls: says no without looking where many may be, and
// where one seems to be.
bool ledger::all_new(store::transaction& tx, std::span<const store::identity_entry> identities) const {
    constexpr std::size_t ahead = 16;
    const std::size_t few = 64 + identities.size() / 256;
    std::vector<std::uint64_t> maybe;
    for (std::size_t i = 0; i < identities.size() && maybe.size() <= few; ++i) {
        if (i + ahead < identities.size())
            identities_.prefetch(identities[i + ahead].hash);
        if (identities_.may_contain(identities[i].hash))
            maybe.push_back(identities[i].hash);
    }
    if (maybe.size() > few)
        return false;
    std::sort(maybe.begin(), maybe.end());
    for (const auto& hit : identities_.find(tx, maybe)) {
        store::call_block block;
        tx.segments(hit.account, hit.day, hit.day, [&](const store::segment_key&, std::string_view bytes) {
            store::decode_segment(bytes, hit.day, {}, block);
        });
        for (const auto& stored : block.calls)
            if (std::binary_search(maybe.begin(), maybe.end(),
                                   store::hash_identity(stored.source, stored.view.call_id, stored.view.branch)))
                return false;
    }
    return true;
}

commit_counts ledger::commit(const call_buffer& batch, std::int64_t run, prepared_batch* prepared) {
    const auto counts = transact([&](store::transaction& tx) {
        identities_.load(tx);
        const auto accounts = resolve_accounts(tx, batch);
        if (prepared != nullptr) {
            if (run != 0 && pending_count_ == 0 && !prepared->repeats() && all_new(tx, prepared->identities())) {
                write_prepared(tx, batch, accounts, *prepared, run);
                save_accounts(tx);
                commit_and_publish(tx);
                return commit_counts{.imported = batch.size()};
            }
            prepared->give_up();
        }
        auto what = judge(tx, batch, accounts);
        if (what.restates_pending) {
            // What waits in the journal never changes: move it into segments and look again.
            fold(tx);
            what = judge(tx, batch, accounts);
        }
        const std::int64_t now = clock_().time_since_epoch().count();
        const bool timely = std::none_of(what.added.begin(), what.added.end(), [&](const located_call& c) {
            return is_final(hour_end(c.call->view.start), now);
        });
        if (timely && !folded_ && run == 0 && what.removed.empty() && what.added.size() < direct_calls &&
            pending_count_ + what.added.size() <= journal_calls_) {
            std::vector<const stored_call*> calls(what.added.size());
            std::transform(what.added.begin(), what.added.end(), calls.begin(), [](const auto& c) { return c.call; });
            if (!calls.empty()) {
                std::string bytes;
                encoder_.encode_journal(calls, bytes);
                tx.append_journal(bytes);
            }
            save_accounts(tx);
            tx.commit();
            add_pending(what.added);
            return what.counts;
        }
        if (pending_count_ > 0 && !folded_)
            fold(tx);
        write_segments(tx, what.added, what.removed, run, now);
        save_accounts(tx);
        commit_and_publish(tx);
        what.counts.folded = folded_;
        return what.counts;
    });
    db_.tidy();
    return counts;
}

void ledger::write_segments(store::transaction& tx, std::span<const located_call> added,
                            std::span<const stored_call* const> removed, std::int64_t run, std::int64_t now) {
    segment_writer writer(tx, writers_, run, now);
    // What leaves goes first: a corrected call may come back into the same day.
    std::map<std::string_view, std::vector<const stored_call*>> leaving;
    for (const auto* c : removed)
        leaving[c->view.account].push_back(c);
    for (auto& [id, calls] : leaving) {
        auto& account = account_named(tx, id);
        sort_calls(calls);
        writer.remove(account.row, calls);
        for (const auto* c : calls)
            writer.restate(account.row, *c);
        mark_changed(account);
    }
    if (!removed.empty()) {
        // A restatement is known by its identity; the rows it moves to are restated as those it leaves.
        identity_table table(removed.size());
        const auto hash = [](const stored_call& c) {
            return store::hash_identity(c.source, c.view.call_id, c.view.branch);
        };
        for (std::uint32_t i = 0; i < removed.size(); ++i)
            table.find_or_keep(hash(*removed[i]), i,
                               [&](std::uint32_t k) { return same_identity(*removed[k], *removed[i]); });
        for (const auto& c : added)
            if (table.find(c.hash, [&](std::uint32_t k) { return same_identity(*removed[k], *c.call); }) !=
                identity_table::none)
                writer.restate(accounts_by_key_.at(c.account)->row, *c.call);
    }

    // The identities are got ready beside the segments.
    auto identities = std::async(added.size() >= direct_calls ? std::launch::async : std::launch::deferred, [&] {
        std::vector<store::identity_entry> entries;
        entries.reserve(added.size());
        for (const auto& c : added)
            entries.push_back({c.hash, c.account, store::day_of(c.call->view.start)});
        store::sort_by_hash(entries);
        return identities_.prepare(entries);
    });

    // Grouped by account with a counting sort: keys are dense.
    std::uint32_t most = 0;
    for (const auto& c : added)
        most = std::max(most, c.account);
    std::vector<std::uint32_t> ends(static_cast<std::size_t>(most) + 2, 0);
    for (const auto& c : added)
        ++ends[c.account + 1];
    for (std::size_t k = 1; k < ends.size(); ++k)
        ends[k] += ends[k - 1];
    std::vector<const stored_call*> order(added.size());
    for (const auto& c : added)
        order[ends[c.account]++] = c.call;
    // Now ends[k] is where account k ends.
    for (std::uint32_t key = 0, begin = 0; key <= most; begin = ends[key++]) {
        const auto calls = std::span(order).subspan(begin, ends[key] - begin);
        if (calls.empty())
            continue;
        sort_calls(calls);
        auto& account = *accounts_by_key_.at(key);
        writer.add(account.row, calls);
        mark_changed(account);
    }
    writer.finish();
    identities_.add(tx, identities.get());
}

// A batch of new calls.
void ledger::write_prepared(store::transaction& tx, const call_buffer& batch, std::span<const std::uint32_t> accounts,
                            prepared_batch& prepared, std::int64_t run) {
    auto identities = std::async(std::launch::async, [&] {
        for (auto& e : prepared.identities())
            e.account = accounts[e.account];
        return identities_.prepare(prepared.identities());
    });
    std::vector<known_account*> named(batch.accounts().size());
    for (std::size_t i = 0; i < named.size(); ++i)
        named[i] = accounts_.at(batch.accounts()[i]).get();
    // In the order of the database's keys.
    std::vector<const prepared_batch::day_group*> groups(prepared.groups().size());
    std::transform(prepared.groups().begin(), prepared.groups().end(), groups.begin(), [](auto& g) { return &g; });
    std::stable_sort(groups.begin(), groups.end(), [&](const auto* a, const auto* b) {
        return named[a->account]->row.key < named[b->account]->row.key;
    });
    segment_writer writer(tx, writers_, run, clock_().time_since_epoch().count());
    for (const auto* group : groups) {
        auto& account = *named[group->account];
        writer.add(account.row, prepared, *group);
        mark_changed(account);
    }
    writer.finish();
    identities_.add(tx, identities.get());
}

// ---- the journal ----------------------------------------------------------------------------------------------------

std::shared_ptr<const pending_calls> ledger::pending() const {
    const std::lock_guard guard(publishing_);
    return pending_;
}

void ledger::load_journal(store::transaction& tx) {
    tx.each_journal([&](std::string bytes) {
        store::call_block block;
        store::decode_journal(std::move(bytes), block);
        std::vector<located_call> calls;
        calls.reserve(block.calls.size());
        for (const auto& c : block.calls)
            calls.push_back({account_named(tx, c.view.account).row.key,
                             store::hash_identity(c.source, c.view.call_id, c.view.branch), &c});
        add_pending(calls);
    });
}

void ledger::add_pending(std::span<const located_call> calls) {
    if (calls.empty())
        return;
    auto list = std::make_shared<pending_calls>(*pending());
    auto fresh = std::make_shared<pending_batch>();
    if (!list->empty() && list->back()->buffer.size() + calls.size() <= small_batch) {
        const auto& small = *list->back();
        for (const auto& c : small.buffer.calls())
            fresh->buffer.add(c.view, c.source, c.attempts_known);
        fresh->by_account = small.by_account;
        list->pop_back();
    }
    const auto batch = static_cast<std::uint32_t>(list->size());
    for (const auto& c : calls) {
        const auto index = static_cast<std::uint32_t>(fresh->buffer.size());
        fresh->buffer.add(c.call->view, c.call->source, c.call->attempts_known);
        fresh->by_account.emplace_back(c.account, index);
        pending_index_.emplace(fresh->buffer.hashes()[index], pending_ref{batch, index});
    }
    std::sort(fresh->by_account.begin(), fresh->by_account.end());
    pending_count_ += calls.size();
    list->push_back(std::move(fresh));
    const std::lock_guard guard(publishing_);
    pending_ = std::move(list);
}

void ledger::index_pending() {
    pending_index_.clear();
    pending_count_ = 0;
    const auto waiting = pending();
    for (std::uint32_t b = 0; b < waiting->size(); ++b) {
        const auto& hashes = (*waiting)[b]->buffer.hashes();
        for (std::uint32_t i = 0; i < hashes.size(); ++i)
            pending_index_.emplace(hashes[i], pending_ref{b, i});
        pending_count_ += hashes.size();
    }
}

// Moves what is pending into segments, within a transaction that the caller commits with commit_and_publish.
void ledger::fold(store::transaction& tx) {
    std::vector<located_call> calls;
    calls.reserve(pending_count_);
    const auto waiting = pending();
    for (const auto& batch : *waiting)
        for (std::size_t i = 0; i < batch->buffer.size(); ++i) {
            const auto& c = batch->buffer.calls()[i];
            calls.push_back({account_named(tx, c.view.account).row.key, batch->buffer.hashes()[i], &c});
        }
    // They were in time when they were acknowledged, however late it is now.
    write_segments(tx, calls, {}, 0, std::numeric_limits<std::int64_t>::min());
    tx.clear_journal();
    pending_index_.clear();
    pending_count_ = 0;
    folded_ = true;
}

void ledger::commit_and_publish(store::transaction& tx) {
    if (!folded_) {
        tx.commit();
        return;
    }
    // Readers that come now wait for the commit, so that nobody sees a call twice or not at all.
    ++folds_;
    try {
        tx.commit();
    } catch (...) {
        ++folds_;
        folds_.notify_all();
        throw;
    }
    {
        const std::lock_guard guard(publishing_);
        pending_ = std::make_shared<pending_calls>();
    }
    ++folds_;
    folds_.notify_all();
}

ledger_view ledger::view() {
    for (;;) {
        const std::uint64_t before = folds_.load();
        if (before % 2 != 0) {
            folds_.wait(before);
            continue;
        }
        ledger_view v{nullptr, pending()};
        v.stored = db_.read();
        if (folds_.load() == before)
            return v;
    }
}

void ledger::settle(const std::stop_token& stop) {
    transact([&](store::transaction& tx) {
        if (pending_count_ == 0)
            return;
        identities_.load(tx);
        fold(tx);
        save_accounts(tx);
        commit_and_publish(tx);
    });
    while (settle_some(stop) > 0)
        db_.tidy();
}

} // namespace lineside
