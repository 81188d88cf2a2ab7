#pragma once

#include <lineside/error.hpp>

#include "net/http_client.hpp"
#include "support/scripted_peer.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lineside::test {

/// What a call came to: an answer or one error.
struct sent {
    std::optional<net::http_response> answer;
    errc code{};
    std::string message;
    bool aborted = false;  ///< asio's operation_aborted
    bool in_doubt = false; ///< ... of a call that may have had its effect
    std::vector<net::http_trace> tries;

    [[nodiscard]] bool failed_with(errc e) const { return !answer && code == e; }
    [[nodiscard]] bool says(const std::string& text) const { return message.find(text) != std::string::npos; }
};

/// A call that tells what it came to.
class sending final : public net::http_operation {
public:
    sending(net::http_call c, std::function<void(sent)> told) : http_operation(std::move(c)), told_(std::move(told)) {
        traced = [this](const net::http_trace& t) { sent_.tries.push_back(t); };
    }

private:
    void finished(std::exception_ptr e, net::http_response&& answer) override {
        try {
            if (e)
                std::rethrow_exception(e);
            sent_.answer = std::move(answer);
        } catch (const error& x) {
            sent_.code = static_cast<errc>(x.code().value());
            sent_.message = x.what();
        } catch (const net::cancelled_in_doubt&) {
            sent_.aborted = sent_.in_doubt = true;
        } catch (const boost::system::system_error& x) {
            sent_.aborted = x.code() == boost::asio::error::operation_aborted;
            sent_.message = x.what();
        } catch (const std::exception& x) {
            sent_.message = x.what();
        }
        told_(std::move(sent_));
    }

    std::function<void(sent)> told_;
    sent sent_;
};

inline net::http_client_options options_for(const scripted_peer& peer) {
    net::http_client_options o;
    o.host = "127.0.0.1";
    o.port = peer.port();
    o.secure = false;
    o.retry.base = std::chrono::milliseconds(1);
    o.retry.throttled_base = std::chrono::milliseconds(1);
    return o;
}

inline net::http_client_options secure_options_for(const scripted_peer& peer) {
    auto o = options_for(peer);
    o.secure = true;
    o.tls.ca_file = peer.ca_file();
    o.tls.system_authorities = false; // there are many, and each client reads them
    return o;
}

/// A client whose executor runs while a call does, until nothing is left of it.
class running_client {
public:
    explicit running_client(net::http_client_options o) : client_(context_.get_executor(), std::move(o)) {}

    [[nodiscard]] net::http_client& client() { return client_; }
    [[nodiscard]] boost::asio::io_context& context() { return context_; }

    /// From another thread: has it done where the client does its own. That thread holds nothing of the client's meanwhile,
    /// which may be gone before it lets go.
    template <class Work>
    void run_there(Work work) {
        boost::asio::post(context_, [this, work = std::move(work)]() mutable {
            boost::asio::dispatch(client_.executor(), std::move(work));
        });
    }

    /// Starts it; `run` lets it go on. `cancelled` may end it. What it comes to outlives it.
    void start(const net::http_call& call, sent& to, boost::asio::cancellation_signal* cancelled = nullptr) {
        start(std::make_shared<sending>(call, [&to](sent s) { to = std::move(s); }), cancelled);
    }
    void start(std::shared_ptr<sending> s, boost::asio::cancellation_signal* cancelled = nullptr) {
        if (cancelled != nullptr)
            cancelled->slot().assign([s](boost::asio::cancellation_type) { s->cancel(); });
        boost::asio::dispatch(client_.executor(), [this, s = std::move(s)]() mutable { client_.start(std::move(s)); });
    }
    void run() {
        context_.restart();
        context_.run();
    }
    [[nodiscard]] sent send(const net::http_call& call) {
        sent s;
        start(call, s);
        run();
        return s;
    }

private:
    boost::asio::io_context context_;
    net::http_client client_;
};

[[nodiscard]] inline sent send(const net::http_client_options& o, const net::http_call& call) {
    return running_client(o).send(call);
}

inline net::http_call get(std::string target = "/") {
    net::http_call c;
    c.target = std::move(target);
    c.repeatable = true;
    return c;
}

/// A call that may not be made twice.
inline net::http_call post(std::string body) {
    net::http_call c;
    c.method = "POST";
    c.target = "/effect";
    c.body = std::move(body);
    return c;
}

inline constexpr auto ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace lineside::test
