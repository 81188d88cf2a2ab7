#pragma once

#include <lineside/id.hpp>
#include <lineside/page.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineside {

enum class access_outcome : std::uint8_t { done, refused };

[[nodiscard]] LINESIDE_API std::string_view to_string(access_outcome o) noexcept;

/// Somebody did something, or was refused. Entries of an account are numbered from 1 and chained: each hash covers the
/// entry and the hash before it, so that none can be changed, removed or inserted without breaking what follows.
struct access_entry {
    std::uint64_t number = 0;
    instant at{};
    account_id account{};     ///< empty in the operator's own log
    std::string who{};        ///< "operator", "contact c-1", "key k-1", "nobody"
    std::string source_ip{};  ///< empty: not known
    std::string user_agent{}; ///< control characters are escaped
    std::string action{};     ///< the operation: "sign_in"
    std::string target{};     ///< the id of what it was done to
    access_outcome outcome = access_outcome::done;
    std::string detail{}; ///< what changed, never a secret
    std::string hash{};   ///< SHA-256 in hexadecimal

    bool operator==(const access_entry&) const = default;
};

/// Newest first.
struct access_log_query {
    account_id account{}; ///< the operator leaves it empty for its own log
    time_range range{};   ///< left at its default: all there are
    std::string cursor{};
    /// 1 to 5,000.
    std::uint32_t limit = 100;
};

struct access_log_check {
    account_id account{};
};

struct access_log_verdict {
    account_id account{};
    std::uint64_t entries = 0;
    bool intact = true;
    std::optional<std::uint64_t> first_broken{}; ///< the number of the first entry that does not fit
    std::string reason{};                        ///< where broken
    std::string head{};                          ///< hash of the newest entry: keep it to find a log cut short

    bool operator==(const access_log_verdict&) const = default;
};

} // namespace lineside
