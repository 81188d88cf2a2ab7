#pragma once

#include "net/http.hpp"

#include <string>
#include <string_view>

namespace lineside {

/// A file below `directory`, `index.html` for a folder, under a policy that lets pages load from this site alone.
/// Throws `lineside::error` (not_found): also what is hidden, a link out of the directory, or no regular file.
[[nodiscard]] net::http_response web_file(const std::string& directory, std::string_view path,
                                          const net::http_fields& asked);

} // namespace lineside
