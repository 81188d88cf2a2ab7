#include "queue.hpp"

#include "failure.hpp"
#include "handles.hpp"
#include "model/process.hpp"

#include <cerrno>
#include <new>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace lineside::capi {

namespace {

constexpr std::size_t most_events = 10'000;

int open_event() {
    const int descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0)
        throw error(make_error_code(errc::unavailable),
                    {"a queue needs a descriptor", {}, {}, 0, {errno, boost::system::system_category()}});
    return descriptor;
}

} // namespace

completion::~completion() {
    lineside_error_free(const_cast<lineside_error*>(face.error));
    release(answer);
    release(told);
}

// ---- the queue

queue_state::queue_state() : owner_(this_process()), event_(open_event()) {}

queue_state::~queue_state() {
    while (first_ != nullptr)
        (void)pop();
    ::close(event_);
}

void queue_state::signal(bool waits) noexcept {
    std::uint64_t one = 1;
    if (waits)
        (void)!::write(event_, &one, sizeof one);
    else
        (void)!::read(event_, &one, sizeof one);
}

void queue_state::push(completion_ptr done) noexcept {
    if (closed_)
        return;
    auto* c = done.release();
    if (first_ == nullptr) {
        first_ = c;
        signal(true);
    } else {
        last_->next = c;
    }
    last_ = c;
    events_ += c->is_event ? 1 : 0;
    arrived_.notify_one();
}

completion_ptr queue_state::pop() noexcept {
    completion_ptr c(first_);
    if (c == nullptr)
        return c;
    first_ = std::exchange(c->next, nullptr);
    if (first_ == nullptr) {
        last_ = nullptr;
        signal(false);
    }
    events_ -= c->is_event ? 1 : 0;
    if (c->newest_of != nullptr)
        std::exchange(c->newest_of, nullptr)->waiting_progress_ = nullptr;
    return c;
}

completion_ptr queue_state::next(std::optional<std::chrono::milliseconds> timeout) {
    std::unique_lock lock(mutex_);
    const auto something = [&] { return first_ != nullptr || closed_; };
    if (!timeout)
        arrived_.wait(lock, something);
    else if (timeout->count() > 0)
        arrived_.wait_for(lock, *timeout, something);
    return pop();
}

std::size_t queue_state::drain(lineside_completion** out, std::size_t capacity) noexcept {
    const std::lock_guard lock(mutex_);
    std::size_t n = 0;
    while (n < capacity && first_ != nullptr)
        out[n++] = &pop().release()->face;
    return n;
}

std::size_t queue_state::cancel(std::uint64_t tag) noexcept {
    // Whatever listens to a stop runs within it, and may end its call: so never with the mutex held.
    std::size_t n = 0;
    for (;;) {
        std::stop_source source(std::nostopstate);
        {
            const std::lock_guard lock(mutex_);
            for (auto* c = calls_; c != nullptr; c = c->next_)
                if (c->tag_ == tag && !c->stop_.stop_requested()) {
                    source = c->stop_;
                    break;
                }
        }
        if (!source.stop_possible())
            return n;
        source.request_stop();
        ++n;
    }
}

std::size_t queue_state::in_flight() const noexcept {
    const std::lock_guard lock(mutex_);
    return calls_count_;
}

void queue_state::close() noexcept {
    for (;;) {
        std::stop_source source(std::nostopstate);
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
            while (first_ != nullptr)
                (void)pop();
            for (auto* c = calls_; c != nullptr; c = c->next_)
                if (!c->stop_.stop_requested()) {
                    source = c->stop_;
                    break;
                }
        }
        if (!source.stop_possible())
            break;
        source.request_stop();
    }
    arrived_.notify_all();
}

void queue_state::push_event(completion_ptr event) noexcept {
    event->is_event = true;
    const std::lock_guard lock(mutex_);
    if (events_ < most_events)
        push(std::move(event));
}

void queue_state::add(call_in_flight& call) noexcept {
    const std::lock_guard lock(mutex_);
    call.next_ = calls_;
    if (calls_ != nullptr)
        calls_->previous_ = &call;
    calls_ = &call;
    ++calls_count_;
}

void queue_state::remove(call_in_flight& call) noexcept {
    (call.previous_ != nullptr ? call.previous_->next_ : calls_) = call.next_;
    if (call.next_ != nullptr)
        call.next_->previous_ = call.previous_;
    call.previous_ = call.next_ = nullptr;
    --calls_count_;
    if (call.waiting_progress_ != nullptr)
        std::exchange(call.waiting_progress_, nullptr)->newest_of = nullptr;
}

// ---- a call

call_in_flight::call_in_flight(std::shared_ptr<queue_state> queue, std::uint64_t tag, const char* operation)
    : queue_(std::move(queue)),
      tag_(tag),
      operation_(operation),
      last_(make_completion(LINESIDE_COMPLETION_ANSWER)) {
    queue_->add(*this);
}

call_in_flight::~call_in_flight() {
    if (last_ != nullptr)
        end(make_failure(errc::unavailable, {"the portal is closed", {}, {}, 0, {}}), nullptr, nullptr);
}

void call_in_flight::withdraw() noexcept {
    followed_.reset();
    const std::lock_guard lock(queue_->mutex_);
    queue_->remove(*this);
    last_.reset();
}

void call_in_flight::follow(const std::stop_token& token) { followed_.emplace(token, stopping{&stop_}); }

