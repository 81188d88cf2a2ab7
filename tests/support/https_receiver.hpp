#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::test {

/// A POST as it came over TLS.
struct received_post {
    std::string target;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

struct given_answer {
    unsigned status = 204;
    std::map<std::string, std::string> headers{};
    std::string body{};
};

/// An HTTPS server at 127.0.0.1, in a thread of its own and with a certificate that was made for it. Thread-safe.
class https_receiver {
public:
    https_receiver();
    https_receiver(const https_receiver&) = delete;
    https_receiver& operator=(const https_receiver&) = delete;
    /// Stops listening; connections are refused from here on.
    ~https_receiver();

    [[nodiscard]] std::string url(std::string_view target = "/hook") const;
    /// By a name that the certificate does not have.
    [[nodiscard]] std::string url_of_localhost(std::string_view target = "/hook") const;
    /// PEM: whom a client has to trust.
    [[nodiscard]] const std::string& ca_file() const;

    /// From now on.
    void answer_with(given_answer a);
    /// Decides about each, in the receiver's thread; may not use the receiver.
    void answer_with(std::function<given_answer(const received_post&)> decide);
    /// Those that came so far.
    [[nodiscard]] std::vector<received_post> posts() const;

private:
    class server;
    std::unique_ptr<server> server_;
};

} // namespace lineside::test
