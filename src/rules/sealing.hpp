#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

inline constexpr std::size_t sealing_key_size = 32;
inline constexpr std::size_t sealing_nonce_size = 12;

/// AES-256-GCM: nonce, ciphertext and tag in one. A nonce is used once with a key. `bound_to` is not kept but has to be
/// the same to open it, so that what is sealed for one place cannot be moved to another.
[[nodiscard]] std::string seal(std::string_view key, std::string_view nonce, std::string_view bound_to,
                               std::string_view plain);

/// Nothing: another key or place, or it was changed.
[[nodiscard]] std::optional<std::string> open_sealed(std::string_view key, std::string_view bound_to,
                                                     std::string_view sealed);

} // namespace lineside::rules
