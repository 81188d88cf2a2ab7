#include "cli/input.hpp"

#include <lineside/error.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace lineside::cli {

namespace {

// A descriptor that becomes readable when it is told to.
class alarm_bell {
public:
    alarm_bell() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {
        if (descriptor_ < 0)
            throw error(errc::unavailable, "standard input: no descriptor is left to wait with");
    }
    alarm_bell(const alarm_bell&) = delete;
    alarm_bell& operator=(const alarm_bell&) = delete;
    ~alarm_bell() { ::close(descriptor_); }

    void ring() const noexcept {
        const std::uint64_t once = 1;
        while (::write(descriptor_, &once, sizeof once) < 0 && errno == EINTR) {
        }
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

class stoppable_input final : public byte_source {
public:
    explicit stoppable_input(std::stop_token stop)
        : input_(open_file("-").value()),
          stopped_(std::move(stop), ringing{&bell_}) {}

    std::size_t read(std::span<char> to) override {
        std::array<pollfd, 2> either{{{STDIN_FILENO, POLLIN, 0}, {bell_.descriptor(), POLLIN, 0}}};
        while (::poll(either.data(), either.size(), -1) < 0) {
            if (errno != EINTR)
                break; // the read knows what is wrong
        }
        if (either[1].revents != 0)
            throw error(errc::cancelled, "interrupted");
        return input_->read(to);
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return input_->size(); }

private:
    struct ringing {
        const alarm_bell* bell;
        void operator()() const noexcept { bell->ring(); }
    };

    std::shared_ptr<byte_source> input_;
    alarm_bell bell_;
    std::stop_callback<ringing> stopped_; // last: its call needs the bell
};

} // namespace

std::shared_ptr<byte_source> open_input(const std::string& path, std::stop_token stop) {
    if (path == "-")
        return std::make_shared<stoppable_input>(std::move(stop));
    return open_file(path).value();
}

} // namespace lineside::cli
