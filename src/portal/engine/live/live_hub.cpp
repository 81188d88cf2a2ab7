#include "portal/engine/live/live_hub.hpp"

#include "portal/engine/engine_core.hpp"
#include "portal/engine/records.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

// What is watched, when it is looked at, and who is told.
namespace lineside {

namespace {

constexpr auto every_live_topic = bits_of(watch_topic::channels, watch_topic::live_calls, watch_topic::balance);
// Looking may take a tenth of the time of a thread.
constexpr int rest_after_work = 9;
constexpr std::chrono::seconds rest_after_failure{1};
constexpr auto sweep_every = std::chrono::minutes(1);

std::uint64_t random_number() {
    std::uint64_t n = 0;
    const auto bytes = random_bytes(sizeof n);
    std::memcpy(&n, bytes.data(), sizeof n);
    return n;
}

bool burns(const balance& b) { return b.burn_per_minute.units != 0 || b.burn_per_minute.nanos != 0; }

bool has_account(const watcher& w, std::string_view account) {
    return !w.places.empty() && w.places.front().topic->account.value() == account;
}

} // namespace

live_hub::live_hub(engine_core& core, const engine_live& options)
    : core_(core),
      options_(options),
      run_(random_number()) {
    const auto check = [](std::chrono::milliseconds t, std::chrono::milliseconds least, const char* field) {
        if (t < least || t > std::chrono::hours(24))
            throw error(errc::invalid_argument,
                        std::string(field) + " is " + std::to_string(least.count()) + " ms to a day", field);
    };
    using std::chrono::milliseconds;
    check(options.interval, milliseconds(0), "live.interval");
    check(options.look_every, milliseconds(1), "live.look_every");
    check(options.kept_for, milliseconds(0), "live.kept_for");
    if (options.kept_changes < 1 || options.kept_changes > 65'536)
        throw error(errc::invalid_argument, "live.kept_changes is 1 to 65,536", "live.kept_changes");
}

// ---- what happens

void live_hub::mark(live_topic& t) {
    if (t.watchers.empty()) // whoever comes looks first
        return;
    t.dirty = true;
    next_due_ = std::min(next_due_, std::max(steady_clock::now(), t.not_before));
}

void live_hub::mark(live_account& a, topic_bits topics) {
    for (const auto& t : a.topics)
        if ((topics & bit_of(t->topic)) != 0)
            mark(*t);
}

void live_hub::touch(std::string_view account, topic_bits topics) {
    if (!is_watched())
        return;
    const std::lock_guard lock(mutex_);
    if (const auto a = accounts_.find(std::string(account)); a != accounts_.end())
        mark(a->second, topics);
}

void live_hub::touch_all(topic_bits topics) {
    if (!is_watched())
        return;
    const std::lock_guard lock(mutex_);
    for (auto& [id, a] : accounts_)
        mark(a, topics);
}

void live_hub::touch_identity(std::string_view account, std::string_view contact) {
    if (!is_watched())
        return;
    watcher_list affected;
    {
        const std::lock_guard lock(mutex_);
        ++identities_changed_;
        for (auto* w : all_) {
            const bool concerned = account.empty() ? w->is_operator : has_account(*w, account) && !w->is_operator;
            if (w->shown == nullptr || !concerned || (!contact.empty() && w->contact != contact))
                continue;
            w->suspect = true;
            if (w->read && !w->working)
                affected.push_back(w->shared_from_this());
        }
    }
    post_advance(affected);
}

void live_hub::touch_clock() {
    if (!is_watched())
        return;
    const auto now = core_.now();
    watcher_list affected;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, a] : accounts_)
            mark(a, static_cast<topic_bits>(~0U));
        affected = suspects_by_clock(now);
    }
    post_advance(affected);
}

// Where an operation counts calls, it says only that something changed; the accounts know whether it was theirs.
void live_hub::mark_live() {
    const auto now = core_.now();
    for (auto& [id, a] : accounts_) {
        const auto version = core_.live->version_of(a.key, now);
        if (std::exchange(a.version, version) != version)
            mark(a, every_live_topic);
    }
}

void live_hub::mark_by_clock(instant now) {
    using std::chrono::days;
    using std::chrono::floor;
    using std::chrono::hours;
    mark_live();
    for (auto& [id, a] : accounts_)
        for (const auto& t : a.topics) {
            bool due = !t->known;
            switch (t->topic) {
            case watch_topic::channels: due |= floor<days>(now) != floor<days>(t->looked_at); break;
            case watch_topic::balance: due |= t->known && burns(*t->newest.balance); break;
            case watch_topic::summary: due |= floor<hours>(now) != floor<hours>(t->looked_at); break;
            case watch_topic::alerts:
            case watch_topic::dashboard: due = true; break;
            case watch_topic::live_calls: break;
            }
            if (due)
                mark(*t);
        }
}

live_hub::watcher_list live_hub::suspects_by_clock(instant now) {
    watcher_list affected;
    for (auto* w : all_)
        if (now >= w->until) {
            w->suspect = true;
            if (w->read && !w->working)
                affected.push_back(w->shared_from_this());
        }
    return affected;
}

// What nobody came back to.
void live_hub::sweep(instant now) {
    if (now >= swept_at_ && now < swept_at_ + sweep_every)
        return;
    swept_at_ = now;
    for (auto a = accounts_.begin(); a != accounts_.end();) {
        std::erase_if(a->second.topics, [&](const auto& t) {
            const bool kept = now >= t->unwatched_since && now < t->unwatched_since + options_.kept_for;
            return t->watchers.empty() && !t->in_work && !kept;
        });
        a = a->second.topics.empty() ? accounts_.erase(a) : std::next(a);
    }
}

