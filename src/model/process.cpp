#include "model/process.hpp"

#include <pthread.h>

#include <atomic>

#include <unistd.h>

namespace lineside {

namespace {

std::atomic<pid_t> known{0}; // 0: to be asked

} // namespace

pid_t this_process() noexcept {
    pid_t id = known.load(std::memory_order_relaxed);
    if (id == 0) {
        static const bool forks_are_told = ::pthread_atfork(nullptr, nullptr, [] { known = 0; }) == 0;
        id = ::getpid();
        if (forks_are_told)
            known = id;
    }
    return id;
}

} // namespace lineside
