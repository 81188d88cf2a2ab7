#include "cli/generate.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace lineside::cli {
namespace {

generate_options some(std::uint64_t calls) {
    return {.calls = calls, .accounts = 20, .days = 7, .seed = 1, .start = parse_instant("2026-03-01").value()};
}

std::string generated(const generate_options& options) {
    std::string all;
    generate_calls(options, [&](std::string_view piece) { all += piece; });
    return all;
}

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t end = 0; end != std::string_view::npos; text.remove_prefix(end + 1)) {
        end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
    }
    return parts;
}

std::vector<std::vector<std::string_view>> rows_of(std::string_view csv) {
    std::vector<std::vector<std::string_view>> rows;
    for (const auto line : split(csv.substr(0, csv.size() - 1), '\n'))
        rows.push_back(split(line, ','));
    rows.erase(rows.begin());
    return rows;
}

std::int64_t number(std::string_view text) {
    std::int64_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

TEST(generate, the_same_arguments_give_the_same_bytes_on_every_machine) {
    EXPECT_EQ(fnv1a(generated(some(10'000))), 15434087117145721527U);
    auto other = some(10'000);
    other.seed = 2;
    EXPECT_NE(fnv1a(generated(other)), fnv1a(generated(some(10'000))));
}

TEST(generate, writes_as_many_calls_as_asked_in_the_order_of_their_starts) {
    const auto text = generated(some(10'000));
    const auto rows = rows_of(text);
    ASSERT_EQ(rows.size(), 10'000U);
    std::set<std::string_view> ids;
    std::string_view last;
    for (const auto& row : rows) {
        ASSERT_EQ(row.size(), 12U);
        ids.insert(row[0]);
        EXPECT_EQ(row[0].size(), 24U);
        EXPECT_LE(last, row[2]);
        last = row[2];
    }
    EXPECT_EQ(ids.size(), rows.size());
    EXPECT_GE(rows.front()[2], "2026-03-01T00:00:00.000Z");
    EXPECT_LT(rows.back()[2], "2026-03-08T00:00:00.000Z");
}

TEST(generate, looks_like_traffic) {
    const auto text = generated(some(200'000));
    const auto rows = rows_of(text);
    double answered = 0;
    double talk = 0;
    double keyed = 0;
    double night = 0;
    double largest = 0;
    for (const auto& row : rows) {
        largest += row[1] == "acct-0001";
        night += row[2].substr(11, 2) < "06";
        if (row[6] != "200")
            continue;
        ++answered;
        talk += static_cast<double>(number(row[5])) / 1000;
        keyed += number(row[10]) > 0;
    }
    const auto calls = static_cast<double>(rows.size());
    EXPECT_NEAR(answered / calls, 0.45, 0.01);
    EXPECT_NEAR(talk / answered, 180, 180 * 0.03);
    EXPECT_NEAR(keyed / answered, 0.05, 0.005);
    EXPECT_NEAR(static_cast<double>(text.size()) / calls, 149, 3);
    EXPECT_GT(largest / calls, 0.2);
    EXPECT_LT(night / calls, 0.06);
}

TEST(generate, an_answered_call_adds_up) {
    const auto text = generated(some(2'000));
    for (const auto& row : rows_of(text)) {
        const auto start = parse_instant(row[2]).value();
        const auto end = parse_instant(row[4]).value();
        EXPECT_LT(start, end);
        if (row[6] != "200") {
            EXPECT_EQ(row[3], "");
            EXPECT_EQ(row[5], "0");
            continue;
        }
        const auto answer = parse_instant(row[3]).value();
        EXPECT_LT(start, answer);
        EXPECT_EQ((end - answer).count(), number(row[5]));
    }
}

TEST(generate, no_calls_are_a_header) {
    const auto text = generated(some(0));
    EXPECT_EQ(text, "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction,cli,destination,"
                    "dtmf_digits,charge\n");
}

} // namespace
} // namespace lineside::cli
