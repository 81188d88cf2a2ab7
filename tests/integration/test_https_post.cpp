// Posts to real TLS servers with good and bad manners.

#include <lineside/error.hpp>

#include "net/https_post.hpp"
#include "support/tls_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace lineside {
namespace {

using namespace std::chrono_literals;
using test::answer;
using test::break_off_after;
using test::peer_certificate;
using test::peer_tls;
using test::stall_after;
using test::tls_peer;

constexpr auto ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

net::https_request request_to(const tls_peer& peer, const std::string& host = "127.0.0.1") {
    net::https_request r;
    r.host = host;
    r.port = peer.port();
    r.authority = host + ':' + std::to_string(peer.port());
    r.target = "/hook?x=1";
    r.headers = {{"Content-Type", "application/json"}, {"webhook-id", "msg_1"}};
    r.body = R"({"type":"alert.fired"})";
    return r;
}

net::https_options options_for(const tls_peer& peer) {
    net::https_options o;
    o.ca_file = peer.ca_file();
    // Nothing here takes that long: it is for machines that do a hundred things at once.
    o.deadline = 60s;
    return o;
}

net::https_answer post(const tls_peer& peer, const std::string& host = "127.0.0.1") {
    return net::https_poster().post(request_to(peer, host), options_for(peer));
}

struct refusal {
    errc code{};
    std::string message{};
};

refusal refused(const net::https_request& request, const net::https_options& options) {
    try {
        const auto a = net::https_poster().post(request, options);
        return {errc(), "answered " + std::to_string(a.status)};
    } catch (const error& e) {
        return {static_cast<errc>(e.code().value()), e.what()};
    }
}

refusal refused(const tls_peer& peer, const std::string& host = "127.0.0.1") {
    return refused(request_to(peer, host), options_for(peer));
}

bool says(const refusal& r, const std::string& text) { return r.message.find(text) != std::string::npos; }

// Takes connections, as its backlog does, and never says a word.
class silent_host {
public:
    silent_host() : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {}
    [[nodiscard]] net::https_request request() const {
        net::https_request r;
        r.host = "127.0.0.1";
        r.port = acceptor_.local_endpoint().port();
        r.authority = "127.0.0.1";
        return r;
    }

private:
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace

TEST(https_post, reaches_the_host_that_the_certificate_names_by_name_and_by_address) {
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        const tls_peer peer(answer("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nthere"));
        const auto a = post(peer, host);
        EXPECT_EQ(a.status, 202U);
        EXPECT_EQ(a.body, "there");
        const auto requests = peer.requests();
        ASSERT_EQ(requests.size(), 1U);
        EXPECT_EQ(requests[0].body, R"({"type":"alert.fired"})");
        const auto& head = requests[0].head;
        EXPECT_TRUE(head.starts_with("POST /hook?x=1 HTTP/1.1\r\n")) << head;
        for (const auto& field : {"Host: " + host + ':' + std::to_string(peer.port()),
                                  std::string("Content-Length: 22"), std::string("Content-Type: application/json"),
                                  std::string("webhook-id: msg_1"), std::string("Connection: close")})
            EXPECT_NE(head.find("\r\n" + field + "\r\n"), std::string::npos) << field << " in " << head;
        // RFC 6066: an address is no server name.
        EXPECT_EQ(requests[0].server_name, host == "localhost" ? "localhost" : "");
    }
}

TEST(https_post, a_body_of_megabytes_arrives_whole) {
    const tls_peer peer(answer(ok));
    const std::string body(5U << 20U, 'x');
    auto request = request_to(peer);
    request.body = body;
    EXPECT_EQ(net::https_poster().post(request, options_for(peer)).status, 200U);
    ASSERT_EQ(peer.requests().size(), 1U);
    EXPECT_EQ(peer.requests()[0].body, body);
}

// --- Who is not whom it should be

TEST(https_post, a_certificate_of_somebody_else_is_refused_before_anything_is_said) {
    using issuer = peer_certificate::issuer;
    const struct {
        const char* what;
        peer_certificate certificate;
        const char* host;
    } table[] = {
        {"another name", {.names = {"DNS:example.com"}, .subject = "example.com"}, "localhost"},
        {"a name below it", {.names = {"DNS:www.localhost"}}, "localhost"},
        {"another address", {.names = {"IP:127.0.0.2"}}, "127.0.0.1"},
        {"no name for an address", {.names = {"DNS:localhost"}}, "127.0.0.1"},
        {"an address as a name", {.names = {"DNS:127.0.0.1"}}, "127.0.0.1"},
        {"a name in the subject only", {.names = {}}, "localhost"},
        {"an address in the subject only", {.names = {}, .subject = "127.0.0.1"}, "127.0.0.1"},
        {"a name in the subject beside others", {.names = {"DNS:example.com"}}, "localhost"},
        {"a wildcard for a part", {.names = {"DNS:local*"}}, "localhost"},
        {"a wildcard for everything", {.names = {"DNS:*"}}, "localhost"},
        {"expired", {.from_days = -2, .to_days = -1}, "localhost"},
        {"not valid yet", {.from_days = 1, .to_days = 2}, "localhost"},
        {"an authority nobody knows", {.issued_by = issuer::stranger}, "localhost"},
        {"signed by itself", {.issued_by = issuer::itself}, "localhost"},
    };
    for (const auto& row : table) {
        const tls_peer peer(answer(ok), row.certificate);
        const auto r = refused(peer, row.host);
        EXPECT_EQ(r.code, errc::unavailable) << row.what;
        EXPECT_TRUE(says(r, "the host's certificate is not right: ")) << row.what << ": " << r.message;
        EXPECT_TRUE(peer.requests().empty()) << row.what;
    }
}

TEST(https_post, what_is_wrong_with_a_certificate_is_said) {
    const auto why = [](const peer_certificate& c, const std::string& host = "localhost") {
        return refused(tls_peer(answer(ok), c), host);
    };
    EXPECT_TRUE(says(why({.names = {"DNS:example.com"}}), "hostname mismatch"));
    EXPECT_TRUE(says(why({.names = {"IP:127.0.0.2"}}, "127.0.0.1"), "IP address mismatch"));
    EXPECT_TRUE(says(why({.from_days = -2, .to_days = -1}), "expired"));
    EXPECT_TRUE(says(why({.from_days = 1, .to_days = 2}), "not yet valid"));
    EXPECT_TRUE(says(why({.issued_by = peer_certificate::issuer::itself}), "self-signed"));
}

TEST(https_post, an_authority_counts_only_where_it_was_named) {
    const tls_peer peer(answer(ok));
    const tls_peer other(answer(ok));
    auto options = options_for(peer);
    options.ca_file.clear();
    EXPECT_EQ(refused(request_to(peer), options).code, errc::unavailable);
    options.ca_file = other.ca_file();
    EXPECT_EQ(refused(request_to(peer), options).code, errc::unavailable);
    EXPECT_TRUE(peer.requests().empty());
}

TEST(https_post, a_file_of_authorities_that_cannot_be_read_is_named_as_the_cause) {
    const tls_peer peer(answer(ok));
    for (const auto* file : {"/nonexistent/authority.pem", "/dev/null"}) {
        auto options = options_for(peer);
        options.ca_file = file;
        const auto r = refused(request_to(peer), options);
        EXPECT_EQ(r.code, errc::unavailable) << file;
        EXPECT_TRUE(says(r, "the file of certificate authorities cannot be read")) << r.message;
    }
}

TEST(https_post, tls_1_2_is_spoken_and_nothing_older) {
    EXPECT_EQ(post(tls_peer(answer(ok), {}, peer_tls::at_most_1_2)).status, 200U);
    const tls_peer old(answer(ok), {}, peer_tls::at_most_1_1);
    const auto r = refused(old);
    EXPECT_EQ(r.code, errc::unavailable);
    EXPECT_TRUE(says(r, "no secure connection to the host")) << r.message;
    EXPECT_TRUE(old.requests().empty());
}

TEST(https_post, a_host_that_speaks_no_tls_is_refused) {
    const auto r = refused(tls_peer(answer(ok), {}, peer_tls::none));
    EXPECT_EQ(r.code, errc::unavailable);
    EXPECT_TRUE(says(r, "no secure connection to the host")) << r.message;
}

// --- Which addresses are called

TEST(https_post, no_address_is_called_that_may_not_be) {
    const tls_peer peer(answer(ok));
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        auto options = options_for(peer);
        int asked = 0;
        options.may_call = [&](const net::address_bytes& a) {
            ++asked;
            EXPECT_TRUE(a.back() == 1);
            return false;
        };
        const auto r = refused(request_to(peer, host), options);
        EXPECT_EQ(r.code, errc::unavailable);
        EXPECT_EQ(r.message, "the host has no address that may be called");
        EXPECT_GT(asked, 0);
    }
    EXPECT_TRUE(peer.requests().empty());
    auto options = options_for(peer);
    options.may_call = [](const net::address_bytes&) { return true; };
    EXPECT_EQ(net::https_poster().post(request_to(peer), options).status, 200U);
}

