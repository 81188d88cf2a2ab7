// Live data over web sockets and as Server-Sent Events, frame by frame and line by line.

#include "integration/server/live_clients.hpp"
#include "integration/server/server_test.hpp"

#include <future>
#include <string>
#include <utility>

namespace lineside::served {
namespace {

class live_test : public server_test {
protected:
    [[nodiscard]] socket_client open(const asked& q) {
        socket_client s(connect(), q);
        EXPECT_EQ(s.answer.status, 101U) << s.answer.body;
        return s;
    }
    [[nodiscard]] socket_client open_by(std::string_view token) { return open(handshake().by(token)); }
    void start(const std::string& id) {
        call_event e;
        e.source = "switch";
        e.call_id = id;
        e.at = clock.now();
        e.account = acme;
        (void)lineside().async_report_call_events({{e}}, block);
    }
};

LINESIDE_ON_A_SERVER_WITH(web_sockets, live_test);
LINESIDE_ON_A_SERVER_WITH(event_streams, live_test);

TEST_P(web_sockets, a_watch_begins_with_the_whole_and_goes_on_with_what_changes) {
    add_account();
    auto s = open_by(token_of(acme, role::administrator));
    EXPECT_EQ(s.answer.field("sec-websocket-protocol"), "lineside.v1");
    EXPECT_NE(s.answer.field("x-request-id"), "");
    s.subscribe(1, R"("channels")");
    auto update = s.read_update(1, "channels", "snapshot");
    EXPECT_EQ(update["channels"].at("in_use"), 0);
    start("a");
    update = s.read_update(1, "channels", "change");
    EXPECT_EQ(update["channels"].at("in_use"), 1);
    EXPECT_NE(text_in(update, "position"), "");
    s.say(R"({"id":1,"unsubscribe":true})");
    EXPECT_EQ(s.read_problem(1), "cancelled");
    s.subscribe(1, R"("channels")"); // the number is free again
    EXPECT_EQ(s.read_update(1, "channels", "snapshot")["channels"].at("in_use"), 1);
}

TEST_P(web_sockets, several_watches_share_one_socket) {
    add_account();
    auto s = open_by(operator_token);
    s.subscribe(1, R"("channels")");
    (void)s.read_update(1, "channels", "snapshot");
    s.subscribe(2, R"("live_calls")");
    (void)s.read_update(2, "live_calls", "snapshot");
    s.subscribe(2, R"("balance")");
    EXPECT_EQ(s.read_problem(2), "conflict") << "the number is in use; its watch goes on";
    start("a");
    bool channels = false;
    bool calls = false;
    for (int i = 0; i < 2; ++i) {
        auto o = s.read_object();
        (o["id"] == 1 ? channels : calls) = true;
    }
    EXPECT_TRUE(channels && calls);
    for (int id = 3; id <= 16; ++id) {
        s.subscribe(id, R"("channels")");
        (void)s.read_update(id, "channels", "snapshot");
    }
    s.subscribe(17, R"("channels")");
    EXPECT_EQ(s.read_problem(17), "exhausted");
}

TEST_P(web_sockets, what_a_watch_may_not_see_ends_it_and_not_the_socket) {
    add_account();
    add_account(account_id("bluefin"));
    auto c = person("blind@acme.example", role::administrator);
    c.denials = {permission::view_channels};
    (void)add(std::move(c));
    auto s = open_by(grant_of("blind@acme.example").token.reveal());
    s.subscribe(1, R"("channels")");
    EXPECT_EQ(s.read_problem(1), "permission_denied");
    s.say(R"({"id":2,"subscribe":{"account":"bluefin","topics":["balance"]}})");
    EXPECT_EQ(s.read_problem(2), "not_found");
    s.say(R"({"id":3,"subscribe":{"topics":["live_calls"]}})"); // the own account
    (void)s.read_update(3, "live_calls", "snapshot");
}

TEST_P(web_sockets, a_browser_may_say_its_token_as_the_first_message) {
    add_account();
    const auto token = token_of(acme, role::administrator);
    auto s = open(handshake());
    s.say(R"({"token":")" + token + "\"}");
    s.subscribe(1, R"("channels")");
    (void)s.read_update(1, "channels", "snapshot");
    auto wrong = open(handshake());
    wrong.say(R"({"token":"NobodyHasThisTokenNobodyHasThisTokenNobodyHa"})");
    wrong.subscribe(1, R"("channels")");
    EXPECT_EQ(wrong.read_problem(1), "unauthenticated");
    EXPECT_EQ(wrong.read_close(), 3000U);
    auto nobody = open(handshake());
    nobody.subscribe(1, R"("channels")");
    EXPECT_EQ(nobody.read_close(), 1008U);
}

TEST_P(web_sockets, who_says_nothing_is_not_waited_for) {
    served.limits.header = std::chrono::milliseconds(50);
    add_account();
    auto silent = open(handshake());
    EXPECT_EQ(silent.read_close(), 1008U);
    auto known = open_by(operator_token);
    EXPECT_EQ(open(handshake()).read_close(), 1008U); // a later one's time is over by now, too
    known.subscribe(1, R"("channels")");
    (void)known.read_update(1, "channels", "snapshot");
}

TEST_P(web_sockets, a_credential_that_is_none_is_told_so_before_the_socket_opens) {
    socket_client s(connect(), handshake().by("NobodyHasThisTokenNobodyHasThisTokenNobodyHa"));
    (void)problem_of(s.answer, 401);
    const auto plain = ask_as_operator(get("/v1/live"));
    (void)problem_of(plain, 426);
    EXPECT_EQ(plain.field("upgrade"), "websocket");
}

TEST_P(web_sockets, signing_out_closes_it_at_once) {
    add_account();
    const auto token = token_of(acme, role::administrator);
    auto s = open_by(token);
    s.subscribe(1, R"("channels")");
    (void)s.read_update(1, "channels", "snapshot");
    EXPECT_EQ(ask(asked{"DELETE", "/v1/sessions"}.by(token)).status, 200U);
    EXPECT_EQ(s.read_problem(1), "unauthenticated");
    EXPECT_EQ(s.read_close(), 3000U);
}

TEST_P(web_sockets, rubbish_during_the_goodbye_does_no_harm) {
    add_account();
    for (const unsigned first : {0x82U, 0x81U, 0x80U, 0x8bU}) { // binary, text, a continuation of nothing, no opcode
        auto s = open_by(operator_token);
        s.say("{}");
        EXPECT_EQ(s.read_close(), 1008U);
        s.say_raw(frame(first, "x"));
        s.say_raw(frame(first, "x"));
        s.wait_for_end();
    }
    EXPECT_EQ(ask_as_operator(get("/v1/identity")).status, 200U);
}

TEST_P(web_sockets, what_is_no_message_ends_the_socket) {
    add_account();
    for (const std::string wrong : {"", "{", "7", "{}", R"({"id":1})", R"({"id":-1,"unsubscribe":true})",
                                    R"({"id":1,"subscribe":{"topics":["weather"]}})",
                                    R"({"id":1,"subscribe":{},"unsubscribe":true})", R"({"id":1,"shout":true})"}) {
        auto s = open_by(operator_token);
        s.say(wrong);
        EXPECT_EQ(s.read_close(), 1008U) << wrong;
    }
    auto s = open_by(operator_token);
    s.say(R"({"id":9,"unsubscribe":true})"); // of nothing: it may have ended just now
    s.subscribe(1, "");
    EXPECT_EQ(s.read_problem(1), "invalid_argument");
    s.subscribe(1, R"("channels")");
    (void)s.read_update(1, "channels", "snapshot");
}

TEST_P(web_sockets, a_page_of_another_site_opens_none) {
    served.allowed_origins = {"https://portal.partner.example"};
    add_account();
    (void)add("robin@acme.example");
    const auto cookie = "__Host-lineside=" + std::string(grant_of("robin@acme.example").token.reveal());
    const auto status = [&](const std::string& origin) {
        return socket_client(connect(), handshake().with("Cookie", cookie).with("Origin", origin)).answer.status;
    };
    EXPECT_EQ(status("https://evil.example"), 403U);
    EXPECT_EQ(status("null"), 403U);
    EXPECT_EQ(status("http://portal.example.evil.example"), 403U);
    EXPECT_EQ(status("http://portal.example"), 101U) << "a page of this site";
    EXPECT_EQ(status("https://portal.partner.example"), 101U);
}

TEST_P(web_sockets, there_are_no_more_watches_than_the_server_puts_up_with) {
    served.limits.watchers = 2;
    add_account();
    auto s = open_by(operator_token);
    for (int id = 1; id <= 2; ++id) {
        s.subscribe(id, R"("channels")");
        (void)s.read_update(id, "channels", "snapshot");
    }
    s.subscribe(3, R"("channels")");
    EXPECT_EQ(s.read_problem(3), "unavailable");
    EXPECT_EQ(ask_as_operator(get("/v1/accounts/acme/live?topics=channels")).status, 503U);
    s.say(R"({"id":1,"unsubscribe":true})");
    EXPECT_EQ(s.read_problem(1), "cancelled");
    s.subscribe(3, R"("channels")");
    (void)s.read_update(3, "channels", "snapshot");
}

TEST_P(web_sockets, it_is_told_of_when_it_has_ended) {
    std::promise<served_request> told;
    served.log = [&](const served_request& r) {
        if (r.operation == "watch")
            told.set_value(r);
    };
    add_account();
    {
        auto s = open(handshake().by(operator_token).with("User-Agent", "a browser"));
        s.subscribe(1, R"("channels")");
        (void)s.read_update(1, "channels", "snapshot");
        EXPECT_EQ(ask_as_operator(get("/v1/identity")).status, 200U); // was told of meanwhile
    }
    const auto r = told.get_future().get();
    EXPECT_EQ(r.status, 101U);
    EXPECT_EQ(r.path, "/v1/live");
    EXPECT_EQ(r.peer, "127.0.0.1");
    EXPECT_EQ(r.user_agent, "a browser");
    EXPECT_NE(r.request_id, "");
}

TEST_P(web_sockets, a_server_that_goes_says_so) {
    add_account();
    auto s = open_by(operator_token);
    s.subscribe(1, R"("channels")");
    (void)s.read_update(1, "channels", "snapshot");
    auto drained = std::async(std::launch::async, [&] { front().drain(std::chrono::minutes(1)); });
    EXPECT_EQ(s.read_close(), 1001U);
    drained.get();
}

// ---- Server-Sent Events

asked events_of(const std::string& topics) { return get("/v1/accounts/acme/live?topics=" + topics); }

TEST_P(event_streams, an_account_can_be_followed_by_anything_that_reads_lines) {
    add_account();
    event_client s(connect(), events_of("channels").by(token_of(acme, role::administrator)));
    EXPECT_TRUE(s.head.starts_with("HTTP/1.1 200 "));
    for (const auto* field : {"Content-Type: text/event-stream\n", "Cache-Control: no-store\n",
                              "X-Accel-Buffering: no\n", "Transfer-Encoding: chunked\n"})
        EXPECT_NE(s.head.find(field), std::string::npos) << field << s.head;
    auto update = s.next("channels");
    EXPECT_EQ(text_in(update, "kind"), "snapshot");
    EXPECT_EQ(text_in(update, "position"), s.position);
    start("a");
    update = s.next("channels");
    EXPECT_EQ(text_in(update, "kind"), "change");
    EXPECT_EQ(update["channels"].at("in_use"), 1);
}

TEST_P(event_streams, whoever_was_cut_off_goes_on_where_it_was) {
    settings.delivery.on_alert = [](const alert_event&) {};
    add_account();
    alert_rule rule = contract::some_rule(acme, "low");
    const auto made = lineside().async_create_alert_rule(rule, block);
    const auto fire = [&] {
        clock.advance(seconds(61));
        return lineside().async_test_alert_rule({acme, made.id, alert_test_delivery::send}, block);
    };
    std::string position;
    {
        event_client s(connect(), events_of("alerts").by(operator_token));
        EXPECT_EQ(text_in(s.next("alerts"), "kind"), "snapshot");
        (void)fire();
        EXPECT_EQ(text_in(s.next("alerts"), "kind"), "event");
        position = s.position;
    }
    (void)fire(); // while nobody listens
    (void)fire();
    for (const auto& how :
         {events_of("alerts").with("Last-Event-ID", position), events_of("alerts&resume=" + position)}) {
        event_client s(connect(), how.by(operator_token));
        EXPECT_EQ(text_in(s.next("alerts"), "kind"), "event");
        EXPECT_EQ(text_in(s.next("alerts"), "kind"), "event");
    }
}

TEST_P(event_streams, what_is_refused_is_a_problem_and_no_stream) {
    add_account();
    (void)problem_of(ask(events_of("channels")), 401);
    (void)problem_of(ask(events_of("channels").by("NobodyHasThisTokenNobodyHasThisTokenNobodyHa")), 401);
    (void)problem_of(ask_as_operator(get("/v1/accounts/atlantis/live?topics=channels")), 404);
    EXPECT_EQ(text_in(problem_of(ask_as_operator(events_of("weather")), 400), "field"), "topics");
    EXPECT_EQ(text_in(problem_of(ask_as_operator(events_of("channels&colour=red")), 400), "field"), "colour");
    (void)problem_of(ask_as_operator(get("/v1/accounts/acme/live")), 400);
    (void)problem_of(ask_as_operator(events_of("channels").with("Last-Event-ID", "nonsense")), 400);
    (void)problem_of(ask_as_operator(get("/v1/accounts/%zz/live?topics=channels")), 400);
    (void)problem_of(ask_as_operator(events_of("channels").with("Accept", "application/json")), 406);
}

TEST_P(event_streams, a_right_that_is_withdrawn_ends_the_stream_and_says_why) {
    add_account();
    const auto token = token_of(acme, role::administrator);
    event_client s(connect(), events_of("channels").by(token));
    (void)s.next("channels");
    EXPECT_EQ(ask(asked{"DELETE", "/v1/sessions"}.by(token)).status, 200U);
    EXPECT_EQ(text_in(s.next("problem"), "code"), "unauthenticated");
    EXPECT_TRUE(s.ends());
}

TEST_P(event_streams, a_reader_that_leaves_makes_room_at_once) {
    ended_streams ended;
    served.log = ended.listener();
    served.limits.watchers = 1;
    add_account();
    const auto q = events_of("channels").by(operator_token);
    {
        event_client s(connect(), q);
        (void)s.next("channels");
    }
    ASSERT_TRUE(ended.has_one_more());
    event_client half(connect(), q);
    (void)half.next("channels");
    half.end_sending();
    ASSERT_TRUE(ended.has_one_more());
    event_client next(connect(), q);
    (void)next.next("channels");
}

TEST_P(event_streams, a_server_that_goes_ends_the_stream_as_a_whole_one) {
    add_account();
    event_client s(connect(), events_of("channels").by(operator_token));
    (void)s.next("channels");
    auto drained = std::async(std::launch::async, [&] { front().drain(std::chrono::minutes(1)); });
    EXPECT_TRUE(s.ends());
    drained.get();
}

} // namespace
} // namespace lineside::served
