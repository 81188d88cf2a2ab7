#pragma once

#include <lineside/error.hpp>

#include "portal/coroutine_warnings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace lineside {

namespace asio = boost::asio;

/// What ends a call before its answer: its deadline, or its caller. Both become a terminal cancellation of the coroutine,
/// the only one that reaches a socket. Lives on the call's strand.
struct call_control {
    explicit call_control(const asio::any_io_executor& strand) : deadline(strand) {}

    void end(errc e) {
        if (over || why)
            return;
        why = e;
        signal.emit(asio::cancellation_type::terminal);
    }
    /// Nothing can end it any more; and what could lets go of it.
    void conclude() {
        over = true;
        deadline.cancel();
        stop.reset();
    }

    asio::cancellation_signal signal;
    asio::steady_timer deadline;
    std::optional<errc> why;
    bool over = false;
    std::optional<std::stop_callback<std::function<void()>>> stop;
};

/// Runs `make()`, an awaitable<Value>, on the strand, and then `finished(exception, what it was ended for, value)` there,
/// never inside this function. `timeout` 0: none.
template <class Value, class Make, class Finished>
void spawn_call(const asio::any_io_executor& strand, asio::cancellation_slot slot, const std::stop_token& stop,
                std::chrono::milliseconds timeout, Make make, Finished finished) {
    auto control = std::make_shared<call_control>(strand);
    const auto ender = [strand, control] { asio::post(strand, [control] { control->end(errc::cancelled); }); };
    if (slot.is_connected())
        slot.assign([ender](asio::cancellation_type type) {
            if (type != asio::cancellation_type::none)
                ender();
        });
    if (stop.stop_possible())
        control->stop.emplace(stop, ender);
    asio::dispatch(
        strand, [strand, control, timeout, make = std::move(make), finished = std::move(finished)]() mutable {
            if (control->why) // before it began
                return asio::post(strand, [control, finished = std::move(finished)]() mutable {
                    control->conclude();
                    finished(std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted)),
                             control->why, Value{});
                });
            if (timeout.count() > 0) {
                control->deadline.expires_after(timeout);
                control->deadline.async_wait([weak = std::weak_ptr(control)](error_code ec) {
                    if (const auto c = weak.lock(); c && !ec)
                        c->end(errc::timed_out);
                });
            }
            asio::co_spawn(strand, make(),
                           asio::bind_cancellation_slot(
                               control->signal.slot(),
                               [control, finished = std::move(finished)](std::exception_ptr e, Value value) mutable {
                                   control->conclude();
                                   finished(std::move(e), control->why, std::move(value));
                               }));
        });
}

} // namespace lineside
