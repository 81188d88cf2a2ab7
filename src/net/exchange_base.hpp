#pragma once

#include <lineside/error.hpp>

#include "net/answer_parser.hpp"
#include "net/exchange.hpp"
#include "net/request_head.hpp"
#include "net/tls_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace lineside::net {

inline constexpr std::size_t most_at_once = std::size_t{64} << 10U; // of a body that goes with its head

// What short and streamed exchanges have in common: what they say, what they take for an answer, and how they fail. How
// bytes come and go is theirs.
template <class Stream>
class exchange_base : public watched {
protected:
    exchange_base(Stream& stream, connection& over, const http_call& call, const exchange_terms& terms,
                  exchange_progress& progress)
        : watched(terms.dog),
          stream_(stream),
          over_(over),
          call_(call),
          terms_(terms),
          progress_(progress) {}
    exchange_base(const exchange_base&) = delete;
    exchange_base& operator=(const exchange_base&) = delete;
    ~exchange_base() = default;

    static constexpr bool plain = std::is_same_v<Stream, plain_stream>;
    static constexpr std::size_t record_bytes = std::size_t{16} << 10U; // of TLS: none of it counts before all has come
    static constexpr unsigned most_interim_answers = 32;

    void close() noexcept {
        error_code ignored;
        over_.socket().close(ignored);
    }

    // There was a byte, so the peer lives.
    void alive() {
        seen_ = clock::now();
        if (ours_ == 0 && terms_.options.stall.count() > 0)
            end_at(seen_ + terms_.options.stall);
    }

    // --- Sending

    // The head, with the body where that is `at_once`.
    std::string_view write_down(const body_framing& framing, bool at_once) {
        auto& out = over_.out;
        out.clear();
        write_head(out, call_, terms_.authority, framing);
        if (at_once)
            out += call_.body;
        return out;
    }

    // A socket takes what there is as a rule, and needs no operation for it.
    std::size_t write_now(std::string_view left, error_code& ec) {
        if constexpr (plain) {
            const auto n = stream_.write_some(boost::asio::buffer(left), ec);
            if (ec == boost::asio::error::would_block || ec == boost::asio::error::try_again)
                ec = {};
            return n;
        } else {
            return 0;
        }
    }
    static boost::asio::const_buffer piece_of(std::string_view left) {
        return boost::asio::buffer(left.data(), plain ? left.size() : std::min(left.size(), record_bytes));
    }
    void wrote(std::string_view& left, std::size_t n) {
        if (n == 0)
            return;
        progress_.wrote = true;
        left.remove_prefix(n);
        alive();
    }

    // --- Receiving

    answer_parser& next_parser() {
        parser_.emplace(answer_, terms_.options.answer_bytes,
                        call_.sink ? answer_parser::pieces::wanted : answer_parser::pieces::unwanted);
        if (call_.method == "HEAD")
            parser_->expect_no_body();
        return *parser_;
    }
    // Gives the parser what has come; false: it needs more. What it used is to be consumed.
    bool parse(answer_parser& parser, std::size_t& used) {
        error_code ec;
        used = parser.put(over_.in.data(), ec);
        if (ec && ec != boost::beast::http::error::need_more)
            fail_parse(ec);
        return !ec;
    }
    boost::asio::mutable_buffer space() {
        const auto room = over_.in.space();
        if (room.size() == 0)
            fail_parse(boost::beast::http::error::buffer_overflow);
        return room;
    }
    void received(std::size_t n) {
        progress_.heard = true;
        over_.in.commit(n);
        alive();
    }
    // Nothing more will come, which may be the end of the answer.
    void receive_end(answer_parser& parser, error_code ec, bool cancelled) {
        auto end = ec;
        if (ec == boost::asio::error::eof && parser.got_some())
            parser.put_end(end);
        if (end)
            fail_broken(ec, cancelled);
    }
    // Whether a whole answer is the last one.
    bool is_final(const answer_parser& parser) {
        if (answer_.status >= 200) {
            progress_.reusable = parser.keep_alive() && over_.in.empty();
            over_.served = seen_;
            return true;
        }
        if (answer_.status == 101)
            fail_protocol("the host changes to a protocol that it was not asked for");
        if (interim_answers_++ == most_interim_answers)
            fail_protocol("the host gives no answer but interim ones");
        return false;
    }

    // --- Failing

    [[noreturn]] void fail(errc e, std::string message, error_code cause = {}) {
        throw error(make_error_code(e), diagnostics{std::move(message), {}, {}, 0, cause});
    }
    [[noreturn]] void fail_protocol(std::string message, error_code cause = {}) {
        progress_.passing = false;
        fail(errc::protocol, std::move(message), cause);
    }
    [[noreturn]] void fail_parse(error_code ec) {
        using error = boost::beast::http::error;
        if (ec == error::body_limit || ec == error::header_limit || ec == error::buffer_overflow)
            fail_protocol("the host's answer is too long", ec);
        fail_protocol("the host's answer is none: " + ec.message(), ec);
    }
    [[noreturn]] void fail_broken(error_code ec, bool cancelled) {
        if (cancelled)
            throw boost::system::system_error(boost::asio::error::operation_aborted);
        if (ended() != ending::none)
            progress_.passing = false;
        if (ended() == ending::late)
            fail(errc::timed_out, "the host keeps silent", boost::asio::error::timed_out);
        if (ended() == ending::closed)
            fail(errc::unavailable, "the client is closed", boost::asio::error::operation_aborted);
        if (refuses_certificate(ec)) {
            progress_.passing = progress_.wrote = false;
            fail(errc::unavailable, "the host does not accept the client's certificate: " + ec.message(), ec);
        }
        if (ec.category() == boost::asio::error::get_ssl_category())
            progress_.passing = false;
        fail(errc::unavailable,
             std::string(progress_.heard ? "the connection was lost before the whole answer came: "
                                         : "the connection was lost before an answer came: ") +
                 ec.message(),
             ec);
    }

    Stream& stream_;
    connection& over_;
    const http_call& call_;
    const exchange_terms& terms_;
    exchange_progress& progress_;
    http_response answer_;
    std::optional<answer_parser> parser_; // of the answer that comes
    unsigned ours_ = 0;                   // turns of the source and the sink

private:
    clock::time_point seen_{}; // when the last byte went or came
    unsigned interim_answers_ = 0;
};

} // namespace lineside::net
