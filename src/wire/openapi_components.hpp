#pragma once

#include <boost/json/object.hpp>

#include <initializer_list>
#include <string_view>

// What the operations of an OpenAPI document share, and refer to.
namespace lineside::wire {

/// "#/components/<kind>/<name>"
[[nodiscard]] boost::json::object reference(std::string_view kind, std::string_view name);

/// What a status that refuses says in general. `name` is its component's.
struct refusal {
    int status;
    std::string_view name;
    std::string_view text;
};

/// Of every status that is answered with a problem.
[[nodiscard]] const refusal& refusal_of(int status);

/// References to the headers that every answer has, and to further ones.
[[nodiscard]] boost::json::object headers_of(std::initializer_list<std::string_view> further);
[[nodiscard]] boost::json::object content_of(std::string_view type, boost::json::object schema);
[[nodiscard]] boost::json::object text_schema();

[[nodiscard]] boost::json::object header_components();
[[nodiscard]] boost::json::object parameter_components();
[[nodiscard]] boost::json::object response_components();
[[nodiscard]] boost::json::object security_components();
[[nodiscard]] boost::json::object problem_schema();

} // namespace lineside::wire
