#pragma once

#include "fuzz/fuzz_reader.hpp"
#include "wire/json.hpp"
#include "wire/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lineside::test {

template <class T>
std::string json_of(const T& value) {
    std::string text;
    wire::append_json(text, value);
    return text;
}

/// What is read can be written, and is then the same.
template <class Operation>
void read_request_of(const wire::path_parameters& path, std::string_view query, std::string_view body) {
    std::optional<wire::parameters_t<Operation>> request;
    try {
        request = wire::read_request<Operation>(path, query, body);
    } catch (const error& e) {
        must(e.code() == errc::invalid_argument, "nothing but the request is wrong");
        must(!e.details().message.empty(), "a refusal says why");
        return;
    }
    wire::http_parts parts;
    try {
        parts = wire::write_request<Operation>(*request);
    } catch (const error&) {
        must(!body.empty(), "what stood in a URL can stand there again");
        return;
    }
    const std::string_view target = parts.target;
    const auto way = target.substr(0, target.find('?'));
    const auto match = wire::find_route(Operation::verb, way);
    must(match.found == &wire::route_of<Operation>(), "what is written is a request of the same operation");
    const auto asked = way.size() == target.size() ? std::string_view() : target.substr(way.size() + 1);
    const auto back = wire::read_request<Operation>(match.parameters, asked, parts.body.value_or(""));
    must(json_of(back) == json_of(*request), "what is written is read as the same");
}

using request_reading = void (*)(const wire::path_parameters&, std::string_view, std::string_view);

/// Of the rows of operations.def.
inline constexpr request_reading request_readings[] = {
#define LINESIDE_OPERATION(NAME, ...) &read_request_of<operation::NAME>,
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
};

} // namespace lineside::test
