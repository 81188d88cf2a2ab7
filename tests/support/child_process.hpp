#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lineside::test {

/// The exit status of a child, or minus the signal that ended it.
inline int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// What `body` returns in a child of `fork`, without running the test on there: 98 where it threw; less than 0: minus the
/// signal that ended it.
template <class Body>
[[nodiscard]] int in_child(Body body) {
    const pid_t child = ::fork();
    if (child < 0)
        throw std::runtime_error("fork");
    if (child == 0) {
        int result = 98;
        try {
            result = body();
        } catch (const std::exception& e) {
            std::fprintf(stderr, "in the child: %s\n", e.what());
        } catch (...) { // 98 says it
        }
        ::_exit(result);
    }
    return wait_for(child);
}

/// A program with a pipe to its input and one from its output; killed and reaped with this if nobody waited for it.
class child_process {
public:
    explicit child_process(std::vector<std::string> arguments) {
        int in[2];
        int out[2];
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
            throw std::runtime_error("pipe");
        std::vector<char*> argv;
        for (auto& a : arguments)
            argv.push_back(a.data());
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ < 0)
            throw std::runtime_error("fork");
        if (pid_ == 0) {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        to_ = in[1];
        from_ = out[0];
        // A child that is gone is an error of a write, not the end of this process.
        std::signal(SIGPIPE, SIG_IGN);
    }
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process() {
        if (pid_ > 0) {
            kill();
            (void)wait();
        }
        close_input();
        if (from_ >= 0)
            ::close(from_);
    }

    /// False when it no longer reads.
    bool write(std::string_view text) {
        while (!text.empty()) {
            const auto n = ::write(to_, text.data(), text.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return false;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void close_input() {
        if (const int fd = std::exchange(to_, -1); fd >= 0)
            ::close(fd);
    }
    /// The next byte it wrote; -1 at the end.
    int read_byte() {
        if (at_ == buffer_.size()) {
            buffer_.resize(4'096);
            ssize_t n = 0;
            do
                n = ::read(from_, buffer_.data(), buffer_.size());
            while (n < 0 && errno == EINTR);
            buffer_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
            at_ = 0;
            if (buffer_.empty())
                return -1;
        }
        return static_cast<unsigned char>(buffer_[at_++]);
    }
    std::string read_rest() {
        std::string text;
        for (int c = read_byte(); c >= 0; c = read_byte())
            text += static_cast<char>(c);
        return text;
    }
    void send(int signal) const { ::kill(pid_, signal); }
    void kill() const { send(SIGKILL); }
    /// Its exit status, or minus the signal that ended it.
    int wait() { return wait_for(std::exchange(pid_, -1)); }

private:
    pid_t pid_ = -1;
    int to_ = -1;
    int from_ = -1;
    std::string buffer_;
    std::size_t at_ = 0;
};

} // namespace lineside::test
