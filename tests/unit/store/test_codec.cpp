#include <lineside/error.hpp>

#include "model/call_view.hpp"
#include "store/codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::store {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t sizes[] = {0, 1, 2, 7, 8, 9, 31, 32, 127, 128, 129, 255, 256, 257, 1'000, 5'000};

using integers = std::vector<std::int64_t>;
using texts = std::vector<std::string>;

std::string encoded(const integers& values) {
    std::string bytes;
    byte_writer to(bytes);
    encode_column(values, to);
    return bytes;
}

integers decoded(std::string_view bytes, std::size_t n) {
    byte_reader from(bytes);
    integers values(n, 42);
    decode_column(from, values);
    EXPECT_TRUE(from.done());
    return values;
}

void expect_column_round_trip(const integers& values) { EXPECT_EQ(decoded(encoded(values), values.size()), values); }

void expect_ascending_round_trip(const integers& values) {
    std::string bytes;
    byte_writer to(bytes);
    encode_ascending(values, to);
    byte_reader from(bytes);
    integers back(values.size(), 42);
    decode_ascending(from, back);
    EXPECT_TRUE(from.done());
    EXPECT_EQ(back, values);
}

std::string encoded(const texts& values) {
    const std::vector<std::string_view> views(values.begin(), values.end());
    std::string bytes;
    byte_writer to(bytes);
    encode_texts(views, to);
    return bytes;
}

texts decoded_texts(std::string_view bytes, std::size_t n) {
    byte_reader from(bytes);
    std::vector<std::string_view> views(n, "untouched");
    std::string heap;
    decode_texts(from, views, heap);
    EXPECT_TRUE(from.done());
    return {views.begin(), views.end()};
}

void expect_text_round_trip(const texts& values) {
    const auto bytes = encoded(values);
    ASSERT_EQ(decoded_texts(bytes, values.size()), values);
}

template <class Make>
auto made(std::size_t n, Make make) {
    std::vector<decltype(make(n))> values;
    values.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        values.push_back(make(i));
    return values;
}

// Damaged bytes are refused with a typed error, or are other values; nothing else may happen.
template <class Decode>
void expect_no_crash(const std::string& bytes, Decode decode) {
    const auto attempt = [&](const std::string& damaged) {
        // A copy of the exact size, so that a sanitizer sees each byte that is read too many.
        const std::vector<char> exact(damaged.begin(), damaged.end());
        try {
            decode(std::string_view(exact.data(), exact.size()));
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::storage) << e.what();
        }
    };
    for (std::size_t n = 0; n < bytes.size(); ++n)
        attempt(bytes.substr(0, n));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto damaged = bytes;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        attempt(damaged);
    }
}

// ---- numbers --------------------------------------------------------------------------------------------------------

TEST(codec, varints_of_every_width_come_back) {
    std::string bytes;
    byte_writer to(bytes);
    std::vector<std::uint64_t> values{0, std::numeric_limits<std::uint64_t>::max()};
    for (unsigned bit = 0; bit < 64; ++bit)
        for (const std::uint64_t near : {0ULL, ~0ULL, 1ULL})
            values.push_back((std::uint64_t{1} << bit) + near);
    for (const auto v : values) {
        to.varint(v);
        to.signed_varint(static_cast<std::int64_t>(v));
    }
    byte_reader from(bytes);
    for (const auto v : values) {
        EXPECT_EQ(from.varint(), v);
        EXPECT_EQ(from.signed_varint(), static_cast<std::int64_t>(v));
    }
    EXPECT_TRUE(from.done());
}

TEST(codec, a_varint_without_end_is_damage) {
    const std::string forever(11, '\xff');
    byte_reader from(forever);
    EXPECT_THROW((void)from.varint(), error);
    byte_reader cut(std::string_view(forever).substr(0, 3));
    EXPECT_THROW((void)cut.varint(), error);
    byte_reader nothing("");
    EXPECT_THROW((void)nothing.byte(), error);
    EXPECT_THROW((void)nothing.bytes(1), error);
    EXPECT_THROW((void)nothing.bytes(std::numeric_limits<std::size_t>::max()), error);
}

// ---- columns --------------------------------------------------------------------------------------------------------

