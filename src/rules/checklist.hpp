#pragma once

#include <lineside/checklist.hpp>
#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::rules {

/// What can wait for a customer. Names are stable; among items of one severity this is their order.
enum class checklist_code : std::uint8_t {
    credit_exhausted,
    alerts_fired,
    balance_low,
    verify_email,
    confirm_new_email,
    verify_mobile,
    two_factor_off,
    recovery_codes_low,
    key_expiring,
    payment_pending,
    no_number_block,
};
inline constexpr checklist_code every_checklist_code[] = {
    checklist_code::credit_exhausted, checklist_code::alerts_fired,       checklist_code::balance_low,
    checklist_code::verify_email,     checklist_code::confirm_new_email,  checklist_code::verify_mobile,
    checklist_code::two_factor_off,   checklist_code::recovery_codes_low, checklist_code::key_expiring,
    checklist_code::payment_pending,  checklist_code::no_number_block,
};

/// "verify_email" ...
[[nodiscard]] std::string_view to_string(checklist_code c) noexcept;

struct contact_facts {
    bool email_verified = false;
    bool email_pending = false;
    bool has_mobile = false;
    bool mobile_verified = false;
    bool two_factor = false;
    std::uint32_t recovery_codes = 0; ///< left; where two-factor is on
};

struct credit_facts {
    money available{};
    money debit_limit{};
    std::optional<duration> time_to_zero{}; ///< at the present burn
};

struct alert_facts {
    std::uint64_t firing = 0; ///< fired and not reset since
    severity worst = severity::info;
};

/// What is known; a group that is unset is none of the asker's business and gives no item.
struct checklist_facts {
    std::optional<contact_facts> contact{};
    std::optional<credit_facts> credit{};
    std::optional<std::uint64_t> pending_payments{};
    std::optional<alert_facts> alerts{};
    std::optional<std::uint64_t> number_blocks{};
    std::optional<std::vector<instant>> key_expiries{}; ///< of keys that work
};

struct checklist_finding {
    checklist_code code{};
    lineside::severity severity = severity::info;

    bool operator==(const checklist_finding&) const = default;
};

/// Credit that lasts less than this at the present burn is low, and so is less than a tenth of a positive debit limit.
inline constexpr duration low_credit_lasts = std::chrono::hours(72);
inline constexpr std::uint32_t few_recovery_codes = 3;
inline constexpr duration key_warning = std::chrono::hours(24 * 14);
inline constexpr duration key_alarm = std::chrono::hours(24);

/// Most severe first.
[[nodiscard]] std::vector<checklist_finding> findings(const checklist_facts& facts, instant now);

} // namespace lineside::rules
