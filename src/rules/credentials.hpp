#pragma once

#include <lineside/secret.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The texts that people and programs show to be somebody. Random bytes come from the caller.
namespace lineside::rules {

inline constexpr std::size_t token_bytes = 32;

/// A session's or a password reset's token: 43 characters of base64url.
[[nodiscard]] secret make_token(std::string_view random);

/// An API key as text: `lsk_<id>_<secret><checksum>`. The checksum lets a scanner of leaked secrets tell a key from
/// something that looks like one, and a mistyped key fail without asking anybody.
struct api_key_text {
    std::string id{};
    std::string secret{}; ///< 43 characters of base64url
};

inline constexpr std::string_view api_key_prefix = "lsk_";

/// `id` without an underscore.
[[nodiscard]] secret make_api_key(std::string_view id, std::string_view random);
[[nodiscard]] std::optional<api_key_text> parse_api_key(std::string_view text);

/// Recovery codes: which of the ten, and 50 random bits in the letters of Crockford, `3-7Q4KD-XW2M8`.
inline constexpr std::size_t recovery_code_count = 10;
inline constexpr std::size_t recovery_code_letters = 10;

[[nodiscard]] secret make_recovery_code(std::size_t index, std::string_view random);

struct recovery_code {
    std::size_t index = 0;
    std::string letters{}; ///< ten, in capitals
};

/// As people type it: any case, O for 0, I and L for 1, dashes and spaces anywhere or nowhere.
[[nodiscard]] std::optional<recovery_code> parse_recovery_code(std::string_view text);

} // namespace lineside::rules
