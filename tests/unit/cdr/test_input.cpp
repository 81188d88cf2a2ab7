#include <lineside/error.hpp>

#include "cdr/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace lineside {
namespace {

/// Gives at most `step` bytes at a time.
class text_source final : public byte_source {
public:
    text_source(std::string text, std::size_t step) : text_(std::move(text)), step_(step) {}
    std::size_t read(std::span<char> to) override {
        const auto n = std::min({to.size(), step_, text_.size() - at_});
        text_.copy(to.data(), n, at_);
        at_ += n;
        return n;
    }

private:
    std::string text_;
    std::size_t step_;
    std::size_t at_ = 0;
};

std::string gzip(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    auto copy = text;
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string decoded(const std::string& bytes, std::size_t step = 1'000'000) {
    text_source source(bytes, step);
    cdr::decoded_input input(source);
    std::string all;
    for (auto piece = input.next(); !piece.empty(); piece = input.next())
        all += piece;
    EXPECT_EQ(input.raw_bytes_read(), bytes.size());
    EXPECT_TRUE(input.next().empty());
    return all;
}

std::string long_text() {
    std::string text;
    for (int i = 0; i < 200'000; ++i)
        text += std::to_string(i * 7919) + ",";
    return text;
}

TEST(decoded_input, hands_plain_bytes_on) {
    for (const auto& text :
         {std::string(), std::string("x"), std::string("\x1f"), std::string("\x1f\x8c") + "ab", long_text()}) {
        EXPECT_EQ(decoded(text), text);
        EXPECT_EQ(decoded(text, 1000), text);
    }
    EXPECT_EQ(decoded("abc", 1), "abc");
}

TEST(decoded_input, undoes_gzip_of_any_size_and_any_cut) {
    const auto text = long_text();
    EXPECT_EQ(decoded(gzip(text)), text);
    EXPECT_EQ(decoded(gzip(text), 777), text);
    EXPECT_EQ(decoded(gzip(""), 1), "");
    EXPECT_EQ(decoded(gzip("abc"), 1), "abc");
}

TEST(decoded_input, undoes_several_members_and_padding_between_them) {
    EXPECT_EQ(decoded(gzip("a\n") + gzip("") + gzip("b\n"), 3), "a\nb\n");
    EXPECT_EQ(decoded(gzip("a\n") + std::string(600'000, '\0') + gzip("b\n") + std::string(5, '\0')), "a\nb\n");
}

TEST(decoded_input, says_that_a_stream_was_cut_off) {
    const auto whole = gzip(long_text());
    for (const auto size : {std::size_t{3}, whole.size() / 2, whole.size() - 1}) {
        try {
            decoded(whole.substr(0, size));
            FAIL() << size;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument);
            EXPECT_THAT(e.what(), testing::HasSubstr("cut off"));
        }
    }
}

TEST(decoded_input, says_that_a_stream_is_damaged) {
    auto bytes = gzip(long_text());
    bytes[bytes.size() / 2] ^= 0x55;
    EXPECT_THROW(decoded(bytes), error);
    EXPECT_THROW(decoded(gzip("a") + "garbage"), error);
}

TEST(open_file, reads_a_file_and_knows_its_size) {
    const auto path = testing::TempDir() + "lineside_open_file";
    std::ofstream(path) << "hello";
    const auto source = open_file(path);
    ASSERT_TRUE(source.has_value());
    EXPECT_EQ((*source)->size(), 5U);
    std::string text(10, '\0');
    EXPECT_EQ((*source)->read(text), 5U);
    EXPECT_EQ((*source)->read(text), 0U);
    std::remove(path.c_str());
}

TEST(open_file, says_why_it_cannot) {
    const auto missing = open_file("/nonexistent/cdr.csv");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().code, errc::not_found);
    EXPECT_THAT(missing.error().details.message, testing::HasSubstr("/nonexistent/cdr.csv"));
    EXPECT_EQ(open_file("/").error().code, errc::unavailable);
}

} // namespace
} // namespace lineside
