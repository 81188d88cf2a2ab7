#include <lineside/webhook_signature.hpp>

#include "rules/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
namespace lineside {

namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr std::size_t shortest_key = 24;
constexpr std::size_t longest_key = 64;
// Of a header that is read: dozens of signatures, and no more work than that for a stranger.
constexpr std::size_t most_signature_bytes = 4'096;
constexpr std::size_t most_id_bytes = 256;

failure fail(errc e, std::string message, std::string field = {}) {
    return {make_error_code(e), diagnostics{std::move(message), std::move(field), {}, 0, {}}};
}

std::optional<secret> key_of(const secret& s) {
    const auto text = s.reveal();
    if (!text.starts_with(secret_prefix))
        return std::nullopt;
    auto key = rules::parse_base64(text.substr(secret_prefix.size()), rules::base64_alphabet::standard,
                                   rules::padding::present);
    if (!key)
        return std::nullopt;
    secret kept(std::move(*key));
    const auto size = kept.reveal().size();
    if (size < shortest_key || size > longest_key)
        return std::nullopt;
    return kept;
}

failure not_a_secret() {
    return fail(errc::invalid_argument, "a signing secret is whsec_ and 24 to 64 bytes in base64", "secret");
}

std::string signature_of(const secret& key, std::string_view id, std::string_view timestamp, std::string_view body) {
    std::string text;
    text.reserve(id.size() + timestamp.size() + body.size() + 2);
    ((((text += id) += '.') += timestamp) += '.') += body;
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    const auto bytes = key.reveal();
    if (::HMAC(EVP_sha256(), bytes.data(), static_cast<int>(bytes.size()),
               reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size) == nullptr)
        throw error(errc::internal, "HMAC failed");
    return rules::to_base64({reinterpret_cast<const char*>(mac.data()), size}, rules::base64_alphabet::standard,
                            rules::padding::present);
}

// The parts are told apart by full stops, so an id has none.
bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= most_id_bytes && id.find('.') == std::string_view::npos;
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<instant> time_of(std::string_view timestamp) {
    std::int64_t seconds = 0;
    const auto [end, ec] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
    // Up to the year 9999: nothing that is done with it overflows.
    if (ec != std::errc{} || end != timestamp.data() + timestamp.size() || seconds < 0 || seconds > 253'402'300'799)
        return std::nullopt;
    return instant(std::chrono::seconds(seconds));
}

} // namespace

result<secret> make_webhook_secret(std::string_view key) {
    if (key.size() < shortest_key || key.size() > longest_key)
        return fail(errc::invalid_argument, "the key of a signing secret has 24 to 64 bytes", "key");
    std::string text(secret_prefix);
    auto encoded = rules::to_base64(key, rules::base64_alphabet::standard, rules::padding::present);
    text += encoded;
    ::OPENSSL_cleanse(encoded.data(), encoded.size());
    return secret(std::move(text));
}

result<webhook_headers> sign_webhook(std::span<const secret> secrets, std::string_view id, instant at,
                                     std::string_view body) {
    if (secrets.empty())
        return not_a_secret();
    if (!is_id(id))
        return fail(errc::invalid_argument, "the id of a webhook is 1 to 256 bytes without a full stop", "id");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    webhook_headers headers{std::string(id), std::to_string(seconds), {}};
    for (const auto& s : secrets) {
        const auto key = key_of(s);
        if (!key)
            return not_a_secret();
        headers.signature += headers.signature.empty() ? "" : " ";
        headers.signature += version_prefix;
        headers.signature += signature_of(*key, headers.id, headers.timestamp, body);
    }
    return headers;
}

result<instant> verify_webhook(std::span<const secret> secrets, const webhook_headers& headers, std::string_view body,
                               instant now, duration tolerance) {
    const auto refuse = [](const char* why) { return fail(errc::unauthenticated, why); };
    const auto sent = time_of(headers.timestamp);
    if (!is_id(headers.id) || !sent)
        return refuse("the webhook has no id or no timestamp");
    if (headers.signature.size() > most_signature_bytes)
        return refuse("the webhook has too many signatures");
    const auto age = now - *sent;
    if (age < -tolerance)
        return refuse("the webhook was sent in the future");
    if (age > tolerance)
        return refuse("the webhook was sent too long ago");
    bool right = false;
    for (const auto& s : secrets) {
        const auto key = key_of(s);
        if (!key)
            return not_a_secret();
        const auto wanted = signature_of(*key, headers.id, headers.timestamp, body);
        std::string_view rest = headers.signature;
        while (!rest.empty()) {
            const auto one = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            if (one.starts_with(version_prefix) && equal(one.substr(version_prefix.size()), wanted))
                right = true;
        }
    }
    if (!right)
        return refuse("no signature of the webhook is right");
    return *sent;
}

} // namespace lineside
