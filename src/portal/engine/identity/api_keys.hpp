#pragma once

#include <lineside/api_key.hpp>
#include <lineside/permission.hpp>
#include <lineside/time.hpp>

#include "store/store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// An API key of an account, or of the operator (account key 0). Its id is a name in `key_space`; of its secrets only
/// digests are kept.
struct key_record {
    static constexpr std::string_view kind = "api_key";

    std::string id{};
    std::string name{};
    std::vector<permission> scopes{};
    bool everything = false; ///< of an operator's key: also what only operators may
    instant created_at{};
    std::string created_by{}; ///< as the access log names it
    std::optional<instant> expires_at{};
    std::optional<instant> last_used_at{}; ///< to the minute
    std::string digest{};
    std::string previous_digest{};
    std::optional<instant> previous_until{};
    bool revoked = false;

    [[nodiscard]] bool is_expired(instant now) const { return expires_at && now >= *expires_at; }
    [[nodiscard]] bool has_previous(instant now) const { return previous_until && now < *previous_until; }
    [[nodiscard]] permission_set may() const {
        return everything ? permission_set::everything() : permission_set(scopes);
    }
};

inline constexpr std::string_view key_space = "key";
inline constexpr std::size_t most_keys = 1'000; ///< of an account, revoked ones included

} // namespace lineside
