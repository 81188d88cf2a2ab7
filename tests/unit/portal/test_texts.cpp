#include "portal/engine/texts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace lineside {
namespace {

std::multiset<std::string> blanks_of(std::string_view t) {
    std::multiset<std::string> names;
    for (auto open = t.find('{'); open != std::string_view::npos; open = t.find('{', open + 1))
        names.emplace(t.substr(open, t.find('}', open) - open + 1));
    return names;
}

template <class Visit>
void each_text(Visit visit) {
    for (std::size_t i = 0; i < text_count; ++i)
        for (const auto language : text_languages())
            visit(static_cast<text>(i), language);
}

// The first code point of each script's block, and the last.
struct script {
    std::string_view language;
    char32_t first;
    char32_t last;
};
constexpr script scripts[] = {{"ru", 0x400, 0x4ff},   {"uk", 0x400, 0x4ff}, {"ar", 0x600, 0x6ff},
                              {"zh", 0x4e00, 0x9fff}, {"hi", 0x900, 0x97f}, {"ja", 0x3040, 0x30ff}};

bool has_letter_of(std::string_view t, const script& s) {
    for (std::size_t i = 0; i < t.size(); ++i) {
        const auto byte = static_cast<unsigned char>(t[i]);
        char32_t c = 0;
        if (byte >= 0xe0 && i + 2 < t.size())
            c = (byte & 15U) << 12U | (static_cast<unsigned char>(t[i + 1]) & 63U) << 6U |
                (static_cast<unsigned char>(t[i + 2]) & 63U);
        else if (byte >= 0xc0 && i + 1 < t.size())
            c = (byte & 31U) << 6U | (static_cast<unsigned char>(t[i + 1]) & 63U);
        if (c >= s.first && c <= s.last)
            return true;
    }
    return false;
}

TEST(texts, every_text_is_written_in_every_language_that_is_claimed) {
    std::set<std::string_view> languages(text_languages().begin(), text_languages().end());
    EXPECT_EQ(languages.size(), text_languages().size());
    EXPECT_GE(languages.size(), 11U);
    each_text([](text t, std::string_view language) {
        EXPECT_FALSE(raw_text(t, language).empty()) << static_cast<int>(t) << ' ' << language;
        if (language != "en") {
            EXPECT_NE(raw_text(t, language), raw_text(t, "en")) << static_cast<int>(t) << ' ' << language;
        }
    });
}

TEST(texts, every_translation_has_the_blanks_of_the_english_text) {
    each_text([](text t, std::string_view language) {
        EXPECT_EQ(blanks_of(raw_text(t, language)), blanks_of(raw_text(t, "en"))) << language << static_cast<int>(t);
    });
}

TEST(texts, every_language_is_written_in_its_script) {
    constexpr script chinese{"zh", 0x4e00, 0x9fff};
    for (const auto& s : scripts)
        for (std::size_t i = 0; i < text_count; ++i) {
            const auto t = raw_text(static_cast<text>(i), s.language);
            // Japanese headings may do with Chinese characters alone.
            EXPECT_TRUE(has_letter_of(t, s) || (s.language == "ja" && has_letter_of(t, chinese))) << s.language << i;
        }
}

TEST(texts, subjects_are_one_line_and_mails_end_with_one) {
    for (const auto language : text_languages()) {
        for (const auto t : {text::verification_subject, text::email_changed_subject, text::reset_subject,
                             text::password_changed_subject, text::verification_message})
            EXPECT_EQ(raw_text(t, language).find('\n'), std::string_view::npos) << language;
        for (const auto t :
             {text::verification_mail, text::email_changed_mail, text::reset_mail, text::password_changed_mail})
            EXPECT_TRUE(raw_text(t, language).ends_with('\n')) << language;
    }
}

TEST(texts, a_reader_gets_the_nearest_language_and_english_where_there_is_none) {
    EXPECT_EQ(text_language("de-AT"), "de");
    EXPECT_EQ(text_language("pt-BR"), "pt");
    EXPECT_EQ(text_language("zh-Hans-CN"), "zh");
    EXPECT_EQ(text_language("kr"), "en");
    EXPECT_EQ(text_language(""), "en");
}

TEST(texts, what_is_filled_in_is_not_read_again) {
    EXPECT_EQ(write(text::key_expiring, "en", {{"name", "{date}{name}"}, {"date", "2026-03-10"}}),
              "The API key {date}{name} expires on 2026-03-10.");
    EXPECT_EQ(write(text::two_factor_off, "en"), "Two-factor sign-in is off.");
    EXPECT_EQ(write(text::alerts_fired, "no such language", {{"count", "3"}}), "Alerts that fired: 3.");
}

} // namespace
} // namespace lineside
