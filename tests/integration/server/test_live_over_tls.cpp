// Live data where it is encrypted: the same, and nothing for those who do not trust each other.

#include <lineside/client.hpp>

#include "integration/server/live_clients.hpp"
#include "integration/server/server_test.hpp"
#include "support/certificate_files.hpp"

#include <string>

namespace lineside::served {
namespace {

class live_over_tls_test : public server_test {
protected:
    live_over_tls_test() {
        served.tls = server_tls{files.certificate(), files.key(), {}};
        served.operator_token = secret(token);
    }

    static constexpr const char* token = "one-of-the-operator-that-a-client-takes";

    [[nodiscard]] raw_client connect_secure() {
        return raw_client(front().port(), test::raw_tls{.ca_file = files.authority()});
    }
    [[nodiscard]] client_options far() {
        client_options o;
        o.base_url = front().url();
        o.token = secret(token);
        o.tls.ca_file = files.authority();
        o.retries.base = std::chrono::milliseconds(1);
        return o;
    }
    void start(const std::string& id) {
        call_event e;
        e.source = "switch";
        e.call_id = id;
        e.at = clock.now();
        e.account = acme;
        (void)lineside().async_report_call_events({{e}}, block);
    }
    /// More than one record of TLS holds.
    void start_many(int calls) {
        call_event_batch batch;
        for (int i = 0; i < calls; ++i) {
            call_event e;
            e.source = "switch";
            e.call_id = "a call with quite a long name, number " + std::to_string(i);
            e.at = clock.now();
            e.account = acme;
            batch.events.push_back(e);
        }
        (void)lineside().async_report_call_events(std::move(batch), block);
    }
    static watch_request request(watch_topic topic) {
        watch_request r;
        r.account = acme;
        r.topics = {topic};
        return r;
    }

    const test::certificate_files files;
};

LINESIDE_ON_A_SERVER_WITH(live_over_tls, live_over_tls_test);

TEST_P(live_over_tls, a_web_socket_opens_tells_and_closes) {
    add_account();
    socket_client s(connect_secure(), handshake().by(token));
    ASSERT_EQ(s.answer.status, 101U) << s.answer.body;
    s.subscribe(1, R"("channels")");
    EXPECT_EQ(s.read_update(1, "channels", "snapshot")["channels"].at("in_use"), 0);
    start("a");
    EXPECT_EQ(s.read_update(1, "channels", "change")["channels"].at("in_use"), 1);
    s.say_raw(frame(0x88U, std::string("\x03\xe8", 2)));
    EXPECT_EQ(s.read_close(), 1000U);
    s.wait_for_end();
}

TEST_P(live_over_tls, server_sent_events_follow_an_account) {
    add_account();
    event_client e(connect_secure(), get("/v1/accounts/acme/live?topics=channels").by(token));
    EXPECT_EQ(e.next("channels")["channels"].at("in_use"), 0) << e.head;
    start("a");
    EXPECT_EQ(e.next("channels")["channels"].at("in_use"), 1);
}

TEST_P(live_over_tls, a_reader_that_leaves_makes_room_at_once) {
    ended_streams ended;
    served.log = ended.listener();
    served.limits.watchers = 1;
    add_account();
    const auto q = get("/v1/accounts/acme/live?topics=channels").by(token);
    {
        event_client cut_off(connect_secure(), q);
        (void)cut_off.next("channels");
    }
    ASSERT_TRUE(ended.has_one_more());
    event_client polite(connect_secure(), q);
    (void)polite.next("channels");
    polite.end_sending();
    ASSERT_TRUE(ended.has_one_more());
    event_client next(connect_secure(), q);
    (void)next.next("channels");
}

TEST_P(live_over_tls, a_clients_watch_sees_what_is_larger_than_a_record) {
    add_account();
    start_many(2'000);
    client c(far());
    const auto w = c.watch(request(watch_topic::live_calls));
    const auto first = w->async_next(block);
    EXPECT_EQ(first.kind, watch_kind::snapshot);
    ASSERT_TRUE(first.live_calls);
    EXPECT_EQ(first.live_calls->calls.size(), 2'000U);
    start("one more");
    const auto second = w->async_next(block);
    EXPECT_EQ(second.kind, watch_kind::change);
    ASSERT_TRUE(second.live_calls);
    EXPECT_EQ(second.live_calls->calls.size(), 1U);
}

TEST_P(live_over_tls, a_client_watches_nothing_at_a_server_it_does_not_trust) {
    add_account();
    const test::certificate_files others;
    auto options = far();
    options.tls.ca_file = others.authority();
    client c(std::move(options));
    const auto w = c.watch(request(watch_topic::channels));
    const auto why = contract::failure_of([&] { return w->async_next(block); }, errc::unavailable);
    EXPECT_NE(why.message.find("certificate"), std::string::npos) << why.message;
}

TEST_P(live_over_tls, who_speaks_plainly_opens_no_web_socket) {
    auto client = connect();
    client.send(handshake().by(token).bytes());
    EXPECT_EQ(client.read_to_end().find("HTTP"), std::string::npos);
}

} // namespace
} // namespace lineside::served
