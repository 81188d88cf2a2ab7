#pragma once

#include <lineside/portal.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace lineside {

/// How an engine keeps its data.
struct engine_storage {
    /// Calls that may wait in the journal before they are folded into columns; more memory, fewer and larger folds.
    std::size_t journal_calls = 262'144;
    /// Calls of one transaction of `import_records`.
    std::size_t import_batch_calls = 196'608;
    /// Page cache of the writing connection, bytes.
    std::size_t cache_bytes = 32U << 20U;
};

struct engine_options {
    /// `sqlite:PATH`, or `sqlite::memory:` for a database that dies with the engine.
    std::string database = "sqlite::memory:";
    engine_storage storage{};
    /// Threads that serve asynchronous operations; started with the first of them. Blocking calls need none.
    std::size_t threads = 2;
    /// The wall clock: states of summary rows and default ranges depend on it. Unset: the system's.
    std::function<instant()> clock{};
};

/// A portal over a database in the process. As opened it is the operator's: it sees every account.
///
/// One engine owns a database file at a time; a second one, in this process or another, fails with `errc::unavailable`.
/// What an operation acknowledged survives a kill of the process. Queries see a consistent state and never wait for
/// an import, nor an import for them.
class LINESIDE_API engine final : public portal {
public:
    /// Opens, and creates or migrates where needed. Handlers without an associated executor run on the engine's own
    /// threads. Throws `lineside::error`: invalid_argument (options), unavailable (in use by another engine),
    /// precondition_failed (written by a newer Lineside), storage.
    explicit engine(engine_options options);
    /// The same; handlers without an associated executor run on `executor`.
    engine(executor_type executor, engine_options options);
    template <class Context>
        requires requires(Context& c) { c.get_executor(); }
    engine(Context& context, engine_options options) : engine(context.get_executor(), std::move(options)) {}

    /// Cancels what is running, waits for it and closes the database. In a forked child it only lets go.
    ~engine() override;

    [[nodiscard]] executor_type get_executor() const noexcept override;

    class impl;

private:
    template <class Value, class Body>
    void run(operation_context context, completion<Value> done, Body body);

    void do_create_account(operation_context context, account request, completion<account> done) override;
    void do_get_account(operation_context context, account_id request, completion<account> done) override;
    void do_list_accounts(operation_context context, account_query request, completion<page<account>> done) override;
    void do_import_calls(operation_context context, call_batch request, completion<import_report> done) override;
    void do_import_records(operation_context context, import_request request, completion<import_report> done) override;
    void do_query_calls(operation_context context, call_query request, completion<page<call>> done) override;
    void do_query_series(operation_context context, series_query request, completion<series> done) override;
    void do_query_summary(operation_context context, summary_query request, completion<summary> done) override;
    void do_query_statistics(operation_context context, statistics_query request,
                             completion<selection_statistics> done) override;
    void do_explain(operation_context context, explain_query request, completion<explanation> done) override;
    void do_export_data(operation_context context, export_request request, completion<export_report> done) override;

    std::unique_ptr<impl> impl_;
};

} // namespace lineside
