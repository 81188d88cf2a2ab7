#pragma once

#include <lineside/error.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace lineside::wire {

/// Parses a JSON text whose numbers come out as the nearest doubles. Boost.JSON's own parser, up to 1.83 always and
/// later by default, may be off by one in the last place.
[[nodiscard]] boost::json::value parse_document(std::string_view text, error_code& ec);

} // namespace lineside::wire
