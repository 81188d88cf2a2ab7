#include <lineside/error.hpp>

#include "portal/engine/cursor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside {
namespace {

std::vector<secret> keys(std::string_view first, std::string_view second = {}) {
    std::vector<secret> all;
    all.emplace_back(first);
    if (!second.empty())
        all.emplace_back(second);
    return all;
}

bool is_refused(const cursor_signer& signer, std::string_view query, const std::string& cursor) {
    try {
        (void)signer.open(query, cursor);
        return false;
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        EXPECT_EQ(e.details().field, "cursor");
        return true;
    }
}

} // namespace

TEST(cursor, brings_back_its_position_whatever_bytes_it_has) {
    const cursor_signer signer(keys("k"));
    for (const auto& position :
         {std::string("a"), std::string("pay-0123"), std::string("\0\xff/+", 4), std::string(300, 'x')})
        EXPECT_EQ(signer.open("list", signer.sign("list", position)), position);
}

TEST(cursor, at_the_end_is_empty_and_an_empty_one_is_the_beginning) {
    const cursor_signer signer(keys("k"));
    EXPECT_EQ(signer.sign("list", ""), "");
    EXPECT_EQ(signer.open("list", ""), "");
}

TEST(cursor, of_another_query_or_engine_is_refused) {
    const cursor_signer signer(keys("k"));
    const auto cursor = signer.sign("list", "position");
    EXPECT_TRUE(is_refused(signer, "lis", cursor));
    EXPECT_TRUE(is_refused(signer, "", cursor));
    EXPECT_TRUE(is_refused(cursor_signer(keys("l")), "list", cursor));
    // The border between query and position is a part of what is signed.
    EXPECT_TRUE(is_refused(signer, "listp", signer.sign("list", "pposition").substr(2)));
}

TEST(cursor, that_holds_no_position_or_no_signature_is_refused) {
    const cursor_signer signer(keys("k"));
    for (const auto* bad : {"A", "AA", "AAAA", "****", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA"})
        EXPECT_TRUE(is_refused(signer, "list", bad)) << bad;
}

TEST(cursor, of_the_key_before_is_still_good) {
    const auto cursor = cursor_signer(keys("before")).sign("list", "position");
    const cursor_signer now(keys("now", "before"));
    EXPECT_EQ(now.open("list", cursor), "position");
    EXPECT_NE(now.sign("list", "position"), cursor);
}

} // namespace lineside
