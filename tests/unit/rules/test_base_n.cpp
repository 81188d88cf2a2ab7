#include "rules/base32.hpp"
#include "rules/base64.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>

using namespace lineside::rules;

namespace {

using coded = std::pair<std::string_view, std::string_view>;

constexpr auto standard = base64_alphabet::standard;
constexpr auto url = base64_alphabet::url;

std::string without_padding(std::string_view text) { return std::string(text.substr(0, text.find('='))); }

} // namespace

TEST(base32, the_vectors_of_rfc_4648_hold_in_both_directions) {
    for (const auto& [bytes, text] :
         {coded{"", ""}, coded{"f", "MY======"}, coded{"fo", "MZXQ===="}, coded{"foo", "MZXW6==="},
          coded{"foob", "MZXW6YQ="}, coded{"fooba", "MZXW6YTB"}, coded{"foobar", "MZXW6YTBOI======"}}) {
        EXPECT_EQ(to_base32(bytes, padding::present), text);
        EXPECT_EQ(parse_base32(text, padding::present), bytes);
        EXPECT_EQ(to_base32(bytes), without_padding(text));
        EXPECT_EQ(parse_base32(without_padding(text)), bytes);
    }
}

TEST(base32, only_what_is_written_is_read) {
    for (const auto* text : {"my", "MZXW6YTB ", "MZXW6YT1", "MZXW6YT8", "M", "MZX", "MZXW6Y", "MZ", "MY======", "M=Y"})
        EXPECT_FALSE(parse_base32(text)) << text;
    for (const auto* text : {"MY", "MY=====", "MY=======", "MZXQ===", "=", "MY======MY======", "MZ======"})
        EXPECT_FALSE(parse_base32(text, padding::present)) << text;
}

TEST(base64, the_vectors_of_rfc_4648_hold_in_both_directions) {
    for (const auto& [bytes, text] :
         {coded{"", ""}, coded{"f", "Zg=="}, coded{"fo", "Zm8="}, coded{"foo", "Zm9v"}, coded{"foob", "Zm9vYg=="},
          coded{"fooba", "Zm9vYmE="}, coded{"foobar", "Zm9vYmFy"}, coded{"\xfb\xff", "+/8="}}) {
        EXPECT_EQ(to_base64(bytes, standard, padding::present), text);
        EXPECT_EQ(parse_base64(text, standard, padding::present), bytes);
        EXPECT_EQ(parse_base64(without_padding(text), standard, padding::absent), bytes);
    }
    EXPECT_EQ(to_base64("\xfb\xff", url, padding::absent), "-_8");
    EXPECT_EQ(parse_base64("-_8", url, padding::absent), "\xfb\xff");
}

TEST(base64, only_what_is_written_is_read) {
    for (const auto* text : {"Zg==", "Z", "Zh", "Zm9", "Zm9vYmF", "Zm 9v", "+/8", "Z=g"})
        EXPECT_FALSE(parse_base64(text, url, padding::absent)) << text;
    for (const auto* text : {"Zg", "Zg=", "Zg===", "Zh==", "-_8="})
        EXPECT_FALSE(parse_base64(text, standard, padding::present)) << text;
}

TEST(base64, random_bytes_come_back) {
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        std::string bytes(random() % 70, '\0');
        for (auto& b : bytes)
            b = static_cast<char>(random());
        for (const auto p : {padding::present, padding::absent}) {
            ASSERT_EQ(parse_base32(to_base32(bytes, p), p), bytes);
            for (const auto a : {standard, url})
                ASSERT_EQ(parse_base64(to_base64(bytes, a, p), a, p), bytes);
        }
    }
}
