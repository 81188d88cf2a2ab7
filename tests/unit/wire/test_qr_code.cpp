#include <lineside/error.hpp>

#include "wire/qr_code.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace lineside;
using namespace lineside::wire;

TEST(qr_code, a_code_has_its_finders_and_the_smallest_size) {
    const auto qr = make_qr_code("hello");
    EXPECT_EQ(qr.side, 21U);
    ASSERT_EQ(qr.dark.size(), 21U * 21U);
    for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_TRUE(qr.dark[i]) << "upper edge of the first finder";
        EXPECT_TRUE(qr.dark[i * 21]) << "its left edge";
        EXPECT_TRUE(qr.dark[20 - i]) << "the second finder";
        EXPECT_TRUE(qr.dark[20 * 21 + i]) << "the third";
    }
    EXPECT_FALSE(qr.dark[7]) << "the separator";
}

TEST(qr_code, what_no_code_can_hold_is_an_error) {
    EXPECT_NO_THROW((void)make_qr_code(std::string(2300, 'x')));
    EXPECT_THROW((void)make_qr_code(std::string(2400, 'x')), error);
    EXPECT_THROW((void)make_qr_code(""), error);
    EXPECT_THROW((void)make_qr_code(std::string("a\0b", 3)), error);
}

TEST(qr_code, an_svg_has_the_quiet_zone_and_every_dark_module) {
    qr_code qr{2, {true, true, false, true}};
    EXPECT_EQ(to_svg(qr), R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" shape-rendering="crispEdges">)"
                          R"(<path fill="#fff" d="M0 0h10v10H0z"/><path d="M4 4h2v1h-2zM5 5h1v1h-1z"/></svg>)");
}

TEST(qr_code, a_png_has_its_signature_size_and_end) {
    const auto png = to_png(make_qr_code("hello"), 3);
    EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
    EXPECT_EQ(png.substr(12, 4), "IHDR");
    EXPECT_EQ(static_cast<unsigned char>(png[19]), (21 + 8) * 3);
    EXPECT_EQ(png.substr(png.size() - 8, 4), "IEND");
}
