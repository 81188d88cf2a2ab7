#include "wire/request.hpp"

#include <lineside/error.hpp>

#include "wire/json.hpp"
#include "wire/json_document.hpp"
#include "wire/json_pieces.hpp"
#include "wire/percent.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace lineside::wire {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
    throw error(errc::invalid_argument, std::string(name) + ' ' + std::string(why), std::string(name));
}

// --- Writing: the JSON of the request is cut up.

// A value without its quotes; `room` is for what has to be unescaped.
std::string_view plain(std::string_view value, std::string& room) {
    if (!value.starts_with('"'))
        return value;
    if (value.find('\\') == value.npos)
        return value.substr(1, value.size() - 2);
    return room = unquoted(value);
}

void refuse_control_characters(std::string_view value, std::string_view name) {
    for (const char c : value)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            refuse(name, "has a control character");
}

// The text of a member of the request, however deep.
std::string_view at_path(std::string_view value, std::span<const std::string_view> path) {
    for (const auto name : path) {
        std::string_view found;
        for_each_member(value, [&](std::string_view key, std::string_view member) {
            if (key == name)
                found = member;
        });
        value = found;
    }
    return value;
}

void append_path(std::string& target, const route& r, std::string_view request) {
    std::string room;
    std::string_view rest = r.path;
    for (const auto& parameter : r.path_parameters) {
        const auto value = plain(at_path(request, parameter.member), room);
        refuse_control_characters(value, parameter.name);
        target += rest.substr(0, rest.find('{'));
        append_segment(target, value);
        rest.remove_prefix(rest.find('}') + 1);
    }
    target += rest;
}

class query_writer {
public:
    explicit query_writer(std::string& target) noexcept : target_(target) {}

    void put(const std::string& name, std::string_view value) {
        const auto text = plain(value, room_);
        refuse_control_characters(text, name);
        target_ += before_;
        before_ = '&';
        append_encoded(target_, name);
        target_ += '=';
        append_encoded(target_, text);
    }

private:
    std::string& target_;
    std::string room_;
    char before_ = '?';
};

// Where the value of a parameter is to be found, unless an object around it is not there, and its default.
struct found_member {
    std::string_view value;
    std::string_view initial;
    bool inside_null = false;
};

found_member find_member(const schema& request, std::string_view value, const url_parameter& parameter) {
    const auto* object = &request;
    found_member found{value, {}};
    bool kept = false;
    for (const auto name : parameter.member) {
        if (found.value == "null")
            return {{}, {}, true};
        const auto& m = *object->find(name);
        found.value = at_path(found.value, std::span(&name, 1));
        found.initial = m.initial;
        // An object that is whole is at its default as a whole.
        if (parameter.whole && m.type->kind == value_kind::object) {
            if (!kept && found.value == found.initial)
                return {{}, {}, true};
            kept = true;
        }
        object = m.type;
    }
    if (kept)
        found.initial = {};
    return found;
}

void append_query(std::string& target, const route& r, std::string_view request) {
    query_writer to(target);
    for (const auto& parameter : r.query) {
        const auto found = find_member(*r.request, request, parameter);
        if (found.inside_null || found.value == found.initial || found.value == "null")
            continue;
        if (parameter.repeats)
            for_each_element(found.value, [&](std::string_view element) { to.put(parameter.name, element); });
        else
            to.put(parameter.name, found.value);
    }
}

bool is_in_path(const route& r, const std::vector<std::string_view>& member) {
    return std::any_of(r.path_parameters.begin(), r.path_parameters.end(),
                       [&](const url_parameter& p) { return p.member == member; });
}

bool holds_path(const route& r, const std::vector<std::string_view>& member) {
    return std::any_of(r.path_parameters.begin(), r.path_parameters.end(), [&](const url_parameter& p) {
        return p.member.size() > member.size() && std::equal(member.begin(), member.end(), p.member.begin());
    });
}

