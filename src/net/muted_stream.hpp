#pragma once

#include <lineside/error.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstddef>
#include <utility>

namespace lineside::net {

/// A stream whose writes go nowhere until it may speak. Beast insists on answering the handshake of a web socket itself,
/// and on naming itself there.
template <class Stream>
class muted_stream {
public:
    using executor_type = typename Stream::executor_type;

    explicit muted_stream(Stream& over) noexcept : over_(over) {}

    [[nodiscard]] executor_type get_executor() noexcept { return over_.get_executor(); }
    [[nodiscard]] Stream& next_layer() noexcept { return over_; }
    void speak() noexcept { muted_ = false; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& to, Token&& token) {
        return over_.async_read_some(to, std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& what, Token&& token) {
        return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this, what](auto handler) {
                if (!muted_)
                    return over_.async_write_some(what, std::move(handler));
                boost::asio::post(get_executor(), boost::beast::bind_front_handler(std::move(handler), error_code(),
                                                                                   boost::asio::buffer_size(what)));
            },
            token);
    }

private:
    Stream& over_;
    bool muted_ = true;
};

/// What Beast asks of a stream it ends.
template <class Stream, class Handler>
void async_teardown(boost::beast::role_type role, muted_stream<Stream>& stream, Handler&& handler) {
    using boost::beast::websocket::async_teardown;
    async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

} // namespace lineside::net
