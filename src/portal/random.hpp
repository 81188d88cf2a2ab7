#pragma once

#include <cstddef>
#include <mutex>
#include <string>

namespace lineside {

/// From the system's generator of secrets. Errors: internal (it failed).
[[nodiscard]] std::string random_bytes(std::size_t count);

/// The same, fetched ahead: for what every request needs. Thread-safe. What forks and goes on with it draws the same
/// bytes twice.
class random_reserve {
public:
    /// At most as many as there is room for.
    [[nodiscard]] std::string take(std::size_t count);

private:
    static constexpr std::size_t room = 4'096;

    std::mutex mutex_;
    std::string bytes_; ///< used from the end
};

} // namespace lineside
