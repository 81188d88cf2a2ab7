#pragma once

#include <lineside/error.hpp>
#include <lineside/export.hpp>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace lineside {

/// What a customer's contact or API key may be allowed to do, one function of the portal each. A function that is not
/// allowed fails with `permission_denied`; a member of an answer that is not allowed is absent.
enum class permission : std::uint8_t {
    view_company,
    view_balance,
    view_payments,
    make_payments, ///< announce a bank transfer
    view_graphs,
    view_summary,
    view_calls,
    view_channels,
    view_live_calls,
    view_numbers,
    manage_numbers, ///< claim, transfer and release extensions
    manage_blocks,  ///< add, claim and release number blocks
    view_alerts,
    manage_alerts,
    view_contacts,
    manage_contacts,
    manage_keys,
    view_access_log,
    view_review,
};

/// "view_balance" ...
[[nodiscard]] LINESIDE_API std::string_view to_string(permission p) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<permission> parse_permission(std::string_view text);

/// A set of permissions.
class permission_set {
public:
    constexpr permission_set() = default;
    constexpr permission_set(std::initializer_list<permission> list) {
        for (const auto p : list)
            insert(p);
    }
    explicit constexpr permission_set(std::span<const permission> list) {
        for (const auto p : list)
            insert(p);
    }
    [[nodiscard]] static constexpr permission_set everything() {
        permission_set all;
        all.bits_ = (bit(permission::view_review) << 1U) - 1;
        return all;
    }

    constexpr void insert(permission p) { bits_ |= bit(p); }
    [[nodiscard]] constexpr bool contains(permission p) const { return (bits_ & bit(p)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    /// In the order of the enumeration.
    [[nodiscard]] std::vector<permission> list() const {
        std::vector<permission> all;
        for (unsigned i = 0; i <= static_cast<unsigned>(permission::view_review); ++i)
            if (contains(static_cast<permission>(i)))
                all.push_back(static_cast<permission>(i));
        return all;
    }

    friend constexpr permission_set operator|(permission_set a, permission_set b) { return from(a.bits_ | b.bits_); }
    friend constexpr permission_set operator&(permission_set a, permission_set b) { return from(a.bits_ & b.bits_); }
    friend constexpr permission_set operator-(permission_set a, permission_set b) { return from(a.bits_ & ~b.bits_); }
    constexpr bool operator==(const permission_set&) const = default;

private:
    [[nodiscard]] static constexpr std::uint64_t bit(permission p) { return 1ULL << static_cast<unsigned>(p); }
    [[nodiscard]] static constexpr permission_set from(std::uint64_t bits) {
        permission_set s;
        s.bits_ = bits;
        return s;
    }

    std::uint64_t bits_ = 0;
};

/// A named set of permissions, the start of what a contact may do.
enum class role : std::uint8_t {
    administrator, ///< everything a customer can do
    manager,       ///< everything but contacts, keys and number blocks
    billing,       ///< company, balance, payments, summary, calls
    technician,    ///< graphs, calls, channels, numbers, alerts
    viewer,        ///< company, graphs, summary, channels; changes nothing
};

/// "administrator" ...
[[nodiscard]] LINESIDE_API std::string_view to_string(role r) noexcept;
/// Errors: invalid_argument.
[[nodiscard]] LINESIDE_API result<role> parse_role(std::string_view text);
[[nodiscard]] LINESIDE_API permission_set permissions_of(role r) noexcept;

} // namespace lineside
