#include "net/serial_executor.hpp"

#include <boost/asio/execution/executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

namespace lineside::net {

namespace asio = boost::asio;
namespace execution = asio::execution;

static_assert(execution::is_executor<serial_executor>::value);

// What this thread is running, from the inside out.
class serial_executor::queue::here {
public:
    explicit here(const queue& q) noexcept : queue_(q), outer_(std::exchange(innermost, this)) {}
    here(const here&) = delete;
    here& operator=(const here&) = delete;
    ~here() { innermost = outer_; }

    static bool is(const queue& q) noexcept {
        for (const auto* h = innermost; h != nullptr; h = h->outer_)
            if (&h->queue_ == &q)
                return true;
        return false;
    }

private:
    static thread_local const here* innermost;

    const queue& queue_;
    const here* const outer_;
};

thread_local const serial_executor::queue::here* serial_executor::queue::here::innermost = nullptr;

// Runs what is there; that nobody will is told by its destruction.
class serial_executor::queue::runner {
public:
    explicit runner(std::shared_ptr<queue> q) noexcept : queue_(std::move(q)) {}
    runner(runner&&) noexcept = default;
    runner& operator=(runner&&) = delete;
    ~runner() {
        if (!queue_)
            return;
        turns dropped;
        const std::lock_guard lock(queue_->mutex_);
        dropped.add(std::move(queue_->ready_));
        dropped.add(std::move(queue_->waiting_));
        queue_->running_ = false;
    }

    void operator()() {
        const auto q = std::move(queue_);
        q->run(q);
    }

private:
    std::shared_ptr<queue> queue_;
};

asio::execution_context& serial_executor::queue::context() const noexcept {
    return asio::query(below_, execution::context);
}

bool serial_executor::queue::is_here() const noexcept { return here::is(*this); }

void serial_executor::queue::add(const std::shared_ptr<queue>& to, turn* t, start s) {
    {
        const std::lock_guard lock(to->mutex_);
        if (to->running_)
            return to->waiting_.add(t);
        to->running_ = true;
        to->ready_.add(t);
    }
    if (s == start::anywhere)
        to->below_.execute(runner(to));
    else
        asio::require(to->below_, execution::blocking.never).execute(runner(to));
}

// What comes meanwhile has to wait, for others to have a turn on this thread. What throws does not keep the rest from it.
void serial_executor::queue::run(const std::shared_ptr<queue>& self) {
    struct rest {
        const std::shared_ptr<queue>& of;

        ~rest() {
            {
                const std::lock_guard lock(of->mutex_);
                of->ready_.add(std::move(of->waiting_));
                if (of->ready_.empty()) {
                    of->running_ = false;
                    return;
                }
            }
            asio::require(of->below_, execution::blocking.never).execute(runner(of));
        }
    };

    const rest after{self};
    const here mark(*this);
    while (!ready_.empty())
        ready_.take()->run();
}

void serial_executor::queue::keep() noexcept {
    for (auto n = keepers_.load(); n > 0;)
        if (keepers_.compare_exchange_weak(n, n + 1))
            return;
    const std::lock_guard lock(mutex_);
    if (!work_)
        work_.emplace(asio::prefer(below_, execution::outstanding_work.tracked));
    ++keepers_;
}

void serial_executor::queue::let_go() noexcept {
    for (auto n = keepers_.load(); n > 1;)
        if (keepers_.compare_exchange_weak(n, n - 1))
            return;
    const std::lock_guard lock(mutex_);
    if (--keepers_ == 0)
        work_.reset();
}

serial_executor serial_executor::over(asio::any_io_executor below) {
    return {std::make_shared<queue>(std::move(below)), blocks::possibly, keeps::nothing};
}

} // namespace lineside::net
