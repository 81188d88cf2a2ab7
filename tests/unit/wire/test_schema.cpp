#include "wire/describe_alert.hpp"
#include "wire/schema_maker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace lineside;
using wire::value_kind;

namespace {

const wire::schema::member& member_of(const wire::schema& s, std::string_view name) {
    const auto* found = s.find(name);
    if (found == nullptr)
        throw std::out_of_range(std::string(name));
    return *found;
}

} // namespace

TEST(schema, is_what_the_type_is) {
    const auto& rule = wire::schema_of<alert_rule>();
    EXPECT_EQ(rule.kind, value_kind::object);
    EXPECT_EQ(rule.name, "alert_rule");
    EXPECT_EQ(rule.members.front().name, "account");
    EXPECT_EQ(rule.members.back().name, "created_at");
    EXPECT_EQ(member_of(rule, "account").type->kind, value_kind::id);
    EXPECT_EQ(member_of(rule, "title").type->kind, value_kind::text);
    EXPECT_EQ(member_of(rule, "threshold").type->kind, value_kind::number);
    EXPECT_EQ(member_of(rule, "sample_period").type->kind, value_kind::duration);
    EXPECT_EQ(member_of(rule, "enabled").type->kind, value_kind::boolean);
    EXPECT_EQ(member_of(rule, "created_at").type->kind, value_kind::instant);
    EXPECT_EQ(member_of(rule, "minimum_samples").type->kind, value_kind::integer);
    EXPECT_EQ(member_of(rule, "minimum_samples").type->least, 0);
    EXPECT_EQ(member_of(rule, "minimum_samples").type->most, 4'294'967'295U);
    EXPECT_EQ(member_of(rule, "recipients").type->kind, value_kind::array);
    EXPECT_EQ(member_of(rule, "recipients").type->element->kind, value_kind::text);
    EXPECT_EQ(member_of(rule, "quiet").type->name, "quiet_hours");
    EXPECT_TRUE(member_of(rule, "quiet").optional);
    EXPECT_FALSE(member_of(rule, "title").optional);
    EXPECT_EQ(member_of(rule, "op").type->spellings, (std::vector<std::string_view>{"<", "<=", "=", ">=", ">"}));
    EXPECT_EQ(rule.find("colour"), nullptr);
}

TEST(schema, has_the_default_of_each_member_as_json) {
    const auto& rule = wire::schema_of<alert_rule>();
    EXPECT_EQ(member_of(rule, "title").initial, "\"\"");
    EXPECT_EQ(member_of(rule, "area").initial, "\"asr\"");
    EXPECT_EQ(member_of(rule, "sample_period").initial, "3600000");
    EXPECT_EQ(member_of(rule, "reset_threshold").initial, "null");
    EXPECT_EQ(member_of(rule, "recipients").initial, "[]");
    EXPECT_EQ(member_of(rule, "created_at").initial, "\"1970-01-01T00:00:00.000Z\"");
}

TEST(schema, has_the_currency_beside_amounts_once) {
    const auto& one = wire::schema_of<call>();
    EXPECT_EQ(member_of(one, "charge").type->kind, value_kind::money);
    EXPECT_EQ(one.members.back().name, "currency") << "added";
    const auto& row = wire::schema_of<summary_row>();
    EXPECT_EQ(std::count_if(row.members.begin(), row.members.end(), [](const auto& m) { return m.name == "currency"; }),
              1)
        << "it has its own";
    EXPECT_EQ(wire::schema_of<time_range>().find("currency"), nullptr) << "it has no amounts";
}

TEST(schema, of_a_series_is_what_its_codec_writes) {
    const auto& s = wire::schema_of<series>();
    EXPECT_EQ(member_of(s, "value").type->element->kind, value_kind::measurement);
    EXPECT_EQ(s.find("amount"), nullptr) << "its values are the amounts";
    EXPECT_TRUE(member_of(s, "currency").optional);
    for (const auto kind : {metric::attempts, metric::charge}) {
        series written;
        written.metric = kind;
        std::string text;
        wire::append_json(text, written);
        for (const auto& m : s.members)
            EXPECT_EQ(text.find('"' + std::string(m.name) + "\":") != text.npos, !m.optional || kind == metric::charge)
                << m.name;
    }
}

TEST(schema, is_made_once) {
    EXPECT_EQ(&wire::schema_of<call>(), wire::schema_of<page<call>>().find("items")->type->element);
    EXPECT_EQ(wire::schema_of<page<call>>().name, "call_page");
}

TEST(schema, is_named_without_namespaces) {
    EXPECT_EQ(wire::schema_name("lineside::call"), "call");
    EXPECT_EQ(wire::schema_name("lineside::wire::record_upload"), "record_upload");
    EXPECT_EQ(wire::schema_name("lineside::page<lineside::api_key>"), "api_key_page");
    EXPECT_EQ(wire::schema_name("a::b<c::d<e::f> >"), "f_d_b");
}
