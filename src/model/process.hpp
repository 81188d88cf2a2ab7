#pragma once

#include <sys/types.h>

namespace lineside {

/// getpid() without a call to the kernel, so that every call of an operation can ask. What `fork` makes is another process;
/// what `clone` or `_Fork` makes is not noticed.
[[nodiscard]] pid_t this_process() noexcept;

} // namespace lineside
