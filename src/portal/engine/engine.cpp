#include <lineside/engine.hpp>

#include "model/process.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/live/engine_watch.hpp"
#include "portal/engine/live/live_effects.hpp"
#include "portal/revised.hpp"
#include "rules/account_ledger.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>

#include <utility>

namespace lineside {

portal::~portal() = default;

// ---- what the portals of an engine share

engine_core::engine_core(engine_options o) : owner(this_process()), options(std::move(o)) {
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
    cursors.emplace(identity->keys_for("cursors"));
    answers.emplace(identity->keys_for("kept answers"));
    hub.emplace(*this, options.live);
}

asio::thread_pool& engine_core::threads() {
    std::call_once(pool_started_, [&] { pool_.emplace(options.threads); });
    return *pool_;
}

asio::any_io_executor engine_core::executor() { return host_executor ? *host_executor : threads().get_executor(); }

void engine_core::close() {
    stopping.request_stop();
    hub->close();
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
    if (core.owner != this_process())
        throw error(errc::unavailable, "an engine cannot be used in a forked child; open another one there");
    if (core.closed)
        throw error(errc::unavailable, "the engine is closed");
}

/// What else was asked for than the request.
struct call_terms {
    explicit call_terms(const call_options& o) : idempotency_key(o.idempotency_key), if_match(o.if_match) {}

    std::string idempotency_key;
    std::string if_match;
};

template <class Operation>
void check_terms(const call_terms& terms) {
    check_idempotency_key(terms.idempotency_key);
    if (!terms.if_match.empty() && !has_revision<Operation>)
        throw error(errc::invalid_argument, std::string(Operation::name) + " changes nothing that has a revision",
                    "if_match");
}

/// What a list is of, but for the page: what a cursor belongs to.
template <class Operation>
std::string list_named_by(typename Operation::request& request) {
    const auto cursor = std::exchange(request.cursor, {});
    const auto limit = std::exchange(request.limit, {});
    std::string text(Operation::name);
    wire::append_json(text, request);
    request.cursor = cursor;
    request.limit = limit;
    return text;
}

/// The body sees positions, the asker cursors.
template <class Operation, auto Body>
typename Operation::answer answer_with(desk& d, const cursor_signer& cursors, typename Operation::request request) {
    if constexpr (requires { request.cursor; }) {
        const auto list = list_named_by<Operation>(request);
        request.cursor = cursors.open(list, request.cursor);
        auto page = (d.*Body)(std::move(request));
        page.next = cursors.sign(list, page.next);
        return page;
    } else if constexpr (Operation::retry == operation::retry_class::keyed) {
        return (d.*Body)(std::move(request)).take();
    } else {
        return (d.*Body)(std::move(request));
    }
}

template <class Operation, auto Body>
typename Operation::answer answer(engine_core& core, const credential* shown, typename Operation::request& request,
                                  const call_terms& terms, const stopper& stop) {
    const auto who = shown != nullptr ? identify(core, *shown) : the_operator();
    try {
        check_access(who, Operation::access, Operation::name);
        keep_request_to_own(who, request);
    } catch (const error& e) {
        log_refusal(core, who, Operation::name, e);
        throw;
    }
    check_terms<Operation>(terms);
    const live_notice<Operation> notice(core, who, request);
    keyed_call call;
    if constexpr (Operation::retry == operation::retry_class::keyed) {
        call = core.answers->begin(who, Operation::name, terms.idempotency_key, request, core.now());
        if (call.has_key())
            if (auto before = call.template answered<typename Operation::answer>(*core.db->read()))
                return *std::move(before);
    }
    desk d(core, who, stop, std::move(call), terms.if_match);
    return answer_with<Operation, Body>(d, *core.cursors, std::move(request));
}

class raised_flag {
public:
    explicit raised_flag(bool& flag) noexcept : flag_(flag) { flag_ = true; }
    raised_flag(const raised_flag&) = delete;
    raised_flag& operator=(const raised_flag&) = delete;
    ~raised_flag() { flag_ = false; }

private:
    bool& flag_;
};

/// What a few reads by key answer, without a lock that is held across a commit.
template <class Operation>
inline constexpr bool is_short_read = false;
template <>
inline constexpr bool is_short_read<operation::get_account> = true;
template <>
inline constexpr bool is_short_read<operation::get_contact> = true;
template <>
inline constexpr bool is_short_read<operation::get_profile> = true;
template <>
inline constexpr bool is_short_read<operation::get_layout> = true;
template <>
inline constexpr bool is_short_read<operation::get_branding> = true;
template <>
inline constexpr bool is_short_read<operation::get_channels> = true;
template <>
inline constexpr bool is_short_read<operation::who_am_i> = true;

/// The answer, where it takes nobody's turn and nothing has to be written. Nothing: to be asked in the ordinary way, which
/// also tells and logs what was wrong.
template <class Operation, auto Body>
std::optional<typename Operation::answer> answer_at_once(engine_core& core, const credential* shown,
                                                         typename Operation::request request, const stopper& stop) {
    try {
        check_usable(core);
        stop.check();
        if (!core.db->reads_at_once())
            return std::nullopt;
        const auto who = shown != nullptr ? identify_at_once(core, *shown) : the_operator();
        if (!who)
            return std::nullopt;
        check_access(*who, Operation::access, Operation::name);
        keep_request_to_own(*who, request);
        desk d(core, *who, stop);
        return (d.*Body)(std::move(request));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

/// `shown` null: the operator, without a credential.
template <class Operation, auto Body>
void serve(const std::shared_ptr<engine_core>& core, std::shared_ptr<const credential> shown,
           detail::operation_context context, typename Operation::request request,
           detail::completion<typename Operation::answer> done) {
    const bool waits = context.caller_waits;
    std::shared_lock use(core->using_);
    if constexpr (is_short_read<Operation>) {
        const auto& o = context.options;
        // A handler that asks again in the same breath waits its turn: a chain of them would use up the stack.
        thread_local bool completing = false;
        if (!waits && !completing && o.thread == asking_thread::lent && o.idempotency_key.empty() &&
            o.if_match.empty()) {
            const stopper stop(o, core->stopping.get_token(), {});
            if (auto now = answer_at_once<Operation, Body>(*core, shown.get(), request, stop)) {
                const auto fallback = core->executor();
                use.unlock(); // the handler may close the engine
                const raised_flag until_completed(completing);
                return complete(fallback, std::move(done), *std::move(now));
            }
        }
    }
    auto body = [core, shown = std::move(shown), request = std::move(request),
                 terms = call_terms(context.options)](const stopper& stop) mutable {
        check_usable(*core);
        return answer<Operation, Body>(*core, shown.get(), request, terms, stop);
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
    [[nodiscard]] std::shared_ptr<lineside::watch> watch(watch_request request) override {
        return make_engine_watch(core_, who_, std::move(request));
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
    if (core_->owner == this_process())
        core_->close();
    else
        new std::shared_ptr<engine_core>(std::move(core_)); // kept for ever
}

portal::executor_type engine::get_executor() const noexcept { return core_->executor(); }

std::shared_ptr<portal> engine::as(credential who) { return std::make_shared<bound_portal>(core_, std::move(who)); }

std::shared_ptr<lineside::watch> engine::watch(watch_request request) {
    return make_engine_watch(core_, nullptr, std::move(request));
}

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                                                \
    void engine::do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) {                     \
        serve<operation::NAME, &desk::NAME>(core_, nullptr, std::move(context), std::move(request), std::move(done)); \
    }
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace lineside
