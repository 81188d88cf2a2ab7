#pragma once

#include <lineside/account.hpp>
#include <lineside/call.hpp>
#include <lineside/call_import.hpp>
#include <lineside/call_options.hpp>
#include <lineside/data_export.hpp>
#include <lineside/explanation.hpp>
#include <lineside/export.hpp>
#include <lineside/page.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>
#include <lineside/token.hpp>

#include <lineside/detail/initiate.hpp>

#include <utility>

namespace lineside {

/// A carrier customer's portal: somebody's view of accounts, calls and their numbers. An `engine` is a portal over a
/// database in the process.
///
/// Every operation takes a request, optionally `call_options`, and a completion token; its completion signature is
/// `void(error_code, T)`. The default token throws `lineside::error` from `co_await`; `lineside::block` makes the call
/// blocking. Handlers run on their associated executor, never inside the initiating function.
///
/// Lifetime: the portal must outlive its pending operations. Requests are taken by value.
/// Cancellation: every operation takes a cancellation slot (any type but none) and `call_options::stop`. A read stops at
/// any time. `import_records` keeps the transactions it has committed; every other write is all or nothing.
/// Errors: `cancelled`, `timed_out`, `storage` and `internal` are possible everywhere; others are named per operation.
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

    /// Creates an account. `id` and, where given, `currency` and `time_zone` are checked; `created_at` is set.
    /// Errors: invalid_argument, conflict (the id is taken).
    template <class Token = default_token>
    auto async_create_account(account request, Token&& token = {}) {
        return async_create_account(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_create_account(account request, call_options options, Token&& token = {}) {
        return start<&portal::do_create_account, account>(std::move(request), std::move(options), token);
    }

    /// Errors: not_found.
    template <class Token = default_token>
    auto async_get_account(account_id request, Token&& token = {}) {
        return async_get_account(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_get_account(account_id request, call_options options, Token&& token = {}) {
        return start<&portal::do_get_account, account>(std::move(request), std::move(options), token);
    }

    /// Accounts in the order of their ids.
    template <class Token = default_token>
    auto async_list_accounts(account_query request, Token&& token = {}) {
        return async_list_accounts(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_list_accounts(account_query request, call_options options, Token&& token = {}) {
        return start<&portal::do_list_accounts, page<account>>(std::move(request), std::move(options), token);
    }

    /// Stores calls the host has as values: one transaction, all or nothing; on return they survive a kill of the process.
    /// A call stored before is a duplicate, or restates what differs. Errors: invalid_argument (names the call and field).
    template <class Token = default_token>
    auto async_import_calls(call_batch request, Token&& token = {}) {
        return async_import_calls(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_import_calls(call_batch request, call_options options, Token&& token = {}) {
        return start<&portal::do_import_calls, import_report>(std::move(request), std::move(options), token);
    }

    /// Reads a stream of a switch's call records and stores the calls, one transaction after another; what is stored
    /// stays when the import is cancelled, and importing the same stream again goes on and counts nothing twice.
    /// Errors: invalid_argument (format not recognised, zone needed, strict mode's first bad row), unavailable.
    template <class Token = default_token>
    auto async_import_records(import_request request, Token&& token = {}) {
        return async_import_records(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_import_records(import_request request, call_options options, Token&& token = {}) {
        return start<&portal::do_import_records, import_report>(std::move(request), std::move(options), token);
    }

    /// Calls of one account. Errors: not_found, invalid_argument.
    template <class Token = default_token>
    auto async_query_calls(call_query request, Token&& token = {}) {
        return async_query_calls(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_query_calls(call_query request, call_options options, Token&& token = {}) {
        return start<&portal::do_query_calls, page<call>>(std::move(request), std::move(options), token);
    }

    /// One metric of one account over time. Errors: not_found, invalid_argument.
    template <class Token = default_token>
    auto async_query_series(series_query request, Token&& token = {}) {
        return async_query_series(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_query_series(series_query request, call_options options, Token&& token = {}) {
        return start<&portal::do_query_series, series>(std::move(request), std::move(options), token);
    }

    /// The customer Summary: UTC, the only numbers valid for billing. Errors: not_found, invalid_argument.
    template <class Token = default_token>
    auto async_query_summary(summary_query request, Token&& token = {}) {
        return async_query_summary(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_query_summary(summary_query request, call_options options, Token&& token = {}) {
        return start<&portal::do_query_summary, summary>(std::move(request), std::move(options), token);
    }

    /// Sum and both averages of a selection of Summary cells. Errors: not_found, invalid_argument.
    template <class Token = default_token>
    auto async_query_statistics(statistics_query request, Token&& token = {}) {
        return async_query_statistics(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_query_statistics(statistics_query request, call_options options, Token&& token = {}) {
        return start<&portal::do_query_statistics, selection_statistics>(std::move(request), std::move(options), token);
    }

    /// Why a number is what it is. Errors: not_found, invalid_argument.
    template <class Token = default_token>
    auto async_explain(explain_query request, Token&& token = {}) {
        return async_explain(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_explain(explain_query request, call_options options, Token&& token = {}) {
        return start<&portal::do_explain, explanation>(std::move(request), std::move(options), token);
    }

    /// Writes a table of any size piece by piece. Errors: not_found, invalid_argument, and what `write` throws.
    template <class Token = default_token>
    auto async_export_data(export_request request, Token&& token = {}) {
        return async_export_data(std::move(request), call_options{}, std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_export_data(export_request request, call_options options, Token&& token = {}) {
        return start<&portal::do_export_data, export_report>(std::move(request), std::move(options), token);
    }

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

    virtual void do_create_account(operation_context context, account request, completion<account> done) = 0;
    virtual void do_get_account(operation_context context, account_id request, completion<account> done) = 0;
    virtual void do_list_accounts(operation_context context, account_query request, completion<page<account>> done) = 0;
    virtual void do_import_calls(operation_context context, call_batch request, completion<import_report> done) = 0;
    virtual void do_import_records(operation_context context, import_request request,
                                   completion<import_report> done) = 0;
    virtual void do_query_calls(operation_context context, call_query request, completion<page<call>> done) = 0;
    virtual void do_query_series(operation_context context, series_query request, completion<series> done) = 0;
    virtual void do_query_summary(operation_context context, summary_query request, completion<summary> done) = 0;
    virtual void do_query_statistics(operation_context context, statistics_query request,
                                     completion<selection_statistics> done) = 0;
    virtual void do_explain(operation_context context, explain_query request, completion<explanation> done) = 0;
    virtual void do_export_data(operation_context context, export_request request, completion<export_report> done) = 0;
};

} // namespace lineside
