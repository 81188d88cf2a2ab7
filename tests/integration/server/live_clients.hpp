#pragma once

#include "integration/server/server_test.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

// Those who follow live data, frame by frame and line by line.
namespace lineside::served {

/// Of a web socket at /v1/live.
[[nodiscard]] inline asked handshake() {
    return get("/v1/live")
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Version", "13")
        .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .with("Sec-WebSocket-Protocol", "lineside.v1");
}
inline std::string byte(unsigned value) { return std::string(1, static_cast<char>(value)); }

/// As a client sends it: masked, with the key of zeros.
inline std::string frame(unsigned first, const std::string& payload) {
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
        return opcode != 8 || payload.size() < 2
                   ? 0U
                   : static_cast<unsigned char>(payload[0]) * 256U + static_cast<unsigned char>(payload[1]);
    }
};

/// A web socket of lineside.v1.
class socket_client {
public:
    socket_client(raw_client client, const asked& handshake) : client_(std::move(client)) {
        client_.send(handshake.bytes());
        answer = client_.read_answer();
    }
    void say(const std::string& text) { client_.send(frame(0x81U, text)); }
    void say_raw(const std::string& bytes) { (void)client_.try_send(bytes); }
    void wait_for_end() { (void)client_.read_to_end(); }
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
    /// It still listens.
    void end_sending() { client_.end_sending(); }
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

/// Hears when requests for live data have ended; is told for as long as there is a server.
class ended_streams {
public:
    [[nodiscard]] auto listener() const {
        return [heard = heard_](const served_request& r) {
            if (r.operation != "watch")
                return;
            const std::lock_guard guard(heard->mutex);
            ++heard->count;
            heard->changed.notify_one();
        };
    }
    /// Whether one more has, before a heartbeat would find that its reader has gone.
    [[nodiscard]] bool has_one_more() {
        ++expected_;
        std::unique_lock guard(heard_->mutex);
        return heard_->changed.wait_for(guard, std::chrono::seconds(12), [&] { return heard_->count == expected_; });
    }

private:
    struct events {
        std::mutex mutex;
        std::condition_variable changed;
        int count = 0;
    };

    const std::shared_ptr<events> heard_ = std::make_shared<events>();
    int expected_ = 0;
};

} // namespace lineside::served
