#include "rules/contrast.hpp"

#include <gtest/gtest.h>

using namespace lineside::rules;

namespace {

colour of(const char* text) { return parse_colour(text).value(); }

} // namespace

TEST(contrast, black_on_white_is_21_and_a_colour_on_itself_1) {
    EXPECT_NEAR(contrast(of("#000000"), of("#ffffff")), 21.0, 1e-9);
    EXPECT_NEAR(contrast(of("#ffffff"), of("#000000")), 21.0, 1e-9);
    EXPECT_NEAR(contrast(of("#3a6ea5"), of("#3A6EA5")), 1.0, 1e-9);
}

// #767676 is the lightest grey that WCAG lets stand on white.
TEST(contrast, the_edge_of_readability_is_where_wcag_has_it) {
    EXPECT_GE(contrast(of("#767676"), of("#ffffff")), readable_contrast);
    EXPECT_LT(contrast(of("#777777"), of("#ffffff")), readable_contrast);
    EXPECT_EQ(shown_contrast(contrast(of("#777777"), of("#ffffff"))), "4.47:1");
}

TEST(contrast, is_shown_cut_so_that_too_little_never_looks_enough) {
    EXPECT_EQ(shown_contrast(4.4999), "4.49:1");
    EXPECT_EQ(shown_contrast(21), "21.00:1");
    EXPECT_EQ(shown_contrast(1.0500001), "1.05:1");
}

TEST(contrast, colours_are_six_hexadecimal_digits) {
    EXPECT_EQ(of("#0a0B0c"), (colour{10, 11, 12}));
    for (const auto* bad : {"", "#", "#fff", "ffffff", "#fffffff", "#ggggggg", "#-12345", "#12 456", "red", "#+12345"})
        EXPECT_FALSE(parse_colour(bad)) << bad;
}
