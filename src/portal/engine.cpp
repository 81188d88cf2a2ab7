#include <lineside/engine.hpp>

#include "cdr/base.hpp"
#include "portal/launch.hpp"
#include "portal/ledger.hpp"
#include "portal/queries.hpp"
#include "portal/record_import.hpp"
#include "rules/calendar.hpp"
#include "rules/rollup.hpp"

#include <boost/asio/thread_pool.hpp>

#include <limits>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <unistd.h>

namespace lineside {

portal::~portal() = default;

class engine::impl {
public:
    explicit impl(engine_options o) : options(std::move(o)) {
        if (options.threads == 0 || options.threads > 64)
            throw error(errc::invalid_argument, "an engine has 1 to 64 threads", "threads");
        if (options.storage.import_batch_calls == 0)
            throw error(errc::invalid_argument, "a batch holds at least one call", "storage.import_batch_calls");
        if (!options.clock)
            options.clock = [] {
                return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
            };
        db = store::open_store(options.database, {options.storage.cache_bytes});
        calls.emplace(*db, options.storage.journal_calls, options.clock);
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl() {
        stopping.request_stop();
        if (pool)
            pool->join();
    }

    // Started with the first asynchronous operation: blocking calls need no thread.
    asio::thread_pool& threads() {
        std::call_once(pool_started, [&] { pool.emplace(options.threads); });
        return *pool;
    }

    [[nodiscard]] bool in_memory() const { return options.database == "sqlite::memory:"; }

    queries ask(const stopper& stop) { return {calls->view(), options.clock(), stop}; }

    const pid_t owner = ::getpid();
    engine_options options;
    std::unique_ptr<store::store> db;
    std::optional<ledger> calls;
    std::stop_source stopping;
    std::once_flag pool_started;
    std::optional<asio::thread_pool> pool;
    std::optional<asio::any_io_executor> executor; ///< the host's, if it gave one
};

namespace {

constexpr std::size_t most_source_bytes = 128;

void check_account_id(const std::string& id, std::string field) {
    if (id.empty() || cdr::check_text(id, cdr::max_account) != nullptr)
        throw error(errc::invalid_argument, "an account id is 1 to 128 bytes of UTF-8 without control characters",
                    std::move(field));
}

account checked(account a) {
    check_account_id(a.id.value(), "id");
    if (a.name.empty())
        a.name = a.id.value();
    if (a.time_zone.empty())
        a.time_zone = "UTC";
    (void)rules::zone::find(a.time_zone).value();
    (void)parse_money("0", a.currency).value();
    return a;
}

std::int64_t nanos_of(const money& m, std::size_t index, const char* field) {
    const rules::nanos128 nanos = static_cast<rules::nanos128>(m.units) * 1'000'000'000 + m.nanos;
    if (nanos > std::numeric_limits<std::int64_t>::max() || nanos <= std::numeric_limits<std::int64_t>::min())
        throw error(errc::invalid_argument,
                    "calls[" + std::to_string(index) + "]." + field + ": " + to_string(m) + " is out of range", field);
    return static_cast<std::int64_t>(nanos);
}

// Of a call's start: what has a day in the database, and what records can state.
constexpr instant earliest_start = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr instant latest_start = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);

// A call of the host's, checked as strictly as a record from a file. The views lie in `c`.
call_view view_of(const call& c, std::size_t index) {
    const auto refuse = [&](const std::string& field, const std::string& why) {
        throw error(errc::invalid_argument, "calls[" + std::to_string(index) + "]." + field + ": " + why, field);
    };
    const auto ms = [](instant t) { return t.time_since_epoch().count(); };
    const auto length = [&](const char* field, duration d) {
        if (d.count() < 0)
            refuse(field, "is negative");
        if (d.count() > cdr::max_length_ms)
            refuse(field, "is longer than a year");
        return d.count();
    };
    if (const auto bad = cdr::check_text(c.source, most_source_bytes); bad != nullptr || c.source.empty())
        refuse("source", bad != nullptr ? bad : "is empty");
    if (c.start_time < earliest_start || c.start_time >= latest_start)
        refuse("start_time", "is no time of a call");
    if (c.end_time && *c.end_time >= latest_start)
        refuse("end_time", "is no time of a call");
    if (c.answered() && !c.answer_time && c.duration_ms.count() == 0 && !c.end_time)
        refuse("outcome", "says answered, but nothing says when");
    if (c.charge && c.rate && c.charge->currency != c.rate->currency)
        refuse("rate", "is not in the currency of charge");
    if (c.outcome > call_outcome::redirected)
        refuse("outcome", "is none");
    if (c.direction > call_direction::internal)
        refuse("direction", "is none");
    if (c.released_by > release_party::network)
        refuse("released_by", "is nobody");
    call_view v;
    v.call_id = c.call_id;
    v.branch = c.branch;
    v.account = c.account_id.value();
    v.cli = c.cli;
    v.destination = c.destination;
    v.hangup_cause = c.hangup_cause;
    v.source_ip = c.source_ip;
    v.start = ms(c.start_time);
    if (c.answer_time)
        v.answer = ms(*c.answer_time);
    if (c.end_time)
        v.end = ms(*c.end_time);
    v.talk = length("duration_ms", c.duration_ms);
    if (c.billed_ms)
        v.billed = length("billed_ms", *c.billed_ms);
    if (c.pdd_ms)
        v.pdd = length("pdd_ms", *c.pdd_ms);
    if (c.charge) {
        v.charge = nanos_of(*c.charge, index, "charge");
        v.currency = c.charge->currency;
    }
    if (c.rate) {
        v.rate = nanos_of(*c.rate, index, "rate");
        v.currency = c.rate->currency;
    }
    if (c.dtmf_digits)
        v.dtmf_digits = *c.dtmf_digits;
    if (c.sip_code)
        v.sip_code = *c.sip_code;
    if (c.q850_cause)
        v.q850_cause = *c.q850_cause;
    v.outcome = c.outcome;
    v.direction = c.direction;
    v.released_by = c.released_by;
    if (cdr::row_fault why; !cdr::check_call(v, {.currency = c.charge ? "charge" : "rate", .talk = "duration_ms"}, why))
        refuse(why.field, why.reason);
    return v;
}

import_report store_batch(ledger& to, const call_batch& batch) {
    const auto begun = std::chrono::steady_clock::now();
    call_buffer buffer;
    buffer.reserve(batch.calls.size());
    std::string source;
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < batch.calls.size(); ++i) {
        const auto& c = batch.calls[i];
        const auto view = view_of(c, i);
        if (i == 0 || c.source != source) {
            source = c.source;
            key = to.source_key(source);
        }
        buffer.add(view, key, batch.coverage == attempt_coverage::all_attempts);
    }
    const auto counts = to.commit(buffer, 0);
    if (counts.folded)
        to.settle({});
    import_report report;
    report.read = batch.calls.size();
    report.imported = counts.imported;
    report.duplicates = counts.duplicates;
    report.restated = counts.restated;
    report.source = source;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
}

// A database in memory is read in the writer's turn, which must not be kept while the host's code runs: it may well ask
// the engine again.
export_report export_in_memory(engine::impl& self, export_request request, const stopper& stop) {
    std::vector<std::string> pieces;
    const auto write = request.write;
    if (write)
        request.write = [&](std::string_view piece) { pieces.emplace_back(piece); };
    const auto report = self.ask(stop).export_data(request);
    for (const auto& piece : pieces) {
        stop.check();
        write(piece);
    }
    return report;
}

} // namespace

