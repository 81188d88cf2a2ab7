#include "portal/engine/alerts/alert_records.hpp"
#include "portal/engine/engine_core.hpp"
#include "portal/engine/live/live_hub.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

// Watches: how each of them gets what it has not seen yet.
namespace lineside {

namespace {

bool is_told_in_steps(watch_topic t) { return t == watch_topic::live_calls || t == watch_topic::summary; }

// It may go better the next time.
bool is_passing(const error& e) {
    return e.code() == errc::storage || e.code() == errc::internal || e.code() == errc::unavailable;
}

void complete(std::unique_ptr<waiting_read> read, error_code ec, watch_update u) {
    if (read->caller_waits) {
        auto done = std::move(read->done);
        read.reset();
        std::move(done)(ec, std::move(u));
        return;
    }
    auto outside = read->outside;
    asio::post(outside, [read = std::move(read), ec, u = std::move(u)]() mutable {
        auto executor = read->executor;
        asio::dispatch(executor, [read = std::move(read), ec, u = std::move(u)]() mutable {
            read->slot.clear();
            auto done = std::move(read->done);
            read.reset(); // its memory goes before the handler runs
            std::move(done)(ec, std::move(u));
        });
    });
}

} // namespace

// ---- completion

void live_hub::finish(std::unique_ptr<waiting_read> read, watch_update u) {
    complete(std::move(read), {}, std::move(u));
}

void live_hub::fail(std::unique_ptr<waiting_read> read, const error& why) {
    *read->details = why.details();
    complete(std::move(read), why.code(), {});
}

std::unique_ptr<waiting_read> live_hub::take_read(watcher& w) noexcept {
    if (w.read) {
        --reading_;
        if (w.read->early)
            w.read->early->deadline.reset(); // the engine's threads wait for their timers
    }
    return std::move(w.read);
}

// ---- reads

void live_hub::next(const std::shared_ptr<watcher>& w, std::unique_ptr<waiting_read> read) {
    const bool waits = read->caller_waits;
    std::optional<error> refusal;
    bool work = false;
    {
        const std::lock_guard lock(mutex_);
        if (w->read)
            refusal.emplace(errc::conflict, "another read of this watch is pending");
        else if (read->stopped && read->stopped->load())
            refusal.emplace(errc::cancelled, "cancelled");
        else if (w->stage == watcher::stage::ended)
            refusal.emplace(*w->why);
        else if (closed_)
            refusal.emplace(errc::unavailable, "the engine is closed");
        else if (!w->listed && all_.size() >= options_.most_watches)
            refusal.emplace(errc::exhausted, "there are " + std::to_string(all_.size()) + " watches already");
        if (!refusal) {
            if (!w->listed) {
                all_.insert(w.get());
                w->listed = true;
                ++watches_;
            }
            w->read = std::move(read);
            ++reading_;
            work = needs_work(*w);
        }
    }
    if (refusal) {
        fail(std::move(read), *refusal);
        return;
    }
    if (!work)
        deliver(w);
    else if (waits)
        advance(w);
    else
        post_advance({w});
    const std::lock_guard lock(mutex_);
    arm();
}

void live_hub::stop(const std::shared_ptr<watcher>& w, std::uint64_t id, errc why) {
    std::unique_ptr<waiting_read> read;
    {
        const std::lock_guard lock(mutex_);
        if (w->read && w->read->id == id)
            read = take_read(*w);
    }
    if (read)
        fail(std::move(read), error(why, why == errc::timed_out ? "the deadline passed" : "cancelled"));
}

void live_hub::close(const std::shared_ptr<watcher>& w, errc why) noexcept {
    std::unique_ptr<waiting_read> read;
    {
        const std::lock_guard lock(mutex_);
        if (w->stage != watcher::stage::ended)
            end(*w, std::make_unique<const error>(why, "the watch was closed"));
        read = take_read(*w);
    }
    if (read)
        fail(std::move(read), error(why, "the watch was closed"));
}

void live_hub::post_advance(const watcher_list& some) {
    for (const auto& w : some)
        asio::post(core_.threads(), [this, w] { advance(w); });
}

// Under the lock.
bool live_hub::needs_work(watcher& w) {
    if (w.stage == watcher::stage::open && core_.now() >= w.until)
        w.suspect = true;
    return w.stage == watcher::stage::fresh || w.suspect || behind_history(w) != nullptr;
}

watcher::place* live_hub::behind_history(watcher& w) {
    for (auto& p : w.places)
        if (p.topic->topic == watch_topic::alerts && p.topic->known && p.next == watch_kind::change &&
            p.seen < p.topic->number && p.topic->log.after(p.seen).standing == decltype(p.topic->log)::standing::lost)
            return &p;
    return nullptr;
}

// Gives a waiting read what there is, where that needs no database.
void live_hub::deliver(const std::shared_ptr<watcher>& w) {
    std::unique_ptr<waiting_read> read;
    std::optional<watch_update> u;
    bool work = false;
    {
        const std::lock_guard lock(mutex_);
        if (!w->read || w->working)
            return;
        work = needs_work(*w);
        if (!work && (u = take(*w)))
            read = take_read(*w);
    }
    if (work)
        post_advance({w});
    else if (read)
        finish(std::move(read), *std::move(u));
}

// The same, after what needs the database.
void live_hub::advance(const std::shared_ptr<watcher>& w) {
    std::unique_lock lock(mutex_);
    if (w->working)
        return;
    w->working = true;
    std::optional<error> failure;
    std::optional<watch_update> u;
    while (!failure && !u && w->read && w->stage != watcher::stage::ended && !closed_ && needs_work(*w)) {
        const bool first = w->stage == watcher::stage::fresh;
        try {
            if (first || w->suspect) {
                w->suspect = false;
                const auto changes = identities_changed_;
                lock.unlock();
                open(*w, first);
                lock.lock();
                w->suspect |= first && changes != identities_changed_; // it could not be told yet
                continue;
            }
            const auto* p = behind_history(*w);
            const auto topic = p->topic;
            const auto seen = p->seen;
            lock.unlock();
            auto page = read_history(*topic, seen, w->may);
            lock.lock();
            auto* now = behind_history(*w);
            if (w->read && now != nullptr && now->topic == topic && now->seen == seen) {
                now->seen = page.seen;
                u = std::move(page.update);
                if (u)
                    u->position = position_of(*w);
            }
        } catch (const error& e) {
            failure = e;
        } catch (const std::exception& e) {
            failure.emplace(errc::internal, e.what());
        }
        if (!lock.owns_lock())
            lock.lock();
        if (failure && w->stage != watcher::stage::ended) {
            if (is_passing(*failure))
                w->suspect = w->stage == watcher::stage::open;
            else
                end(*w, std::make_unique<const error>(*failure));
        }
    }
    w->working = false;
    if (w->stage == watcher::stage::ended && !failure)
        failure = *w->why;
    if (!failure && !u && w->read)
        u = take(*w);
    auto read = failure || u ? take_read(*w) : nullptr;
    lock.unlock();
    if (read && failure)
        fail(std::move(read), *failure);
    else if (read)
        finish(std::move(read), *std::move(u));
}

// ---- who it is and what it sees

void live_hub::open(watcher& w, bool first) {
    const auto e = check(w, first);
    (void)database_tag();
    topic_list fresh;
    {
        const std::lock_guard lock(mutex_);
        if (w.stage == watcher::stage::ended)
            return;
        fresh = attach(w, e, first);
    }
    std::optional<error> failure;
    for (const auto& t : fresh) {
        try {
            refresh(t);
        } catch (const error& why) { // the others are in this thread's work as well
            failure = why;
        } catch (const std::exception& why) {
            failure.emplace(errc::internal, why.what());
        }
    }
    if (failure)
        throw error(*failure);
}

// Gives the topics that nobody looked at yet, or lately: they are in this thread's work.
live_hub::topic_list live_hub::attach(watcher& w, const entitlement& e, bool first) {
    const auto from = first ? resumed(w) : std::nullopt;
    topic_list fresh;
    std::vector<watcher::place> places;
    for (const auto& what : e.topics) {
        auto t = topic_of(e, what);
        const auto old = std::find_if(w.places.begin(), w.places.end(), [&](const auto& p) { return p.topic == t; });
        if (old != w.places.end()) {
            places.push_back(std::move(*old));
            continue;
        }
        watcher::place p{t, 0, watch_kind::snapshot};
        const bool same_numbers =
            from && from->database == database_.load() && (from->run == run_ || what.topic == watch_topic::alerts);
        if (auto position = from.value_or(rules::watch_position()); from && same_numbers) {
            if (const auto number = position.of(what.topic)) {
                p.seen = *number;
                p.next = watch_kind::change;
            }
        } else if (from) {
            p.next = watch_kind::resync;
        }
        if (t->watchers.empty()) {
            t->dirty = false;
            if (!std::exchange(t->in_work, true))
                fresh.push_back(t);
            else
                t->dirty = true;
        }
        t->watchers.insert(&w);
        places.push_back(std::move(p));
    }
    for (auto& p : w.places)
        if (p.topic)
            leave(w, p);
    w.places = std::move(places);
    w.turn = 0;
    w.may = e.who.may;
    w.contact = e.who.contact;
    w.is_operator = e.who.is_operator();
    w.until = e.until;
    w.request.resume = {};
    w.stage = watcher::stage::open;
    return fresh;
}

std::optional<rules::watch_position> live_hub::resumed(watcher& w) {
    if (w.request.resume.empty())
        return std::nullopt;
    auto p = rules::parse_watch_position(w.request.resume);
    if (!p)
        throw error(errc::invalid_argument, "this is no position of a watch", "resume");
    return p;
}

std::shared_ptr<live_topic> live_hub::topic_of(const entitlement& e, const wanted& what) {
    const auto now = core_.now();
    sweep(now);
    const auto [a, fresh] = accounts_.try_emplace(e.account.value());
    auto& account = a->second;
    if (fresh) {
        account.key = e.key;
        account.version = core_.live->version_of(e.key, now);
    }
    for (const auto& t : account.topics)
        if (t->topic == what.topic && t->view == what.view)
            return t;
    auto t = std::make_shared<live_topic>(e.account, e.key, what.topic, what.view, options_.kept_changes);
    t->unwatched_since = now;
    account.topics.push_back(t);
    return t;
}

void live_hub::leave(watcher& w, watcher::place& p) noexcept {
    p.topic->watchers.erase(&w);
    if (p.topic->watchers.empty())
        p.topic->unwatched_since = core_.now();
    p.topic.reset();
}

void live_hub::end(watcher& w, std::unique_ptr<const error> why) noexcept {
    for (auto& p : w.places)
        leave(w, p);
    w.places.clear();
    w.stage = watcher::stage::ended;
    w.why = std::move(why);
    if (std::exchange(w.listed, false)) {
        all_.erase(&w);
        --watches_;
    }
}

// ---- what comes next

std::optional<watch_update> live_hub::take(watcher& w) {
    for (std::size_t i = 0; i < w.places.size(); ++i) {
        const auto at = (w.turn + i) % w.places.size();
        if (auto u = next_of(w, w.places[at])) {
            w.turn =
                static_cast<std::uint8_t>((at + 1) % w.places.size()); // no topic waits for another one to be quiet
            u->position = position_of(w);
            return u;
        }
    }
    return std::nullopt;
}

std::optional<watch_update> live_hub::next_of(const watcher& w, watcher::place& p) {
    const auto& t = *p.topic;
    if (!t.known)
        return std::nullopt;
    const auto whole = [&](watch_kind kind) {
        auto u = t.newest;
        u.kind = kind;
        p.next = watch_kind::change;
        p.seen = t.number;
        return u;
    };
    if (p.next != watch_kind::change)
        return whole(p.next);
    if (t.topic == watch_topic::alerts) {
        for (;;) {
            const auto step = t.log.after(p.seen);
            if (step.change ==
                nullptr) // what the log does not have is in the history, or there never was such a number
                return p.seen > t.number ? std::optional(whole(watch_kind::resync)) : std::nullopt;
            p.seen = step.number;
            if (may_see(w.may, step.change->alert->area))
                return *step.change;
        }
    }
    if (p.seen == t.number)
        return std::nullopt;
    if (!is_told_in_steps(t.topic))
        return whole(watch_kind::change);
    const auto step = t.log.after(p.seen);
    if (step.change == nullptr)
        return whole(watch_kind::snapshot);
    p.seen = step.number;
    return *step.change;
}

std::string live_hub::position_of(const watcher& w) const {
    rules::watch_position position;
    position.database = database_.load();
    position.run = run_;
    for (const auto& p : w.places)
        if (p.next == watch_kind::change)
            position.of(p.topic->topic) = p.seen;
    return rules::to_text(position);
}

} // namespace lineside
