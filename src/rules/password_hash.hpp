#pragma once

#include "rules/phc.hpp"

#include <string_view>

namespace lineside::rules {

/// Argon2id of a password; slow on purpose. Errors: unavailable (no memory).
[[nodiscard]] phc hash_password(std::string_view password, std::string_view salt, const argon2_cost& cost);

/// Whether it is the password. As slow.
[[nodiscard]] bool is_password(std::string_view password, const phc& of);

} // namespace lineside::rules
