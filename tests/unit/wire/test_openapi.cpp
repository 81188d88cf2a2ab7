#include "wire/describe_access_log.hpp"
#include "wire/describe_alert.hpp"
#include "wire/json.hpp"
#include "wire/json_document.hpp"
#include "wire/openapi.hpp"
#include "wire/operation_notes.hpp"
#include "wire/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

using namespace lineside;
namespace json = boost::json;

namespace {

const json::object& document() {
    static const auto parsed = wire::parse_document(wire::openapi_document(
        {.looks_at_revision = [](const wire::route& r) { return r.name == "update_account"; },
         .others = {{"/v1/live", R"({"get":{"operationId":"live","responses":{"default":{"$ref":)"
                                 R"("#/components/responses/other"}}}})"}}}));
    return parsed.get_object();
}

// The path without the names of its values: where only those differ the document has one path (OpenAPI 3.1 4.8.8).
std::string shape_of(std::string path) {
    for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1))
        path.erase(open + 1, path.find('}', open) - open - 1);
    return path;
}

std::string documented_path(const wire::route& r) {
    for (const auto& item : document().at("paths").as_object())
        if (shape_of(std::string(item.key())) == shape_of(r.path))
            return item.key();
    return r.path;
}

const json::object& operation_of(const wire::route& r) {
    std::string verb(r.verb);
    std::transform(verb.begin(), verb.end(), verb.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    return document().at("paths").at(documented_path(r)).at(verb).as_object();
}

template <class Operation>
const json::object& operation_of() {
    return operation_of(wire::route_of<Operation>());
}

std::string body_example(const json::object& o) {
    const auto* body = o.if_contains("requestBody");
    if (body == nullptr)
        return {};
    const auto& content = body->at("content").as_object();
    if (const auto* json_content = content.if_contains("application/json"))
        return json::serialize(json_content->at("example"));
    if (const auto* form = content.if_contains("multipart/form-data"))
        return json::serialize(form->at("example").at("request"));
    return {};
}

template <class Operation>
void expect_right_examples() {
    const auto& r = wire::route_of<Operation>();
    const auto& o = operation_of(r);
    wire::path_parameters path;
    for (const auto& p : r.path_parameters)
        path.add(p.name, "x");
    EXPECT_NO_THROW((void)wire::read_request<Operation>(path, {}, body_example(o))) << r.name;
    const auto* content = o.at("responses").at("200").at("content").as_object().if_contains("application/json");
    ASSERT_EQ(content == nullptr, r.answers == wire::answer_body::table) << r.name;
    if (content == nullptr)
        return;
    EXPECT_NO_THROW((void)wire::parse_json<typename Operation::answer>(json::serialize(content->at("example"))))
        << r.name << ": an answer has every member";
}

void walk(const json::value& value, const std::function<void(const json::object&)>& take) {
    if (const auto* list = value.if_array())
        for (const auto& element : *list)
            walk(element, take);
    if (const auto* object = value.if_object()) {
        take(*object);
        for (const auto& member : *object)
            walk(member.value(), take);
    }
}

} // namespace

TEST(openapi, has_every_operation_once_and_nothing_else) {
    std::multiset<std::string> documented;
    for (const auto& item : document().at("paths").as_object())
        for (const auto& verb : item.value().as_object())
            documented.emplace(verb.value().at("operationId").as_string());
    std::multiset<std::string> expected = {"live"};
    for (const auto& r : wire::routes()) {
        expected.emplace(r.name);
        EXPECT_EQ(operation_of(r).at("operationId"), json::value(r.name));
    }
    EXPECT_EQ(documented, expected);
}

TEST(openapi, refers_to_what_is_there_and_has_nothing_that_nobody_refers_to) {
    std::set<std::string> referred;
    const json::value whole(document());
    walk(whole, [&](const json::object& o) {
        const auto* reference = o.if_contains("$ref");
        if (reference == nullptr)
            return;
        const std::string_view name = reference->as_string();
        json::error_code ec;
        EXPECT_TRUE(name.starts_with("#/") && whole.find_pointer(name.substr(1), ec) != nullptr) << name;
        referred.emplace(name);
    });
    for (const auto& kind : document().at("components").as_object())
        for (const auto& component : kind.value().as_object())
            EXPECT_TRUE(kind.key() == "securitySchemes" || referred.contains("#/components/" + std::string(kind.key()) +
                                                                             '/' + std::string(component.key())))
                << kind.key() << ' ' << component.key();
}

TEST(openapi, has_examples_that_its_own_readers_take) {
#define LINESIDE_OPERATION(NAME, ...) expect_right_examples<operation::NAME>();
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
}

TEST(openapi, has_the_parameters_of_each_route) {
    for (const auto& r : wire::routes()) {
        std::multiset<std::string> expected;
        const auto path = documented_path(r);
        for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1))
            expected.insert("path " + path.substr(open + 1, path.find('}', open) - open - 1));
        EXPECT_EQ(expected.size(), r.path_parameters.size());
        for (const auto& p : r.query)
            expected.insert("query " + p.name);
        std::multiset<std::string> documented;
        if (const auto* parameters = operation_of(r).if_contains("parameters"))
            for (const auto& p : parameters->as_array())
                if (const auto* name = p.as_object().if_contains("name"))
                    documented.insert(std::string(p.at("in").as_string()) + ' ' + std::string(name->as_string()));
        EXPECT_EQ(documented, expected) << r.name;
    }
    const auto& limit = operation_of<operation::query_calls>().at("parameters").as_array().at(7);
    EXPECT_EQ(json::serialize(limit), R"({"name":"limit","in":"query","schema":{"type":"integer","format":"int64",)"
                                      R"("minimum":0,"maximum":4294967295,"default":100}})");
}

TEST(openapi, says_how_an_operation_is_asked_for) {
    const auto names = [](const json::object& o) {
        std::set<std::string> all;
        if (const auto* parameters = o.if_contains("parameters"))
            for (const auto& p : parameters->as_array())
                if (const auto* reference = p.as_object().if_contains("$ref"))
                    all.emplace(reference->as_string().subview(sizeof("#/components/parameters/") - 1));
        return all;
    };
    using set = std::set<std::string>;
    EXPECT_EQ(names(operation_of<operation::create_account>()), (set{"idempotency_key"}));
    EXPECT_EQ(names(operation_of<operation::update_account>()), (set{"if_match"}));
    EXPECT_EQ(names(operation_of<operation::get_account>()), (set{"if_none_match"}));
    EXPECT_EQ(names(operation_of<operation::sign_in>()), (set{"idempotency_key", "session_in"}));
    EXPECT_EQ(names(operation_of<operation::revoke_key>()), set{});
    EXPECT_EQ(json::serialize(operation_of<operation::sign_in>().at("security")), "[]");
    EXPECT_FALSE(operation_of<operation::get_account>().contains("security")) << "as everything";
    EXPECT_EQ(json::serialize(document().at("security")), R"([{"token":[]},{"session":[]}])");
}

TEST(openapi, says_what_may_come_back) {
    for (const auto& r : wire::routes()) {
        const auto& responses = operation_of(r).at("responses").as_object();
        for (const auto* status : {"200", "400", "401", "403", "406", "429", "500", "503", "504", "default"})
            EXPECT_TRUE(responses.contains(status)) << r.name << ' ' << status;
        EXPECT_EQ(responses.contains("422"), r.retry == operation::retry_class::keyed) << r.name;
        EXPECT_EQ(responses.contains("412"), r.name == "update_account") << r.name;
        EXPECT_EQ(responses.contains("413"), r.body != wire::request_body::none) << r.name;
    }
    const auto& taken = operation_of<operation::create_account>().at("responses").at("409");
    EXPECT_EQ(taken.at("description"), json::value("It conflicts with what is there. Here: the id is taken."));
    const auto& calls = operation_of<operation::query_calls>().at("responses").at("200").at("content").as_object();
    EXPECT_TRUE(calls.contains("text/csv") && calls.contains("application/json"));
    const auto& table = operation_of<operation::export_data>().at("responses").at("200").at("content").as_object();
    EXPECT_TRUE(table.contains("text/csv") && !table.contains("application/json"));
}

TEST(openapi, describes_a_type_for_each_direction) {
    const auto& schemas = document().at("components").at("schemas").as_object();
    EXPECT_FALSE(schemas.at("account").as_object().contains("additionalProperties")) << "a newer server says more";
    EXPECT_EQ(schemas.at("account").at("required").as_array().size(), 13U);
    EXPECT_FALSE(schemas.at("account_input").as_object().contains("required"));
    EXPECT_EQ(schemas.at("account_input").at("additionalProperties"), json::value(false));
    EXPECT_FALSE(schemas.at("update_alert_rule_body").at("properties").as_object().contains("id")) << "in the path";
    EXPECT_FALSE(schemas.at("query_statistics_body")
                     .at("properties")
                     .at("summary")
                     .at("properties")
                     .as_object()
                     .contains("account"));
    EXPECT_EQ(json::serialize(schemas.at("time_step").at("enum")), R"(["1m","5m","1h","1d","1w","1mo"])");
}

TEST(operation_notes, are_there_for_every_row) {
    const auto notes = wire::notes_of_operations();
    ASSERT_EQ(notes.size(), wire::routes().size());
    for (const auto& r : wire::routes()) {
        const auto& n = notes[r.index];
        EXPECT_EQ(n.name, r.name);
        EXPECT_FALSE(n.section.empty());
        EXPECT_GE(std::count(n.summary.begin(), n.summary.end(), ' '), 1) << r.name << ": " << n.summary;
        EXPECT_LE(n.summary.size(), 120U) << r.name << ": " << n.summary;
        EXPECT_EQ(n.text.find("Errors"), std::string::npos) << r.name;
    }
    EXPECT_EQ(notes[0].summary, "Creates an account");
    EXPECT_EQ(notes[0].section, "Accounts");
    EXPECT_EQ(
        notes[0].text,
        "Creates an account. `id` and, where given, `currency` and `time_zone` are checked; `created_at` is set.");
    ASSERT_EQ(notes[0].errors.size(), 2U);
    EXPECT_EQ(notes[0].errors[1].code, errc::conflict);
    EXPECT_EQ(notes[0].errors[1].when, "the id is taken");
}

TEST(operation_notes, are_read_from_the_text_of_a_table) {
    const auto notes = wire::read_operation_notes("// The table.\n"
                                                  "\n"
                                                  "// --- Money and more\n"
                                                  "/// Somebody else's.\n"
                                                  "#define X\n"
                                                  "/// Pays; see\n"
                                                  "/// there. Once. Errors: conflict (a, b (c), d), not_found,\n"
                                                  "/// and what `f` throws.\n"
                                                  "LINESIDE_OPERATION(pay, a, b, c,\n"
                                                  "                   \"/pay\")\n"
                                                  "LINESIDE_OPERATION(bare, a, b)");
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_EQ(notes[0].name, "pay");
    EXPECT_EQ(notes[0].section, "Money and more");
    EXPECT_EQ(notes[0].summary, "Pays");
    EXPECT_EQ(notes[0].text, "Pays; see there. Once.");
    ASSERT_EQ(notes[0].errors.size(), 2U);
    EXPECT_EQ(notes[0].errors[0].when, "a, b (c), d");
    EXPECT_EQ(notes[0].errors[1].code, errc::not_found);
    EXPECT_EQ(notes[1].name, "bare");
    EXPECT_EQ(notes[1].summary, "");
}
