#include "cli/secret_input.hpp"

#include <termios.h>

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lineside::cli {

namespace {

constexpr std::size_t longest = 4'096;

class descriptor {
public:
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// A terminal that does not show what is typed, until the end of the scope.
class unseen {
public:
    explicit unseen(int terminal) : terminal_(terminal) {
        if (::tcgetattr(terminal_, &before_) != 0)
            return;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
    }
    unseen(const unseen&) = delete;
    unseen& operator=(const unseen&) = delete;
    ~unseen() {
        if (changed_)
            ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    }

private:
    int terminal_;
    termios before_{};
    bool changed_ = false;
};

void write_to(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto n = ::write(fd, text.data(), text.size());
        if (n <= 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// Up to the end of the line, which is left out; `stop` is asked while nothing comes.
secret first_line(int fd, const std::stop_token& stop) {
    constexpr int look_around_ms = 100;
    std::string line;
    line.reserve(longest + 1); // so that no copy stays behind when it grows
    for (;;) {
        pollfd ready{fd, POLLIN, 0};
        if (::poll(&ready, 1, look_around_ms) == 0) {
            if (stop.stop_requested())
                throw error(errc::cancelled, "cancelled");
            continue;
        }
        char c = 0;
        const auto n = ::read(fd, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            throw error(errc::unavailable, "it cannot be read");
        if (n == 0 || c == '\n' || line.size() == longest)
            break;
        line += c;
    }
    if (line.ends_with('\r'))
        line.pop_back();
    return secret(std::move(line));
}

secret typed(int terminal, std::string_view prompt, const std::stop_token& stop) {
    write_to(terminal, std::string(prompt) + ": ");
    const unseen quiet(terminal);
    auto line = first_line(terminal, stop);
    write_to(terminal, "\n");
    return line;
}

} // namespace

secret secret_in_file(const std::string& path, const std::stop_token& stop) {
    if (path == "-")
        return first_line(STDIN_FILENO, stop);
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        throw error(errc::unavailable, path + " cannot be opened");
    struct stat about {};
    if (::fstat(file.get(), &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw error(errc::invalid_argument, path + " is open to others on this machine; chmod 600 " + path);
    return first_line(file.get(), stop);
}

secret secret_from(session& s, std::string_view option, std::string_view prompt, asked how) {
    const auto stop = s.options().stop;
    secret answer;
    if (const auto path = s.args().find(option)) {
        answer = secret_in_file(std::string(*path), stop);
    } else {
        const descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
        if (terminal.get() < 0)
            throw usage_error("there is no terminal to ask on: use " + std::string(option) + " FILE");
        answer = typed(terminal.get(), prompt, stop);
        if (how == asked::twice && !(typed(terminal.get(), std::string(prompt) + " again", stop) == answer))
            throw error(errc::invalid_argument, "these were two different ones");
    }
    if (answer.empty())
        throw error(errc::invalid_argument, "it is empty");
    return answer;
}

} // namespace lineside::cli
