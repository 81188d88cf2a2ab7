#include "portal/engine/review/review_texts.hpp"

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
    for (std::size_t i = 0; i < review_text_count; ++i)
        for (const auto language : text_languages())
            visit(static_cast<review_text>(i), language);
}

TEST(review_texts, every_text_is_written_in_every_language_that_is_claimed) {
    each_text([](review_text t, std::string_view language) {
        EXPECT_FALSE(raw_text(t, language).empty()) << static_cast<int>(t) << ' ' << language;
        // "Destination" is French too.
        if (language != "en" && !(language == "fr" && t == review_text::destination)) {
            EXPECT_NE(raw_text(t, language), raw_text(t, "en")) << static_cast<int>(t) << ' ' << language;
        }
    });
}

TEST(review_texts, every_translation_has_the_blanks_of_the_english_text) {
    each_text([](review_text t, std::string_view language) {
        EXPECT_EQ(blanks_of(raw_text(t, language)), blanks_of(raw_text(t, "en"))) << language << static_cast<int>(t);
    });
}

TEST(review_texts, languages_that_do_not_write_latin_letters_hold_none_but_names) {
    for (const auto* language : {"ru", "uk", "ar", "zh", "hi", "ja"})
        for (std::size_t i = 0; i < review_text_count; ++i) {
            auto t = fill(raw_text(static_cast<review_text>(i), language), {});
            if (const auto name = t.find("API"); name != std::string::npos)
                t.erase(name, 3);
            EXPECT_TRUE(std::none_of(t.begin(), t.end(),
                                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }))
                << language << ' ' << t;
        }
}

TEST(review_texts, are_one_line) {
    each_text([](review_text t, std::string_view language) {
        EXPECT_EQ(raw_text(t, language).find('\n'), std::string_view::npos) << language << static_cast<int>(t);
    });
}

TEST(review_texts, an_unknown_language_is_english) {
    EXPECT_EQ(write(review_text::all_times, "tlh", {{"zone", "Europe/Oslo"}}), "All times: Europe/Oslo");
}

} // namespace
} // namespace lineside
