#include "store/identity_index.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace lineside::store {

namespace {

constexpr std::size_t runs_a_merge = 8;

// Cuts a sorted stream of entries into parts; a print never spans two. `put` takes (first print, entries, bytes).
template <class Put>
class part_cutter {
public:
    explicit part_cutter(Put put) : put_(std::move(put)) {}

    void push(const identity_entry& e) {
        if (entries_.size() >= entries_a_part && print_of(e.hash) != print_of(entries_.back().hash))
            flush();
        entries_.push_back(e);
    }
    void flush() {
        if (entries_.empty())
            return;
        std::string bytes;
        encode_identities(entries_, bytes);
        put_(print_of(entries_.front().hash), static_cast<std::uint32_t>(entries_.size()), std::move(bytes));
        entries_.clear();
    }

private:
    Put put_;
    std::vector<identity_entry> entries_;
};

// Walks one run part by part.
class run_cursor {
public:
    run_cursor(transaction& tx, std::int64_t run) : tx_(tx), run_(run) { fill(); }

    [[nodiscard]] bool done() const noexcept { return at_ == entries_.size(); }
    [[nodiscard]] const identity_entry& entry() const noexcept { return entries_[at_]; }
    void next() {
        if (++at_ == entries_.size())
            fill();
    }

private:
    void fill() {
        std::optional<std::uint64_t> after;
        if (!entries_.empty())
            after = print_of(entries_.back().hash);
        entries_.clear();
        at_ = 0;
        tx_.next_identity_part(run_, after, [&](std::string_view bytes) { decode_identities(bytes, entries_); });
    }

    transaction& tx_;
    std::int64_t run_;
    std::vector<identity_entry> entries_;
    std::size_t at_ = 0;
};

void merge(transaction& tx, std::span<const identity_run> runs, std::uint32_t level) {
    std::vector<run_cursor> cursors;
    cursors.reserve(runs.size());
    for (const auto& r : runs)
        cursors.emplace_back(tx, r.run);
    const std::int64_t run = tx.add_identity_run(level);
    part_cutter out([&](std::uint64_t first, std::uint32_t entries, const std::string& bytes) {
        tx.put_identity_part(run, first, entries, bytes);
    });
    // Few enough cursors that a linear scan beats a heap.
    constexpr std::uint64_t over = std::numeric_limits<std::uint64_t>::max();
    const auto head = [](const run_cursor& c) { return c.done() ? over : print_of(c.entry().hash); };
    std::vector<std::uint64_t> heads(cursors.size());
    std::transform(cursors.begin(), cursors.end(), heads.begin(), head);
    for (;;) {
        const auto least = std::min_element(heads.begin(), heads.end());
        if (least == heads.end() || *least == over)
            break;
        auto& from = cursors[static_cast<std::size_t>(least - heads.begin())];
        out.push(from.entry());
        from.next();
        *least = head(from);
    }
    out.flush();
    for (const auto& r : runs)
        tx.erase_identity_run(r.run);
}

} // namespace

void identity_index::load(transaction& tx) {
    if (loaded_)
        return;
    filter_.clear();
    const auto runs = tx.identity_runs();
    std::uint64_t entries = 0;
    for (const auto& r : runs)
        entries += r.entries;
    filter_.reserve(entries);
    for (const auto& r : runs)
        for (run_cursor c(tx, r.run); !c.done(); c.next())
            filter_.insert(c.entry().hash);
    loaded_ = true;
}

std::vector<identity_index::hit> identity_index::find(transaction& tx, std::vector<std::uint64_t> hashes) const {
    std::vector<hit> hits;
    if (hashes.empty())
        return hits;
    std::sort(hashes.begin(), hashes.end());
    std::vector<identity_entry> part;
    for (const auto& run : tx.identity_runs()) {
        std::size_t i = 0;
        while (i < hashes.size()) {
            part.clear();
            if (!tx.find_identity_part(run.run, print_of(hashes[i]),
                                       [&](std::string_view bytes) { decode_identities(bytes, part); })) {
                ++i; // before the first part
                continue;
            }
            auto e = part.begin();
            const std::uint64_t last = print_of(part.back().hash);
            // At least the hash the part was looked up for, then every other that falls into it.
            do {
                const std::uint64_t print = print_of(hashes[i]);
                e = std::lower_bound(e, part.end(), print,
                                     [](const identity_entry& x, std::uint64_t p) { return print_of(x.hash) < p; });
                for (auto same = e; same != part.end() && print_of(same->hash) == print; ++same)
                    hits.push_back({same->account, same->day});
                ++i;
            } while (i < hashes.size() && print_of(hashes[i]) <= last);
        }
    }
    std::sort(hits.begin(), hits.end());
    hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
    return hits;
}

identity_index::prepared_run identity_index::prepare(std::span<const identity_entry> entries) {
    prepared_run run;
    part_cutter out([&](std::uint64_t first, std::uint32_t n, std::string bytes) {
        run.parts.push_back({first, n, std::move(bytes)});
    });
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + ahead < entries.size())
            filter_.prefetch(entries[i + ahead].hash);
        out.push(entries[i]);
        filter_.insert(entries[i].hash);
    }
    out.flush();
    return run;
}

void identity_index::add(transaction& tx, const prepared_run& run) {
    if (run.parts.empty())
        return;
    const std::int64_t number = tx.add_identity_run(0);
    for (const auto& part : run.parts)
        tx.put_identity_part(number, part.first_print, part.entries, part.bytes);
    merge_full_levels(tx);
}

void identity_index::merge_full_levels(transaction& tx) {
    std::map<std::uint32_t, std::vector<identity_run>> levels;
    for (const auto& r : tx.identity_runs())
        levels[r.level].push_back(r);
    for (auto level = levels.begin(); level != levels.end(); ++level) {
        if (level->second.size() < runs_a_merge)
            continue;
        merge(tx, level->second, level->first + 1);
        // The new run may complete the next level in its turn at a later commit: no cascade in one transaction.
        break;
    }
}

} // namespace lineside::store
