#pragma once

#include <cstddef>
#include <string>

namespace lineside {

/// From the system's generator of secrets. Errors: internal (it failed).
[[nodiscard]] std::string random_bytes(std::size_t count);

} // namespace lineside
