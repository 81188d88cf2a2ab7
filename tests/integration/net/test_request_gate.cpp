// What could be read in two ways, over a real socket: each is refused, the connection ends, and what follows is no request.

#include "support/certificate_files.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace lineside {
namespace {

using test::raw_client;
using test::running_server;

// Answers with what it saw, and keeps count.
class witness {
public:
    [[nodiscard]] net::http_server::handler handler() {
        return [this](net::http_exchange& x) -> boost::asio::awaitable<void> {
            ++requests_;
            net::http_response answer;
            answer.body = x.request().method + ' ' + x.request().target + '\n';
            for (const auto& [name, value] : x.request().fields)
                answer.body.append(name).append("=").append(value).append("\n");
            answer.body += '\n' + co_await x.read_body(std::size_t{1} << 20U);
            // Also when the body has been read.
            for (const auto& [name, value] : x.request().fields)
                answer.body.append("\n").append(name).append("=").append(value);
            co_await x.respond(std::move(answer));
        };
    }
    [[nodiscard]] unsigned requests() const { return requests_; }

private:
    std::atomic<unsigned> requests_ = 0;
};

const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\n" + fields + "\r\n"; }
std::string post(const std::string& fields, const std::string& body) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
std::string chunked(const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); }

struct refused_request {
    const char* what;
    unsigned status;
    std::string bytes;
    bool reaches_handler = false; // its head is right
};

