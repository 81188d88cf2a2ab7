#pragma once

#include "wire/schema.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// A type is described once for each direction: what comes in may leave members out and may not have others; what goes
/// out has all, and of a newer server more.
enum class direction : std::uint8_t { in, out };

/// An example of a value, right by its schema. `name` is the member's: it tells texts apart.
[[nodiscard]] boost::json::value example_of(const schema& s, std::string_view name);

/// Says what a value is where it is left out, if there is anything to say.
void add_default(boost::json::object& to, const schema& type, const std::string& initial);

/// The schemas of an OpenAPI document, collected as they are referred to.
class openapi_schemas {
public:
    /// The types that answers have, which keep their name to themselves.
    void add_answer(const schema& s);

    /// A reference where the type has a name, else what it is.
    [[nodiscard]] boost::json::object refer(const schema& s, direction d);
    /// Of an object, without the members that `left_out` names ("account", "summary.account").
    [[nodiscard]] boost::json::object refer_without(const schema& s, const std::string& name,
                                                    const std::vector<std::string>& left_out);
    /// A reference to a schema of this name, which is given.
    [[nodiscard]] boost::json::object refer(const std::string& name, boost::json::object given);

    [[nodiscard]] const boost::json::object& all() const noexcept { return all_; }

private:
    [[nodiscard]] boost::json::object describe(const schema& s, direction d, const std::string& prefix,
                                               const std::vector<std::string>& left_out);

    boost::json::object all_;
    std::set<std::string, std::less<>> answers_;
};

} // namespace lineside::wire
