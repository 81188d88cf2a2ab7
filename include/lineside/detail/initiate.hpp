#pragma once

#include <lineside/token.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <utility>

namespace lineside::detail {

// Boost 1.81's erased handler may only be move-constructed, swapped or emplaced: see docs/adr.
template <class Value>
using completion = asio::any_completion_handler<void(error_code, Value)>;

// A named function object rather than a lambda: adaptors look for executor_type.
template <class Portal, auto Body>
struct initiation {
    using executor_type = asio::any_io_executor;

    Portal* self;

    [[nodiscard]] executor_type get_executor() const noexcept { return self->get_executor(); }

    template <class Handler, class... Request>
    void operator()(Handler&& handler, operation_context context, Request... request) const {
        (self->*Body)(std::move(context), std::move(request)..., std::forward<Handler>(handler));
    }
};

[[nodiscard]] inline operation_context make_context(call_options options) {
    auto details = options.details ? options.details : std::make_shared<diagnostics>();
    return {std::move(options), std::move(details), false};
}

} // namespace lineside::detail
