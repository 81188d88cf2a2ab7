#include "wire/openapi_schema.hpp"

#include "wire/json_document.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace lineside::wire {

namespace json = boost::json;

namespace {

constexpr std::string_view money_pattern = R"(^[+-]?[0-9]+(\.[0-9]{1,9})?$)";

// What texts of a name look like.
constexpr std::pair<std::string_view, std::string_view> texts[] = {
    {"account", "acme"},
    {"account_id", "acme"},
    {"accent_colour", "#0a5fd0"},
    {"background_colour", "#ffffff"},
    {"block", "1000-1999"},
    {"call_id", "1772366400.17"},
    {"cli", "+49301234567"},
    {"code", "123456"},
    {"contact", "c-1"},
    {"currency", "EUR"},
    {"destination", "+33140000000"},
    {"domain", "portal.example"},
    {"email", "ann@acme.example"},
    {"events", "alert.fired"},
    {"allowed_ips", "192.0.2.0/24"},
    {"first", "1000"},
    {"from", "2026-03-01T00:00:00.000Z"},
    {"id", "1"},
    {"language", "en"},
    {"languages", "en"},
    {"last", "1999"},
    {"logo_url", "https://portal.example/logo.svg"},
    {"mobile", "+491701234567"},
    {"name", "Acme"},
    {"new_password", "correct horse battery"},
    {"number", "1000"},
    {"old_password", "battery horse correct"},
    {"password", "correct horse battery"},
    {"phone", "+49301234567"},
    {"range_start", "1000"},
    {"recipients", "noc@acme.example"},
    {"source", "asterisk"},
    {"source_ip", "192.0.2.7"},
    {"support_email", "help@portal.example"},
    {"text_colour", "#202020"},
    {"time_zone", "Europe/Berlin"},
    {"to", "2026-03-02T00:00:00.000Z"},
    {"to_account", "globex"},
    {"unit", "calls"},
    {"url", "https://acme.example/hook"},
    {"user_agent", "curl/8.0"},
    {"zone", "Europe/Berlin"},
};

std::string_view text_named(std::string_view name, std::string_view otherwise) {
    const auto found = std::find_if(std::begin(texts), std::end(texts), [&](const auto& t) { return t.first == name; });
    return found == std::end(texts) ? otherwise : found->second;
}

// A series has its currency only where it is one of charges.
bool is_series(const schema& s) {
    return std::any_of(s.members.begin(), s.members.end(), [](const auto& m) {
        return m.type->element != nullptr && m.type->element->kind == value_kind::measurement;
    });
}

// Of several subjects of an export there is one.
bool is_choice(const schema& s) { return s.name == "export_subject"; }

json::object integer(std::int64_t least, std::uint64_t most) {
    const bool is_small = most <= 0x7FFFFFFF && least >= -0x80000000LL;
    return {{"type", "integer"}, {"format", is_small ? "int32" : "int64"}, {"minimum", least}, {"maximum", most}};
}

// Or null.
json::object nullable(json::object schema) {
    if (auto* type = schema.if_contains("type"); type != nullptr && type->is_string()) {
        *type = json::array{*type, "null"};
        return schema;
    }
    if (schema.contains("type"))
        return schema;
    return {{"anyOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
}

} // namespace

void add_default(json::object& to, const schema& type, const std::string& initial) {
    const bool is_plain = type.kind != value_kind::object && type.kind != value_kind::array &&
                          type.kind != value_kind::instant && type.kind != value_kind::money;
    if (is_plain && initial != "null" && initial != "\"\"")
        to["default"] = parse_document(initial);
}

json::value example_of(const schema& s, std::string_view name) {
    switch (s.kind) {
    case value_kind::text:
    case value_kind::secret:
    case value_kind::id: return json::value(text_named(name, "text"));
    case value_kind::boolean: return true;
    case value_kind::integer: return 1;
    case value_kind::number: return 1.5;
    case value_kind::instant:
        return json::value(name == "from" || name == "to" ? text_named(name, "") : "2026-03-01T12:00:00.000Z");
    case value_kind::duration: return 60'000;
    case value_kind::money: return "12.34";
    case value_kind::measurement: return 42;
    case value_kind::enumeration: return json::value(s.spellings.front());
    case value_kind::array: return json::array{example_of(*s.element, name)};
    case value_kind::object: break;
    }
    json::object object;
    for (const auto& m : s.members) {
        if (is_series(s) && m.optional)
            continue;
        object[m.name] = example_of(*m.type, m.name);
        if (is_choice(s))
            break;
    }
    return object;
}

void openapi_schemas::add_answer(const schema& s) {
    if (s.kind == value_kind::object && !answers_.insert(s.name).second)
        return;
    if (s.element != nullptr)
        add_answer(*s.element);
    for (const auto& m : s.members)
        add_answer(*m.type);
}

json::object openapi_schemas::refer(const std::string& name, json::object given) {
    all_[name] = std::move(given);
    return {{"$ref", "#/components/schemas/" + name}};
}

json::object openapi_schemas::refer(const schema& s, direction d) {
    switch (s.kind) {
    case value_kind::text:
    case value_kind::id: return {{"type", "string"}};
    case value_kind::secret: return {{"type", "string"}, {"format", "password"}};
    case value_kind::boolean: return {{"type", "boolean"}};
    case value_kind::integer: return integer(s.least, s.most);
    case value_kind::number: return {{"type", json::array{"number", "null"}}, {"format", "double"}};
    case value_kind::instant: return {{"type", "string"}, {"format", "date-time"}};
    case value_kind::duration: return {{"type", "integer"}, {"format", "int64"}, {"description", "milliseconds"}};
    case value_kind::money:
        return {{"type", "string"},
                {"format", "decimal"},
                {"pattern", money_pattern},
                {"description", "an amount of the currency beside it"}};
    case value_kind::measurement:
        return {{"type", json::array{"number", "string", "null"}},
                {"description", "a number; of charges an amount as text; null where there is nothing to measure"}};
    case value_kind::array: return {{"type", "array"}, {"items", refer(*s.element, d)}};
    case value_kind::enumeration: {
        json::array spellings;
        for (const auto spelling : s.spellings)
            spellings.emplace_back(spelling);
        return refer(s.name, {{"type", "string"}, {"enum", std::move(spellings)}});
    }
    case value_kind::object: break;
    }
    const auto name = d == direction::in && answers_.contains(s.name) ? s.name + "_input" : s.name;
    if (!all_.contains(name)) {
        all_[name] = nullptr; // it is being described
        all_[name] = describe(s, d, {}, {});
    }
    return {{"$ref", "#/components/schemas/" + name}};
}

json::object openapi_schemas::refer_without(const schema& s, const std::string& name,
                                            const std::vector<std::string>& left_out) {
    if (left_out.empty())
        return refer(s, direction::in);
    return refer(name, describe(s, direction::in, {}, left_out));
}

json::object openapi_schemas::describe(const schema& s, direction d, const std::string& prefix,
                                       const std::vector<std::string>& left_out) {
    json::object properties;
    json::array required;
    for (const auto& m : s.members) {
        const auto path = prefix + std::string(m.name);
        if (std::find(left_out.begin(), left_out.end(), path) != left_out.end())
            continue;
        const auto is_inside = [&](const std::string& other) { return other.starts_with(path + '.'); };
        auto type = std::any_of(left_out.begin(), left_out.end(), is_inside)
                        ? describe(*m.type, d, path + '.', left_out)
                        : refer(*m.type, d);
        if (m.optional)
            type = nullable(std::move(type));
        if (d == direction::in)
            add_default(type, *m.type, m.initial);
        else if (!is_series(s) || !m.optional)
            required.emplace_back(m.name);
        properties[m.name] = std::move(type);
    }
    json::object described{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty())
        described["required"] = std::move(required);
    if (d == direction::in)
        described["additionalProperties"] = false;
    if (is_choice(s)) {
        described["minProperties"] = 1;
        described["maxProperties"] = 1;
    }
    return described;
}

} // namespace lineside::wire
