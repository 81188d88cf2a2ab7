#pragma once

#include <lineside/portal.hpp>

#include "net/web_socket.hpp"
#include "portal/coroutine_warnings.hpp"
#include "portal/server/served_operations.hpp"
#include "portal/server/server_core.hpp"
#include "wire/live_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

inline constexpr const char* too_many_streams = "too many live streams are open; try again soon";

/// One web socket: its watches, and whose turn it is to write. Lives on its strand, and longer than the visit that opened
/// it: sockets are many and mostly silent, so what waits is a handler or one small coroutine, and not what a request needs.
class live_socket : public std::enable_shared_from_this<live_socket> {
public:
    live_socket(std::unique_ptr<net::web_socket> socket, asio::any_io_executor strand, server_core& core, visitor from,
                request_record record);
    live_socket(const live_socket&) = delete;
    live_socket& operator=(const live_socket&) = delete;
    ~live_socket();

    /// Whose watches it is for; null: of the portal as it was given to the server.
    void bind(std::shared_ptr<portal> who);
    /// Does what the client says until it leaves. On the strand.
    void start();

private:
    /// One watch of the socket.
    struct followed {
        followed(std::uint64_t number, std::shared_ptr<lineside::watch> what, bool on_demand)
            : id(number),
              w(std::move(what)),
              pull(on_demand) {}

        const std::uint64_t id;
        const std::shared_ptr<lineside::watch> w;
        const std::shared_ptr<diagnostics> details = std::make_shared<diagnostics>(); // of its end
        const bool pull;
        unsigned wanted = 0;  // updates that were asked for, where they are sent on demand
        bool resting = false; // until one is
        bool ended = false;
    };
    struct departure;

    [[nodiscard]] static asio::awaitable<void> listen(std::shared_ptr<live_socket> self);
    [[nodiscard]] static asio::awaitable<void> wait_for_introduction(std::shared_ptr<live_socket> self);
    [[nodiscard]] static asio::awaitable<void> tell(std::shared_ptr<live_socket> self, std::shared_ptr<followed> f,
                                                    std::string update);
    [[nodiscard]] static asio::awaitable<void> tell_end(std::shared_ptr<live_socket> self, std::shared_ptr<followed> f,
                                                        error_code why);
    [[nodiscard]] asio::awaitable<void> write(std::string_view text);
    [[nodiscard]] asio::awaitable<void> close(net::socket_close why, std::string_view reason);

    [[nodiscard]] std::string obey(std::string_view said);
    [[nodiscard]] std::string subscribe(wire::live_command command);
    void want(std::uint64_t id);
    void end(const std::shared_ptr<followed>& f);
    void follow(const std::shared_ptr<followed>& f);
    void take(const std::shared_ptr<followed>& f, error_code ec, const watch_update& u) noexcept;
    void leave();

    std::unique_ptr<net::web_socket> socket_;
    const asio::any_io_executor strand_;
    server_core& core_;
    visitor from_;
    request_record record_;
    std::vector<std::shared_ptr<asio::steady_timer>> waiting_; // for their turn to write
    asio::steady_timer* introduction_ = nullptr;               // while it is waited for
    std::shared_ptr<portal> bound_;
    std::map<std::uint64_t, std::shared_ptr<followed>> watches_;
    bool known_ = false;
    bool writing_ = false;
    bool closing_ = false;
    std::unique_ptr<departure> going_; // of the server
};

} // namespace lineside