std::vector<refused_request> refused_requests() {
    using std::string;
    const string k20(20'000, 'x');
    return {
        // Two lengths
        {"TE, then CL", 400, post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
        {"CL, then TE", 400, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {"CL of zero and TE", 400, post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {"TE gzip, then CL", 400, post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello")},
        {"CL, then TE gzip", 400, post("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", "hello")},
        {"a list as CL", 400, post("Content-Length: 5,5\r\n", "hello")},
        {"two CL, the same", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
        {"two CL, others", 400, post("Content-Length: 5\r\nContent-Length: 0\r\n", "hello")},
        {"two TE", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        // No length
        {"TE gzip", 400, post("Transfer-Encoding: gzip\r\n", "")},
        {"TE xchunked", 400, post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
        {"TE chunked, gzip", 400, post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")},
        {"TE gzip, chunked", 400, post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
        {"TE chunked, chunked", 400, post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
        {"TE chunked with a parameter", 400, post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")},
        {"TE in quotes", 400, post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")},
        {"TE empty", 400, post("Transfer-Encoding:\r\n", "0\r\n\r\n")},
        {"TE with a vertical tab", 400, post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n")},
        {"TE identity", 400, post("Transfer-Encoding: identity\r\n", "")},
        {"TE over two lines", 400, post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
        {"chunked in HTTP/1.0", 400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"CL +5", 400, post("Content-Length: +5\r\n", "hello")},
        {"CL -5", 400, post("Content-Length: -5\r\n", "hello")},
        {"CL 0x5", 400, post("Content-Length: 0x5\r\n", "hello")},
        {"CL 5 5", 400, post("Content-Length: 5 5\r\n", "hello")},
        {"CL empty", 400, post("Content-Length: \r\n", "hello")},
        {"CL of 5.0", 400, post("Content-Length: 5.0\r\n", "hello")},
        {"CL over 64 bits", 413, post("Content-Length: 18446744073709551621\r\n", "hello")},
        {"CL over what may come", 413, post("Content-Length: 999999999999\r\n", "hello"), true},
        // Which host
        {"no Host", 400, get("Accept: x\r\n")},
        {"two Host", 400, get("Host: a\r\nHost: a\r\n")},
        {"two other Host", 400, get("Host: a\r\nhost: b\r\n")},
        {"an empty Host", 400, get("Host:\r\n")},
        {"a list as Host", 400, get("Host: a, b\r\n")},
        {"a path in Host", 400, get("Host: a/b\r\n")},
        {"a user in Host", 400, get("Host: a@b\r\n")},
        {"a port that is none in Host", 400, get("Host: a:b\r\n")},
        {"another host in the target", 400, "GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"another port in the target", 400, "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a user in the target", 400, "GET http://a@evil/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no host in the target", 400, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"another scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two Host in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
        // Where a line ends
        {"a field over two lines", 400, get("Host: a\r\nX: 1\r\n 2\r\n")},
        {"a tab in front of a field", 400, get("Host: a\r\n\tX: 1\r\n")},
        {"a blank in front of the first field", 400, get(" X: 1\r\nHost: a\r\n")},
        {"LF ends a field", 400, get("Host: a\r\nX: 1\nY: 2\r\n")},
        {"LF ends the head", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"},
        {"LF ends the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"},
        {"nothing but LF", 400, "GET / HTTP/1.1\nHost: a\n\n"},
        {"CR in a field", 400, get("Host: a\r\nX: 1\rY: 2\r\n")},
        {"CR CR LF", 400, get("Host: a\r\nX: 1\r\r\n")},
        {"two empty lines in front", 400, "\r\n\r\n" + get("Host: a\r\n")},
        // Fields
        {"a blank in front of the colon", 400, get("Host : a\r\n")},
        {"a blank in front of CL's colon", 400, post("Content-Length : 5\r\n", "hello")},
        {"a tab in front of TE's colon", 400, post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n")},
        {"no colon", 400, get("Host: a\r\nfoo\r\n")},
        {"no name", 400, get("Host: a\r\n: x\r\n")},
        {"NUL in a value", 400, get("Host: a\r\nX: " + string(1, '\0') + "\r\n")},
        {"NUL in a name", 400, get("Host: a\r\nX" + string(1, '\0') + ": 1\r\n")},
        {"DEL in a value", 400, get("Host: a\r\nX: \x7f\r\n")},
        {"8 bits in a name", 400, get("Host: a\r\nX\xe4: 1\r\n")},
        {"a name in brackets", 400, get("Host: a\r\n[X]: 1\r\n")},
        {"another expectation", 417, get("Host: a\r\nExpect: 200-ok\r\n")},
        // The request line
        {"no version", 400, "GET /\r\nHost: a\r\n\r\n"},
        {"HTTP/0.9", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"},
        {"HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"},
        {"HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"HTTP/11", 400, "GET / HTTP/11\r\nHost: a\r\n\r\n"},
        {"http/1.1", 400, "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {"HTTP/1.1 and more", 400, "GET / HTTP/1.1x\r\nHost: a\r\n\r\n"},
        {"a blank behind the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {"two blanks", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a tab for a blank", 400, "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a blank in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"NUL in the target", 400, "GET /" + string(1, '\0') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"8 bits in the target", 400, "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a fragment", 400, "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a backslash", 400, "GET /\\x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no slash", 400, "GET x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an asterisk", 400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"CONNECT", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"},
        {"a method that is no token", 400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a long method", 501, string(40, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"TLS", 400, string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
        {"a long target", 414, "GET /" + string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a long head", 431, get("Host: a\r\nX: " + k20 + "\r\n")},
        {"a head without end", 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + k20},
        {"many fields", 431,
         get("Host: a\r\n" +
             [] {
                 string all;
                 for (int i = 0; i < 100; ++i)
                     all += "X: 1\r\n";
                 return all;
             }())},
        // Chunks, whose head was right
        {"an extension with LF", 400, chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"), true},
        {"an extension with CR", 400, chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), true},
        {"an extension with NUL", 400, chunked("5;" + string(1, '\0') + "\r\nhello\r\n0\r\n\r\n"), true},
        {"a long extension", 400, chunked("5;" + k20 + "\r\nhello\r\n0\r\n\r\n"), true},
        {"an extension of 257 bytes", 400, chunked("5;" + string(257, 'a') + "\r\nhello\r\n0\r\n\r\n"), true},
        {"many extensions", 400, chunked([] {
             string all;
             for (int i = 0; i < 100; ++i)
                 all += "1;" + string(250, 'a') + "\r\nx\r\n";
             return all + "0\r\n\r\n";
         }()),
         true},
        {"LF ends a size", 400, chunked("5\nhello\r\n0\r\n\r\n"), true},
        {"a size of 0x5", 400, chunked("0x5\r\nhello\r\n0\r\n\r\n"), true},
        {"a size of +5", 400, chunked("+5\r\nhello\r\n0\r\n\r\n"), true},
        {"a size of -5", 400, chunked("-5\r\nhello\r\n0\r\n\r\n"), true},
        {"a blank behind a size", 400, chunked("5 \r\nhello\r\n0\r\n\r\n"), true},
        {"a blank in front of a size", 400, chunked(" 5\r\nhello\r\n0\r\n\r\n"), true},
        {"no size", 400, chunked("\r\nhello\r\n0\r\n\r\n"), true},
        {"a huge size", 413, chunked("fffffffffffffffff\r\nhello"), true},
        {"a size that wraps around", 413, chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), true},
        {"a chunk that is longer than its size", 400, chunked("4\r\nhello\r\n0\r\n\r\n"), true},
        {"a chunk that is shorter than its size", 400, chunked("6\r\nhello\r\n0\r\n\r\n"), true},
        {"LF ends a chunk", 400, chunked("5\r\nhello\n0\r\n\r\n"), true},
        {"a trailer that is no field", 400, chunked("0\r\nfoo\r\n\r\n"), true},
        {"a trailer with a blank in front of its colon", 400, chunked("0\r\nX : 1\r\n\r\n"), true},
        {"LF ends a trailer", 400, chunked("0\r\nX: 1\n\r\n"), true},
        {"a trailer with NUL", 400, chunked("0\r\nX: " + string(1, '\0') + "\r\n\r\n"), true},
        {"long trailers", 431, chunked("0\r\nX: " + k20 + "\r\n\r\n"), true},
    };
}

// A request in front, which was right, makes no difference.
void expect_refused(const refused_request& row, raw_client client, const running_server& server, witness& seen) {
    SCOPED_TRACE(row.what);
    const auto before = seen.requests();
    const auto bad_before = server.figures().bad_requests;
    (void)client.try_send(get("Host: a\r\n") + row.bytes + smuggled + smuggled);
    EXPECT_EQ(client.read_answer().status, 200U);
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_FALSE(answer.body.empty());
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(seen.requests() - before, row.reaches_handler ? 2U : 1U);
    EXPECT_EQ(server.figures().bad_requests - bad_before, 1U);
}

} // namespace

TEST(http_gate, what_could_hide_a_request_is_refused_and_ends_the_connection) {
    witness seen;
    running_server server(seen.handler());
    for (const auto& row : refused_requests())
        expect_refused(row, raw_client(server.port()), server, seen);
}

TEST(http_gate, it_is_the_same_gate_over_tls) {
    const test::certificate_files files;
    witness seen;
    running_server server(seen.handler(), {.tls = net::http_server_tls{files.certificate(), files.key()}});
    for (const auto& row : refused_requests())
        expect_refused(row, raw_client(server.port(), {.ca_file = files.authority()}), server, seen);
}

TEST(http_gate, what_is_right_passes_whatever_it_looks_like) {
    const struct {
        const char* what;
        std::string bytes;
        std::string seen; // method, target
        std::string body;
    } table[] = {
        {"a small method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "get /", ""},
        {"an unknown method", "FROB /x HTTP/1.1\r\nHost: a\r\n\r\n", "FROB /x", ""},
        {"no blank behind the colon", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", "GET /", ""},
        {"blanks around a value", "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n", "GET /", ""},
        {"an empty line in front", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /", ""},
        {"an empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", "GET /", ""},
        {"8 bits in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa4\r\n\r\n", "GET /", ""},
        {"a port in Host", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", "GET /", ""},
        {"IPv6 in Host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET /", ""},
        {"the absolute form", "GET http://A.example/x?y=1 HTTP/1.1\r\nHost: a.Example\r\n\r\n", "GET /x?y=1", ""},
        {"the absolute form without a path", "GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /", ""},
        {"the absolute form with a query only", "GET http://a?x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?x", ""},
        {"every character a target may have", "GET /-._~!$&'()*+,;=:@/%20?[a]=1 HTTP/1.1\r\nHost: a\r\n\r\n",
         "GET /-._~!$&'()*+,;=:@/%20?[a]=1", ""},
        {"a length", post("Content-Length: 5\r\n", "hello"), "POST /", "hello"},
        {"a length with zeros in front", post("Content-Length: 005\r\n", "hello"), "POST /", "hello"},
        {"a length of zero", post("Content-Length: 0\r\n", ""), "POST /", ""},
        {"a body of GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "GET /", "hello"},
        {"chunks", chunked("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"), "POST /", "hello!"},
        {"CHUNKED", post("transfer-encoding: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n"), "POST /", "hello"},
        {"zeros in a size", chunked("0005\r\nhello\r\n000\r\n\r\n"), "POST /", "hello"},
        {"hexadecimal sizes", chunked("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"), "POST /",
         "01234567890123456789a"},
        {"an extension", chunked("5;a=\"b;c\"\r\nhello\r\n0;x\r\n\r\n"), "POST /", "hello"},
        {"a body that looks like a request",
         post("Content-Length: " + std::to_string(smuggled.size()) + "\r\n", smuggled), "POST /", smuggled},
    };
    witness seen;
    running_server server(seen.handler());
    for (const auto& row : table) {
        SCOPED_TRACE(row.what);
        raw_client client(server.port());
        // And the connection goes on.
        client.send(row.bytes + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto answer = client.read_answer();
        EXPECT_EQ(answer.status, 200U) << answer.body;
        EXPECT_TRUE(answer.body.starts_with(row.seen + '\n')) << answer.body;
        EXPECT_NE(answer.body.find("\n\n" + row.body + '\n'), std::string::npos) << answer.body;
        EXPECT_TRUE(client.read_answer().body.starts_with("GET /next\n"));
    }
}

TEST(http_gate, trailers_are_no_fields_and_keep_nothing_open_or_closed) {
    witness seen;
    running_server server(seen.handler());
    raw_client client(server.port());
    client.send(chunked("5\r\nhello\r\n0\r\nX-Admin: 1\r\nConnection: close\r\nContent-Length: 9\r\nHost: b\r\n\r\n") +
                get("Host: a\r\n"));
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body.find("X-Admin"), std::string::npos) << answer.body;
    EXPECT_EQ(answer.body.find("Content-Length"), std::string::npos) << answer.body;
    EXPECT_EQ(answer.body.find("Host=b"), std::string::npos) << answer.body;
    EXPECT_EQ(answer.field("connection"), "");
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_EQ(seen.requests(), 2U);
}

TEST(http_gate, requests_byte_by_byte_are_the_same_requests) {
    witness seen;
    running_server server(seen.handler());
    raw_client client(server.port());
    for (const char c : chunked("5;x=y\r\nhello\r\n0\r\nT: 1\r\n\r\n") + post("Content-Length: 3\r\n", "abc"))
        client.send({&c, 1});
    EXPECT_NE(client.read_answer().body.find("\n\nhello\n"), std::string::npos);
    EXPECT_NE(client.read_answer().body.find("\n\nabc\n"), std::string::npos);
}

TEST(http_gate, a_hundred_requests_in_one_write_are_answered_in_their_order) {
    witness seen;
    running_server server(seen.handler());
    raw_client client(server.port());
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    client.send(all);
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(client.read_answer().body.starts_with("POST /" + std::to_string(i) + '\n')) << i;
}

} // namespace lineside
