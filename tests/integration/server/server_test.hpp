#pragma once

#include <lineside/server.hpp>

#include "integration/contract/tenancy_test.hpp"
#include "support/raw_client.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the tests share that ask a server byte by byte.
namespace lineside::served {

using contract::acme;
using contract::answered_call;
using contract::at;
using contract::days;
using contract::estate;
using contract::failed_call;
using contract::hours;
using contract::minutes;
using contract::seconds;
using test::raw_answer;
using test::raw_client;

/// A request as it will stand on the wire.
struct asked {
    std::string verb = "GET";
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> fields{};
    std::optional<std::string> body{};

    [[nodiscard]] asked with(std::string name, std::string value) const {
        auto more = *this;
        more.fields.emplace_back(std::move(name), std::move(value));
        return more;
    }
    [[nodiscard]] asked by(std::string_view token) const {
        return with("Authorization", "Bearer " + std::string(token));
    }
    [[nodiscard]] std::string bytes() const {
        auto text = verb + ' ' + target + " HTTP/1.1\r\nHost: portal.example\r\n";
        for (const auto& [name, value] : fields)
            text += name + ": " + value + "\r\n";
        if (body)
            text += "Content-Length: " + std::to_string(body->size()) + "\r\n";
        return text + "\r\n" + body.value_or("");
    }
};

[[nodiscard]] inline asked get(std::string target) { return {"GET", std::move(target)}; }
/// With a body of JSON.
[[nodiscard]] inline asked send_json(std::string verb, std::string target, std::string body) {
    return {std::move(verb), std::move(target), {{"Content-Type", "application/json"}}, std::move(body)};
}
[[nodiscard]] inline asked post(std::string target, std::string body) {
    return send_json("POST", std::move(target), std::move(body));
}
/// An upload, in the chunks of whoever does not know yet how long it will be.
[[nodiscard]] inline std::string in_chunks(asked q, std::string_view body, std::size_t chunk) {
    q.body.reset();
    auto text = q.with("Transfer-Encoding", "chunked").bytes();
    constexpr char digits[] = "0123456789abcdef";
    for (; !body.empty(); body.remove_prefix(std::min(chunk, body.size()))) {
        const auto piece = body.substr(0, chunk);
        std::string size;
        for (auto n = piece.size(); n > 0; n /= 16)
            size.insert(size.begin(), digits[n % 16]);
        text.append(size).append("\r\n").append(piece).append("\r\n");
    }
    return text + "0\r\n\r\n";
}

[[nodiscard]] inline boost::json::object object_of(std::string_view text) {
    boost::json::error_code ec;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec);
    if (ec || !value.is_object()) {
        ADD_FAILURE() << "no JSON object: " << text;
        return {};
    }
    return std::move(value.get_object());
}
[[nodiscard]] inline std::string text_in(const boost::json::object& o, std::string_view name) {
    const auto* member = o.if_contains({name.data(), name.size()});
    return member != nullptr && member->is_string() ? std::string(member->get_string()) : std::string();
}

/// The document of a failure, which has to be a whole one.
inline boost::json::object problem_of(const raw_answer& a, unsigned status) {
    EXPECT_EQ(a.status, status) << a.body;
    EXPECT_EQ(a.field("content-type"), "application/problem+json");
    auto document = object_of(a.body);
    EXPECT_EQ(document["status"], status) << a.body;
    for (const auto* name : {"type", "title", "detail", "code"})
        EXPECT_NE(text_in(document, name), "") << name << " of " << a.body;
    EXPECT_EQ(text_in(document, "type"), "urn:lineside:error:" + text_in(document, "code"));
    EXPECT_EQ(text_in(document, "request_id"), a.field("x-request-id"));
    EXPECT_NE(a.field("x-request-id"), "");
    return document;
}

/// An engine, and a server over it on a port of its own.
class server_test : public contract::tenancy_test {
protected:
    server_test() {
        served.operator_token = secret(operator_token);
        served.limits.request_burst = 1'000'000;
        served.limits.requests_per_second = 1'000'000;
    }

    static constexpr const char* operator_token = "the operator's, of thirty-two bytes at least";

    /// To be changed before the server is first asked for.
    server_options served;

    [[nodiscard]] server& front() {
        if (!server_)
            server_.emplace(lineside(), std::move(served));
        return *server_;
    }
    [[nodiscard]] raw_client connect() { return raw_client(front().port()); }
    raw_answer ask(const asked& q) {
        auto client = connect();
        client.send(q.bytes());
        return client.read_answer(q.verb == "HEAD");
    }
    raw_answer ask_as_operator(const asked& q) { return ask(q.by(operator_token)); }
    /// Signs somebody of an account in and tells the token.
    [[nodiscard]] std::string token_of(const account_id& of, role r) {
        const auto email = "holder" + std::to_string(++holders_) + "@" + of.value() + ".example";
        (void)add(person(email, r, of));
        return std::string(grant_of(email).token.reveal());
    }
    void stop() { server_.reset(); }
    /// While what its log tells is still there.
    void TearDown() override { stop(); }

private:
    std::optional<server> server_;
    int holders_ = 0;
};

/// Names the suite `suite` and runs it over a server of an engine.
#define LINESIDE_ON_A_SERVER_WITH(suite, fixture)                                              \
    class suite : public fixture {};                                                           \
    INSTANTIATE_TEST_SUITE_P(on, suite, testing::Values(lineside::contract::backends().at(1)), \
                             lineside::contract::name_of)
#define LINESIDE_ON_A_SERVER(suite) LINESIDE_ON_A_SERVER_WITH(suite, server_test)

} // namespace lineside::served
