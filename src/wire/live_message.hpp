#pragma once

#include <lineside/error.hpp>
#include <lineside/secret.hpp>
#include <lineside/watch_update.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// The messages of the web socket protocol `lineside.v1`: one JSON object each.
namespace lineside::wire {

inline constexpr std::string_view live_protocol = "lineside.v1";

/// What a client says: one of subscribe, next, unsubscribe and token.
struct live_command {
    std::uint64_t id = 0; ///< of a watch, chosen by the client
    std::optional<watch_request> subscribe{};
    /// Of subscribe: each update is sent when it is asked for with `next`, so that a slow reader's gauges coalesce at the
    /// server; else as soon as there is one and the connection takes it.
    bool pull = false;
    bool next = false; ///< one more update, please
    bool unsubscribe = false;
    secret token{}; ///< who asks, where the handshake could not say it: the first message
};

void append_live_command(std::string& out, const live_command& c);
/// Throws `lineside::error` (invalid_argument).
[[nodiscard]] live_command parse_live_command(std::string_view text);

/// What a server says of a watch: an update, or why it has ended.
struct live_message {
    std::uint64_t id = 0;
    std::variant<watch_update, failure> what{};
};

/// The update as JSON. What of it many are told is encoded once.
void append_update(std::string& out, const watch_update& u);

/// `update` is what `append_update` wrote.
void append_live_update(std::string& out, std::uint64_t id, std::string_view update);
void append_live_problem(std::string& out, std::uint64_t id, const failure& problem);
/// Throws `lineside::error` (protocol).
[[nodiscard]] live_message parse_live_message(std::string_view text);

} // namespace lineside::wire
