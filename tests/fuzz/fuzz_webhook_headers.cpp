// Headers of a webhook as a stranger sends them: a line each of id, timestamp and signatures, then the body.

#include <lineside/webhook_signature.hpp>

#include "fuzz/fuzz_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

using namespace lineside;

namespace {

std::string_view take_line(std::string_view& rest) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    return line;
}

bool holds(std::string_view list, std::string_view one) {
    return (' ' + std::string(list) + ' ').find(' ' + std::string(one) + ' ') != std::string::npos;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view body(reinterpret_cast<const char*>(data), size);
    webhook_headers headers;
    headers.id = take_line(body);
    headers.timestamp = take_line(body);
    headers.signature = take_line(body);
    const secret ours("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const instant now{std::chrono::seconds(1'614'265'330)};

    const auto sent = verify_webhook(ours, headers, body, now);
    if (sent) {
        test::must(*sent >= now - webhook_tolerance && *sent <= now + webhook_tolerance, "it was sent not long ago");
        const auto made = sign_webhook(std::span(&ours, 1), headers.id, *sent, body);
        // A timestamp may have zeros in front, which are signed with it.
        if (made && made->timestamp == headers.timestamp)
            test::must(holds(headers.signature, made->signature), "what is right was signed with the secret");
        auto longer = std::string(body) + '.';
        test::must(!verify_webhook(ours, headers, longer, now), "another body is not right");
    } else {
        test::must(sent.error().code == errc::unauthenticated, "nothing but the headers is wrong");
        test::must(!sent.error().details.message.empty(), "a refusal says why");
    }

    // What is signed is right, whatever stands around its signature.
    if (auto made = sign_webhook(std::span(&ours, 1), headers.id, now, body)) {
        test::must(verify_webhook(ours, *made, body, now).has_value(), "what was signed is right");
        made->signature = headers.signature.substr(0, 1'000) + ' ' + made->signature;
        test::must(verify_webhook(ours, *made, body, now).has_value(), "other signatures are no matter");
    }

    // The first line may be a secret, too.
    const secret theirs(headers.id);
    const auto made = sign_webhook(std::span(&theirs, 1), "msg_1", now, body);
    test::must(made.has_value() || made.error().details.field == "secret", "it is a secret or none");
    if (made)
        test::must(verify_webhook(theirs, *made, body, now).has_value(), "a secret verifies what it signed");
    return 0;
}
