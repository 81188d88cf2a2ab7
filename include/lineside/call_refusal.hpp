#pragma once

#include <lineside/error.hpp>

#include <cstdint>
#include <string_view>

namespace lineside {

/// Why a call was refused for its idempotency key, the `cause` in the diagnostics. Values and names are stable.
enum class call_refusal : std::uint8_t {
    key_reused = 1,  ///< the key was used for another request; an `invalid_argument`
    key_running = 2, ///< the first call with the key has not ended yet; a `conflict`
};

/// "key_reused" "key_running"
[[nodiscard]] LINESIDE_API std::string_view to_string(call_refusal r) noexcept;
/// "lineside.calls"; messages are the names.
[[nodiscard]] LINESIDE_API const boost::system::error_category& call_category() noexcept;
[[nodiscard]] inline error_code make_error_code(call_refusal r) noexcept {
    return {static_cast<int>(r), call_category()};
}

} // namespace lineside

template <>
struct boost::system::is_error_code_enum<lineside::call_refusal> : std::true_type {};
