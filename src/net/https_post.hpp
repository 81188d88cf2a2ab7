#pragma once

#include <lineside/time.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::net {

struct name_lookups;

/// An IPv6 address, or an IPv4 address as `::ffff:a.b.c.d`.
using address_bytes = std::array<std::uint8_t, 16>;

struct https_request {
    std::string host{}; ///< a name, or an address without brackets
    std::uint16_t port = 443;
    std::string authority{}; ///< the header Host
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> headers{}; ///< beside Host, Content-Length and Connection
    std::string_view body{};
};

struct https_answer {
    unsigned status = 0;
    std::string body{};
};

struct https_options {
    std::string ca_file{}; ///< PEM, beside the system's authorities
    /// Addresses that may be called; the connection goes to one that was asked about, whatever the name says later.
    std::function<bool(const address_bytes&)> may_call{};
    duration deadline = std::chrono::seconds(5); ///< for everything, from the name to the last byte
    std::size_t most_answer_bytes = std::size_t{64} << 10U;
    std::function<bool()> cancelled{}; ///< asked now and then, on the calling thread
};

/// Posts over HTTPS: TLS 1.2 or newer, to whom the certificate names and nobody else, one connection for each, without
/// redirects. The calling thread waits; a name is looked up by a thread of its own, which may outlast the call and
/// touches nothing of it. Thread-safe.
class https_poster {
public:
    https_poster();

    /// Errors: unavailable (no such host, none of its addresses may be called, it does not answer, its certificate is not
    /// right), timed_out, cancelled, protocol (the answer is none, or too long), exhausted (too many names are still
    /// being looked up).
    [[nodiscard]] https_answer post(const https_request& request, const https_options& options) const;

private:
    std::shared_ptr<name_lookups> lookups_;
};

} // namespace lineside::net
