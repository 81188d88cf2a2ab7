#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace lineside::net {

/// Bytes that came and are not used yet. Keeps its memory.
class input_buffer {
public:
    static constexpr std::size_t most = std::size_t{64} << 10U; ///< what is looked at in one piece

    [[nodiscard]] std::string_view data() const noexcept { return {bytes_.get() + from_, to_ - from_}; }
    [[nodiscard]] bool empty() const noexcept { return from_ == to_; }
    /// Where more may be put; nothing where it is full.
    [[nodiscard]] boost::asio::mutable_buffer space() {
        if (from_ == to_)
            from_ = to_ = 0;
        if (to_ == size_) {
            if (from_ > 0)
                move_to(bytes_.get());
            else if (size_ < most)
                grow();
        }
        return {bytes_.get() + to_, size_ - to_};
    }
    void commit(std::size_t n) noexcept { to_ += n; }
    void consume(std::size_t n) noexcept { from_ += n; }

private:
    static constexpr std::size_t at_first = std::size_t{16} << 10U;

    void move_to(char* place) noexcept {
        if (from_ != to_)
            std::memmove(place, bytes_.get() + from_, to_ - from_);
        to_ -= std::exchange(from_, 0);
    }
    void grow() {
        const auto size = size_ == 0 ? at_first : std::min(most, size_ * 2);
        std::unique_ptr<char[]> bigger(new char[size]);
        move_to(bigger.get());
        bytes_ = std::move(bigger);
        size_ = size;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t from_ = 0;
    std::size_t to_ = 0;
};

using plain_stream = boost::asio::ip::tcp::socket;
using secure_stream = boost::asio::ssl::stream<plain_stream>;

/// A connection to the server, with what serves one exchange after the other.
struct connection {
    explicit connection(plain_stream s) : stream(std::move(s)) {}
    connection(plain_stream s, boost::asio::ssl::context& tls)
        : stream(std::in_place_type<secure_stream>, std::move(s), tls) {}

    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    // OpenSSL takes a session for a bad one when its connection goes without a goodbye.
    ~connection() {
        if (auto* secure = std::get_if<secure_stream>(&stream))
            ::SSL_set_shutdown(secure->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }

    [[nodiscard]] plain_stream& socket() noexcept {
        auto* secure = std::get_if<secure_stream>(&stream);
        return secure != nullptr ? secure->next_layer() : *std::get_if<plain_stream>(&stream);
    }

    std::variant<plain_stream, secure_stream> stream;
    input_buffer in;
    std::string out;                                // what is being sent
    std::chrono::steady_clock::time_point served{}; // when its last exchange was over
    bool used = false;                              // an answer has come over it
};

} // namespace lineside::net
