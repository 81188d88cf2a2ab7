#pragma once

#include <lineside/error.hpp>

#include "wire/json.hpp"

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <string_view>

namespace lineside::wire {

/// Parses a JSON text whose numbers come out as the nearest doubles: Boost.JSON's own parser, up to 1.83 always and
/// later by default, may be off by one in the last place. Throws `lineside::error` (invalid_argument) also where a
/// member stands twice in an object or the text is nested more than 32 levels deep. What it has lies in `memory`.
[[nodiscard]] boost::json::value parse_document(std::string_view text, boost::json::storage_ptr memory = {});

/// The value that a document says: `parse_json` without the text. Instantiated for the same types.
template <class T>
[[nodiscard]] T read_document(const boost::json::value& document, missing_member missing, unknown_member unknown);

} // namespace lineside::wire
