#pragma once

#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include "portal/engine/engine_core.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/principal.hpp"
#include "rules/password_policy.hpp"
#include "rules/throttle.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// What proves who a contact is. Beside the contact's own document, so that whoever reads contacts never sees it.
struct login_record {
    static constexpr std::string_view kind = "login";

    std::string id{};            ///< the contact's
    std::string password{};      ///< PHC; empty: none yet
    bool short_password = false; ///< good only with two-factor
    std::string totp{};          ///< the authenticator's key, sealed; empty: two-factor is off
    std::optional<std::int64_t> totp_step{};
    std::string pending_totp{}; ///< of an enrolment that waits for its first code
    std::uint32_t pending_failures = 0;
    std::vector<std::string> recovery{}; ///< PHC of each code; empty: used

    rules::failure_count strange{};     ///< failures from anywhere else
    rules::failure_count familiar{};    ///< failures from the sources below
    std::vector<std::string> sources{}; ///< of the last sign-ins, oldest first
    std::string reset{};                ///< digest of the token that was mailed; empty: none
    instant reset_at{};
    std::uint32_t reset_failures = 0;
    std::vector<instant> resets_sent{}; ///< of the last day
};

/// Tokens of password resets: a digest -> the contact.
inline constexpr std::string_view reset_space = "reset";

/// The one that is kept, or an empty one.
[[nodiscard]] login_record login_of(store::snapshot& db, std::uint32_t account_key, std::string_view contact);

// ---- for whoever keeps contacts

[[nodiscard]] bool has_two_factor(store::snapshot& db, std::uint32_t account_key, std::string_view contact);
/// Those not used yet; 0 where two-factor is off.
[[nodiscard]] std::size_t recovery_codes_left(store::snapshot& db, std::uint32_t account_key, std::string_view contact);

/// A password that was found good enough, hashed.
struct new_password {
    std::string phc{};
    bool is_short = false; ///< it is good only with two-factor
};

/// Judges and hashes a new password of a contact; slow, so outside of every transaction.
/// Errors: invalid_argument (and why).
[[nodiscard]] new_password checked_password(engine_core& core, const secret& password, rules::second_factor factor,
                                            const contact_record& who, const account& company, const char* field);
/// Puts it into a login that is about to be put; failures are forgotten and a reset that was mailed is void.
void give_password(store::transaction& tx, login_record& l, const new_password& password);
/// The same for a contact that has no login yet, or whose login is not at hand.
void put_password(store::transaction& tx, std::uint32_t account_key, std::string_view contact,
                  const new_password& password);

/// A contact shows its password again before a sensitive change; the operator and API keys need not. Slow, so outside of
/// every transaction. Errors: unauthenticated (field "password"), exhausted (too many attempts).
void confirm_password(engine_core& core, const principal& who, const secret& password);

/// Ends a contact's sessions; how many.
std::size_t end_sessions(store::transaction& tx, std::uint32_t account_key, std::string_view contact);

} // namespace lineside
