#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace lineside::net {

/// Runs one function at a time, in the order in which they came, on another executor: a strand. Asio's own is too large
/// for the room that any_io_executor has, which therefore makes and frees three of them an operation.
/// Copies are the same strand. What waits when the other executor's context goes is let go with that.
class serial_executor {
public:
    // No constructor: one from any_io_executor would take a serial_executor, too, if that is an executor, which it is if
    // it can be copied.
    [[nodiscard]] static serial_executor over(boost::asio::any_io_executor below);

    serial_executor(const serial_executor& other) noexcept
        : serial_executor(other.queue_, other.blocks_, other.keeps_) {}
    serial_executor(serial_executor&& other) noexcept
        : queue_(std::move(other.queue_)),
          blocks_(other.blocks_),
          keeps_(std::exchange(other.keeps_, keeps::nothing)) {}
    serial_executor& operator=(serial_executor other) noexcept {
        std::swap(queue_, other.queue_);
        std::swap(blocks_, other.blocks_);
        std::swap(keeps_, other.keeps_);
        return *this;
    }
    ~serial_executor() {
        if (keeps_ == keeps::work)
            queue_->let_go();
    }

    friend bool operator==(const serial_executor& a, const serial_executor& b) noexcept {
        return a.queue_ == b.queue_ && a.blocks_ == b.blocks_ && a.keeps_ == b.keeps_;
    }

    // What Asio asks of an executor.
    [[nodiscard]] boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
        return queue_->context();
    }
    [[nodiscard]] boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept {
        return blocks_ == blocks::possibly
                   ? boost::asio::execution::blocking_t(boost::asio::execution::blocking.possibly)
                   : boost::asio::execution::blocking_t(boost::asio::execution::blocking.never);
    }
    [[nodiscard]] serial_executor require(boost::asio::execution::blocking_t::possibly_t) const noexcept {
        return {queue_, blocks::possibly, keeps_};
    }
    [[nodiscard]] serial_executor require(boost::asio::execution::blocking_t::never_t) const noexcept {
        return {queue_, blocks::never, keeps_};
    }
    [[nodiscard]] serial_executor require(boost::asio::execution::outstanding_work_t::tracked_t) const noexcept {
        return {queue_, blocks_, keeps::work};
    }
    [[nodiscard]] serial_executor require(boost::asio::execution::outstanding_work_t::untracked_t) const noexcept {
        return {queue_, blocks_, keeps::nothing};
    }

    template <class Function>
    void execute(Function&& f) const {
        using function = std::decay_t<Function>;
        if (blocks_ == blocks::possibly && queue_->is_here()) {
            function here(std::forward<Function>(f));
            std::move(here)();
            return;
        }
        queue::add(queue_, turn_of<function>::make(std::forward<Function>(f)),
                   blocks_ == blocks::possibly ? queue::start::anywhere : queue::start::later);
    }

private:
    enum class blocks : std::uint8_t { possibly, never };
    enum class keeps : std::uint8_t { nothing, work }; // the other executor's context from running out of work

    // A function that waits. Ends with `run` or `drop`.
    class turn {
    public:
        virtual void run() = 0;
        virtual void drop() noexcept = 0;

        turn* next = nullptr;

    protected:
        turn() = default;
        ~turn() = default;
    };

    template <class Function>
    class turn_of final : public turn {
    public:
        static turn* make(Function f) {
            allocator all;
            auto* place = std::allocator_traits<allocator>::allocate(all, 1);
            return new (place) turn_of(std::move(f));
        }
        // Its memory is free before the function runs, which will want some.
        void run() override {
            Function f(std::move(f_));
            drop();
            std::move(f)();
        }
        void drop() noexcept override {
            this->~turn_of();
            allocator all;
            std::allocator_traits<allocator>::deallocate(all, this, 1);
        }

    private:
        using allocator = boost::asio::recycling_allocator<turn_of>;

        explicit turn_of(Function&& f) : f_(std::move(f)) {}
        ~turn_of() = default;

        Function f_;
    };

    class turns {
    public:
        turns() = default;
        turns(const turns&) = delete;
        turns& operator=(const turns&) = delete;
        ~turns() {
            while (!empty())
                take()->drop();
        }

        [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
        void add(turn* t) noexcept {
            (empty() ? first_ : last_->next) = t;
            last_ = t;
        }
        [[nodiscard]] turn* take() noexcept { return std::exchange(first_, first_->next); }
        void add(turns&& others) noexcept {
            if (others.empty())
                return;
            (empty() ? first_ : last_->next) = std::exchange(others.first_, nullptr);
            last_ = others.last_;
        }

    private:
        turn* first_ = nullptr;
        turn* last_ = nullptr; // where there is a first one
    };

    class queue {
    public:
        enum class start : std::uint8_t { anywhere, later };

        explicit queue(boost::asio::any_io_executor below) : below_(std::move(below)) {}

        [[nodiscard]] boost::asio::execution_context& context() const noexcept;
        /// Whether what asks this runs in its turn.
        [[nodiscard]] bool is_here() const noexcept;
        static void add(const std::shared_ptr<queue>& to, turn* t, start s);
        void keep() noexcept;
        void let_go() noexcept;

    private:
        class here;
        class runner;

        void run(const std::shared_ptr<queue>& self);

        const boost::asio::any_io_executor below_;
        std::mutex mutex_;
        bool running_ = false;                             // or about to
        turns ready_;                                      // of who runs them alone
        turns waiting_;                                    // what comes meanwhile
        std::atomic<std::size_t> keepers_ = 0;             // to 0 and from there only under the mutex
        std::optional<boost::asio::any_io_executor> work_; // while there are keepers
    };

    serial_executor(std::shared_ptr<queue> q, blocks b, keeps k) noexcept
        : queue_(std::move(q)),
          blocks_(b),
          keeps_(k) {
        if (keeps_ == keeps::work)
            queue_->keep();
    }

    std::shared_ptr<queue> queue_;
    blocks blocks_ = blocks::possibly;
    keeps keeps_ = keeps::nothing;
};

} // namespace lineside::net