TEST(https_post, a_host_that_is_not_there_is_unavailable) {
    auto gone = std::make_unique<tls_peer>(answer(ok));
    const auto request = request_to(*gone);
    const auto options = options_for(*gone);
    net::https_options without_file = options;
    without_file.ca_file.clear();
    gone.reset();
    const auto r = refused(request, without_file);
    EXPECT_EQ(r.code, errc::unavailable);
    EXPECT_TRUE(says(r, "no connection to the host: ")) << r.message;
}

// --- What comes back

TEST(https_post, a_redirect_is_an_answer_and_is_not_followed) {
    const tls_peer target(answer(ok));
    for (const auto* status :
         {"301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"}) {
        const tls_peer peer(answer("HTTP/1.1 " + std::string(status) + "\r\nLocation: https://127.0.0.1:" +
                                   std::to_string(target.port()) + "/\r\nContent-Length: 0\r\n\r\n"));
        EXPECT_EQ(post(peer).status, static_cast<unsigned>(std::stoi(status)));
        EXPECT_EQ(peer.requests().size(), 1U);
    }
    EXPECT_TRUE(target.requests().empty());
}

TEST(https_post, interim_answers_are_passed_over) {
    const tls_peer peer(answer(std::string("HTTP/1.1 100 Continue\r\n\r\n"
                                           "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n") +
                               ok));
    const auto a = post(peer);
    EXPECT_EQ(a.status, 200U);
    EXPECT_EQ(a.body, "ok");
    EXPECT_EQ(refused(tls_peer(answer("HTTP/1.1 100 Continue\r\n\r\n"))).code, errc::protocol) << "no answer follows";
}