engine::engine(engine_options options) : impl_(std::make_unique<impl>(std::move(options))) {}

engine::engine(executor_type executor, engine_options options) : engine(std::move(options)) {
    impl_->executor = std::move(executor);
}

engine::~engine() {
    // In a forked child the connections are the parent's: they must not be closed here.
    if (impl_->owner != ::getpid())
        (void)impl_.release();
}

portal::executor_type engine::get_executor() const noexcept {
    return impl_->executor ? *impl_->executor : impl_->threads().get_executor();
}

template <class Value, class Body>
void engine::run(operation_context context, completion<Value> done, Body body) {
    auto guarded = [self = impl_.get(), body = std::move(body)](const stopper& stop) mutable -> Value {
        if (self->owner != ::getpid())
            throw error(errc::unavailable, "an engine cannot be used in a forked child; open another one there");
        return body(*self, stop);
    };
    const bool waits = context.caller_waits;
    launch<Value>([this] { return impl_->threads().get_executor(); }, waits ? executor_type() : get_executor(),
                  impl_->stopping.get_token(), std::move(context), std::move(done), std::move(guarded));
}

void engine::do_create_account(operation_context context, account request, completion<account> done) {
    run<account>(std::move(context), std::move(done),
                 [request = std::move(request)](impl& self, const stopper&) mutable {
                     return self.calls->create_account(checked(std::move(request)));
                 });
}

