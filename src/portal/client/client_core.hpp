#pragma once

#include <lineside/client.hpp>

#include "net/http_client.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include <sys/types.h>

namespace lineside {

/// Whose call it is. The client's own token may be refreshed, and is then another one for all.
struct remote_asker {
    std::shared_ptr<const credential> who; ///< null: the client's own
};

/// A call as HTTP wants it.
struct remote_call {
    enum class answers : std::uint8_t { any, json };

    std::string_view operation; ///< empty: a raw one
    net::http_call http;
    answers wanted = answers::any; ///< json: is said to the server
};

struct failed_call {
    error_code ec;
    diagnostics details;
};

/// What an exception means to whoever called; `why` is what a cancelled call was cancelled for.
[[nodiscard]] failed_call failure_of(const std::exception_ptr& e, const std::optional<errc>& why);

/// What a call came to, told on the client's strand. Knows the handler that waits for it.
class remote_completion {
public:
    virtual ~remote_completion() = default;
    /// Throws what is wrong with the answer: then `fail` follows.
    virtual void succeed(net::http_response&& answer) = 0;
    virtual void fail(error_code ec, diagnostics details) = 0;
    /// After either, with itself.
    virtual void complete(std::unique_ptr<remote_completion> self) = 0;
    [[nodiscard]] virtual asio::cancellation_slot slot() const = 0;
};

/// What the portals of one client share: the connections to one server, and how its answers are understood.
class client_core : public std::enable_shared_from_this<client_core> {
public:
    client_core(client_options options, std::optional<asio::any_io_executor> host);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core();

    /// Where completions without an executor of their own run. Of a client with a thread of its own these are its workers:
    /// a handler may block, and calls must go on meanwhile.
    [[nodiscard]] asio::any_io_executor executor() { return own_ || !is_usable() ? workers() : executor_; }
    /// The same in the form that handlers want; made once where it is the host's.
    [[nodiscard]] asio::any_completion_executor completion_executor() {
        return own_ || !is_usable() ? asio::any_completion_executor(workers()) : completion_executor_;
    }
    /// Threads for what may block, started with the first use; of a client that cannot be used the system's: it has no
    /// other any more.
    [[nodiscard]] asio::any_io_executor workers();
    /// This is a forked child of the process that made it, which has neither its threads nor its connections: there it
    /// must be neither closed nor destroyed.
    [[nodiscard]] bool is_inherited() const noexcept;
    /// It has threads of its own, and does without a host's.
    [[nodiscard]] bool has_threads() const noexcept { return own_.has_value(); }
    /// It is not closed, and this is the process that made it.
    [[nodiscard]] bool is_usable() const noexcept;
    [[nodiscard]] std::stop_token closing() const { return closing_.get_token(); }
    /// Before a call, to be held until that is on its way: starts the client's own thread where it has one, and closing
    /// waits for what has begun. Throws unavailable: in a forked child, or closed.
    [[nodiscard]] std::shared_lock<std::shared_mutex> make_usable();
    void close();

    /// After `make_usable`: makes a call with everything on: who asks, retries, another token where the server wants one,
    /// deadline and cancellation. `timeout` 0: none.
    void start(remote_asker&& who, remote_call&& call, const std::stop_token& stop, std::chrono::milliseconds timeout,
               std::unique_ptr<remote_completion> done);
    [[nodiscard]] net::http_client& http() { return *http_; }

    [[nodiscard]] const client_options& options() const noexcept { return options_; }
    /// What stands before `/v1` in targets.
    [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
    [[nodiscard]] std::string new_request_id();
    /// Says who asks, in `call.fields`.
    void introduce(const remote_asker& who, net::http_call& call) const;
    /// What `introduce` says of whoever asks with the client's own token, and what answers they take where that is JSON.
    struct own_fields {
        std::shared_ptr<const net::field_lines> lines;
        std::uint64_t generation = 0; ///< of the token
    };
    [[nodiscard]] own_fields fields_of_own(remote_call::answers a) const;
    /// Asks the host for another token than the one of generation `seen`. False: there is none.
    [[nodiscard]] asio::awaitable<bool> refresh_token(std::uint64_t seen);
    [[nodiscard]] std::uint64_t token_generation() const;

private:
    struct ready_fields {
        std::shared_ptr<const net::field_lines> for_json;
        std::shared_ptr<const net::field_lines> for_any;
    };
    [[nodiscard]] ready_fields fields_with(const std::string& authorization) const;

    const pid_t owner_;
    client_options options_;
    std::string prefix_;
    std::string agent_;

    // Only of a client without a host's executor: it runs the calls.
    std::optional<asio::io_context> own_;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> own_work_;
    std::once_flag own_started_;
    std::thread own_thread_;

    asio::any_io_executor executor_;
    asio::any_completion_executor completion_executor_;
    std::optional<net::http_client> http_;
    std::once_flag workers_started_;
    std::optional<asio::thread_pool> workers_;
    std::stop_source closing_;
    std::shared_mutex starting_; ///< shared by calls that begin; closing is alone
    std::atomic<bool> closed_ = false;

    mutable std::mutex token_mutex_;
    std::string authorization_; ///< the field's value; empty: none
    ready_fields own_fields_;
    std::uint64_t token_generation_ = 0;
    std::mutex refreshing_; ///< one asks the host at a time

    // Identifiers of requests: whose, and which.
    std::string id_stem_;
    std::atomic<std::uint64_t> ids_ = 0;
};

/// The failure that an answer other than 2xx tells.
[[noreturn]] void throw_problem(const net::http_response& answer);
/// The failure of an answer that cannot be read.
[[noreturn]] void refuse_answer(const error& why, unsigned status);

} // namespace lineside
