// Requests as a stranger sends them: the same however they are cut, and what passes is what Beast makes of it, too, where
// that takes it: a second reader who is not of one mind with the first is how requests are smuggled.

#include "fuzz/fuzz_reader.hpp"
#include "net/request_gate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

using namespace lineside;

namespace {

namespace http = boost::beast::http;
using verdict = net::request_gate::verdict;

// What the gate makes of all there is.
struct reading {
    verdict head = verdict::more;
    unsigned refused = 0;
    std::string method{};
    std::string target{};
    std::size_t fields = 0;
    std::string body{};
    bool whole = false;
    std::size_t used = 0;

    bool operator==(const reading&) const = default;
};

void read_body(reading& r, net::request_body body, std::string_view bytes, std::size_t piece) {
    for (std::size_t at = r.used; at < bytes.size() && !body.whole() && !body.refused(); at = r.used) {
        const auto taken = body.take(bytes.substr(at, piece), piece);
        test::must(taken.used > 0, "it goes on");
        r.body += taken.data;
        r.used += taken.used;
    }
    r.whole = body.whole();
    if (body.refused())
        r.refused = body.refusal().status;
}

reading read(std::string_view bytes, std::size_t piece) {
    net::request_gate gate({.header_bytes = 2'000, .fields = 20, .target_bytes = 500});
    reading r;
    for (std::size_t size = std::min(piece, bytes.size());; size = std::min(size + piece, bytes.size())) {
        r.head = gate.look(bytes.substr(0, size));
        if (r.head != verdict::more || size == bytes.size())
            break;
    }
    if (r.head == verdict::refused) {
        test::must(gate.refusal().status >= 400 && !gate.refusal().detail.empty(), "a refusal says why");
        r.refused = gate.refusal().status;
    }
    if (r.head != verdict::passed)
        return r;
    const auto& request = gate.request();
    r.method = request.head.method;
    r.target = request.head.target;
    r.fields = request.head.fields.size();
    r.used = gate.head_bytes();
    test::must(r.target.starts_with('/'), "the target is in origin form");
    test::must(request.old || request.head.fields.count("Host") == 1, "there is one Host");
    test::must(request.head.fields.count("Transfer-Encoding") + request.head.fields.count("Content-Length") <= 1,
               "the length is said once");
    read_body(r, net::request_body(request), bytes, piece);
    return r;
}

struct second_reading {
    std::string method;
    std::string target;
    std::string body;
    std::size_t used = 0;
};

// Nothing where Beast refuses it or wants more.
std::optional<second_reading> read_with_beast(const std::string& bytes, std::size_t from) {
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    parser.header_limit(100'000);
    parser.body_limit(boost::none);
    second_reading r;
    boost::system::error_code ec;
    for (r.used = from; !ec && !parser.is_done() && r.used < bytes.size();) {
        const auto size = parser.put(boost::asio::buffer(bytes.data() + r.used, bytes.size() - r.used), ec);
        r.used += size;
        if (size == 0)
            break;
    }
    if (ec || !parser.is_done())
        return std::nullopt;
    const auto& m = parser.get();
    r.method = std::string(m.method_string());
    r.target = std::string(m.target());
    r.body = m.body();
    return r;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = read(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t piece : {1, 7})
        test::must(read(bytes, piece) == whole, "a request is the same however it is cut");
    if (!whole.whole || whole.refused != 0)
        return 0;
    const auto other = read_with_beast(bytes, bytes.starts_with("\r\n") ? 2 : 0);
    if (!other)
        return 0;
    test::must(other->method == whole.method, "both read the same method");
    test::must(other->target == whole.target || !other->target.starts_with('/'), "both read the same target");
    test::must(other->body == whole.body, "both read the same body");
    test::must(other->used == whole.used, "both find the next request at the same place");
    return 0;
}
