#pragma once

#include <string>
#include <string_view>

namespace lineside::wire {

/// As a gzip file (RFC 1952), quickly rather than small. Throws `lineside::error` (exhausted).
[[nodiscard]] std::string gzip(std::string_view bytes);

} // namespace lineside::wire
