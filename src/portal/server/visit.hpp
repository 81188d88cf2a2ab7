#pragma once

#include "net/http_server.hpp"
#include "portal/coroutine_warnings.hpp"
#include "portal/server/served_operations.hpp"
#include "portal/server/server_core.hpp"
#include "wire/openapi.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// The cookie of a browser's session, up to its value.
inline constexpr std::string_view session_cookie = "__Host-lineside=";

/// One request at a server: who asks, may they, what is asked, and the answer. Lives while its connection's handler runs.
class visit {
public:
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;
    ~visit() = default;

    /// Answers one request from beginning to end.
    [[nodiscard]] static asio::awaitable<void> serve(server_core& core, net::http_exchange& x);

private:
    /// Nothing: it was answered on the way.
    using answer = std::optional<net::http_response>;

    visit(server_core& core, net::http_exchange& x);

    // Each coroutine in a chain costs its frame, so what only chooses the next one is none.
    [[nodiscard]] asio::awaitable<answer> handle();
    [[nodiscard]] static asio::awaitable<answer> ready(answer a);
    [[nodiscard]] asio::awaitable<answer> operate(const wire::route_match& match);
    [[nodiscard]] asio::awaitable<answer> operate_on(const wire::route_match& match);
    [[nodiscard]] asio::awaitable<answer> operate_if_known(const wire::route_match& match);
    [[nodiscard]] asio::awaitable<answer> operate_on_values(const wire::route_match& match);
    [[nodiscard]] asio::awaitable<answer> operate_on_streams(const wire::route_match& match);
    [[nodiscard]] asio::awaitable<answer> stream_table(export_request table, call_options options);
    [[nodiscard]] asio::awaitable<served_answer> ask(served_operation& what, call_options options);

    [[nodiscard]] bool is_live() const;
    [[nodiscard]] asio::awaitable<answer> go_live();
    [[nodiscard]] asio::awaitable<answer> stream_events();

    void find_out_who();
    void check_origin() const;
    void check_rate();
    [[nodiscard]] asio::awaitable<void> check_credential();
    [[nodiscard]] asio::awaitable<bool> is_signed_in();
    [[nodiscard]] call_options options_for(const wire::route& r) const;
    [[nodiscard]] answer preflight() const;
    void decorate(net::http_response& to) const;
    void conditional(net::http_response& to) const;

    server_core& core_;
    net::http_exchange& x_;
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::string_view path_;
    std::string_view query_;
    bool secure_; ///< the asker's side of it, as far as trusted proxies tell
    wire::route_match match_;
    visitor who_;
    std::shared_ptr<portal> bound_; ///< of whoever asks; null: as it was given to the server
    enum class shown : std::uint8_t { nothing, malformed, token, cookie, operators };
    shown credential_ = shown::nothing;
    rate_asker asker_;
    std::optional<rules::rate_verdict> rate_;
    std::string_view allowed_origin_;
    bool full_ = false;    ///< refused for want of room
    bool goes_on_ = false; ///< as a web socket, which ends on its own
    served_request record_;
    std::size_t operation_;

    /// Runs `work` on a thread that may block, joined to this request's body and answer by a bridge. `head` begins an answer
    /// of pieces.
    struct streamed;
    [[nodiscard]] asio::awaitable<void> run_streamed(std::shared_ptr<streamed> s, net::http_response head);
    [[nodiscard]] asio::awaitable<answer> answer_with_events(std::shared_ptr<streamed> s);

    [[nodiscard]] portal& lineside() const { return bound_ ? *bound_ : core_.lineside; }
};

/// The paths of live data, for the document of all.
[[nodiscard]] std::vector<wire::other_path> live_paths();

/// To a request that did not come through to a visit.
[[nodiscard]] net::http_response refusal_answer(const net::http_refusal& why, const net::http_request_head& asked);
/// Where a path has only other verbs: what is allowed, and but for OPTIONS a problem.
[[nodiscard]] net::http_response other_verb_answer(std::string_view verb, std::string_view allowed,
                                                   std::string_view request_id);
/// Throws what is answered with this status, where the code alone says another one.
[[noreturn]] void refuse(errc e, int status, std::string message, std::string field = {});

/// The answer that tells a failure: a problem document.
[[nodiscard]] net::http_response problem_answer(const error_code& ec, diagnostics details);

} // namespace lineside