void append_body(std::string& out, const route& r, const schema& object, std::string_view value,
                 std::vector<std::string_view>& path) {
    char before = '{';
    for_each_member(value, [&](std::string_view key, std::string_view member) {
        path.push_back(key);
        const auto& m = *object.find(key);
        if (!is_in_path(r, path) && member != m.initial) {
            out += before;
            before = ',';
            out.append("\"").append(key).append("\":");
            if (holds_path(r, path))
                append_body(out, r, *m.type, member, path);
            else
                out += member;
        }
        path.pop_back();
    });
    out += before == '{' ? "{}" : "}";
}

bool takes_json(const route& r) { return r.body == request_body::json || r.body == request_body::form; }

bool has_body(const route& r) {
    if (!takes_json(r))
        return false;
    // Where all of the request is in the path there is nothing left to say.
    return r.request->members.size() > r.path_parameters.size() ||
           std::any_of(r.path_parameters.begin(), r.path_parameters.end(),
                       [](const url_parameter& p) { return p.member.size() > 1; });
}

http_parts take_apart(const route& r, std::string_view request, std::string_view prefix) {
    constexpr std::size_t of_values = 64; // as a rule
    http_parts parts;
    parts.target.reserve(prefix.size() + r.path.size() + of_values);
    parts.target += prefix;
    append_path(parts.target, r, request);
    append_query(parts.target, r, request);
    if (has_body(r)) {
        std::vector<std::string_view> path;
        append_body(parts.body.emplace(), r, *r.request, request, path);
    }
    return parts;
}

// --- Reading: the JSON of the request is put together.

template <class Number>
json::value number_of(std::string_view text, std::string_view name, std::string_view why) {
    Number n{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || end != text.data() + text.size() || n - n != 0) // neither infinite nor NaN
        refuse(name, why);
    return n;
}

json::value value_of(const url_parameter& parameter, std::string text) {
    switch (parameter.type->kind) {
    case value_kind::boolean:
        if (text != "true" && text != "false")
            refuse(parameter.name, "is not true or false");
        return text == "true";
    case value_kind::integer:
        if (parameter.type->least == 0)
            return number_of<std::uint64_t>(text, parameter.name, "is not a count in range");
        return number_of<std::int64_t>(text, parameter.name, "is not an integer in range");
    case value_kind::duration: return number_of<std::int64_t>(text, parameter.name, "is not an integer in range");
    case value_kind::number:
        return text == "null" ? json::value() : number_of<double>(text, parameter.name, "is not a number");
    case value_kind::instant:
        // The sign of an offset from UTC, which nobody remembers to encode.
        std::replace(text.begin(), text.end(), ' ', '+');
        break;
    default: break;
    }
    return json::value(std::string_view(text));
}

json::object& object_at(json::object& document, std::span<const std::string_view> path) {
    auto* object = &document;
    for (const auto name : path) {
        auto& member = object->emplace(name, json::object()).first->value();
        if (!member.is_object())
            refuse(name, "is not an object");
        object = &member.get_object();
    }
    return *object;
}

void set(json::object& document, const url_parameter& parameter, json::value value) {
    const std::span<const std::string_view> path(parameter.member);
    auto& object = object_at(document, path.first(path.size() - 1));
    if (!parameter.repeats) {
        if (!object.emplace(path.back(), std::move(value)).second)
            refuse(parameter.name, "stands there twice");
        return;
    }
    auto& list = object.emplace(path.back(), json::array()).first->value();
    list.get_array().push_back(std::move(value));
}

void read_query(json::object& document, const route& r, std::string_view query) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        const auto name = read_query_text(pair.substr(0, equals), "the query");
        const auto parameter =
            std::find_if(r.query.begin(), r.query.end(), [&](const auto& p) { return p.name == name; });
        if (parameter == r.query.end())
            refuse(name.empty() ? "\"\"" : std::string_view(name), "is not known");
        if (equals == pair.npos)
            refuse(name, "has no value");
        set(document, *parameter, value_of(*parameter, read_query_text(pair.substr(equals + 1), name)));
    }
}

