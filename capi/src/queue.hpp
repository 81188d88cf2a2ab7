#pragma once

#include <lineside.h>
#include <lineside/call_options.hpp>
#include <lineside/error.hpp>

#include "memory.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include <sys/types.h>

// Where asynchronous calls complete. Completions are data in a list; no thread of the library enters the host.
namespace lineside::capi {

class call_in_flight;

/// A completion and what it owns. C sees its face, which comes first.
struct completion {
    lineside_completion face{};
    completion* next = nullptr;
    void* answer = nullptr; ///< a value; of what type, `answer_type` says
    const void* answer_type = nullptr;
    void* told = nullptr; ///< what `progress` and its like point to
    std::int64_t reached = 0;
    call_in_flight* newest_of = nullptr; ///< the call that puts newer progress here while this waits
    bool is_event = false;               ///< of no call

    completion() = default;
    completion(const completion&) = delete;
    completion& operator=(const completion&) = delete;
    ~completion();
};
struct completion_release {
    void operator()(completion* c) const noexcept { destroy(c); }
};
using completion_ptr = std::unique_ptr<completion, completion_release>;

/// What the handle and the calls that complete here share.
class queue_state : public std::enable_shared_from_this<queue_state> {
public:
    queue_state();
    queue_state(const queue_state&) = delete;
    queue_state& operator=(const queue_state&) = delete;
    ~queue_state();

    [[nodiscard]] int descriptor() const noexcept { return event_; }
    [[nodiscard]] pid_t owner() const noexcept { return owner_; }

    /// Null where none came in time; unset has no limit.
    [[nodiscard]] completion_ptr next(std::optional<std::chrono::milliseconds> timeout);
    [[nodiscard]] std::size_t drain(lineside_completion** out, std::size_t capacity) noexcept;
    std::size_t cancel(std::uint64_t tag) noexcept;
    [[nodiscard]] std::size_t in_flight() const noexcept;
    /// Cancels everything and drops what comes.
    void close() noexcept;

    /// Something of no call. Dropped where too much waits already.
    void push_event(completion_ptr event) noexcept;

private:
    friend class call_in_flight;

    void add(call_in_flight& call) noexcept;
    void remove(call_in_flight& call) noexcept;
    // With the mutex held.
    void push(completion_ptr done) noexcept;
    [[nodiscard]] completion_ptr pop() noexcept;
    void signal(bool waits) noexcept;

    const pid_t owner_;
    const int event_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    completion* first_ = nullptr;
    completion* last_ = nullptr;
    std::size_t events_ = 0;
    call_in_flight* calls_ = nullptr;
    std::size_t calls_count_ = 0;
    bool closed_ = false;
};

/// One asynchronous call, from its start to its last completion. What it needs to complete, it has from its beginning.
class call_in_flight : public std::enable_shared_from_this<call_in_flight> {
public:
    call_in_flight(std::shared_ptr<queue_state> queue, std::uint64_t tag, const char* operation);
    call_in_flight(const call_in_flight&) = delete;
    call_in_flight& operator=(const call_in_flight&) = delete;
    /// A call that was let go without an end ends with `unavailable`.
    ~call_in_flight();
    /// It did not start: nothing will complete.
    void withdraw() noexcept;

    [[nodiscard]] std::stop_token stop_token() const noexcept { return stop_.get_token(); }
    /// Stops with `token`, too.
    void follow(const std::stop_token& token);

    // Each takes its value over. Where there is no memory, and after the end, it is not told.
    void tell_progress(lineside_import_progress* progress) noexcept;
    void tell_reached(std::int64_t at) noexcept;
    void tell_rejected(lineside_rejected_row* row) noexcept;

    /// Its last completion. One of the two is null; both are for a command.
    void end(lineside_error* failure, void* answer, const void* answer_type) noexcept;

private:
    friend class queue_state;

    struct stopping {
        std::stop_source* source;
        void operator()() const noexcept { source->request_stop(); }
    };

    // Changes the progress that waits, or puts one into the queue.
    template <class Say, class Discard>
    void tell_newest(Say say, Discard discard) noexcept;
    [[nodiscard]] completion_ptr make_completion(std::int32_t kind) const;

    std::shared_ptr<queue_state> queue_;
    std::uint64_t tag_;
    const char* operation_;
    std::stop_source stop_;
    std::optional<std::stop_callback<stopping>> followed_;
    completion_ptr last_;
    completion* waiting_progress_ = nullptr;
    call_in_flight* previous_ = nullptr;
    call_in_flight* next_ = nullptr;
};

/// The address that stands for a type of answer.
template <class C>
inline constexpr char type_tag = 0;

} // namespace lineside::capi

struct lineside_queue {
    std::shared_ptr<lineside::capi::queue_state> state;
};
