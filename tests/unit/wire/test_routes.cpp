#include "wire/request.hpp"
#include "wire/routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace lineside;
using wire::value_kind;

namespace {

std::string example_path(const wire::route& r) {
    std::string path = r.path;
    for (const auto& p : r.path_parameters)
        path.replace(path.find('{' + p.name + '}'), p.name.size() + 2, p.name + "-1");
    return path;
}

bool holds_secret(const wire::schema& s) {
    if (s.kind == value_kind::secret)
        return true;
    if (s.element != nullptr && holds_secret(*s.element))
        return true;
    return std::any_of(s.members.begin(), s.members.end(), [](const auto& m) { return holds_secret(*m.type); });
}

void for_each_schema(const wire::schema& s, const std::function<void(const wire::schema&)>& take) {
    take(s);
    if (s.element != nullptr)
        for_each_schema(*s.element, take);
    for (const auto& m : s.members)
        for_each_schema(*m.type, take);
}

constexpr std::string_view verbs[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

} // namespace

// What can be said of a row without its schemas is said by the compiler.
#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ACCESS, RETRY, VERB, PATH)                                    \
    static_assert(std::ranges::find(verbs, #VERB) != std::ranges::end(verbs), #NAME ": no such verb");          \
    static_assert((std::string_view(#VERB) != "GET") || operation::NAME::retry == operation::retry_class::safe, \
                  #NAME ": GET changes nothing");                                                               \
    static_assert((std::string_view(#VERB) != "PUT" && std::string_view(#VERB) != "DELETE") ||                  \
                      operation::NAME::retry == operation::retry_class::idempotent,                             \
                  #NAME ": PUT and DELETE come to the same a second time");                                     \
    static_assert(std::string_view(PATH).starts_with('/') && !std::string_view(PATH).ends_with('/'),            \
                  #NAME ": a path begins with a / and ends without");
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

TEST(routes, are_the_rows_of_the_table) {
    std::vector<std::string_view> names;
    for (const auto& r : wire::routes()) {
        EXPECT_EQ(r.index, names.size());
        names.push_back(r.name);
    }
    const std::vector<std::string_view> rows = {
#define LINESIDE_OPERATION(NAME, ...) #NAME,
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    };
    EXPECT_EQ(names, rows);
    EXPECT_EQ(&wire::route_of<operation::get_account>(), &wire::routes()[1]);
    EXPECT_EQ(wire::routes()[1].path, "/v1/accounts/{account}");
}

TEST(routes, are_found_by_verb_and_path_and_none_stands_in_the_way_of_another) {
    for (const auto& r : wire::routes()) {
        const auto match = wire::find_route(r.verb, example_path(r));
        ASSERT_EQ(match.found, &r) << r.name;
        ASSERT_EQ(match.parameters.size(), r.path_parameters.size());
        for (const auto& p : r.path_parameters)
            EXPECT_EQ(match.parameters[p.name], p.name + "-1") << r.name;
    }
}

TEST(routes, have_a_word_or_a_value_at_a_place_in_the_path_but_not_both) {
    std::map<std::string, std::set<bool>> places;
    for (const auto& r : wire::routes()) {
        std::string before;
        for (std::string_view rest = r.path; !rest.empty();) {
            rest.remove_prefix(1);
            const auto segment = rest.substr(0, rest.find('/'));
            rest.remove_prefix(segment.size());
            const bool is_value = segment.starts_with('{');
            places[before].insert(is_value);
            before += is_value ? "/{}" : '/' + std::string(segment);
        }
    }
    for (const auto& [before, kinds] : places)
        EXPECT_EQ(kinds.size(), 1U) << before;
}

TEST(routes, have_values_in_the_path_that_are_words_of_the_request) {
    for (const auto& r : wire::routes()) {
        EXPECT_LE(r.path_parameters.size(), wire::path_parameters::most) << r.name;
        EXPECT_EQ(r.path_parameters.size(), std::count(r.path.begin(), r.path.end(), '{')) << r.name;
        for (const auto& p : r.path_parameters)
            EXPECT_TRUE(p.type->kind == value_kind::id || p.type->kind == value_kind::text) << r.name << ' ' << p.name;
    }
    EXPECT_EQ(wire::route_of<operation::query_statistics>().path_parameters[0].member,
              (std::vector<std::string_view>{"summary", "account"}));
    EXPECT_EQ(wire::route_of<operation::update_alert_rule>().path_parameters[1].member,
              (std::vector<std::string_view>{"id"}));
    EXPECT_TRUE(wire::route_of<operation::get_account>().path_parameters[0].member.empty());
}

TEST(routes, have_no_secret_in_a_url) {
    for (const auto& r : wire::routes())
        for (const auto* parameters : {&r.path_parameters, &r.query})
            for (const auto& p : *parameters)
                EXPECT_FALSE(holds_secret(*p.type)) << r.name << ' ' << p.name;
}

TEST(routes, whose_request_is_a_query_can_say_all_of_it_there) {
    for (const auto& r : wire::routes()) {
        std::set<std::string> names;
        for (const auto& p : r.query) {
            EXPECT_TRUE(names.insert(p.name).second) << r.name << ": two parameters " << p.name;
            EXPECT_FALSE(p.repeats && p.optional) << r.name << ' ' << p.name << ": none and unset are the same";
            EXPECT_FALSE(p.type->kind == value_kind::object || p.type->kind == value_kind::array) << r.name;
        }
        const bool in_body = r.body == wire::request_body::json || r.body == wire::request_body::form;
        EXPECT_TRUE(!in_body || r.query.empty()) << r.name;
    }
    std::vector<std::string> names;
    for (const auto& p : wire::route_of<operation::query_calls>().query)
        names.push_back(p.name);
    EXPECT_EQ(names, (std::vector<std::string>{"from", "to", "filter", "number", "order", "cursor", "limit"}));
}

TEST(routes, that_are_not_there_say_what_is) {
    EXPECT_EQ(wire::find_route("PUT", "/v1/accounts").allowed, "POST, GET, HEAD, OPTIONS");
    EXPECT_EQ(wire::find_route("OPTIONS", "/v1/accounts/acme").allowed, "GET, HEAD, PATCH, OPTIONS");
    EXPECT_EQ(wire::find_route("get", "/v1/accounts/acme").allowed, "GET, HEAD, PATCH, OPTIONS");
    EXPECT_EQ(wire::find_route("DELETE", "/v1/work").allowed, "POST, OPTIONS");
    EXPECT_EQ(wire::find_route("HEAD", "/v1/accounts/acme").found, &wire::route_of<operation::get_account>());
    EXPECT_EQ(wire::find_route("HEAD", "/v1/work").found, nullptr);
    for (const auto* path : {"", "/", "v1/accounts", "/v1", "/v1/", "/v1/accounts/", "/v1/accounts//calls",
                             "//v1/accounts", "/v2/accounts", "/v1/Accounts", "/v1/accounts/a/b/c/d/e",
                             "/v1/accounts/a/call", "/v1/%61ccounts", "/v1/keys/k", "/v1/zzz", "*"}) {
        const auto match = wire::find_route("GET", path);
        EXPECT_EQ(match.found, nullptr) << path;
        const bool is_key = std::string_view(path) == "/v1/keys/k";
        EXPECT_EQ(match.allowed, is_key ? "DELETE, OPTIONS" : "") << path;
    }
}

TEST(routes, refuse_malformed_values_in_a_path) {
    for (const auto* value : {"%", "%4", "%zz", "%00", "%0a", "%7f", "%ff", "%c3", ".", "..", "%2e", "%2E.", "~x"}) {
        const auto path = std::string("/v1/accounts/") + value + "/calls";
        try {
            (void)wire::find_route("GET", path);
            ADD_FAILURE() << path;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument);
            EXPECT_EQ(e.details().field, "account") << path;
        }
    }
}

TEST(routes, have_schemas_whose_names_mean_one_thing) {
    std::map<std::string, const wire::schema*> named;
    for (const auto& r : wire::routes()) {
        for (const auto* top : {r.request, r.answer}) {
            for_each_schema(*top, [&](const wire::schema& s) {
                if (s.name.empty())
                    return;
                const auto [known, added] = named.emplace(s.name, &s);
                EXPECT_EQ(known->second, &s) << s.name;
            });
        }
    }
    EXPECT_TRUE(named.contains("alert_rule_page"));
    EXPECT_TRUE(named.contains("time_step"));
    EXPECT_FALSE(named.contains("lineside"));
}

// Otherwise a member could be left out because it is at its own type's default, and read as another one.
TEST(routes, have_requests_whose_objects_are_at_their_own_default) {
    for (const auto& r : wire::routes()) {
        for_each_schema(*r.request, [&](const wire::schema& s) {
            for (const auto& m : s.members) {
                if (m.type->kind != value_kind::object || m.optional)
                    continue;
                std::string own = "{";
                for (const auto& inner : m.type->members)
                    own.append(own.size() == 1 ? "" : ",")
                        .append("\"")
                        .append(inner.name)
                        .append("\":")
                        .append(inner.initial);
                EXPECT_EQ(m.initial, own + '}') << s.name << ' ' << m.name;
            }
        });
    }
}