void live_hub::settle() noexcept {
    if (!is_watched())
        return;
    try {
        if (options_.interval.count() == 0)
            refresh();
        const std::lock_guard lock(mutex_);
        arm();
    } catch (...) { // it stays to be done, and the clock brings it again
        return;
    }
}

// ---- looking

// Whatever is taken is in this thread's work.
live_hub::topic_list live_hub::take_due() {
    const auto now = steady_clock::now();
    const bool at_once = options_.interval.count() == 0;
    if (live_touched_.load() && (at_once || now >= live_after_)) {
        live_touched_.store(false);
        live_after_ = now + options_.interval;
        mark_live();
    }
    topic_list due;
    if (!at_once && now < next_due_)
        return due;
    next_due_ = steady_clock::time_point::max();
    for (auto& [id, a] : accounts_)
        for (const auto& t : a.topics) {
            if (!t->dirty || t->in_work || t->watchers.empty())
                continue;
            if (!at_once && now < t->not_before) {
                next_due_ = std::min(next_due_, t->not_before);
                continue;
            }
            t->dirty = false;
            t->in_work = true;
            due.push_back(t);
        }
    return due;
}

void live_hub::refresh() {
    topic_list due;
    {
        const std::lock_guard lock(mutex_);
        if (closed_)
            return;
        due = take_due();
    }
    for (const auto& t : due) {
        try {
            refresh(t);
        } catch (const std::exception&) { // it is dirty again, and looked at after a rest
            continue;
        }
    }
}

// Of a topic that is in this thread's work.
void live_hub::refresh(const std::shared_ptr<live_topic>& t) {
    const bool at_once = options_.interval.count() == 0;
    for (bool again = true; again;) {
        const auto begun = steady_clock::now();
        watcher_list waiting;
        try {
            auto f = look(*t);
            const std::lock_guard lock(mutex_);
            if (publish(*t, f))
                for (auto* w : t->watchers)
                    if (w->read && !w->working)
                        waiting.push_back(w->shared_from_this());
            const auto ended = steady_clock::now();
            t->not_before =
                ended + std::max<steady_clock::duration>(options_.interval, rest_after_work * (ended - begun));
            again = t->in_work = t->dirty && at_once;
            if (again)
                t->dirty = false;
            else if (t->dirty)
                next_due_ = std::min(next_due_, t->not_before);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            t->in_work = false;
            t->dirty = true;
            t->not_before = steady_clock::now() + rest_after_failure;
            next_due_ = std::min(next_due_, t->not_before);
            throw;
        }
        for (const auto& w : waiting)
            deliver(w);
    }
}

bool live_hub::publish(live_topic& t, finding& f) {
    t.looked_at = f.at;
    if (!t.known) {
        t.known = true;
        t.number = t.topic == watch_topic::alerts ? f.history : ++number_;
        t.newest = std::move(f.whole);
        t.log.restart(t.number);
        return true;
    }
    if (t.topic == watch_topic::alerts) {
        const auto first = f.history - f.events.size();
        if (first > t.number)
            t.log.restart(first);
        for (auto& e : f.events) {
            const auto number = e.alert->number;
            t.log.push(number, std::move(e), 1, options_.kept_changes);
        }
        t.newest.at = f.at;
        return std::exchange(t.number, f.history) != f.history;
    }
    if (!f.changed)
        return false;
    t.number = ++number_;
    t.newest = std::move(f.whole);
    if (f.step)
        t.log.push(t.number, *std::move(f.step), f.weight, f.most_weight);
    return true;
}

// ---- the clock

void live_hub::arm() {
    if (closed_ || reading_ == 0)
        return;
    const auto now = steady_clock::now();
    if (next_look_ == steady_clock::time_point{})
        next_look_ = now + options_.look_every;
    auto due = std::min(next_due_, next_look_);
    if (live_touched_.load())
        due = std::min(due, std::max(now, live_after_));
    if (due >= armed_for_)
        return;
    if (!timer_)
        timer_.emplace(core_.threads().get_executor());
    armed_for_ = due;
    timer_->expires_at(due);
    timer_->async_wait([this](error_code ec) {
        if (!ec)
            run();
    });
}

void live_hub::run() {
    watcher_list affected;
    try {
        const auto now = core_.now();
        const std::lock_guard lock(mutex_);
        armed_for_ = steady_clock::time_point::max();
        if (closed_)
            return;
        if (const auto t = steady_clock::now(); t >= next_look_) {
            next_look_ = t + options_.look_every;
            mark_by_clock(now);
            affected = suspects_by_clock(now);
            sweep(now);
        }
    } catch (const std::exception&) { // of the host's clock, or for want of memory: the next time
        return;
    }
    post_advance(affected);
    refresh();
    const std::lock_guard lock(mutex_);
    arm();
}

void live_hub::close() noexcept {
    std::vector<std::unique_ptr<waiting_read>> reads;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        timer_.reset();
        const auto all = all_;
        for (auto* w : all) {
            end(*w, std::make_unique<const error>(errc::unavailable, "the engine is closed"));
            if (auto read = take_read(*w))
                reads.push_back(std::move(read));
        }
    }
    for (auto& read : reads)
        fail(std::move(read), error(errc::unavailable, "the engine is closed"));
}

} // namespace lineside
