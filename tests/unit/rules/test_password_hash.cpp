#include <lineside/error.hpp>

#include "rules/password_hash.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace lineside;
using namespace lineside::rules;

namespace {

const argon2_cost cheap{64, 1, 1};
const std::string salt = "0123456789abcdef";

} // namespace

TEST(password_hash, argon2id_is_the_one_of_the_reference) {
    // The reference program: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
    const auto known =
        parse_phc("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    ASSERT_TRUE(known);
    EXPECT_TRUE(is_password("password", *known));
    EXPECT_FALSE(is_password("passwore", *known));
}

TEST(password_hash, every_character_counts) {
    const std::string longest(1024, 'x');
    const auto h = hash_password(longest, salt, cheap);
    EXPECT_TRUE(is_password(longest, h));
    EXPECT_FALSE(is_password(longest.substr(1), h));
    using namespace std::string_literals;
    const auto with_zero = hash_password("a\0b"s, salt, cheap);
    EXPECT_TRUE(is_password("a\0b"s, with_zero));
    EXPECT_FALSE(is_password("a\0c"s, with_zero));
    EXPECT_FALSE(is_password("A\0b"s, with_zero));
    EXPECT_NE(hash_password("same", salt, cheap), hash_password("same", "fedcba9876543210", cheap));
}

TEST(password_hash, a_cost_that_argon2_cannot_pay_is_an_error) {
    EXPECT_THROW((void)hash_password("x", salt, {1, 1, 1}), error);
    EXPECT_THROW((void)hash_password("x", "short", cheap), error);
}

TEST(phc, a_text_comes_back_as_it_was) {
    const std::string text = "$argon2id$v=19$m=47104,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
                             "aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg";
    const auto p = parse_phc(text);
    ASSERT_TRUE(p);
    EXPECT_EQ(p->cost, argon2_cost());
    EXPECT_EQ(p->salt, salt);
    EXPECT_EQ(p->hash, std::string(32, 'h'));
    EXPECT_EQ(to_string(*p), text);
}

TEST(phc, only_such_texts_are_read) {
    const std::string ends = "$MDEyMzQ1Njc4OWFiY2RlZg$aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg";
    ASSERT_TRUE(parse_phc("$argon2id$v=19$m=8,t=1,p=1" + ends));
    for (const std::string start :
         {"", "argon2id$v=19$m=8,t=1,p=1", "$argon2i$v=19$m=8,t=1,p=1", "$argon2id$v=16$m=8,t=1,p=1",
          "$argon2id$v=19$m=8,t=1", "$argon2id$v=19$m=8,p=1,t=1", "$argon2id$v=19$m=08,t=1,p=1",
          "$argon2id$v=19$m=,t=1,p=1", "$argon2id$v=19$m=8,t=,p=1", "$argon2id$v=19$m=8,t=1,p=x",
          "$argon2id$v=19$m=8,t=1,p=1,data=x", "$argon2id$v=19$m=7,t=1,p=1", "$argon2id$v=19$m=8,t=0,p=1",
          "$argon2id$v=19$m=8,t=1,p=0", "$argon2id$v=19$m=8,t=1,p=2", "$argon2id$v=19$m=1048577,t=1,p=1",
          "$argon2id$v=19$m=4294967296,t=1,p=1", "$argon2id$v=19$m=8,t=65,p=1", "$argon2id$v=19$m=1024,t=1,p=17"})
        EXPECT_FALSE(parse_phc(start + ends)) << start;
    const std::string start = "$argon2id$v=19$m=8,t=1,p=1";
    for (const std::string end :
         {"", "$", "$MDEyMzQ1Njc4OWFiY2RlZg", "$MDEyMzQ1Njc4OWFiY2RlZg$", "$MDEyMzQ1Njc4OWFiY2RlZg$aGho",
          "$MDEy$aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg", "$!$aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg",
          "$MDEyMzQ1Njc4OWFiY2RlZg==$aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg",
          "$MDEyMzQ1Njc4OWFiY2RlZg$aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg$"})
        EXPECT_FALSE(parse_phc(start + end)) << end;
    const std::string long_64(87, 'A'); // of 65 bytes
    EXPECT_FALSE(parse_phc(start + "$" + long_64 + "$aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg"));
    EXPECT_FALSE(parse_phc(start + "$MDEyMzQ1Njc4OWFiY2RlZg$" + long_64));
}

TEST(phc, a_hash_that_falls_short_is_made_anew) {
    const phc p{argon2_cost{1000, 2, 2}, salt, std::string(32, 'h')};
    EXPECT_FALSE(needs_rehash(p, {1000, 2, 2}));
    EXPECT_FALSE(needs_rehash(p, {900, 1, 1})) << "a dearer one is kept";
    EXPECT_TRUE(needs_rehash(p, {1001, 2, 2}));
    EXPECT_TRUE(needs_rehash(p, {1000, 3, 2}));
    EXPECT_TRUE(needs_rehash(p, {1000, 2, 3}));
    EXPECT_TRUE(needs_rehash({p.cost, "01234567", p.hash}, p.cost));
    EXPECT_TRUE(needs_rehash({p.cost, salt, std::string(16, 'h')}, p.cost));
}
