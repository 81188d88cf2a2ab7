#include <lineside/secret.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

using namespace lineside;

TEST(secret, moves_and_leaves_nothing_behind) {
    for (const std::string text : {"short", "longer than what a string keeps inside of itself"}) {
        secret from{std::string(text)};
        secret to("before");
        to = std::move(from);
        EXPECT_EQ(to.reveal(), text);
        EXPECT_TRUE(from.empty());
        auto& itself = to;
        to = std::move(itself);
        EXPECT_EQ(to.reveal(), text) << "moved to where it is";
    }
}

TEST(secret, takes_over_a_text_and_wipes_what_it_was_in) {
    std::string text = "short";
    const auto* kept = text.data();
    const secret s(std::move(text));
    EXPECT_EQ(s.reveal(), "short");
    EXPECT_EQ(std::string(kept, 5), std::string(5, '\0')) << "the characters of a short string stay where they were";
}

TEST(secret, equals_the_same_text_and_no_other) {
    EXPECT_EQ(secret("token"), secret("token"));
    EXPECT_EQ(secret(), secret(""));
    EXPECT_NE(secret("token"), secret("tokes"));
    EXPECT_NE(secret("token"), secret("token "));
    EXPECT_NE(secret("token "), secret("token"));
    EXPECT_NE(secret("token"), secret());
}
