#include "support/random_value.hpp"
#include "wire/describe_dispute.hpp"
#include "wire/events.hpp"
#include "wire/json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

using namespace lineside;

namespace {

template <class Event>
std::string line_of(const Event& event) {
    std::string line;
    wire::append_event(line, event);
    EXPECT_EQ(line.back(), '\n');
    EXPECT_EQ(line.find('\n'), line.size() - 1) << "one line";
    return line;
}

template <class Event>
Event back(const Event& event) {
    return std::get<Event>(wire::parse_event<import_report>(line_of(event)));
}

} // namespace

TEST(events, are_lines_that_come_back_as_they_were) {
    test::random_values random(3, test::control_characters::some);
    for (int i = 0; i < 50; ++i) {
        const auto progress = random.make<import_progress>();
        EXPECT_EQ(line_of(back(progress)), line_of(progress));
        for (const auto side : {wire::record_side::none, wire::record_side::ours, wire::record_side::theirs}) {
            const wire::rejected_event rejected{random.make<rejected_row>(), side};
            EXPECT_EQ(back(rejected), rejected);
        }
        const wire::evidence_event evidence{"a,b\r\n\"c\nd\"\n"};
        EXPECT_EQ(back(evidence), evidence);
        auto report = random.make<import_report>();
        report.seconds = 1.5;
        EXPECT_EQ(back(report), report);
        const auto dispute = random.make<dispute_report>();
        EXPECT_EQ(line_of(std::get<dispute_report>(wire::parse_event<dispute_report>(line_of(dispute)))),
                  line_of(dispute));
    }
    const failure problem{errc::invalid_argument, {"row 3 is wrong", "records", "r-1", 400, {}}};
    const auto told = back(problem);
    EXPECT_EQ(told.code, problem.code);
    EXPECT_EQ(told.details, problem.details);
}

TEST(events, read_as_the_text_says) {
    EXPECT_EQ(line_of(import_progress{1, 2, 3}), "{\"progress\":{\"rows\":1,\"bytes\":2,\"total_bytes\":3}}\n");
    EXPECT_EQ(line_of(wire::rejected_event{{"f", 1, 2, "a", "b", "c", "d"}, wire::record_side::ours}),
              "{\"rejected\":{\"file\":\"f\",\"line\":1,\"column\":2,\"field\":\"a\",\"reason\":\"b\",\"text\":\"c\","
              "\"header\":\"d\",\"side\":\"ours\"}}\n");
}

TEST(events, of_newer_servers_are_passed_over) {
    const auto event = wire::parse_event<import_report>(R"({"weather":{"sun":1}})");
    EXPECT_TRUE(std::holds_alternative<wire::unknown_event>(event));
    const auto more = wire::parse_event<import_report>(R"({"progress":{"rows":7,"hope":1},"weather":2})");
    EXPECT_EQ(std::get<import_progress>(more).rows, 7U);
}

TEST(events, that_are_none_break_the_protocol) {
    for (const auto* line :
         {"", "{", "[]", "7", R"({"progress":7})", R"({"rejected":{"line":"x"}})", R"({"rejected":{"side":"both"}})",
          R"({"rejected":7})", R"({"evidence":7})", R"({"report":[]})", R"({"progress":{},"progress":{}})"}) {
        try {
            (void)wire::parse_event<import_report>(line);
            ADD_FAILURE() << line;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::protocol) << line;
        }
    }
    EXPECT_EQ(std::get<failure>(wire::parse_event<import_report>(R"({"problem":7})")).code, errc::internal);
}
