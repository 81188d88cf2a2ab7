#include "cli/interrupt.hpp"

#include <csignal>

namespace lineside::cli {

interrupt::interrupt() : signals_(context_, SIGINT, SIGTERM) {
    signals_.async_wait([this](const boost::system::error_code& ec, int) {
        if (ec)
            return;
        signals_.clear();
        stop_.request_stop();
    });
    thread_ = std::thread([this] { context_.run(); });
}

interrupt::~interrupt() {
    context_.stop();
    thread_.join();
}

} // namespace lineside::cli
