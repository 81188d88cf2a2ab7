#pragma once

#include <lineside/call_options.hpp>
#include <lineside/credential.hpp>
#include <lineside/operation.hpp>
#include <lineside/token.hpp>
#include <lineside/watch.hpp>

#include <lineside/detail/initiate.hpp>

#include <memory>
#include <utility>

namespace lineside {

/// A carrier customer's portal: somebody's view of accounts, calls and their numbers, people, money and number blocks.
/// An `engine` is a portal over a database in the process.
///
/// Each row of operations.def is a member `async_<name>(request, [call_options,] token)`; its completion signature is
/// `void(error_code, answer)`. The default token throws `lineside::error` from `co_await`; `lineside::block` makes the
/// call blocking. Handlers run on their associated executor, never inside the initiating function.
///
/// A portal is always somebody's: the operator's, a contact's, an API key's or nobody's; `as` gives the one of whom a
/// credential stands for.
///
/// Lifetime: the portal must outlive its pending operations. Requests are taken by value.
/// Cancellation: every operation takes a cancellation slot (any type but none) and `call_options::stop`. A read stops at
/// any time. `import_records` keeps the transactions it has committed; every other write is all or nothing.
/// Errors: `cancelled`, `timed_out`, `unauthenticated` (the credential is wrong or has ended), `permission_denied`,
/// `storage` and `internal` are possible everywhere; others are named per operation.
/// Compilers: GCC 12 destroys a braced temporary within a `co_await` expression twice. There, name the request first:
/// `call_query q{.account = id}; co_await p.async_query_calls(q);`
/// Thread safety: all operations may be started from any thread at the same time.
class LINESIDE_API portal {
public:
    using executor_type = asio::any_io_executor;

    portal() = default;
    portal(const portal&) = delete;
    portal& operator=(const portal&) = delete;
    virtual ~portal();

    /// Where completions without an associated executor run.
    [[nodiscard]] virtual executor_type get_executor() const noexcept = 0;

    /// The portal of whoever `who` stands for; an empty token is nobody. Asks nothing yet: each operation checks the
    /// credential, so a session that ends takes effect with the next one. After its engine is gone the portal only
    /// answers `unavailable`.
    [[nodiscard]] virtual std::shared_ptr<portal> as(credential who) = 0;

    /// A stream of what changes in an account. Asks nothing yet: its first read does, and then says what is wrong. It is no
    /// use of a session beyond that, so it ends with the session unless that is used otherwise.
    [[nodiscard]] virtual std::shared_ptr<lineside::watch> watch(watch_request request) = 0;

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                           \
    template <class Token = default_token>                                                       \
    auto async_##NAME(REQUEST request, Token&& token = {}) {                                     \
        return async_##NAME(std::move(request), call_options{}, std::forward<Token>(token));     \
    }                                                                                            \
    template <class Token = default_token>                                                       \
    auto async_##NAME(REQUEST request, call_options options, Token&& token = {}) {               \
        return start<&portal::do_##NAME, ANSWER>(std::move(request), std::move(options), token); \
    }
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

protected:
    template <class Value>
    using completion = detail::completion<Value>;
    using operation_context = detail::operation_context;

private:
    template <auto Body, class Value, class Request, class Token>
    auto start(Request request, call_options options, Token& token) {
        return asio::async_initiate<Token, void(error_code, Value)>(detail::initiation<portal, Body>{this}, token,
                                                                    detail::make_context(std::move(options)),
                                                                    std::move(request));
    }

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...) \
    virtual void do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) = 0;
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
};

} // namespace lineside
