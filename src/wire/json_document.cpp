#include "wire/json_document.hpp"

#include "wire/json_cursor.hpp"

#include <boost/json/serialize.hpp>

#include <cmath>
#include <utility>

namespace lineside::wire {

namespace json = boost::json;

namespace {

json::value number_from(json_cursor& from) {
    const auto begin = from.position();
    const auto number = from.take_number();
    if (number.find_first_of(".eE") == number.npos) {
        const auto read = [&](auto integer) -> std::optional<json::value> {
            from.go_to(begin);
            if (const auto n = from.take_integer<decltype(integer)>())
                return json::value(*n);
            return std::nullopt;
        };
        if (auto n = read(std::int64_t{}))
            return *std::move(n);
        if (auto n = read(std::uint64_t{}))
            return *std::move(n);
    }
    from.go_to(begin);
    return from.take_double();
}

json::value value_from(json_cursor& from) {
    std::string room;
    switch (from.next()) {
    case json_cursor::kind::null: from.take_null(); return nullptr;
    case json_cursor::kind::boolean: return from.take_boolean();
    case json_cursor::kind::number: return number_from(from);
    case json_cursor::kind::string: return json::value(from.take_string(room));
    case json_cursor::kind::array: {
        json::array list;
        for (bool more = from.enter_array(); more; more = from.next_element())
            list.push_back(value_from(from));
        return list;
    }
    case json_cursor::kind::object: break;
    }
    json::object object;
    for (bool more = from.enter_object(); more; more = from.next_member()) {
        const std::string name(from.take_name(room));
        if (!object.emplace(name, value_from(from)).second)
            refuse_repeated(name);
    }
    return object;
}

} // namespace

json::value parse_document(std::string_view text) {
    json_cursor from(text);
    auto document = value_from(from);
    from.finish();
    return document;
}

void append_document(std::string& out, const json::value& document) {
    if (const auto* object = document.if_object()) {
        char before = '{';
        for (const auto& [name, value] : *object) {
            (out += std::exchange(before, ',')) += json::serialize(json::string_view(name));
            append_document(out += ':', value);
        }
        out += before == '{' ? "{}" : "}";
    } else if (const auto* list = document.if_array()) {
        char before = '[';
        for (const auto& value : *list)
            append_document(out += std::exchange(before, ','), value);
        out += before == '[' ? "[]" : "]";
    } else if (const auto* x = document.if_double(); x != nullptr && std::isinf(*x)) {
        out += *x < 0 ? "-1e999" : "1e999";
    } else {
        out += json::serialize(document);
    }
}

json_members::json_members(std::string_view text) {
    json_cursor from(text);
    if (from.next() != json_cursor::kind::object)
        throw error(errc::invalid_argument, "the document is not an object");
    std::string room;
    std::vector<std::string> names;
    for (bool more = from.enter_object(); more; more = from.next_member()) {
        const auto& name = names.emplace_back(from.take_name(room));
        const auto begin = from.position();
        from.skip();
        all_.push_back({name, text.substr(begin, from.position() - begin)});
    }
    from.finish();
    check_names(std::move(names));
}

std::optional<std::string_view> json_members::find(std::string_view name) const {
    for (const auto& m : all_)
        if (m.name == name)
            return m.value;
    return std::nullopt;
}

} // namespace lineside::wire
