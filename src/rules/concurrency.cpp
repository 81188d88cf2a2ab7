#include "rules/concurrency.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace lineside::rules {

namespace {

// A start at t is 2t and an end at t is 2t - 1: in order, ends come before starts of their millisecond, and the
// millisecond an event is filed under is that of key / 2. So an end on a bucket's edge is filed before that edge.
constexpr std::uint64_t start_key(std::uint64_t t) { return 2 * t; }
constexpr std::uint64_t end_key(std::uint64_t t) { return 2 * t - 1; }
constexpr bool is_start(std::uint64_t key) { return key % 2 == 0; }
constexpr std::uint64_t time_of(std::uint64_t key) { return (key + 1) / 2; }

// Files instants under bins: every bucket is cut into equally many of them, a power of two of milliseconds wide.
class binning {
public:
    // As many bins as events where there are many, so that hardly anything is left to sort within one.
    binning(std::uint64_t step, std::size_t buckets, std::size_t events)
        : step_(step),
          reciprocal_(~std::uint64_t{0} / step + 1),
          small_(buckets * step <= 0xffff'ffffU) {
        const std::uint64_t wanted = std::min<std::uint64_t>(events / buckets + 1, step);
        shift_ = static_cast<unsigned>(std::bit_width((step - 1) / wanted));
        per_bucket_ = static_cast<std::size_t>((step - 1) >> shift_) + 1;
    }

    [[nodiscard]] std::size_t per_bucket() const noexcept { return per_bucket_; }
    [[nodiscard]] std::size_t of(std::uint64_t key) const noexcept {
        const std::uint64_t t = key / 2;
        const std::uint64_t bucket = divide(t);
        return static_cast<std::size_t>(bucket * per_bucket_ + ((t - bucket * step_) >> shift_));
    }

private:
    __extension__ using wide = unsigned __int128;

    // t / step by multiplication, exact for 32-bit numbers: the division would cost more than the rest.
    [[nodiscard]] std::uint64_t divide(std::uint64_t t) const noexcept {
        if (small_ && step_ > 1)
            return static_cast<std::uint64_t>((static_cast<wide>(t) * reciprocal_) >> 64U);
        return t / step_;
    }

    std::uint64_t step_;
    std::uint64_t reciprocal_;
    bool small_;
    unsigned shift_ = 0;
    std::size_t per_bucket_ = 1;
};

void insertion_sort(std::uint64_t* first, const std::uint64_t* last) {
    for (std::uint64_t* i = first; i != last; ++i) {
        const std::uint64_t key = *i;
        std::uint64_t* to = i;
        for (; to != first && to[-1] > key; --to)
            *to = to[-1];
        *to = key;
    }
}

// Sorts the events of a bucket, which are filed under its bins [bin, last): with about one event a bin insertion is
// nearly free; a crowded bin is sorted on its own first.
void sort_bins(std::uint64_t* first, const std::uint32_t* bin, const std::uint32_t* last, std::uint64_t* events) {
    constexpr std::ptrdiff_t crowd = 24;
    std::uint64_t* from = first;
    for (; bin != last; ++bin) {
        std::uint64_t* const end = events + *bin;
        if (end - from > crowd)
            std::sort(from, end);
        from = end;
    }
    insertion_sort(first, from);
}

// Goes through a bucket's events in order and tells how many calls are live at its end.
std::uint32_t sweep(std::span<const std::uint64_t> events, std::uint64_t edge, std::uint32_t live,
                    live_channels& bucket) {
    for (const std::uint64_t key : events) {
        const std::uint64_t rest = edge - time_of(key);
        live += is_start(key) ? 1U : ~0U;
        bucket.channel_ms += is_start(key) ? rest : 0 - rest;
        bucket.peak = std::max(bucket.peak, live);
    }
    return live;
}

} // namespace

void concurrency_sweep::run(std::span<const live_span> spans, std::int64_t from, std::int64_t step_ms,
                            std::span<live_channels> out) {
    if (out.empty())
        return;
    const auto step = static_cast<std::uint64_t>(step_ms);
    const std::uint64_t length = step * out.size();
    const std::int64_t to = from + static_cast<std::int64_t>(length);
    const binning bins(step, out.size(), 2 * spans.size());

    // Calls file(key) for every event inside, and tells how many calls were live already.
    const auto for_each_event = [&](auto file) {
        std::uint32_t live = 0;
        for (const live_span& s : spans) {
            if (s.end <= s.start || s.end <= from || s.start >= to)
                continue;
            if (s.start < from)
                ++live;
            else
                file(start_key(static_cast<std::uint64_t>(s.start - from)));
            if (s.end < to)
                file(end_key(static_cast<std::uint64_t>(s.end - from)));
        }
        return live;
    };

    // offsets_[b] counts the events of bin b, then tells where they begin, and once they are filed where they end.
    offsets_.assign(out.size() * bins.per_bucket(), 0);
    std::uint32_t live = for_each_event([&](std::uint64_t key) { ++offsets_[bins.of(key)]; });
    std::uint32_t events = 0;
    for (std::uint32_t& o : offsets_)
        events += std::exchange(o, events);
    if (events_.size() < events)
        events_.resize(events);
    for_each_event([&](std::uint64_t key) { events_[offsets_[bins.of(key)]++] = key; });

    std::uint64_t* event = events_.data();
    const std::uint32_t* bin = offsets_.data();
    std::uint64_t edge = 0;
    for (live_channels& bucket : out) {
        edge += step;
        bucket = {live, live * step};
        const std::uint32_t* const last = bin + bins.per_bucket();
        if (std::uint64_t* const end = events_.data() + last[-1]; event != end) {
            sort_bins(event, bin, last, events_.data());
            live = sweep(std::span(event, end), edge, live, bucket);
            event = end;
        }
        bin = last;
    }
}

} // namespace lineside::rules
