#pragma once

#include "memory.hpp"
#include "queue.hpp"
#include "write.hpp"

#include <cstdint>
#include <memory>
#include <new>

namespace lineside::capi {

/// Where events go as data. It does not keep the queue, which may be freed before what tells.
class event_target {
public:
    event_target() = default;
    event_target(std::shared_ptr<queue_state> queue, std::uint64_t tag) : queue_(queue), tag_(tag), is_set_(true) {}

    [[nodiscard]] bool is_set() const noexcept { return is_set_; }

    /// `make_told()` gives what the member of the completion points to. Lost where there is no memory.
    template <class C, class Make>
    void tell(std::int32_t kind, const C* lineside_completion::*member, Make make_told) const noexcept {
        const auto queue = queue_.lock();
        if (queue == nullptr)
            return;
        try {
            completion_ptr event(make<completion>());
            auto* told = make_told();
            event->told = told;
            event->face.tag = tag_;
            event->face.kind = kind;
            event->face.operation = "";
            event->face.*member = told;
            queue->push_event(std::move(event));
        } catch (const std::bad_alloc&) {
            return;
        }
    }

private:
    std::weak_ptr<queue_state> queue_;
    std::uint64_t tag_ = 0;
    bool is_set_ = false;
};

/// Of a queue that may be NULL.
[[nodiscard]] event_target event_target_of(lineside_queue* queue, std::uint64_t tag);

} // namespace lineside::capi
