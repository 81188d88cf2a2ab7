#include "rules/review.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

using namespace lineside;
using namespace lineside::rules;
using namespace std::chrono_literals;

namespace {

const instant monday = parse_instant("2026-03-02").value();

sign_in_fact entry(duration after, std::string who, std::string ip, std::string program = "Firefox/115.0") {
    return {monday + after, std::move(who), std::move(ip), std::move(program), sign_in_result::in};
}
sign_in_fact failure_at(duration after, std::string who, std::string ip,
                        sign_in_result result = sign_in_result::wrong) {
    return {monday + after, std::move(who), std::move(ip), "curl/8", result};
}

std::vector<std::string> codes_of(const std::vector<sign_in_anomaly>& found) {
    std::vector<std::string> codes;
    for (const auto& a : found)
        codes.push_back(a.code);
    return codes;
}

using texts = std::vector<std::string>;

TEST(review_sign_ins, networks_are_24_bits_of_ipv4_and_48_of_ipv6) {
    EXPECT_EQ(network_of("192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("::ffff:192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("2001:db8:7:1::9"), "2001:db8:7::/48");
    EXPECT_EQ(network_of(""), "");
    EXPECT_EQ(network_of("printer"), "");
}

TEST(review_sign_ins, an_update_is_no_new_program) {
    EXPECT_EQ(program_of("Mozilla/5.0 (X11) Firefox/115.0.2"), program_of("Mozilla/5.0 (X11) Firefox/121.0"));
    EXPECT_EQ(program_of("Mac OS X 10_15_7"), program_of("Mac OS X 14_2"));
    EXPECT_NE(program_of("Firefox/115.0"), program_of("Chrome/115.0"));
}

TEST(review_sign_ins, a_new_network_is_told_once) {
    const std::vector before{entry(-9 * 24h, "contact c-1", "192.0.2.7")};
    const std::vector week{entry(1h, "contact c-1", "192.0.2.99"), entry(2h, "contact c-1", "198.51.100.1"),
                           entry(3h, "contact c-1", "198.51.100.2")};
    const auto found = sign_in_anomalies(before, week);
    ASSERT_EQ(codes_of(found), texts{"new_network"});
    EXPECT_EQ(found[0].at, monday + 2h);
    EXPECT_EQ(found[0].who, "contact c-1");
    EXPECT_EQ(found[0].source, "198.51.100.1");
}

TEST(review_sign_ins, a_new_program_is_told) {
    const std::vector before{entry(-24h, "contact c-1", "192.0.2.7", "Firefox/115.0")};
    EXPECT_EQ(codes_of(sign_in_anomalies(before, std::vector{entry(1h, "contact c-1", "192.0.2.7", "Firefox/121.0"),
                                                             entry(2h, "contact c-1", "192.0.2.7", "python/3")})),
              texts{"new_program"});
}

TEST(review_sign_ins, a_first_sign_in_has_nothing_to_compare_with) {
    const std::vector before{entry(-24h, "contact c-1", "192.0.2.7")};
    EXPECT_TRUE(sign_in_anomalies(before, std::vector{entry(1h, "contact c-2", "203.0.113.9")}).empty());
    EXPECT_TRUE(sign_in_anomalies({}, std::vector{entry(1h, "contact c-2", "203.0.113.9")}).empty());
    EXPECT_EQ(codes_of(sign_in_anomalies(
                  {}, std::vector{entry(1h, "contact c-2", "203.0.113.9"), entry(2h, "contact c-2", "192.0.2.1")})),
              texts{"new_network"});
}

TEST(review_sign_ins, a_failure_teaches_no_habit) {
    const std::vector before{entry(-48h, "contact c-1", "192.0.2.7"), failure_at(-24h, "contact c-1", "198.51.100.1")};
    EXPECT_EQ(codes_of(sign_in_anomalies(before, std::vector{entry(1h, "contact c-1", "198.51.100.1")})),
              texts{"new_network"});
}

std::vector<sign_in_fact> failures(std::size_t n, duration apart, const std::string& who, const std::string& ip,
                                   sign_in_result result = sign_in_result::wrong) {
    std::vector<sign_in_fact> all;
    for (std::size_t i = 0; i < n; ++i)
        all.push_back(failure_at(apart * static_cast<std::int64_t>(i), who, ip, result));
    return all;
}

TEST(review_sign_ins, five_failures_in_ten_minutes_are_one_burst) {
    EXPECT_TRUE(sign_in_anomalies({}, failures(4, 10s, "contact c-1", "192.0.2.7")).empty());
    EXPECT_EQ(codes_of(sign_in_anomalies({}, failures(5, 10s, "contact c-1", "192.0.2.7"))), texts{"failed_burst"});
    EXPECT_EQ(codes_of(sign_in_anomalies({}, failures(500, 10s, "contact c-1", "192.0.2.7"))), texts{"failed_burst"});
    EXPECT_EQ(codes_of(sign_in_anomalies({}, failures(5, 150s, "contact c-1", "192.0.2.7"))), texts{"failed_burst"})
        << "the first and the fifth are exactly ten minutes apart";
    EXPECT_TRUE(sign_in_anomalies({}, failures(50, 151s, "contact c-1", "192.0.2.7")).empty());
}

TEST(review_sign_ins, a_burst_that_was_over_is_told_again) {
    auto week = failures(6, 1min, "contact c-1", "192.0.2.7");
    for (auto f : failures(6, 1min, "contact c-1", "192.0.2.7")) {
        f.at += 5h;
        week.push_back(f);
    }
    EXPECT_EQ(codes_of(sign_in_anomalies({}, week)), (texts{"failed_burst", "failed_burst"}));
}

TEST(review_sign_ins, one_network_against_many_people_is_a_burst) {
    std::vector<sign_in_fact> week;
    for (int i = 0; i < 5; ++i)
        week.push_back(failure_at(i * 10s, "contact c-" + std::to_string(i), "192.0.2." + std::to_string(i)));
    const auto found = sign_in_anomalies({}, week);
    ASSERT_EQ(codes_of(found), texts{"failed_burst"});
    EXPECT_EQ(found[0].who, "") << "it is of several";
    EXPECT_EQ(found[0].source, "192.0.2.0/24");
}

TEST(review_sign_ins, three_wrong_codes_in_half_an_hour_are_told) {
    EXPECT_TRUE(sign_in_anomalies({}, failures(2, 1min, "contact c-1", "", sign_in_result::wrong_code)).empty());
    EXPECT_EQ(codes_of(sign_in_anomalies({}, failures(3, 15min, "contact c-1", "", sign_in_result::wrong_code))),
              texts{"failed_codes"});
    EXPECT_TRUE(sign_in_anomalies({}, failures(9, 16min, "contact c-1", "", sign_in_result::wrong_code)).empty());
}

TEST(review_sign_ins, no_week_has_more_than_a_hundred) {
    std::vector<sign_in_fact> week;
    for (int i = 0; i < 250; ++i)
        week.push_back(entry(i * 1min, "contact c-1", "10.0." + std::to_string(i) + ".1"));
    EXPECT_EQ(sign_in_anomalies({}, week).size(), 100U);
}

destination_facts facts(std::uint64_t attempts, std::uint64_t answered, double acd_s, double spread_s = 0) {
    destination_facts f;
    for (std::uint64_t i = 0; i < attempts; ++i)
        f.count(i < answered, true,
                static_cast<std::int64_t>((i % 2 == 0 ? acd_s + spread_s : acd_s - spread_s) * 1'000));
    return f;
}

facts_by_destination all(destination_facts f, std::string name = "") { return {{std::move(name), f}}; }

TEST(review_movers, asr_that_fell_far_is_one) {
    const auto moves = movers(all(facts(200, 100, 60), "49"), all(facts(200, 60, 60), "49"));
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_EQ(moves[0], (metric_move{metric::asr, "49", 50.0, 30.0, 200}));
}

TEST(review_movers, few_calls_move_nothing) {
    EXPECT_TRUE(movers(all(facts(49, 49, 60)), all(facts(1'000, 0, 60))).empty());
    EXPECT_TRUE(movers(all(facts(1'000, 0, 60)), all(facts(49, 49, 60))).empty());
    EXPECT_TRUE(movers(all(facts(1'000, 29, 60)), all(facts(1'000, 29, 600))).empty()) << "of the answered, for ACD";
    EXPECT_TRUE(movers({}, all(facts(1'000, 900, 60))).empty());
}

TEST(review_movers, what_chance_explains_is_none) {
    EXPECT_TRUE(movers(all(facts(60, 30, 60)), all(facts(60, 24, 60))).empty()) << "50 % and 40 % of 60 calls";
    EXPECT_EQ(movers(all(facts(6'000, 3'000, 60)), all(facts(6'000, 2'400, 60))).size(), 1U) << "of 6,000";
    EXPECT_TRUE(movers(all(facts(60, 30, 60, 59)), all(facts(60, 30, 75, 70))).empty());
}

TEST(review_movers, a_small_move_is_none_however_certain) {
    EXPECT_TRUE(movers(all(facts(100'000, 50'000, 60)), all(facts(100'000, 46'000, 70))).empty());
}

TEST(review_movers, acd_is_of_the_answered) {
    const auto moves = movers(all(facts(100, 40, 60, 5)), all(facts(100, 40, 30, 5)));
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_EQ(moves[0], (metric_move{metric::acd, "", 60.0, 30.0, 40}));
}

TEST(review_movers, asr_without_coverage_is_none) {
    auto week = facts(200, 60, 60);
    week.uncovered = 1;
    EXPECT_TRUE(movers(all(facts(200, 100, 60)), all(week)).empty());
}

TEST(review_movers, all_calls_stand_first_then_the_widest) {
    facts_by_destination before{
        {"", facts(1'000, 500, 60)}, {"44", facts(1'000, 500, 60)}, {"49", facts(1'000, 500, 60)}};
    facts_by_destination week{
        {"", facts(1'000, 400, 60)}, {"44", facts(1'000, 300, 60)}, {"49", facts(1'000, 100, 60)}};
    const auto moves = movers(before, week);
    ASSERT_EQ(moves.size(), 3U);
    EXPECT_EQ(moves[0].destination, "");
    EXPECT_EQ(moves[1].destination, "49");
    EXPECT_EQ(moves[2].destination, "44");
}

TEST(review_movers, weeks_of_the_same_traffic_hardly_ever_move) {
    std::mt19937_64 random(3);
    int moved = 0;
    const auto week = [&] {
        destination_facts f;
        for (int i = 0; i < 400; ++i)
            f.count(random() % 100 < 45, true, static_cast<std::int64_t>(random() % 360'000));
        return f;
    };
    for (int i = 0; i < 1'000; ++i)
        moved += static_cast<int>(movers(all(week()), all(week())).size());
    EXPECT_LE(moved, 12);
}

TEST(review_movers, countries_are_told_by_their_codes) {
    for (const auto* number : {"+493012345678", "00493012345678", "493012345678"})
        EXPECT_EQ(country_of(number), "49") << number;
    EXPECT_EQ(country_of("12025550123"), "1");
    EXPECT_EQ(country_of("+79161234567"), "7");
    EXPECT_EQ(country_of("353871234567"), "353");
    EXPECT_EQ(country_of("+8801712345678"), "880");
    for (const auto* other : {"", "100", "sip:bob@example.com", "030123456", "+49 30 1234567"})
        EXPECT_EQ(country_of(other), "") << other;
}

TEST(review_expiry, what_ends_within_thirty_days_soonest_first) {
    const time_range week{monday, monday + 7 * 24h};
    const auto found = about_to_expire({{"api_key", "k-3", "", week.to + 30 * 24h},
                                        {"api_key", "k-2", "", week.to + 29 * 24h},
                                        {"api_key", "k-1", "", week.from},
                                        {"api_key", "k-0", "", week.from - 1ms}},
                                       week);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, "k-1");
    EXPECT_EQ(found[1].id, "k-2");
}

} // namespace
