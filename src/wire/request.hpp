#pragma once

#include "wire/parameters.hpp"
#include "wire/routes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lineside::wire {

/// A request as parts of a message; its verb is the route's.
struct http_parts {
    std::string target;              ///< the path and the query
    std::optional<std::string> body; ///< JSON
};

/// Leaves out what is at its default; `prefix` stands in front of the target. Throws `lineside::error` (invalid_argument)
/// where what belongs into the path or the query has control characters. Instantiated, here and below, for every row of
/// operations.def.
template <class Operation>
[[nodiscard]] http_parts write_request(const parameters_t<Operation>& request, std::string_view prefix = {});

/// Reads what `write_request` wrote: the values of the path, what stands behind the `?`, and the JSON, of which nothing
/// is the same as `{}`. What is not there is at its default.
/// Throws `lineside::error` (invalid_argument) whose field is the name of what is wrong: `limit`, `/rows/3/asr`.
template <class Operation>
[[nodiscard]] parameters_t<Operation> read_request(const path_parameters& path, std::string_view query,
                                                   std::string_view body);

} // namespace lineside::wire
