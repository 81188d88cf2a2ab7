#include "rules/bcp47.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace lineside::rules;

namespace {

constexpr std::string_view offered[] = {"en", "de", "pt-BR", "zh-Hans", "zh-Hant-TW", "sr-Latn"};

std::string_view best(std::string_view wanted) { return best_language(wanted, offered); }

} // namespace

TEST(bcp47, tags_are_read_in_any_case_and_given_in_the_usual_one) {
    EXPECT_EQ(parse_language("DE").value(), "de");
    EXPECT_EQ(parse_language("PT-br").value(), "pt-BR");
    EXPECT_EQ(parse_language("ZH-hANS-cn").value(), "zh-Hans-CN");
    EXPECT_EQ(parse_language("es-419").value(), "es-419");
    EXPECT_EQ(parse_language("sl-IT-Nedis").value(), "sl-IT-nedis");
    EXPECT_EQ(parse_language("de-1996").value(), "de-1996");
    EXPECT_EQ(parse_language("zh-yue-HK").value(), "zh-yue-HK");
    EXPECT_EQ(parse_language("de-DE-u-co-phonebk").value(), "de-DE-u-co-phonebk");
    EXPECT_EQ(parse_language("en-x-team").value(), "en-x-team");
    EXPECT_EQ(parse_language("X-whatever").value(), "x-whatever");
}

TEST(bcp47, what_is_not_well_formed_is_refused_with_the_field) {
    for (const auto* bad : {"", "-", "e", "de-", "-de", "de--AT", "deutschland", "de_AT", "de-a", "de-x", "x", "12",
                            "de-1996-1996", "de-a-bbb-a-ccc", "de-toolongsubtag", "dé", "de AT", "en-GB-oed-"}) {
        const auto r = parse_language(bad);
        ASSERT_FALSE(r) << bad;
        EXPECT_EQ(r.error().details.field, "language");
    }
    EXPECT_FALSE(parse_language("de" + std::string(200, 'a')));
}

TEST(bcp47, the_same_tag_serves_best_then_the_one_without_its_last_parts) {
    EXPECT_EQ(best("de"), "de");
    EXPECT_EQ(best("de-AT"), "de");
    EXPECT_EQ(best("de-Latn-AT-1996"), "de");
    EXPECT_EQ(best("zh-Hans-CN"), "zh-Hans");
    EXPECT_EQ(best("de-u-co-phonebk"), "de");
}

TEST(bcp47, another_of_the_same_language_serves_before_none) {
    EXPECT_EQ(best("pt"), "pt-BR");
    EXPECT_EQ(best("pt-PT"), "pt-BR");
    EXPECT_EQ(best("zh"), "zh-Hans");
    EXPECT_EQ(best("zh-Hant"), "zh-Hant-TW");
}

TEST(bcp47, a_script_that_the_reader_did_not_ask_for_does_not_serve) {
    EXPECT_EQ(best("sr"), "sr-Latn");
    EXPECT_EQ(best("sr-Cyrl"), "");
    EXPECT_EQ(best("fr"), "");
    EXPECT_EQ(best(""), "");
}
