#include "wire/media_type.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

using namespace lineside;
using wire::media_type;

namespace {

constexpr std::array offered = {media_type::json, media_type::ndjson, media_type::csv, media_type::tsv};

std::optional<media_type> liked(std::string_view accept) { return wire::negotiate(accept, offered); }

} // namespace

TEST(media_type, without_a_wish_is_the_first_offered) {
    EXPECT_EQ(liked(""), media_type::json);
    EXPECT_EQ(liked("*/*"), media_type::json);
    EXPECT_EQ(liked(" , ,"), media_type::json);
    EXPECT_EQ(liked("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"), media_type::json)
        << "a browser";
}

TEST(media_type, is_the_one_that_weighs_most) {
    EXPECT_EQ(liked("text/csv"), media_type::csv);
    EXPECT_EQ(liked("TEXT/CSV"), media_type::csv);
    EXPECT_EQ(liked("application/json;q=0.5, text/csv;q=0.6"), media_type::csv);
    EXPECT_EQ(liked("text/csv, application/json"), media_type::json) << "alike: the order of the offer";
    EXPECT_EQ(liked("application/x-ndjson;q=1.000, application/json;q=0.999"), media_type::ndjson);
    EXPECT_EQ(liked("text/*"), media_type::csv);
    EXPECT_EQ(liked("text/tab-separated-values, text/*;q=0.1"), media_type::tsv);
    EXPECT_EQ(liked("text/csv ; q=0.3 ,\tapplication/* ; q=0.4"), media_type::json);
}

TEST(media_type, goes_by_the_most_specific_range) {
    EXPECT_EQ(liked("text/*, text/csv;q=0"), media_type::tsv);
    EXPECT_EQ(liked("*/*, application/json;q=0"), media_type::ndjson);
    EXPECT_EQ(liked("*/*;q=0, text/csv;q=0.001"), media_type::csv);
    EXPECT_EQ(liked("application/json;q=0.2, */*;q=0.1, application/json;q=0.3"), media_type::json);
}

TEST(media_type, may_not_be_had) {
    EXPECT_EQ(liked("text/html"), std::nullopt);
    EXPECT_EQ(liked("*/*;q=0"), std::nullopt);
    EXPECT_EQ(liked("application/json;q=0.000"), std::nullopt);
    EXPECT_EQ(wire::negotiate("*/*", {}), std::nullopt);
}

TEST(media_type, does_not_look_at_malformed_ranges) {
    for (const auto* wrong : {"text/csv;q=2", "text/csv;q=1.001", "text/csv;q=0.1234", "text/csv;q=", "text/csv;q=x",
                              "text/csv;q=.5", "text/csv;q=-1", "text/", "/csv", "text", "*/csv", "text/csv x",
                              "text /csv", "text/csv;q=\"0.5", "text/csv;;=", "\""}) {
        EXPECT_EQ(liked(wrong), media_type::json) << wrong << ": as if it was not there";
        EXPECT_EQ(liked("text/tab-separated-values;q=0.1, " + std::string(wrong)), media_type::tsv) << wrong;
    }
}

TEST(media_type, may_have_parameters) {
    EXPECT_EQ(liked("text/csv;charset=utf-8"), media_type::csv);
    EXPECT_EQ(liked("text/csv;header=\"present, yes; q=0\";q=0.5"), media_type::csv);
    EXPECT_EQ(liked("text/csv;a=\"\\\"\";Q=0, */*"), media_type::json);
    EXPECT_EQ(liked("text/csv;"), media_type::csv);
    EXPECT_TRUE(wire::is_content_type("application/json", "application/json"));
    EXPECT_TRUE(wire::is_content_type("Application/JSON ; charset=utf-8", "application/json"));
    EXPECT_FALSE(wire::is_content_type("application/json2", "application/json"));
    EXPECT_FALSE(wire::is_content_type("", "application/json"));
}
