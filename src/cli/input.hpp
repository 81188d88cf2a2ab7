#pragma once

#include <lineside/call_import.hpp>

#include <memory>
#include <stop_token>
#include <string>

namespace lineside::cli {

/// A file, or standard input for "-": a read of that ends with `errc::cancelled` once a stop is requested, also while
/// nothing comes in. Throws `lineside::error`: not_found, unavailable.
[[nodiscard]] std::shared_ptr<byte_source> open_input(const std::string& path, std::stop_token stop);

} // namespace lineside::cli
