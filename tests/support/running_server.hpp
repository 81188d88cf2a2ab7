#pragma once

#include "net/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lineside::test {

/// A server of HTTP at 127.0.0.1 with threads of its own, until it is destroyed.
class running_server {
public:
    explicit running_server(net::http_server::handler handle, net::http_server_options options = {},
                            unsigned threads = 1)
        : server_(std::make_unique<net::http_server>(context_.get_executor(), std::move(options), std::move(handle),
                                                     [](const net::http_refusal& why, const net::http_request_head&) {
                                                         return net::http_response{why.status, {}, why.detail};
                                                     })) {
        server_->start();
        for (unsigned i = 0; i < threads; ++i)
            threads_.emplace_back([this] { context_.run(); });
    }
    running_server(const running_server&) = delete;
    running_server& operator=(const running_server&) = delete;
    ~running_server() {
        if (!stopping_)
            stop({}).wait();
        work_.reset();
        for (auto& t : threads_)
            t.join();
    }

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] net::http_server& server() { return *server_; }
    [[nodiscard]] net::http_server_figures figures() const { return server_->figures(); }

    /// Does it where the server does its own, and waits for that.
    template <class Work>
    void run_there(Work work) {
        std::promise<void> done;
        boost::asio::post(context_, [&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    /// Ready when it has come to its end.
    [[nodiscard]] std::future<void> stop(std::chrono::milliseconds grace) {
        stopping_ = true;
        auto stopped = std::make_shared<std::promise<void>>();
        auto end = stopped->get_future();
        server_->stop(grace, [stopped] { stopped->set_value(); });
        return end;
    }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
    std::unique_ptr<net::http_server> server_;
    std::vector<std::thread> threads_;
    bool stopping_ = false;
};

} // namespace lineside::test