TEST(https_post, an_answer_ends_with_its_length_its_last_chunk_or_the_end_of_tls) {
    for (const auto* bytes : {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole", "HTTP/1.0 200 OK\r\n\r\nwhole",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwhole"})
        EXPECT_EQ(post(tls_peer(answer(bytes))).body, "whole") << bytes;
    EXPECT_EQ(post(tls_peer(answer("HTTP/1.1 204 No Content\r\n\r\n"))).status, 204U);
    // Nothing is missing although the other side is rude.
    EXPECT_EQ(post(tls_peer(break_off_after(ok))).body, "ok");
}

TEST(https_post, an_answer_that_is_cut_off_is_an_error) {
    for (const std::string bytes :
         {"", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhol",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwho"}) {
        EXPECT_EQ(refused(tls_peer(answer(bytes))).code, errc::protocol) << bytes;
        EXPECT_EQ(refused(tls_peer(break_off_after(bytes))).code, errc::unavailable) << bytes;
    }
    // Anybody between can end a connection; only the host can end TLS.
    const auto r = refused(tls_peer(break_off_after("HTTP/1.1 200 OK\r\n\r\nwhole?")));
    EXPECT_EQ(r.code, errc::unavailable);
    EXPECT_TRUE(says(r, "the host gave no whole answer: ")) << r.message;
}

