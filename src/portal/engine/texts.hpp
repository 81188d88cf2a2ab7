#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace lineside {

/// What the portal says to people in their own language. In braces: what `write` fills in.
enum class text : std::uint8_t {
    // The checklist: what waits, and what to do about it.
    credit_exhausted, ///< {amount}
    credit_exhausted_remedy,
    alerts_fired, ///< {count}
    alerts_fired_remedy,
    balance_low, ///< {amount}
    balance_low_remedy,
    verify_email, ///< {address}
    verify_email_remedy,
    confirm_new_email, ///< {address}
    confirm_new_email_remedy,
    verify_mobile, ///< {address}
    verify_mobile_remedy,
    two_factor_off,
    two_factor_off_remedy,
    recovery_codes_low, ///< {count}
    recovery_codes_low_remedy,
    key_expiring, ///< {name}, {date}
    key_expiring_remedy,
    payment_pending, ///< {count}
    payment_pending_remedy,
    no_number_block,
    no_number_block_remedy,
    // Mails and messages.
    verification_subject,
    verification_mail,    ///< {name}, {code}, {minutes}
    verification_message, ///< {code}, {minutes}
    email_changed_subject,
    email_changed_mail, ///< {name}, {address}; to the address before
    reset_subject,
    reset_mail, ///< {name}, {link} (or the bare token), {minutes}
    password_changed_subject,
    password_changed_mail, ///< {name}
};
inline constexpr std::size_t text_count = static_cast<std::size_t>(text::password_changed_mail) + 1;

/// The languages that every text is written in; the first is English.
[[nodiscard]] std::span<const std::string_view> text_languages() noexcept;

/// The one of them that serves a reader of `wanted` (BCP 47) best; English where none does.
[[nodiscard]] std::string_view text_language(std::string_view wanted);

struct blank {
    std::string_view name;
    std::string_view value;
};

/// The text with its blanks filled in. `language` is one of `text_languages`. What is filled in is not read again: a name
/// with braces stays a name with braces.
[[nodiscard]] std::string write(text t, std::string_view language, std::initializer_list<blank> blanks = {});

/// The same for a pattern of another table.
[[nodiscard]] std::string fill(std::string_view pattern, std::initializer_list<blank> blanks);

/// As it stands in the table, for tests.
[[nodiscard]] std::string_view raw_text(text t, std::string_view language);

} // namespace lineside