completion_ptr call_in_flight::make_completion(std::int32_t kind) const {
    completion_ptr c(make<completion>());
    c->face.tag = tag_;
    c->face.kind = kind;
    c->face.operation = operation_;
    return c;
}

template <class Say, class Discard>
void call_in_flight::tell_newest(Say say, Discard discard) noexcept {
    try {
        const std::lock_guard lock(queue_->mutex_);
        if (waiting_progress_ != nullptr)
            return say(*waiting_progress_);
        if (queue_->closed_ || last_ == nullptr)
            return discard();
        auto c = make_completion(LINESIDE_COMPLETION_PROGRESS);
        say(*c);
        c->newest_of = this;
        waiting_progress_ = c.get();
        queue_->push(std::move(c));
    } catch (const std::bad_alloc&) {
        discard();
    }
}

void call_in_flight::tell_progress(lineside_import_progress* progress) noexcept {
    tell_newest(
        [&](completion& c) {
            release(std::exchange(c.told, progress));
            c.face.progress = progress;
        },
        [&] { release(progress); });
}

void call_in_flight::tell_reached(std::int64_t at) noexcept {
    tell_newest(
        [&](completion& c) {
            c.reached = at;
            c.face.reached = &c.reached;
        },
        [] {});
}

void call_in_flight::tell_rejected(lineside_rejected_row* row) noexcept {
    try {
        auto c = make_completion(LINESIDE_COMPLETION_REJECTED_ROW);
        c->told = row;
        c->face.rejected = row;
        const std::lock_guard lock(queue_->mutex_);
        if (last_ != nullptr)
            queue_->push(std::move(c));
    } catch (const std::bad_alloc&) {
        release(row);
    }
}

void call_in_flight::end(lineside_error* failure, void* answer, const void* answer_type) noexcept {
    followed_.reset();
    last_->face.error = failure;
    last_->answer = answer;
    last_->answer_type = answer_type;
    const std::lock_guard lock(queue_->mutex_);
    queue_->remove(*this);
    queue_->push(std::move(last_));
}

namespace {

queue_state& usable(lineside_queue* queue) {
    auto& state = *needed(queue, "queue").state;
    check_owner(state.owner(), "a queue");
    return state;
}

completion& answered(lineside_completion* c) {
    auto& done = *reinterpret_cast<completion*>(&needed(c, "completion"));
    if (done.face.kind != LINESIDE_COMPLETION_ANSWER)
        refuse("the completion is no answer", "completion");
    return done;
}

} // namespace

std::shared_ptr<queue_state> state_of(lineside_queue* queue) {
    (void)usable(queue);
    return queue->state;
}

void* take_answer(lineside_completion* c, const void* type, lineside_error*& failure) {
    auto& done = answered(c);
    failure = const_cast<lineside_error*>(std::exchange(done.face.error, nullptr));
    if (failure != nullptr)
        return nullptr;
    if (done.answer == nullptr || done.answer_type != type)
        refuse("the completion has no such answer, or no longer", "completion");
    return std::exchange(done.answer, nullptr);
}

} // namespace lineside::capi

using namespace lineside::capi;

extern "C" {

lineside_error* lineside_queue_create(lineside_queue** out) {
    return guard([&] {
        auto*& to = emptied(out);
        to = make<lineside_queue>(std::allocate_shared<queue_state>(allocator<queue_state>()));
    });
}

void lineside_queue_free(lineside_queue* queue) {
    if (queue == nullptr || is_inherited(queue->state->owner()))
        return;
    queue->state->close();
    destroy(queue);
}

int32_t lineside_queue_descriptor(const lineside_queue* queue) {
    return queue == nullptr ? -1 : queue->state->descriptor();
}

lineside_error* lineside_queue_next(lineside_queue* queue, int64_t timeout_ms, lineside_completion** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto& state = usable(queue);
        // A longer wait than any: what does not fit into the clock is no limit.
        constexpr std::int64_t longest = std::int64_t{1} << 40;
        const bool limited = timeout_ms >= 0 && timeout_ms < longest;
        auto done = state.next(limited ? std::optional(std::chrono::milliseconds(timeout_ms)) : std::nullopt);
        if (done != nullptr)
            to = &done.release()->face;
    });
}

lineside_error* lineside_queue_drain(lineside_queue* queue, lineside_completion** out, size_t capacity, size_t* count) {
    return guard([&] {
        needed(count, "count") = 0;
        auto& state = usable(queue);
        if (capacity != 0)
            (void)needed(out, "out");
        *count = state.drain(out, capacity);
    });
}

size_t lineside_queue_cancel(lineside_queue* queue, uint64_t tag) {
    return queue == nullptr || is_inherited(queue->state->owner()) ? 0 : queue->state->cancel(tag);
}

size_t lineside_queue_in_flight(const lineside_queue* queue) {
    return queue == nullptr || is_inherited(queue->state->owner()) ? 0 : queue->state->in_flight();
}

void lineside_completion_free(lineside_completion* done) { destroy(reinterpret_cast<completion*>(done)); }

lineside_error* lineside_completion_check(lineside_completion* done) {
    lineside_error* failure = nullptr;
    auto* wrong =
        guard([&] { failure = const_cast<lineside_error*>(std::exchange(answered(done).face.error, nullptr)); });
    return wrong != nullptr ? wrong : failure;
}

} // extern "C"
