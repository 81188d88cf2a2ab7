#pragma once

#include <lineside/contact.hpp>
#include <lineside/id.hpp>
#include <lineside/page.hpp>
#include <lineside/permission.hpp>
#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lineside {

/// A program's credential. Its text is `lsk_<id>_<secret>`.
struct api_key {
    std::string id{};
    account_id account{}; ///< empty: the operator's own
    std::string name{};
    std::vector<permission> scopes{}; ///< of an operator's key: empty is everything
    instant created_at{};
    std::optional<instant> expires_at{};
    std::optional<instant> last_used_at{};   ///< to the minute
    std::optional<instant> previous_until{}; ///< the secret before the last rotation works until here
    bool revoked = false;

    bool operator==(const api_key&) const = default;
};

struct api_key_create {
    account_id account{}; ///< the operator leaves it empty for a key of its own
    std::string name{};
    std::vector<permission> scopes{}; ///< never more than the creator has
    std::optional<instant> expires_at{};
    secret password{}; ///< of the contact that asks
};

/// The text is shown once.
struct api_key_grant {
    secret text{};
    api_key key{};
};

struct api_key_query {
    account_id account{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

struct api_key_rotation {
    account_id account{};
    std::string key{};
    duration overlap = std::chrono::hours(24); ///< how long the old secret goes on working, 0 to 30 days
    secret password{};
};

struct api_key_revocation {
    account_id account{};
    std::string key{};
};

} // namespace lineside