// An object is there with all that belongs to it or not at all: one end of a range is no range.
void refuse_parts(const json::object& document, const route& r) {
    for (const auto& p : r.query) {
        if (!p.whole || p.optional)
            continue;
        const auto* object = &document;
        for (std::size_t i = 0; object != nullptr && i + 1 < p.member.size(); ++i) {
            const auto* member = object->if_contains(p.member[i]);
            object = member != nullptr ? &member->get_object() : nullptr;
        }
        if (object != nullptr && !object->contains(p.member.back()))
            refuse(p.name, "is missing beside what is there");
    }
}

void read_body(json::object& document, std::string_view body) {
    auto read = parse_document(body);
    if (!read.is_object())
        throw error(errc::invalid_argument, "the document is not an object");
    document = std::move(read.get_object());
}

// What the path says may be said in the body once more, but not otherwise.
void set_from_path(json::object& document, const url_parameter& parameter, const std::string& value) {
    const std::span<const std::string_view> path(parameter.member);
    auto& object = object_at(document, path.first(path.size() - 1));
    const auto [member, added] = object.emplace(path.back(), value);
    if (!added && member->value() != json::value(value))
        refuse(parameter.name, "is another one than in the path");
}

json::value put_together(const route& r, const path_parameters& path, std::string_view query, std::string_view body) {
    json::object document;
    if (!body.empty()) {
        if (!takes_json(r))
            throw error(errc::invalid_argument, "no body belongs to this request");
        read_body(document, body);
    }
    read_query(document, r, query);
    refuse_parts(document, r);
    if (r.request->kind != value_kind::object)
        return json::value(path[r.path_parameters.front().name]);
    for (const auto& parameter : r.path_parameters)
        set_from_path(document, parameter, path[parameter.name]);
    return document;
}

// json_reader names a member by its path in the document. In the query it has a name of its own, and right inside of
// the document its name is enough.
std::string known_name(const route& r, std::string_view pointer) {
    for (const auto& p : r.query) {
        std::string member;
        for (const auto name : p.member)
            member.append("/").append(name);
        if (pointer == member || (p.repeats && pointer.starts_with(member + '/')))
            return p.name;
    }
    return std::string(pointer.find('/', 1) == pointer.npos ? pointer.substr(1) : pointer);
}

template <class T>
T read_value(const route& r, std::string_view document) {
    try {
        return parse_json<T>(document, missing_member::defaulted, unknown_member::refused);
    } catch (const error& e) {
        const auto& said = e.details();
        if (!said.field.starts_with('/'))
            throw;
        const auto name = known_name(r, said.field);
        throw error(errc::invalid_argument, name + said.message.substr(said.field.size()), name);
    }
}

} // namespace

template <class Operation>
http_parts write_request(const parameters_t<Operation>& request, std::string_view prefix) {
    check_representable(request);
    std::string text;
    append_json(text, request);
    return take_apart(route_of<Operation>(), text, prefix);
}

template <class Operation>
parameters_t<Operation> read_request(const path_parameters& path, std::string_view query, std::string_view body) {
    const auto& r = route_of<Operation>();
    if (r.path_parameters.empty() && query.empty() && !body.empty() && takes_json(r))
        return read_value<parameters_t<Operation>>(r, body);
    std::string document;
    append_document(document, put_together(r, path, query, body));
    return read_value<parameters_t<Operation>>(r, document);
}

#define LINESIDE_OPERATION(NAME, ...)                                                                              \
    template http_parts write_request<operation::NAME>(const parameters_t<operation::NAME>&, std::string_view);    \
    template parameters_t<operation::NAME> read_request<operation::NAME>(const path_parameters&, std::string_view, \
                                                                         std::string_view);
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace lineside::wire