TEST(https_post, what_is_no_http_is_an_error) {
    for (const auto* bytes : {"220 mail.example.com ESMTP\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/2 200\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"})
        EXPECT_EQ(refused(tls_peer(answer(bytes))).code, errc::protocol) << bytes;
}

TEST(https_post, an_answer_may_be_as_long_as_the_caller_allows_and_not_a_byte_longer) {
    const auto with_limit = [](const std::string& bytes, std::size_t limit) {
        const tls_peer peer(answer(bytes));
        auto options = options_for(peer);
        options.most_answer_bytes = limit;
        return refused(request_to(peer), options);
    };
    const std::string body(1'000, 'x');
    const auto sized = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body;
    const auto endless = "HTTP/1.1 200 OK\r\n\r\n" + body;
    const auto chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n0\r\n\r\n";
    for (const auto& bytes : {sized, endless, chunked}) {
        EXPECT_EQ(with_limit(bytes, 1'000).code, errc()) << bytes.substr(0, 60);
        const auto r = with_limit(bytes, 999);
        EXPECT_EQ(r.code, errc::protocol) << bytes.substr(0, 60);
        EXPECT_EQ(r.message, "the host's answer is too long");
    }
    // It is not read to its end to find out.
    const tls_peer peer(stall_after("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"));
    EXPECT_EQ(refused(peer).code, errc::protocol);
}

TEST(https_post, a_head_without_end_is_an_error) {
    std::string fields;
    for (int i = 0; i < 2'000; ++i)
        fields += "X-Field-" + std::to_string(i) + ": value\r\n";
    EXPECT_EQ(refused(tls_peer(stall_after("HTTP/1.1 200 OK\r\n" + fields))).message, "the host's answer is too long");
    EXPECT_EQ(refused(tls_peer(stall_after("HTTP/1.1 200 " + std::string(100'000, 'x')))).message,
              "the host's answer is too long");
}

// --- Giving up

TEST(https_post, a_host_that_does_not_answer_is_given_up_at_the_deadline) {
    const silent_host silent;
    for (const auto deadline : {0ms, 1ms}) {
        net::https_options options;
        options.deadline = deadline;
        EXPECT_EQ(refused(silent.request(), options).code, errc::timed_out);
    }
}

TEST(https_post, is_given_up_when_nobody_wants_it_any_more) {
    const silent_host silent;
    net::https_options options;
    options.deadline = 1h;
    options.cancelled = [] { return true; };
    EXPECT_EQ(refused(silent.request(), options).code, errc::cancelled) << "before it began";
    int asked = 0;
    options.cancelled = [&] { return ++asked > 2; };
    EXPECT_EQ(refused(silent.request(), options).code, errc::cancelled) << "while the host keeps silent";
    EXPECT_EQ(asked, 3);
}

TEST(https_post, is_given_up_while_the_host_takes_its_time_to_answer) {
    for (const auto* begun : {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwh"}) {
        const tls_peer peer(stall_after(begun));
        auto options = options_for(peer);
        options.deadline = 1h;
        options.cancelled = [&] { return !peer.requests().empty(); };
        EXPECT_EQ(refused(request_to(peer), options).code, errc::cancelled);
        EXPECT_EQ(peer.requests().size(), 1U) << "the request had come in";
    }
}

TEST(https_post, several_threads_post_with_one_poster) {
    const tls_peer peer(answer(ok));
    const net::https_poster poster;
    std::atomic<int> answered = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int n = 0; n < 5; ++n)
                    answered += poster.post(request_to(peer, i % 2 == 0 ? "localhost" : "127.0.0.1"), options_for(peer))
                                            .status == 200
                                    ? 1
                                    : 0;
            });
    }
    EXPECT_EQ(answered, 20);
    EXPECT_EQ(peer.requests().size(), 20U);
}

} // namespace lineside
