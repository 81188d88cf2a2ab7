// Live data over web sockets and as Server-Sent Events, frame by frame and line by line.

#include "integration/server/server_test.hpp"

#include <future>
#include <string>
#include <utility>

namespace lineside::served {
namespace {

std::string byte(unsigned value) { return std::string(1, static_cast<char>(value)); }

// As a client sends it: masked, with the key of zeros.
std::string frame(unsigned first, const std::string& payload) {
    auto bytes = byte(first);
    if (payload.size() < 126)
        bytes += byte(0x80U | static_cast<unsigned>(payload.size()));
    else
        bytes += byte(0x80U | 126U) + byte(static_cast<unsigned>(payload.size() >> 8U)) +
                 byte(static_cast<unsigned>(payload.size() & 0xffU));
    return bytes + std::string(4, '\0') + payload;
}

struct message {
    unsigned opcode = 0;
    std::string payload;

    [[nodiscard]] unsigned close_code() const {
        return opcode != 8 || payload.size() < 2 ? 0U
                                                 : static_cast<unsigned char>(payload[0]) * 256U +
                                                       static_cast<unsigned char>(payload[1]);
    }
};

class socket_client {
public:
    socket_client(raw_client client, const asked& handshake) : client_(std::move(client)) {
        client_.send(handshake.bytes());
        answer = client_.read_answer();
    }
    void say(const std::string& text) { client_.send(frame(0x81U, text)); }
    void subscribe(int id, const std::string& topics) {
        say(R"({"id":)" + std::to_string(id) + R"(,"subscribe":{"account":"acme","topics":[)" + topics + "]}}");
    }
    message read() {
        for (;;) {
            message m;
            const auto head = client_.read(2);
            m.opcode = static_cast<unsigned char>(head[0]) & 0xfU;
            std::size_t size = static_cast<unsigned char>(head[1]);
            if (size >= 126) {
                const auto more = client_.read(size == 126 ? 2 : 8);
                size = 0;
                for (const char c : more)
                    size = size << 8U | static_cast<unsigned char>(c);
            }
            m.payload = client_.read(size);
            if (m.opcode != 9)
                return m;
        }
    }
    boost::json::object read_object() {
        const auto m = read();
        EXPECT_EQ(m.opcode, 1U) << m.close_code() << m.payload;
        return object_of(m.payload);
    }
    /// An update of the watch, of this kind.
    boost::json::object read_update(int id, std::string_view topic, std::string_view kind) {
        auto o = read_object();
        EXPECT_EQ(o["id"], id) << boost::json::value(o);
        if (!o.contains("update")) {
            ADD_FAILURE() << boost::json::value(o);
            return {};
        }
        auto update = o["update"].as_object();
        EXPECT_EQ(text_in(update, "topic"), topic);
        EXPECT_EQ(text_in(update, "kind"), kind);
        return update;
    }
    /// Why the watch has ended: the problem's code.
    std::string read_problem(int id) {
        auto o = read_object();
        EXPECT_EQ(o["id"], id) << boost::json::value(o);
        return o.contains("problem") ? text_in(o["problem"].as_object(), "code") : "";
    }
    /// What the server says at the end; updates before it are passed over.
    unsigned read_close() {
        for (;;)
            if (const auto m = read(); m.opcode == 8)
                return m.close_code();
    }

    raw_answer answer;

private:
    raw_client client_;
};

class live_test : public server_test {
protected:
    [[nodiscard]] static asked handshake(const std::string& path = "/v1/live") {
        return get(path)
            .with("Upgrade", "websocket")
            .with("Connection", "Upgrade")
            .with("Sec-WebSocket-Version", "13")
            .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .with("Sec-WebSocket-Protocol", "lineside.v1");
    }
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

TEST_P(web_sockets, what_is_no_message_ends_the_socket) {
    add_account();
    for (const std::string wrong :
         {"", "{", "7", "{}", R"({"id":1})", R"({"id":-1,"unsubscribe":true})", R"({"id":1,"subscribe":{"topics":["weather"]}})",
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

/// The events of an answer that does not end.
class event_client {
public:
    event_client(raw_client client, const asked& q) : client_(std::move(client)) {
        client_.send(q.bytes());
        for (std::string line = this->line(); !line.empty(); line = this->line())
            head += line + '\n';
    }
    /// The fields of the next one.
    boost::json::object next(std::string_view topic) {
        std::string id;
        std::string event;
        std::string data;
        for (;;) {
            while (text_.find("\n\n") == std::string::npos)
                text_ += chunk();
            const auto end = text_.find("\n\n");
            auto one = text_.substr(0, end + 1);
            text_.erase(0, end + 2);
            if (one.starts_with(":"))
                continue; // a heartbeat
            for (; !one.empty(); one.erase(0, one.find('\n') + 1)) {
                const auto row = one.substr(0, one.find('\n'));
                const auto colon = row.find(": ");
                const auto name = row.substr(0, colon);
                (name == "id" ? id : name == "event" ? event : data) = row.substr(colon + 2);
            }
            break;
        }
        EXPECT_EQ(event, topic) << data;
        position = id;
        return object_of(data);
    }
    /// Whether the answer ends, as a whole one does.
    bool ends() {
        while (true)
            if (chunk().empty())
                return true;
    }

    std::string head;
    std::string position;

private:
    std::string line() {
        std::string text;
        while (!text.ends_with("\r\n"))
            text += client_.read(1);
        return text.substr(0, text.size() - 2);
    }
    std::string chunk() {
        const auto size = std::stoul(line(), nullptr, 16);
        auto bytes = client_.read(size);
        EXPECT_EQ(line(), "");
        return bytes;
    }

    raw_client client_;
    std::string text_;
};

asked events_of(const std::string& topics) { return get("/v1/accounts/acme/live?topics=" + topics); }

TEST_P(event_streams, an_account_can_be_followed_by_anything_that_reads_lines) {
    add_account();
    event_client s(connect(), events_of("channels").by(token_of(acme, role::administrator)));
    EXPECT_TRUE(s.head.starts_with("HTTP/1.1 200 "));
    for (const auto* field : {"Content-Type: text/event-stream\n", "Cache-Control: no-store\n", "X-Accel-Buffering: no\n",
                              "Transfer-Encoding: chunked\n"})
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
    for (const auto& how : {events_of("alerts").with("Last-Event-ID", position), events_of("alerts&resume=" + position)}) {
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
