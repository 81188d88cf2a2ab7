#pragma once

#include <lineside/token.hpp>
#include <lineside/watch_update.hpp>

#include <lineside/detail/initiate.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace lineside {

/// A stream of what changes in an account: first a snapshot of each topic, then one update after another, made by
/// `portal::watch`.
///
/// A watch keeps no queue. Of channels, balance and dashboard a slow reader gets the newest value; of live calls and the
/// Summary each change, or a snapshot when too many of them passed by; of alerts every event, once. Whoever was cut off
/// goes on with a new watch at the position of the last update it handled.
///
/// Lifetime: it may outlive its portal, and then ends. Destroying it closes it; pending reads then fail with `cancelled`.
/// Errors, after which it stays ended: unauthenticated (signed out, or the session, key or contact has ended),
/// permission_denied (a right was withdrawn), not_found, invalid_argument (the request), exhausted (too many watches),
/// unavailable (the engine is closed), cancelled (it was closed).
/// Thread safety: of all members.
class LINESIDE_API watch {
public:
    using executor_type = asio::any_io_executor;

    watch() = default;
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;
    virtual ~watch();

    /// Where completions without an associated executor run.
    [[nodiscard]] virtual executor_type get_executor() const noexcept = 0;

    /// Waits for the next update; completes with `void(error_code, watch_update)`. With `call_options` as for every
    /// operation. What was cancelled or timed out lost nothing: the next one gives the same update.
    /// Errors: conflict (another one is pending).
    template <class Token = default_token>
        requires(!std::same_as<std::remove_cvref_t<Token>, call_options>)
    auto async_next(Token&& token = {}) { return async_next(call_options{}, std::forward<Token>(token)); }
    template <class Token = default_token>
    auto async_next(call_options options, Token&& token = {}) {
        return asio::async_initiate<Token, void(error_code, watch_update)>(
            detail::initiation<watch, &watch::do_next>{this}, token, detail::make_context(std::move(options)));
    }

    /// Ends it. A second time does nothing.
    virtual void close() = 0;

protected:
    using completion = detail::completion<watch_update>;
    using operation_context = detail::operation_context;

private:
    virtual void do_next(operation_context context, completion done) = 0;
};

} // namespace lineside
