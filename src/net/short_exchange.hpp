#pragma once

#include "net/exchange.hpp"

#include <exception>
#include <memory>

namespace lineside::net {

/// Hears, on the strand, of an exchange that has begun.
class exchange_listener {
public:
    virtual ~exchange_listener() = default;
    /// Once. A failure is as `exchange` throws it.
    virtual void exchanged(const std::exception_ptr& failure, http_response&& answer) = 0;
};

/// An exchange that needs no coroutine.
class short_exchange {
public:
    virtual ~short_exchange() = default;
    /// It fails with operation_aborted soon.
    virtual void cancel() noexcept = 0;
};

/// Without source and sink, and with a body that goes with its head.
[[nodiscard]] bool is_short(const http_call& call) noexcept;

/// Begins the exchange of a short call; what this returns is there until `listener` is told, which is not before. What
/// it is given outlives it; it holds `listener`.
[[nodiscard]] short_exchange& begin_exchange(connection& over, const http_call& call, const exchange_terms& terms,
                                             exchange_progress& progress, std::shared_ptr<exchange_listener> listener);

} // namespace lineside::net
