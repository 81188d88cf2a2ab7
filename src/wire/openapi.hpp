#pragma once

#include "wire/routes.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lineside::wire {

/// A path that is no row of operations.def.
struct other_path {
    std::string path; ///< "/v1/live"
    std::string item; ///< JSON of its Path Item, which may refer to the components of the document
};

struct openapi_options {
    std::string server = "/"; ///< the URL before the paths
    /// Which operations look at `If-Match`; unset: none.
    std::function<bool(const route&)> looks_at_revision{};
    std::vector<other_path> others{};
};

/// The OpenAPI 3.1 document of all there is: the rows of operations.def with their notes and schemas, and `others`.
[[nodiscard]] std::string openapi_document(const openapi_options& options);

} // namespace lineside::wire