TEST(codec, columns_of_every_size_come_back) {
    for (const auto n : sizes) {
        SCOPED_TRACE(n);
        expect_column_round_trip(integers(n, 0));
        expect_column_round_trip(integers(n, -7));
        expect_column_round_trip(made(n, [](std::size_t i) { return static_cast<std::int64_t>(i); }));
        expect_column_round_trip(made(n, [](std::size_t i) { return static_cast<std::int64_t>(i % 3) - 1; }));
        expect_column_round_trip(
            made(n, [](std::size_t i) { return static_cast<std::int64_t>(i * i) * 1'000'000'000; }));
    }
}

TEST(codec, absent_values_stay_absent) {
    for (const auto n : sizes) {
        SCOPED_TRACE(n);
        expect_column_round_trip(integers(n, absent));
        for (const std::size_t every : {1, 2, 3, 128, 4'999}) {
            expect_column_round_trip(made(n, [&](std::size_t i) { return i % every == 0 ? absent : std::int64_t{5}; }));
            expect_column_round_trip(
                made(n, [&](std::size_t i) { return i % every != 0 ? absent : static_cast<std::int64_t>(i); }));
        }
    }
}

TEST(codec, the_extremes_of_64_bits_come_back) {
    expect_column_round_trip({least + 1});
    expect_column_round_trip({most});
    expect_column_round_trip({least + 1, most});
    expect_column_round_trip({most, least + 1, 0, absent, -1, 1});
    expect_column_round_trip({most, most - 1, absent});
    expect_column_round_trip({least + 1, least + 2});
    expect_column_round_trip(made(300, [](std::size_t i) { return i % 2 == 0 ? most : least + 1; }));
    // Beyond the scale taken out of large amounts, in both directions.
    expect_column_round_trip({-9'000'000'000'000'000'000, 9'000'000'000'000'000'000, 0, absent});
}

TEST(codec, a_shared_power_of_ten_costs_nothing) {
    const auto cents = made(1'000, [](std::size_t i) { return static_cast<std::int64_t>(i % 500) * 10'000'000; });
    const auto counts = made(1'000, [](std::size_t i) { return static_cast<std::int64_t>(i % 500); });
    expect_column_round_trip(cents);
    EXPECT_LT(encoded(cents).size(), encoded(counts).size() + 32);
    auto odd = cents;
    odd[777] += 1;
    expect_column_round_trip(odd);
}

TEST(codec, one_repeated_value_takes_a_few_bytes) {
    EXPECT_LE(encoded(integers(5'000, 1'772'323'200'000)).size(), 16U);
    EXPECT_LE(encoded(integers(5'000, absent)).size(), 16U);
}

TEST(codec, random_columns_of_every_width_come_back) {
    std::mt19937_64 random(1);
    for (unsigned width = 0; width <= 64; ++width) {
        for (const std::size_t n : {1, 2, 127, 128, 129, 300}) {
            SCOPED_TRACE(width);
            const std::uint64_t mask = width == 64 ? ~0ULL : (std::uint64_t{1} << width) - 1;
            const auto base = static_cast<std::int64_t>(random());
            expect_column_round_trip(made(n, [&](std::size_t) {
                return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + (random() & mask));
            }));
            expect_column_round_trip(made(n, [&](std::size_t) {
                return random() % 4 == 0 ? absent : static_cast<std::int64_t>(random() & mask);
            }));
        }
    }
}

TEST(codec, ascending_values_come_back) {
    std::mt19937_64 random(2);
    for (const auto n : sizes) {
        for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{1'000}, std::uint64_t{1} << 40U}) {
            std::int64_t at = -1'000'000;
            expect_ascending_round_trip(
                made(n, [&](std::size_t) { return at += static_cast<std::int64_t>(random() % step); }));
        }
    }
    expect_ascending_round_trip({least, most});
    expect_ascending_round_trip({least, 0, most, most});
}

TEST(codec, several_columns_lie_one_behind_the_other) {
    const auto a = made(200, [](std::size_t i) { return static_cast<std::int64_t>(i * 17 % 101); });
    const auto b = made(200, [](std::size_t i) { return i % 5 == 0 ? absent : static_cast<std::int64_t>(i); });
    std::string bytes;
    byte_writer to(bytes);
    encode_column(a, to);
    encode_ascending(made(200, [](std::size_t i) { return static_cast<std::int64_t>(i); }), to);
    encode_column(b, to);
    byte_reader from(bytes);
    integers got(200);
    decode_column(from, got);
    EXPECT_EQ(got, a);
    decode_ascending(from, got);
    decode_column(from, got);
    EXPECT_EQ(got, b);
    EXPECT_TRUE(from.done());
}

// ---- texts ----------------------------------------------------------------------------------------------------------

TEST(codec, texts_of_every_kind_come_back) {
    const auto number = [](std::size_t i) { return std::to_string(i * 2'654'435'761U % 10'000'000'000U); };
    const auto hex = [](std::size_t i, std::size_t width) {
        std::string s(width, '0');
        for (std::size_t k = 0, x = i * 2'654'435'761U + 7; k < width; ++k, x = x * 31 + 11)
            s[k] = "0123456789abcdef"[x >> 7U & 15U];
        return s;
    };
    for (const auto n : sizes) {
        SCOPED_TRACE(n);
        expect_text_round_trip(texts(n, ""));
        expect_text_round_trip(texts(n, "SIP/2.0 486 Busy Here"));
        expect_text_round_trip(made(n, [](std::size_t i) { return std::string(i % 2 == 0 ? "a" : ""); }));
        expect_text_round_trip(made(n, [](std::size_t i) { return "cause " + std::to_string(i % 7); }));
        expect_text_round_trip(made(n, number));
        expect_text_round_trip(made(n, [&](std::size_t i) { return "00" + number(i); }));
        expect_text_round_trip(made(n, [&](std::size_t i) { return i % 9 == 0 ? std::string() : number(i); }));
        for (const std::size_t width : {1, 2, 15, 16, 32, 33, 127, 128, 129})
            expect_text_round_trip(made(n, [&](std::size_t i) { return hex(i, width); }));
        expect_text_round_trip(made(n, [&](std::size_t i) {
            const auto h = hex(i, 32);
            return h.substr(0, 8) + "-" + h.substr(8, 4) + "-" + h.substr(12, 4) + "-" + h.substr(16, 4) + "-" +
                   h.substr(20);
        }));
        expect_text_round_trip(made(n, [&](std::size_t i) { return hex(i, 1 + i % 40) + "@10.0.0.1"; }));
    }
}

TEST(codec, what_only_looks_like_a_kind_comes_back) {
    const std::string uuid = "0d4c2c24-1f7a-4f0e-9bb5-0123456789ab";
    auto upper = uuid;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' ? char(c - 32) : c; });
    auto misplaced = uuid;
    std::swap(misplaced[8], misplaced[9]);
    for (const auto& odd : {std::string("DEADBEEF"), std::string("deadbeeg"), upper, misplaced, uuid.substr(1),
                            uuid + "0", std::string("1234567890123456789"), std::string("+3805551234"),
                            std::string("-1"), std::string(" 12"), std::string("1.5"), std::string("")}) {
        SCOPED_TRACE(odd);
        expect_text_round_trip({odd});
        expect_text_round_trip({uuid, odd});
        expect_text_round_trip({odd, uuid});
        expect_text_round_trip({"deadbeef", odd});
        expect_text_round_trip({"42", odd, "000", "000000000000000042"});
        texts many(100, "4711");
        many[50] = "4712";
        many[99] = odd;
        expect_text_round_trip(many);
    }
    expect_text_round_trip({"999999999999999999", "000000000000000000", "", "0"});
}

TEST(codec, every_byte_may_be_in_a_text) {
    texts each;
    for (int b = 0; b < 256; ++b)
        each.emplace_back(1, static_cast<char>(b));
    expect_text_round_trip(each);
    expect_text_round_trip({std::string("\0\0", 2), std::string("\0", 1), ""});
    // As long as a number may be, and made of what is above and below the digits.
    for (int b = 0; b < 256; ++b)
        expect_text_round_trip({std::string(18, static_cast<char>(b)), "1"});
}

TEST(codec, long_texts_come_back) {
    std::string noise(300'000, '\0');
    std::mt19937_64 random(3);
    std::generate(noise.begin(), noise.end(), [&] { return static_cast<char>(random()); });
    expect_text_round_trip({noise, "short", std::string(200'000, 'x')});
    expect_text_round_trip({std::string(1U << 20U, 'y'), "z"});
}

TEST(codec, texts_that_repeat_are_kept_once) {
    const auto repeated =
        made(5'000, [](std::size_t i) { return "a rather long cause of hanging up " + std::to_string(i % 50); });
    EXPECT_LT(encoded(repeated).size(), 5'000U + 50 * 40);
}

TEST(codec, random_texts_come_back) {
    std::mt19937_64 random(4);
    for (int round = 0; round < 300; ++round) {
        const std::size_t n = random() % 300 + 1;
        const std::size_t longest = random() % 40 + 1;
        const std::string_view letters = std::string_view("0123456789abcdef-ghXYZ@\xff").substr(0, random() % 22 + 1);
        const std::size_t distinct = random() % n + 1;
        const auto pool = made(distinct, [&](std::size_t) {
            std::string s(random() % longest, '\0');
            std::generate(s.begin(), s.end(), [&] { return letters[random() % letters.size()]; });
            return s;
        });
        expect_text_round_trip(made(n, [&](std::size_t) { return pool[random() % pool.size()]; }));
    }
}

// ---- damage ---------------------------------------------------------------------------------------------------------

TEST(codec, damaged_columns_are_refused_or_other_numbers) {
    const auto decode = [](std::size_t n) {
        return [n](std::string_view bytes) {
            byte_reader from(bytes);
            integers to(n);
            decode_column(from, to);
            byte_reader again(bytes);
            decode_ascending(again, to);
        };
    };
    expect_no_crash(encoded(integers(300, 7)), decode(300));
    expect_no_crash(encoded(made(300, [](std::size_t i) { return static_cast<std::int64_t>(i * 1'000'003); })),
                    decode(300));
    expect_no_crash(
        encoded(made(300, [](std::size_t i) { return i % 3 == 0 ? absent : static_cast<std::int64_t>(i); })),
        decode(300));
    expect_no_crash(encoded(integers{most, least + 1, absent, 0}), decode(4));
    // Fewer and more values than were encoded.
    expect_no_crash(encoded(made(300, [](std::size_t i) { return static_cast<std::int64_t>(i); })), decode(1));
    expect_no_crash(encoded(made(300, [](std::size_t i) { return static_cast<std::int64_t>(i); })), decode(1'000));
}

TEST(codec, damaged_texts_are_refused_or_other_texts) {
    const auto decode = [](std::size_t n) {
        return [n](std::string_view bytes) {
            byte_reader from(bytes);
            std::vector<std::string_view> to(n);
            std::string heap;
            decode_texts(from, to, heap);
            // Whatever they are, they can be read.
            std::size_t sum = 0;
            for (const auto v : to)
                for (const char c : v)
                    sum += static_cast<unsigned char>(c);
            EXPECT_LE(sum, std::numeric_limits<std::size_t>::max());
        };
    };
    const std::function<std::string(std::size_t)> kinds[] = {
        [](std::size_t) { return "constant"; },
        [](std::size_t i) { return "dictionary " + std::to_string(i % 4); },
        [](std::size_t i) { return std::to_string(i * 7'919); },
        [](std::size_t i) { return "deadbeef" + std::to_string(10'000 + i); },
        [](std::size_t i) { return "0d4c2c24-1f7a-4f0e-9bb5-0123456" + std::to_string(10'000 + i); },
        [](std::size_t i) { return std::string(i % 5, static_cast<char>('g' + i % 20)); },
        [](std::size_t i) { return "a text that compresses because it says the same thing " + std::to_string(i * 31); },
    };
    for (const auto& kind : kinds) {
        const auto values = made(60, kind);
        SCOPED_TRACE(values[1]);
        const auto bytes = encoded(values);
        expect_no_crash(bytes, decode(60));
        expect_no_crash(bytes, decode(3));
        expect_no_crash(bytes, decode(200));
    }
}

} // namespace
} // namespace lineside::store
