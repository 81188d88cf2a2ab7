#pragma once

#include <lineside/operation.hpp>

#include "wire/schema.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::wire {

/// What the message of a request carries behind its head.
enum class request_body : std::uint8_t {
    none,
    json,
    records, ///< a switch's call records as they are; the request's other members are in the query
    form,    ///< multipart/form-data: the JSON is the part "request", records are parts of their side's name
};

/// What its answer carries.
enum class answer_body : std::uint8_t {
    json,
    events, ///< JSON, or as application/x-ndjson what happens on the way and the JSON last: events.hpp
    table,  ///< CSV, TSV or NDJSON, as the request says
};

/// A member of a request that stands in the path or the query.
struct url_parameter {
    std::string name;                     ///< there: "account", "from", "outer.inner"
    std::vector<std::string_view> member; ///< in the request: {"range", "from"}; of an id alone none
    const schema* type = nullptr;         ///< of each where there may be several
    bool repeats = false;                 ///< an array: the parameter stands once an element
    bool optional = false;                ///< may be unset
    std::string initial{};                ///< the JSON of its default
    bool whole = false;                   ///< its object is there with all that is not optional, or not at all
};

/// A row of operations.def as HTTP.
struct route {
    std::size_t index = 0; ///< in the table
    std::string_view name;
    std::string_view verb;
    std::string path; ///< "/v1/accounts/{account}"
    operation::access access;
    operation::retry_class retry = operation::retry_class::safe;
    request_body body = request_body::none;
    answer_body answers = answer_body::json;
    bool tabular = false; ///< the rows of the JSON can be had as CSV, TSV or NDJSON, too
    const schema* request = nullptr;
    const schema* answer = nullptr;
    std::vector<url_parameter> path_parameters{}; ///< as they stand in the path
    std::vector<url_parameter> query{};
};

/// In the order of operations.def.
[[nodiscard]] std::span<const route> routes();

namespace detail {

enum class row : std::size_t {
#define LINESIDE_OPERATION(NAME, ...) NAME,
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
};

template <class Operation>
inline constexpr std::size_t index_of = 0;
#define LINESIDE_OPERATION(NAME, ...) \
    template <>                       \
    inline constexpr std::size_t index_of<operation::NAME> = static_cast<std::size_t>(row::NAME);
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace detail

template <class Operation>
[[nodiscard]] const route& route_of() {
    return routes()[detail::index_of<Operation>];
}

/// The values of what stands in braces in a path, decoded.
class path_parameters {
public:
    static constexpr std::size_t most = 2;

    void add(std::string_view name, std::string value);
    /// Throws std::out_of_range where there is none.
    [[nodiscard]] const std::string& operator[](std::string_view name) const;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    std::array<std::pair<std::string_view, std::string>, most> all_;
    std::size_t size_ = 0;
};

struct route_match {
    const route* found = nullptr;
    path_parameters parameters{};
    /// Where nothing was found, the verbs that the path knows: "GET, HEAD, OPTIONS"; empty: there is no such path.
    std::string_view allowed{};
};

/// HEAD finds what GET does; OPTIONS finds nothing, but what is allowed. Throws `lineside::error` (invalid_argument)
/// where a value in the path is malformed.
[[nodiscard]] route_match find_route(std::string_view verb, std::string_view path);

} // namespace lineside::wire
