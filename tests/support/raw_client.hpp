#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::test {

/// An answer of HTTP/1.1 as it came.
struct raw_answer {
    unsigned status = 0;
    std::map<std::string, std::string> fields; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    }
};

struct raw_tls {
    std::string ca_file{};          ///< empty: whoever answers is believed
    std::string certificate_file{}; ///< who this client is
    std::string key_file{};
    std::string ciphers{};   ///< of TLS 1.2
    int newest = 0;          ///< a version as OpenSSL counts them; 0: all that are not old
    std::string protocols{}; ///< of ALPN, as they stand on the wire
};

/// A connection to 127.0.0.1 that says what it is told to, byte by byte. It blocks; what does not come within a minute does
/// not come. Failures throw.
class raw_client {
public:
    explicit raw_client(std::uint16_t port);
    raw_client(std::uint16_t port, const raw_tls& tls);
    raw_client(raw_client&&) noexcept;
    raw_client& operator=(raw_client&&) noexcept;
    ~raw_client();
    /// From any address that begins with 127.
    [[nodiscard]] static raw_client from(const std::string& address, std::uint16_t port);

    void send(std::string_view bytes);
    /// False: the other side takes nothing any more.
    [[nodiscard]] bool try_send(std::string_view bytes);
    /// Nothing more will be sent.
    void end_sending();

    /// The next answer. Throws where the connection ends before its end; `head_only`: it answers a HEAD.
    [[nodiscard]] raw_answer read_answer(bool head_only = false);
    /// At least so many bytes.
    [[nodiscard]] std::string read(std::size_t size);
    /// Until there is no more; a connection that was reset has an end, too.
    [[nodiscard]] std::string read_to_end();
    /// Whether something comes, or the end, within this time.
    [[nodiscard]] bool hears_within(std::chrono::milliseconds time);
    /// Instead of an end there was an error.
    [[nodiscard]] bool was_reset() const;
    /// Of the certificate of who answered.
    [[nodiscard]] std::string peer_subject() const;
    [[nodiscard]] std::string tls_version() const;
    [[nodiscard]] std::string protocol() const;

private:
    class connection;

    explicit raw_client(std::unique_ptr<connection> c) noexcept;

    [[nodiscard]] std::string take_line();
    [[nodiscard]] bool more();

    std::unique_ptr<connection> connection_;
    std::string came_;
};

} // namespace lineside::test
