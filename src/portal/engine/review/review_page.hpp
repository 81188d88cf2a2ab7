#pragma once

#include <lineside/review.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace lineside {

/// What people call those that the access log names by an id: "contact c-1" -> "Robin Example".
using shown_names = std::map<std::string, std::string, std::less<>>;

/// Its name in the log's words or, of the operator and nobody, in the language; what has no name is shown as it is.
[[nodiscard]] std::string name_of(std::string_view who, const shown_names& names, std::string_view language);

/// The review as a page of HTML that needs nothing else: no script, nothing to fetch. Everything that came from outside
/// is escaped. A part that is unset leaves no trace.
[[nodiscard]] std::string review_page(const review& r, std::string_view company, const shown_names& names);

} // namespace lineside
