#include "rules/live_changes.hpp"

#include <cstddef>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace lineside::rules {

namespace {

// A call by its key, which lies in it.
struct same_call {
    bool operator()(const live_call* a, const live_call* b) const {
        return a->call_id == b->call_id && a->source == b->source && a->branch == b->branch;
    }
};
struct call_hash {
    std::size_t operator()(const live_call* c) const {
        const std::hash<std::string_view> hash;
        return hash(c->call_id) ^ hash(c->branch) << 1U;
    }
};

} // namespace

live_call_changes changes_between(std::span<const live_call> before, std::span<const live_call> after) {
    std::unordered_map<const live_call*, bool, call_hash, same_call> known; // and whether it is still there
    known.reserve(before.size());
    for (const auto& c : before)
        known.emplace(&c, false);
    live_call_changes changes;
    for (const auto& c : after) {
        const auto old = known.find(&c);
        if (old == known.end() || *old->first != c)
            changes.calls.push_back(c);
        if (old != known.end())
            old->second = true;
    }
    for (const auto& c : before)
        if (!known.find(&c)->second)
            changes.ended.push_back({c.source, c.call_id, c.branch});
    return changes;
}

summary_changes changes_between(std::span<const summary_row> before, std::span<const summary_row> after) {
    summary_changes changes;
    auto old = before.begin();
    for (const auto& row : after) {
        for (; old != before.end() && old->start < row.start; ++old)
            changes.gone.push_back(old->start);
        const bool there = old != before.end() && old->start == row.start;
        if (!there || *old != row)
            changes.rows.push_back(row);
        if (there)
            ++old;
    }
    for (; old != before.end(); ++old)
        changes.gone.push_back(old->start);
    return changes;
}

} // namespace lineside::rules
