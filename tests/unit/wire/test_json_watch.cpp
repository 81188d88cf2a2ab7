#include "wire/describe_watch.hpp"
#include "wire/json.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace lineside;

namespace {

instant noon() { return parse_instant("2026-03-10T12:00:00Z").value(); }

template <class T>
std::string json_of(const T& value) {
    std::string text;
    wire::append_json(text, value);
    return text;
}

TEST(json_watch, an_update_of_each_topic_is_read_as_it_was_written) {
    std::vector<watch_update> all(6);
    all[0].channels = channel_status{account_id("acme"), noon(), 3};
    live_call c;
    c.call_id = "1";
    c.rate = money{1, 0, "EUR"};
    all[1].live_calls = live_call_changes{{c}, {{"s", "2", "b"}}, true};
    balance b;
    b.currency = "EUR";
    for (auto* m : {&b.amount, &b.debit_limit, &b.credit_available, &b.in_flight, &b.burn_per_minute})
        *m = money{5, 0, "EUR"};
    all[2].balance = b;
    alert_event e;
    e.number = 7;
    all[3].alert = e;
    summary_row r;
    r.start = noon();
    all[4].summary = summary_changes{{r}, {noon()}};
    all[5].dashboard = dashboard();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& u = all[i];
        u.topic = static_cast<watch_topic>(i);
        u.kind = watch_kind::change;
        u.position = "1.a.b.c1";
        u.at = noon();
        EXPECT_EQ(wire::parse_json<watch_update>(json_of(u)), u) << json_of(u);
    }
}

TEST(json_watch, a_request_may_leave_out_all_but_the_topics) {
    const auto r =
        wire::parse_json<watch_request>(R"({"topics":["channels","alerts"]})", wire::missing_member::defaulted);
    EXPECT_EQ(r.topics, (std::vector{watch_topic::channels, watch_topic::alerts}));
    EXPECT_TRUE(r.resume.empty());
}

TEST(shared_value, makes_its_text_once_for_everybody) {
    const shared_value<std::string> value(std::string("x"));
    std::atomic<int> made = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 8; ++i)
        readers.emplace_back([&, copy = value] {
            EXPECT_EQ(copy.text([&](const std::string& v) {
                ++made;
                return v + v;
            }),
                      "xx");
        });
    for (auto& r : readers)
        r.join();
    EXPECT_EQ(made, 1);
}

TEST(shared_value, is_equal_where_the_values_are) {
    const shared_value<int> none;
    EXPECT_EQ(none, shared_value<int>());
    EXPECT_NE(none, shared_value<int>(1));
    EXPECT_EQ(shared_value<int>(1), shared_value<int>(1));
    EXPECT_NE(shared_value<int>(1), shared_value<int>(2));
}

} // namespace
