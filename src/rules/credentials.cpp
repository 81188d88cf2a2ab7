#include "rules/credentials.hpp"

#include "rules/base64.hpp"

#include <cstdint>

namespace lineside::rules {

namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t checksum_letters = 6;
constexpr std::size_t token_letters = 43;
constexpr std::size_t longest_id = 64;

std::string to_token(std::string_view random) {
    return to_base64(random.substr(0, token_bytes), base64_alphabet::url, padding::absent);
}

// CRC-32 of ISO 3309, as scanners know it from other keys.
std::uint32_t crc32(std::string_view text) {
    std::uint32_t crc = ~0U;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1U ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

std::string checksum(std::string_view text) {
    auto rest = crc32(text);
    std::string letters(checksum_letters, '0');
    for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter, rest /= 62)
        *letter = base62[rest % 62];
    return letters;
}

bool is_id_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

} // namespace

secret make_token(std::string_view random) { return secret(to_token(random)); }

secret make_api_key(std::string_view id, std::string_view random) {
    auto text = std::string(api_key_prefix) + std::string(id) + '_' + to_token(random);
    text += checksum(text);
    return secret(std::move(text));
}

std::optional<api_key_text> parse_api_key(std::string_view text) {
    if (!text.starts_with(api_key_prefix))
        return std::nullopt;
    const auto rest = text.substr(api_key_prefix.size());
    const auto id = rest.substr(0, rest.find('_'));
    if (id.empty() || id.size() > longest_id || rest.size() != id.size() + 1 + token_letters + checksum_letters)
        return std::nullopt;
    for (const char c : id)
        if (!is_id_letter(c))
            return std::nullopt;
    const auto shown = rest.substr(id.size() + 1, token_letters);
    if (!parse_base64(shown, base64_alphabet::url, padding::absent))
        return std::nullopt;
    if (checksum(text.substr(0, text.size() - checksum_letters)) != text.substr(text.size() - checksum_letters))
        return std::nullopt;
    return api_key_text{std::string(id), std::string(shown)};
}

secret make_recovery_code(std::size_t index, std::string_view random) {
    std::string text = std::to_string(index % recovery_code_count) + '-';
    for (std::size_t i = 0; i < recovery_code_letters; ++i) {
        if (i == recovery_code_letters / 2)
            text += '-';
        text += crockford[static_cast<unsigned char>(random[i]) & 31U];
    }
    return secret(std::move(text));
}

std::optional<recovery_code> parse_recovery_code(std::string_view text) {
    std::string letters;
    for (char c : text) {
        if (c == '-' || c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O')
            c = '0';
        if (c == 'I' || c == 'L')
            c = '1';
        if (crockford.find(c) == std::string_view::npos || letters.size() > recovery_code_letters)
            return std::nullopt;
        letters += c;
    }
    if (letters.size() != recovery_code_letters + 1 || letters[0] > '9')
        return std::nullopt;
    return recovery_code{static_cast<std::size_t>(letters[0] - '0'), letters.substr(1)};
}

} // namespace lineside::rules
