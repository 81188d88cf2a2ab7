#pragma once

#include <lineside/call_options.hpp>
#include <lineside/error.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace lineside {

namespace asio = boost::asio;

/// A completion token that makes `token` throw `lineside::error` with diagnostics: `with_diagnostics(use_awaitable)`
/// (the default of every operation), `with_diagnostics(use_future)`.
template <class Token>
struct with_diagnostics_t {
    Token token;
};

template <class Token>
[[nodiscard]] constexpr with_diagnostics_t<std::decay_t<Token>> with_diagnostics(Token&& token) {
    return {std::forward<Token>(token)};
}

/// The default token: `co_await` gives the value or throws `lineside::error`.
using default_token = with_diagnostics_t<asio::use_awaitable_t<>>;

/// The blocking form of every operation: gives the value or throws `lineside::error`. On an engine it runs in the
/// calling thread; on a client the calling thread waits, so it must not be one that runs the client's executor.
struct block_t {};
inline constexpr block_t block{};

namespace detail {

/// What an operation carries beside its request.
struct operation_context {
    call_options options;
    /// Where failure details go; never null.
    std::shared_ptr<diagnostics> details;
    /// The caller waits: the operation may run and complete inside its initiating function.
    bool caller_waits = false;
};

template <class Handler>
struct throwing_handler {
    Handler handler;
    std::shared_ptr<diagnostics> details;

    template <class... Values>
    void operator()(error_code ec, Values&&... values) && {
        auto e = ec ? std::make_exception_ptr(error(ec, std::move(*details))) : std::exception_ptr{};
        std::move(handler)(std::move(e), std::forward<Values>(values)...);
    }
};

template <class Initiation>
struct throwing_initiation : Initiation {
    template <class Handler, class... Args>
    void operator()(Handler&& handler, operation_context context, Args&&... args) && {
        auto details = context.details;
        static_cast<Initiation&&> (*this)(
            throwing_handler<std::decay_t<Handler>>{std::forward<Handler>(handler), std::move(details)},
            std::move(context), std::forward<Args>(args)...);
    }
};

} // namespace detail
} // namespace lineside

namespace boost::asio {

template <template <class, class> class Associator, class Handler, class Default>
struct associator<Associator, lineside::detail::throwing_handler<Handler>, Default> : Associator<Handler, Default> {
    static auto get(const lineside::detail::throwing_handler<Handler>& h) noexcept {
        return Associator<Handler, Default>::get(h.handler);
    }
    static auto get(const lineside::detail::throwing_handler<Handler>& h, const Default& d) noexcept {
        return Associator<Handler, Default>::get(h.handler, d);
    }
};

template <class Token, class... Values>
struct async_result<lineside::with_diagnostics_t<Token>, void(boost::system::error_code, Values...)> {
    template <class Initiation, class RawToken, class... Args>
    static auto initiate(Initiation&& initiation, RawToken&& token, Args&&... args) {
        return async_initiate<Token, void(std::exception_ptr, Values...)>(
            lineside::detail::throwing_initiation<std::decay_t<Initiation>>{std::forward<Initiation>(initiation)},
            token.token, std::forward<Args>(args)...);
    }
};

template <class Value>
struct async_result<lineside::block_t, void(boost::system::error_code, Value)> {
    template <class Initiation, class Token, class... Args>
    static Value initiate(Initiation&& initiation, Token&&, lineside::detail::operation_context context,
                          Args&&... args) {
        std::promise<void> completed;
        boost::system::error_code ec;
        std::optional<Value> value;
        auto details = context.details;
        context.caller_waits = true;
        std::forward<Initiation>(initiation)(
            [&](boost::system::error_code e, Value v) {
                ec = e;
                value.emplace(std::move(v));
                completed.set_value();
            },
            std::move(context), std::forward<Args>(args)...);
        completed.get_future().wait();
        if (ec)
            throw lineside::error(ec, std::move(*details));
        return std::move(*value);
    }
};

} // namespace boost::asio
