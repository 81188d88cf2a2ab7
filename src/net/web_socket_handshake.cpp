#include "net/web_socket_handshake.hpp"

#include <lineside/error.hpp>

#include "net/web_socket_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <variant>

namespace lineside::net {

namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

[[noreturn]] void fail(errc e, std::string message, error_code cause) {
    throw error(make_error_code(e), diagnostics{std::move(message), {}, {}, 0, cause});
}

class handshake final : public watched {
public:
    handshake(connection& over, const exchange_terms& terms) : watched(terms.dog), over_(over) {
        if (terms.options.stall.count() > 0)
            end_at(clock::now() + terms.options.stall);
    }
    handshake(const handshake&) = delete;
    handshake& operator=(const handshake&) = delete;
    ~handshake() = default;

private:
    void stop() noexcept override {
        error_code ignored;
        over_.socket().close(ignored);
    }

    connection& over_;
};

http_response answer_of(const websocket::response_type& r) {
    http_response answer;
    answer.status = r.result_int();
    for (const auto& field : r) {
        const auto name = field.name_string();
        const auto value = field.value();
        // What cannot be a field is left out.
        (void)answer.fields.try_add({name.data(), name.size()}, {value.data(), value.size()});
    }
    answer.body = r.body();
    return answer;
}

template <class Stream>
asio::awaitable<std::unique_ptr<web_socket>> open_over(Stream& stream, std::shared_ptr<connection> over,
                                                       const http_call& call, const exchange_terms& terms,
                                                       http_response& refused) {
    const auto& options = terms.options;
    const web_socket_limits limits{options.message_bytes, options.socket_idle, options.socket_idle};
    web_socket_layer<Stream> layer(stream);
    prepare_web_socket(layer, limits);
    layer.set_option(websocket::stream_base::decorator([&](websocket::request_type& r) {
        for (const auto& [name, value] : call.fields)
            r.insert(name, value);
    }));
    websocket::response_type response;
    const handshake h(*over, terms);
    const auto [ec] =
        co_await layer.async_handshake(response, terms.authority, call.target, asio::as_tuple(asio::deferred));
    if (ec == websocket::error::upgrade_declined) {
        refused = answer_of(response);
        co_return nullptr;
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (ec && state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    if (h.ended() == watched::ending::closed)
        fail(errc::unavailable, "the client is closed", asio::error::operation_aborted);
    if (h.ended() == watched::ending::late)
        fail(errc::timed_out, "the host keeps silent", asio::error::timed_out);
    if (ec.category() == make_error_code(boost::beast::http::error::end_of_stream).category() ||
        ec == websocket::condition::handshake_failed)
        fail(errc::protocol, "the host's answer opens no web socket: " + ec.message(), ec);
    if (ec)
        fail(errc::unavailable, "the connection was lost before the web socket was open: " + ec.message(), ec);
    layer.set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
    co_return std::make_unique<web_socket_stream<Stream>>(std::move(layer), std::move(over), limits);
}

} // namespace

asio::awaitable<std::unique_ptr<web_socket>> open_web_socket(std::shared_ptr<connection> over, const http_call& call,
                                                             const exchange_terms& terms, http_response& refused) {
    return std::visit([&](auto& stream) { return open_over(stream, over, call, terms, refused); }, over->stream);
}

} // namespace lineside::net
