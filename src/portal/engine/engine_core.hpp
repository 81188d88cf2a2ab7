#pragma once

#include <lineside/engine.hpp>

#include "portal/engine/alerts/alert_memory.hpp"
#include "portal/engine/calls/ledger.hpp"
#include "portal/engine/calls/queries.hpp"
#include "portal/engine/cursor.hpp"
#include "portal/engine/identity/identity_state.hpp"
#include "portal/engine/kept_answer.hpp"
#include "portal/engine/live/channels.hpp"
#include "portal/engine/live/live_hub.hpp"
#include "portal/engine/numbers/numbers.hpp"
#include "portal/engine/remembered.hpp"
#include "portal/launch.hpp"

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>

#include <sys/types.h>

namespace lineside {

/// What the portals of one engine share.
class engine_core {
public:
    explicit engine_core(engine_options o);
    engine_core(const engine_core&) = delete;
    engine_core& operator=(const engine_core&) = delete;
    ~engine_core() = default;

    /// Cancels what runs on the engine's threads, waits for everything that runs, and closes the database.
    void close();

    /// Started with the first asynchronous operation: blocking calls need no thread.
    [[nodiscard]] asio::thread_pool& threads();
    [[nodiscard]] asio::any_io_executor executor();

    [[nodiscard]] bool in_memory() const { return options.database == "sqlite::memory:"; }
    [[nodiscard]] instant now() const { return options.clock(); }
    [[nodiscard]] queries ask(const stopper& stop) { return {calls->view(), *live, now(), stop}; }

    const pid_t owner;
    engine_options options;
    std::unique_ptr<store::store> db;
    std::optional<ledger> calls;
    std::optional<channels> live;
    std::optional<identity_state> identity;               ///< who is who
    remembered<store::account_row> known_accounts{4'096}; ///< by id
    std::optional<cursor_signer> cursors;
    std::optional<answer_keeper> answers; ///< of calls with idempotency keys
    std::optional<number_registry> numbers;
    alert_memory alerts;
    std::optional<live_hub> hub; ///< of what is watched

    std::stop_source stopping;
    std::shared_mutex using_; ///< shared by whoever uses the database in a thread of its own
    bool closed = false;      ///< under `using_`
    std::optional<asio::any_io_executor> host_executor;

private:
    std::once_flag pool_started_;
    std::optional<asio::thread_pool> pool_;
};

} // namespace lineside
