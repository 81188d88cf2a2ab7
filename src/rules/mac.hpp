#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

// What only the holder of a key can have written.
namespace lineside::rules {

inline constexpr std::size_t mac_size = 32;

/// The parts in one text, each behind its length, so that no two lists of parts make the same one.
[[nodiscard]] std::string framed(std::initializer_list<std::string_view> parts);

/// HMAC-SHA-256 of the framed parts.
[[nodiscard]] std::string mac_of(std::string_view key, std::initializer_list<std::string_view> parts);

/// In a time that depends on the lengths only.
[[nodiscard]] bool same_bytes(std::string_view a, std::string_view b);

} // namespace lineside::rules
