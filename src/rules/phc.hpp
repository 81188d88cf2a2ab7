#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::rules {

/// What a guess costs with Argon2id. Verifying a password costs the same.
struct argon2_cost {
    std::uint32_t memory_kib = 47'104;
    std::uint32_t passes = 1;
    std::uint32_t lanes = 1;

    bool operator==(const argon2_cost&) const = default;
};

inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t hash_size = 32;

/// A password's hash in the PHC string format: `$argon2id$v=19$m=47104,t=1,p=1$<salt>$<hash>`.
struct phc {
    argon2_cost cost{};
    std::string salt{}; ///< 8 to 64 bytes
    std::string hash{}; ///< 16 to 64 bytes

    bool operator==(const phc&) const = default;
};

[[nodiscard]] std::string to_string(const phc& p);

/// Reads what `to_string` writes, and nothing that would cost more than 1 GiB, 64 passes or 16 lanes.
[[nodiscard]] std::optional<phc> parse_phc(std::string_view text);

/// The hash falls short of what is wanted now.
[[nodiscard]] bool needs_rehash(const phc& p, const argon2_cost& wanted);

/// Argon2 can do it, and so can `parse_phc`.
[[nodiscard]] bool is_possible(const argon2_cost& cost);

} // namespace lineside::rules
