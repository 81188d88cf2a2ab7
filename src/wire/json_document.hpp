#pragma once

#include <lineside/error.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// Parses a JSON text, whose numbers come out as the nearest doubles. Throws `lineside::error` (invalid_argument) also
/// where a member stands twice in an object or the text is nested more than 32 levels deep.
[[nodiscard]] boost::json::value parse_document(std::string_view text);

/// Writes what `parse_document` reads the same from again: a number that is out of range, too.
void append_document(std::string& out, const boost::json::value& document);

/// The members of an object, each with its own JSON.
class json_members {
public:
    /// Throws as `parse_document`, and where the text is no object. It outlives this.
    explicit json_members(std::string_view text);

    /// Nothing: there is none of this name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

private:
    struct member {
        std::string name;
        std::string_view value;
    };
    std::vector<member> all_;
};

} // namespace lineside::wire