void engine::do_get_account(operation_context context, account_id request, completion<account> done) {
    run<account>(std::move(context), std::move(done), [request = std::move(request)](impl& self, const stopper& stop) {
        return self.ask(stop).get_account(request);
    });
}

void engine::do_list_accounts(operation_context context, account_query request, completion<page<account>> done) {
    run<page<account>>(std::move(context), std::move(done),
                       [request = std::move(request)](impl& self, const stopper& stop) {
                           return self.ask(stop).list_accounts(request);
                       });
}

void engine::do_import_calls(operation_context context, call_batch request, completion<import_report> done) {
    run<import_report>(std::move(context), std::move(done), [request = std::move(request)](impl& self, const stopper&) {
        return store_batch(*self.calls, request);
    });
}

void engine::do_import_records(operation_context context, import_request request, completion<import_report> done) {
    run<import_report>(std::move(context), std::move(done),
                       [request = std::move(request)](impl& self, const stopper& stop) mutable {
                           return lineside::import_records(*self.calls, std::move(request),
                                                           self.options.storage.import_batch_calls, stop);
                       });
}

void engine::do_query_calls(operation_context context, call_query request, completion<page<call>> done) {
    run<page<call>>(
        std::move(context), std::move(done),
        [request = std::move(request)](impl& self, const stopper& stop) { return self.ask(stop).list_calls(request); });
}

void engine::do_query_series(operation_context context, series_query request, completion<series> done) {
    run<series>(std::move(context), std::move(done), [request = std::move(request)](impl& self, const stopper& stop) {
        return self.ask(stop).query_series(request);
    });
}

void engine::do_query_summary(operation_context context, summary_query request, completion<summary> done) {
    run<summary>(std::move(context), std::move(done), [request = std::move(request)](impl& self, const stopper& stop) {
        return self.ask(stop).query_summary(request);
    });
}

void engine::do_query_statistics(operation_context context, statistics_query request,
                                 completion<selection_statistics> done) {
    run<selection_statistics>(std::move(context), std::move(done),
                              [request = std::move(request)](impl& self, const stopper& stop) {
                                  return self.ask(stop).query_statistics(request);
                              });
}

void engine::do_explain(operation_context context, explain_query request, completion<explanation> done) {
    run<explanation>(
        std::move(context), std::move(done),
        [request = std::move(request)](impl& self, const stopper& stop) { return self.ask(stop).explain(request); });
}

void engine::do_export_data(operation_context context, export_request request, completion<export_report> done) {
    run<export_report>(std::move(context), std::move(done),
                       [request = std::move(request)](impl& self, const stopper& stop) mutable {
                           return self.in_memory() ? export_in_memory(self, std::move(request), stop)
                                                   : self.ask(stop).export_data(request);
                       });
}

} // namespace lineside
