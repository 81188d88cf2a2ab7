#pragma once

#include <lineside/delivery_hooks.hpp>
#include <lineside/portal.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lineside {

class engine_core;

/// How an engine keeps its data.
struct engine_storage {
    /// Calls that may wait in the journal before they are folded into columns; more memory, fewer and larger folds.
    std::size_t journal_calls = 262'144;
    /// Calls of one transaction of `import_records`.
    std::size_t import_batch_calls = 196'608;
    /// Page cache of the writing connection, bytes.
    std::size_t cache_bytes = 32U << 20U;
};

/// How people prove who they are.
struct engine_identity {
    std::string issuer = "Lineside"; ///< what an authenticator shows beside the login; without a colon
    /// 32 bytes that encrypt two-factor secrets in the database. Empty: the engine makes some and keeps them there too,
    /// which protects copies of single tables but not of the whole file.
    secret key{};
    std::string reset_link{}; ///< of password resets: a URL with {token}; empty: the mail holds the bare token
    /// What checking a password costs (Argon2id): memory in KiB and passes over it, 47 ms by default. Where they rise,
    /// each password is hashed anew at its next sign-in. Lower ones are for tests.
    std::uint32_t password_memory_kib = 47'104;
    std::uint32_t password_passes = 1;
    std::uint32_t attempts_per_source = 30; ///< failed sign-ins from one address at once; one more each 10 s
};

/// Live calls.
struct engine_channels {
    std::size_t most_live_calls = 1'000'000;
    duration longest_call = std::chrono::hours(4); ///< after this a call without an end is given up
    /// How late an event may come and still change the history of the minute it speaks of.
    duration lateness = std::chrono::minutes(2);
    /// A call that showed itself so shortly before a snapshot may be missing in it.
    duration snapshot_grace = std::chrono::seconds(10);
    std::uint32_t history_days = 90;
};

struct engine_money {
    /// An http or https URL with the places {account}, {amount}, {currency} and {payment}, filled in percent-encoded;
    /// empty: no payment link. In a balance's link the amount is what the balance lacks to zero, in whole coins, and
    /// {payment} is empty.
    std::string payment_link{};
};

/// Webhooks.
struct engine_webhooks {
    enum class targets : std::uint8_t { public_addresses, loopback_too };
    targets allowed = targets::public_addresses; ///< loopback is for tests
    std::string ca_file{};                       ///< PEM, beside the system's authorities
};

/// Live data: what `portal::watch` shows. Once somebody waits for an update, the engine's threads look for it.
struct engine_live {
    /// After a change, how long nobody looks for the next one of the same kind. 0: each is looked for at once, in the
    /// thread of the operation that made it.
    std::chrono::milliseconds interval{250};
    std::chrono::milliseconds look_every{5'000}; ///< for what changes with time alone; 1 ms or more
    std::size_t most_watches = 100'000;
    std::size_t kept_changes = 256;              ///< of an account and topic, for whoever reads slowly or was cut off
    duration kept_for = std::chrono::minutes(5); ///< after the last watch has gone, for whoever comes back
};

struct engine_options {
    /// `sqlite:PATH`, or `sqlite::memory:` for a database that dies with the engine.
    std::string database = "sqlite::memory:";
    engine_storage storage{};
    /// Threads that serve asynchronous operations; started with the first of them. Blocking calls need none.
    std::size_t threads = 2;
    engine_identity identity{};
    engine_channels channels{};
    engine_money money{};
    engine_webhooks webhooks{};
    engine_live live{};
    delivery_hooks delivery{};

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

    [[nodiscard]] std::shared_ptr<portal> as(credential who) override;
    [[nodiscard]] std::shared_ptr<lineside::watch> watch(watch_request request) override;

private:
#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...) \
    void do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) override;
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

    std::shared_ptr<engine_core> core_;
};

} // namespace lineside
