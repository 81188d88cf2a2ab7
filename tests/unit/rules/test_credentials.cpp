#include <lineside/error.hpp>

#include "rules/credentials.hpp"
#include "rules/sealing.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

using namespace lineside;
using namespace lineside::rules;

namespace {

std::string bytes(std::size_t n, unsigned first = 1) {
    std::string b;
    for (std::size_t i = 0; i < n; ++i)
        b += static_cast<char>(first + i * 37);
    return b;
}

const std::string id = "k-06b1c2d3e4f5g6h7j8k9";

} // namespace

TEST(credentials, a_token_is_256_bits_in_43_letters) {
    EXPECT_EQ(make_token(bytes(32)).reveal(), "ASZLcJW63wQpTnOYveIHLFF2m8DlCi9UeZ7D6A0yV3w");
    EXPECT_NE(make_token(bytes(32)), make_token(bytes(32, 2)));
}

TEST(credentials, a_key_says_which_it_is_and_checks_itself) {
    const auto text = std::string(make_api_key(id, bytes(32)).reveal());
    EXPECT_EQ(text.substr(0, 27), "lsk_" + id + "_");
    EXPECT_EQ(text.size(), 4 + id.size() + 1 + 43 + 6);
    const auto key = parse_api_key(text);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->id, id);
    EXPECT_EQ(key->secret, make_token(bytes(32)).reveal());
}

TEST(credentials, no_key_with_a_letter_changed_missing_or_added_is_read) {
    const auto text = std::string(make_api_key(id, bytes(32)).reveal());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto other = text;
        other[i] = other[i] == 'a' ? 'b' : 'a';
        EXPECT_FALSE(parse_api_key(other)) << other;
        EXPECT_FALSE(parse_api_key(text.substr(0, i))) << i;
        other = text;
        other.insert(i, 1, 'a');
        EXPECT_FALSE(parse_api_key(other)) << other;
    }
    EXPECT_FALSE(parse_api_key(text + ' '));
    EXPECT_FALSE(parse_api_key(make_api_key("", bytes(32)).reveal()));
    for (const auto* spelt : {"K-1", "k~1", "k:1", "k 1"})
        EXPECT_FALSE(parse_api_key(make_api_key(spelt, bytes(32)).reveal())) << spelt;
    EXPECT_FALSE(parse_api_key(make_api_key(std::string(65, 'k'), bytes(32)).reveal()));
    EXPECT_TRUE(parse_api_key(make_api_key(std::string(64, 'k'), bytes(32)).reveal()));
}

TEST(credentials, a_recovery_code_is_read_as_people_type_it) {
    const auto text = std::string(make_recovery_code(3, bytes(10)).reveal());
    EXPECT_EQ(text, "3-16BGN-TZ49E");
    for (const auto* typed : {"3-16BGN-TZ49E", "316bgntz49e", " 3 i6bgn tz49e ", "3l6BGNTZ49E", "3--16BGN--TZ49E"}) {
        const auto code = parse_recovery_code(typed);
        ASSERT_TRUE(code) << typed;
        EXPECT_EQ(code->index, 3U);
        EXPECT_EQ(code->letters, "16BGNTZ49E");
    }
    EXPECT_EQ(parse_recovery_code("OOOOOOOOOOO")->letters, "0000000000");
    for (const auto* wrong : {"", "123456", "3-16BGN-TZ49", "3-16BGN-TZ49EZ", "A-16BGN-TZ49E", "3-16BGN-TZ49U",
                              "3-16BGN_TZ49E", "3-16BGN-TZ49{", "3-16BGN-TZ49\xc3\xa9"})
        EXPECT_FALSE(parse_recovery_code(wrong)) << wrong;
}

TEST(sealing, what_is_sealed_opens_with_its_key_in_its_place_only) {
    const auto key = bytes(32);
    const auto nonce = bytes(12);
    for (const std::string plain : {"", "x", "12345678901234567890"}) {
        const auto sealed = seal(key, nonce, "acme c-1", plain);
        EXPECT_EQ(open_sealed(key, "acme c-1", sealed), plain);
        EXPECT_EQ(open_sealed(key, "acme c-2", sealed), std::nullopt);
        EXPECT_EQ(open_sealed(bytes(32, 2), "acme c-1", sealed), std::nullopt);
        EXPECT_EQ(open_sealed(bytes(31), "acme c-1", sealed), std::nullopt);
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            auto changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            EXPECT_EQ(open_sealed(key, "acme c-1", changed), std::nullopt) << i;
            EXPECT_EQ(open_sealed(key, "acme c-1", sealed.substr(0, i)), std::nullopt) << i;
        }
    }
}

TEST(sealing, aes_256_gcm_is_the_one_of_the_specification) {
    // Test case 14 of McGrew and Viega.
    const std::string zeros(32, '\0');
    const auto sealed = seal(zeros, zeros.substr(0, 12), {}, zeros.substr(0, 16));
    const unsigned char expected[] = {0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5,
                                      0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99,
                                      0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19};
    EXPECT_EQ(sealed.substr(12), std::string(reinterpret_cast<const char*>(expected), sizeof expected));
}

TEST(sealing, a_key_or_nonce_of_another_size_is_an_error) {
    EXPECT_THROW((void)seal(bytes(16), bytes(12), {}, "x"), error);
    EXPECT_THROW((void)seal(bytes(32), bytes(16), {}, "x"), error);
}
