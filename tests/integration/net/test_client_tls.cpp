// Whom a client believes, and whom a server does.

#include "integration/net/client_test.hpp"
#include "support/certificate_files.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace lineside::test {
namespace {

using channel = scripted_peer::channel;

scripted_peer::options with(const peer_certificate& c, peer_tls tls = peer_tls::newest) {
    scripted_peer::options o;
    o.over = scripted_peer::options::transport::tls;
    o.certificate = c;
    o.tls = tls;
    return o;
}

// The request must not have come in: the peer is to be known before it.
void expect_refused(const sent& s, const scripted_peer& peer, const std::string& why) {
    EXPECT_TRUE(s.failed_with(errc::unavailable)) << why << ": " << s.message;
    EXPECT_TRUE(s.says(why)) << s.message;
    EXPECT_FALSE(s.says("unknown")) << s.message;
    EXPECT_EQ(s.tries.size(), 1U) << "another time would not mend it";
    EXPECT_TRUE(peer.requests().empty());
}

TEST(http_client_tls, a_certificate_that_is_not_right_is_refused_and_said_why) {
    struct row {
        peer_certificate certificate;
        std::string host;
        std::string why;
    };
    using issuer = peer_certificate::issuer;
    for (const auto& r : std::vector<row>{
             {{.names = {"DNS:example.com"}}, "localhost", "hostname mismatch"},
             {{.names = {"DNS:*.localhost"}}, "localhost", "hostname mismatch"},
             {{.names = {"DNS:local*"}}, "localhost", "hostname mismatch"},
             {{.names = {}, .subject = "localhost"}, "localhost", "hostname mismatch"},
             {{.names = {"DNS:127.0.0.1"}}, "127.0.0.1", "IP address mismatch"},
             {{.names = {"IP:127.0.0.2"}}, "127.0.0.1", "IP address mismatch"},
             {{.from_days = -2, .to_days = -1}, "localhost", "expired"},
             {{.from_days = 1, .to_days = 2}, "localhost", "not yet valid"},
             {{.issued_by = issuer::itself}, "localhost", "self-signed"},
             {{.issued_by = issuer::stranger}, "localhost", "certificate is not right"},
             {{.issued_by = issuer::missing_intermediate}, "localhost", "unable to get local issuer"},
         }) {
        const scripted_peer peer(answer_each(ok), with(r.certificate));
        auto options = secure_options_for(peer);
        options.host = r.host;
        expect_refused(send(options, post("x")), peer, r.why);
    }
}

TEST(http_client_tls, a_certificate_that_is_right_is_believed) {
    using issuer = peer_certificate::issuer;
    for (const auto& [certificate, host] : std::vector<std::pair<peer_certificate, std::string>>{
             {{}, "localhost"}, {{}, "127.0.0.1"}, {{.issued_by = issuer::intermediate}, "localhost"}}) {
        const scripted_peer peer(answer_each(ok), with(certificate));
        auto options = secure_options_for(peer);
        options.host = host;
        const auto s = send(options, post("x"));
        EXPECT_TRUE(s.answer) << s.message;
    }
}

TEST(http_client_tls, an_authority_counts_only_where_it_was_named) {
    const scripted_peer peer(answer_each(ok), with({}));
    const scripted_peer other(answer_each(ok), with({}));
    auto options = secure_options_for(peer);
    options.tls.system_authorities = true;
    options.tls.ca_file.clear();
    expect_refused(send(options, get()), peer, "certificate is not right");
    options.tls.ca_file = other.ca_file();
    expect_refused(send(options, get()), peer, "certificate is not right");
    options.tls.ca_file = peer.ca_file();
    EXPECT_TRUE(send(options, get()).answer);
}

TEST(http_client_tls, whoever_answers_is_believed_where_that_was_asked_for) {
    const scripted_peer peer(answer_each(ok),
                             with({.names = {"DNS:example.com"}, .issued_by = peer_certificate::issuer::itself}));
    auto options = secure_options_for(peer);
    options.tls.ca_file.clear();
    options.tls.peer = net::http_client_tls::checking::off;
    options.host = "localhost";
    EXPECT_TRUE(send(options, get()).answer);
    EXPECT_EQ(peer.requests().at(0).server_name, "localhost");
}

TEST(http_client_tls, version_1_2_is_spoken_and_nothing_older) {
    const scripted_peer peer(answer_each(ok), with({}, peer_tls::at_most_1_2));
    EXPECT_TRUE(send(secure_options_for(peer), get()).answer);
    const scripted_peer old(answer_each(ok), with({}, peer_tls::at_most_1_1));
    expect_refused(send(secure_options_for(old), get()), old, "no secure connection to the host");
}

TEST(http_client_tls, a_host_that_speaks_no_tls_is_refused) {
    const scripted_peer peer([](channel& c) {
        c.write("220 mail.example.com ESMTP\r\n");
        c.wait_for_end();
    });
    expect_refused(send(secure_options_for(peer), get()), peer, "no secure connection to the host");
}

TEST(http_client_tls, a_client_shows_its_certificate_to_those_who_ask_for_it) {
    for (const auto tls : {peer_tls::newest, peer_tls::at_most_1_2}) {
        const certificate_files mine;
        const certificate_files strange;
        auto o = with({}, tls);
        o.client_ca_file = mine.authority();
        const scripted_peer peer(answer_each(ok), o);
        auto options = secure_options_for(peer);
        options.tls.certificate_file = mine.certificate();
        options.tls.key_file = mine.key();
        EXPECT_TRUE(send(options, post("x")).answer);
        EXPECT_EQ(peer.requests().size(), 1U);
        options.tls.certificate_file = strange.certificate();
        options.tls.key_file = strange.key();
        const auto wrong = send(options, post("x"));
        EXPECT_TRUE(wrong.failed_with(errc::unavailable));
        EXPECT_TRUE(wrong.says("does not accept the client's certificate")) << wrong.message;
        options.tls.certificate_file.clear();
        const auto missing = send(options, post("x"));
        EXPECT_TRUE(missing.failed_with(errc::unavailable));
        EXPECT_EQ(peer.requests().size(), 1U) << "nobody else got in";
        for (const auto& s : {wrong, missing}) {
            EXPECT_EQ(s.tries.size(), 1U);
            EXPECT_FALSE(s.says("unknown")) << "the request had no effect: " << s.message;
        }
    }
}

TEST(http_client_tls, files_that_cannot_be_read_are_named) {
    const certificate_files mine;
    const auto field_of = [](const net::http_client_tls& tls) -> std::string {
        boost::asio::io_context context;
        net::http_client_options options;
        options.host = "127.0.0.1";
        options.tls = tls;
        try {
            const net::http_client client(context.get_executor(), options);
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument);
            return e.details().field;
        }
        return {};
    };
    EXPECT_EQ(field_of({.ca_file = "/nonexistent"}), "ca_file");
    EXPECT_EQ(field_of({.certificate_file = "/nonexistent", .key_file = mine.key()}), "certificate_file");
    EXPECT_EQ(field_of({.certificate_file = mine.certificate(), .key_file = "/nonexistent"}), "key_file");
    EXPECT_EQ(field_of({.ca_file = mine.authority(), .certificate_file = mine.certificate(), .key_file = mine.key()}),
              "");
}

TEST(http_client_tls, a_session_is_taken_up_again_by_the_next_connection) {
    for (const auto tls : {peer_tls::newest, peer_tls::at_most_1_2}) {
        std::atomic<int> resumed = 0;
        const scripted_peer peer(
            [&](channel& c) {
                resumed += c.resumed() ? 1 : 0;
                (void)c.read();
                c.write(ok);
                c.cut();
            },
            with({}, tls));
        test::running_client client(secure_options_for(peer));
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(client.send(get()).answer);
        EXPECT_EQ(peer.connections(), 3U);
        EXPECT_EQ(resumed, 2);
    }
}

} // namespace
} // namespace lineside::test
