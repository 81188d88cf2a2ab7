#pragma once

#include <lineside/detail/initiate.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <utility>

namespace lineside {

/// How a running operation learns that it should stop. Copies speak of the same operation; thread-safe.
class stopper {
public:
    stopper() = default;
    stopper(const call_options& options, std::stop_token portal, std::stop_token slot)
        : tokens_{options.stop, std::move(portal), std::move(slot)} {
        if (options.timeout.count() > 0)
            deadline_ = std::chrono::steady_clock::now() + options.timeout;
    }

    /// Throws `lineside::error`: cancelled or timed_out.
    void check() const {
        for (const auto& token : tokens_)
            if (token.stop_requested())
                throw error(errc::cancelled, "cancelled");
        if (deadline_ && std::chrono::steady_clock::now() >= *deadline_)
            throw error(errc::timed_out, "the deadline passed");
    }

private:
    std::stop_token tokens_[3];
    std::optional<std::chrono::steady_clock::time_point> deadline_;
};

/// What an operation came to, in the form its handler takes.
template <class Value>
struct outcome_of {
    error_code ec;
    Value value{};
};

/// Runs `body(stopper)` and turns whatever it throws into a code and diagnostics.
template <class Value, class Body>
outcome_of<Value> run_body(Body& body, const stopper& stop, diagnostics& details) {
    const auto fail = [&](errc e, std::string message) {
        details = {};
        details.message = std::move(message);
        return outcome_of<Value>{make_error_code(e), {}};
    };
    try {
        stop.check();
        return {{}, body(stop)};
    } catch (const error& e) {
        details = e.details();
        return {e.code(), {}};
    } catch (const std::bad_alloc&) {
        return fail(errc::exhausted, "out of memory");
    } catch (const std::exception& e) {
        return fail(errc::internal, e.what());
    }
}

/// Calls `done` on its own executor (`fallback` without one): within this function where that is the calling thread's.
template <class Value>
void complete(const asio::any_io_executor& fallback, detail::completion<Value> done, Value value) {
    const auto executor = asio::get_associated_executor(done, fallback);
    // On its way a function is moved again and again, and a value may have many members.
    auto kept = std::make_unique<Value>(std::move(value));
    asio::dispatch(executor, [done = std::move(done), kept = std::move(kept)]() mutable {
        std::move(done)(error_code(), std::move(*kept));
    });
}

/// The single meeting point of an erased handler and a blocking body. A caller that waits lends its thread; otherwise the
/// body runs on `pool`, cancellation of any kind asks it to stop, and the handler is dispatched on its own executor
/// (`fallback` without one), which is kept busy until then.
template <class Value, class Pool, class Body>
void launch(Pool&& pool, asio::any_io_executor fallback, std::stop_token portal, detail::operation_context context,
            detail::completion<Value> done, Body body) {
    if (context.caller_waits) {
        auto result = run_body<Value>(body, stopper(context.options, std::move(portal), {}), *context.details);
        std::move(done)(result.ec, std::move(result.value));
        return;
    }
    // Everything is asked of the handler before it is moved.
    auto executor =
        asio::prefer(asio::get_associated_executor(done, fallback), asio::execution::outstanding_work.tracked);
    auto slot = asio::get_associated_cancellation_slot(done);
    const auto source = std::make_shared<std::stop_source>();
    if (slot.is_connected())
        slot.assign([source](asio::cancellation_type type) {
            if (type != asio::cancellation_type::none)
                source->request_stop();
        });
    stopper stop(context.options, std::move(portal), source->get_token());
    asio::post(pool(), [executor, slot, stop = std::move(stop), details = std::move(context.details),
                        body = std::move(body), done = std::move(done)]() mutable {
        auto result = run_body<Value>(body, stop, *details);
        asio::dispatch(executor, [slot, result = std::move(result), done = std::move(done)]() mutable {
            slot.clear();
            std::move(done)(result.ec, std::move(result.value));
        });
    });
}

} // namespace lineside
