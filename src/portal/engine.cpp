#include <lineside/engine.hpp>

#include "portal/desk.hpp"
#include "rules/account_ledger.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>

#include <utility>

#include <unistd.h>

namespace lineside {

portal::~portal() = default;

// ---- what the portals of an engine share

engine_core::engine_core(engine_options o) : owner(::getpid()), options(std::move(o)) {
    if (options.threads == 0 || options.threads > 64)
        throw error(errc::invalid_argument, "an engine has 1 to 64 threads", "threads");
    if (options.storage.import_batch_calls == 0)
        throw error(errc::invalid_argument, "a batch holds at least one call", "storage.import_batch_calls");
    if (const auto link = rules::check_payment_link(options.money.payment_link); !link)
        throw error(link.error().code, link.error().details);
    if (!options.clock)
        options.clock = [] { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); };
    db = store::open_store(options.database, {options.storage.cache_bytes});
    numbers.emplace(*db);
    calls.emplace(*db, options.storage.journal_calls, options.clock);
    live.emplace(*db, options.channels, in_memory() ? channels::durability::none : channels::durability::log, now());
    identity.emplace(options.identity, *db);
}

asio::thread_pool& engine_core::threads() {
    std::call_once(pool_started_, [&] { pool_.emplace(options.threads); });
    return *pool_;
}

asio::any_io_executor engine_core::executor() { return host_executor ? *host_executor : threads().get_executor(); }

void engine_core::close() {
    stopping.request_stop();
    {
        const std::unique_lock alone(using_);
        closed = true;
    }
    if (pool_)
        pool_->join();
    live.reset();
    calls.reset();
    numbers.reset();
    db.reset();
}

// ---- one way in for every operation of every portal

namespace {

void check_usable(const engine_core& core) {
    if (core.owner != ::getpid())
        throw error(errc::unavailable, "an engine cannot be used in a forked child; open another one there");
    if (core.closed)
        throw error(errc::unavailable, "the engine is closed");
}

// Refusals of somebody known are in their account's log. Where the log cannot be written, as on a full disk, they are
// refused all the same, and for the reason that was theirs.
void log_refusal(engine_core& core, const principal& who, std::string_view operation, const error& why) {
    if (who.kind == principal::kind::nobody)
        return;
    try {
        const auto tx = core.db->write();
        log_access(*tx, who.account_key, who, core.now(),
                   {.action = operation, .target = {}, .detail = why.what(), .outcome = access_outcome::refused});
        tx->commit();
    } catch (const error&) {
        return;
    }
}

template <class Operation, auto Body>
typename Operation::answer answer(engine_core& core, const credential* shown, typename Operation::request& request,
                                  const stopper& stop) {
    const auto who = shown != nullptr ? identify(core, *shown) : the_operator();
    try {
        check_access(who, Operation::access, Operation::name);
        keep_request_to_own(who, request);
    } catch (const error& e) {
        log_refusal(core, who, Operation::name, e);
        throw;
    }
    desk d(core, who, stop);
    return (d.*Body)(std::move(request));
}

/// `shown` null: the operator, without a credential.
template <class Operation, auto Body>
void serve(const std::shared_ptr<engine_core>& core, std::shared_ptr<const credential> shown,
           detail::operation_context context, typename Operation::request request,
           detail::completion<typename Operation::answer> done) {
    const bool waits = context.caller_waits;
    std::shared_lock use(core->using_);
    auto body = [core, shown = std::move(shown), request = std::move(request)](const stopper& stop) mutable {
        check_usable(*core);
        return answer<Operation, Body>(*core, shown.get(), request, stop);
    };
    const bool gone = core->closed;
    // A caller that waits keeps the engine open while it works; whatever is posted is waited for when it closes.
    const auto pool = [&]() -> asio::any_io_executor {
        return gone ? asio::any_io_executor(asio::system_executor()) : core->threads().get_executor();
    };
    launch<typename Operation::answer>(pool,
                                       waits  ? asio::any_io_executor()
                                       : gone ? pool()
                                              : core->executor(),
                                       gone ? std::stop_token() : core->stopping.get_token(), std::move(context),
                                       std::move(done), std::move(body));
}

/// Somebody's portal at an engine.
class bound_portal final : public portal {
public:
    bound_portal(std::shared_ptr<engine_core> core, credential who)
        : core_(std::move(core)),
          who_(std::make_shared<const credential>(std::move(who))) {}

    [[nodiscard]] executor_type get_executor() const noexcept override { return core_->executor(); }
    [[nodiscard]] std::shared_ptr<portal> as(credential who) override {
        return std::make_shared<bound_portal>(core_, std::move(who));
    }

private:
#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                                             \
    void do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) override {                 \
        serve<operation::NAME, &desk::NAME>(core_, who_, std::move(context), std::move(request), std::move(done)); \
    }
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

    std::shared_ptr<engine_core> core_;
    std::shared_ptr<const credential> who_;
};

} // namespace

engine::engine(engine_options options) : core_(std::make_shared<engine_core>(std::move(options))) {}

engine::engine(executor_type executor, engine_options options) : engine(std::move(options)) {
    core_->host_executor = std::move(executor);
}

engine::~engine() {
    // In a forked child the connections are the parent's: they must not be closed here.
    if (core_->owner == ::getpid())
        core_->close();
    else
        new std::shared_ptr<engine_core>(std::move(core_)); // kept for ever
}

portal::executor_type engine::get_executor() const noexcept { return core_->executor(); }

std::shared_ptr<portal> engine::as(credential who) { return std::make_shared<bound_portal>(core_, std::move(who)); }

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                                                \
    void engine::do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) {                     \
        serve<operation::NAME, &desk::NAME>(core_, nullptr, std::move(context), std::move(request), std::move(done)); \
    }
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace lineside
