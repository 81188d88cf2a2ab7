#include <lineside/watch_update.hpp>

#include "model/names.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace lineside {

namespace {

constexpr name_of<watch_topic> topics[] = {
    {watch_topic::channels, "channels"}, {watch_topic::live_calls, "live_calls"}, {watch_topic::balance, "balance"},
    {watch_topic::alerts, "alerts"},     {watch_topic::summary, "summary"},       {watch_topic::dashboard, "dashboard"},
};
constexpr name_of<watch_kind> kinds[] = {
    {watch_kind::snapshot, "snapshot"},
    {watch_kind::change, "change"},
    {watch_kind::event, "event"},
    {watch_kind::resync, "resync"},
};

auto key_of(const live_call& c) { return std::tie(c.source, c.call_id, c.branch); }
auto key_of(const live_call_key& k) { return std::tie(k.source, k.call_id, k.branch); }

auto place_of(const live_call& c) { return std::tie(c.started_at, c.source, c.call_id, c.branch); }
auto place_of(const summary_row& r) { return r.start; }

bool is_whole(watch_kind k) { return k == watch_kind::snapshot || k == watch_kind::resync; }

struct by_key {
    bool operator()(const auto& a, const auto& b) const { return key_of(a) < key_of(b); }
};

// `more` in order, into what is in order.
template <class T>
void merge_in(std::vector<T> more, std::vector<T>& to) {
    const auto earlier = [](const T& a, const T& b) { return place_of(a) < place_of(b); };
    std::sort(more.begin(), more.end(), earlier);
    const auto middle = static_cast<std::ptrdiff_t>(to.size());
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    std::inplace_merge(to.begin(), to.begin() + middle, to.end(), earlier);
}

} // namespace

std::string_view to_string(watch_topic t) noexcept { return find_name(topics, t); }

result<watch_topic> parse_watch_topic(std::string_view text) { return find_value(topics, text, "topic"); }

std::string_view to_string(watch_kind k) noexcept { return find_name(kinds, k); }

void watch_update::apply_to(std::vector<live_call>& list) const {
    if (!live_calls)
        return;
    if (is_whole(kind))
        list.clear();
    // A call that changed may have another start, and so another place.
    std::vector<live_call_key> replaced = live_calls->ended;
    for (const auto& c : live_calls->calls)
        replaced.push_back({c.source, c.call_id, c.branch});
    std::sort(replaced.begin(), replaced.end());
    std::erase_if(
        list, [&](const live_call& c) { return std::binary_search(replaced.begin(), replaced.end(), c, by_key()); });
    merge_in(live_calls->calls, list);
}

void watch_update::apply_to(std::vector<summary_row>& list) const {
    if (!summary)
        return;
    if (is_whole(kind))
        list.clear();
    std::vector<instant> replaced = summary->gone;
    for (const auto& r : summary->rows)
        replaced.push_back(r.start);
    std::sort(replaced.begin(), replaced.end());
    std::erase_if(list,
                  [&](const summary_row& r) { return std::binary_search(replaced.begin(), replaced.end(), r.start); });
    merge_in(summary->rows, list);
}

} // namespace lineside
