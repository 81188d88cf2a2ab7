#pragma once

#include <lineside/account.hpp>
#include <lineside/credential.hpp>
#include <lineside/error.hpp>
#include <lineside/operation.hpp>
#include <lineside/permission.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace lineside {

class engine_core;

/// Who asks: what a credential stands for at this moment.
struct principal {
    enum class kind : std::uint8_t { nobody, contact, key, operators };

    principal::kind kind = kind::nobody;
    account_id account{};          ///< empty: nobody's and the operator's
    std::uint32_t account_key = 0; ///< in the store; 0 likewise
    std::string contact{};         ///< a contact's id
    std::string session{};         ///< of a contact: its session's id
    std::string key{};             ///< of a key: its id
    permission_set may{};
    std::string source_ip{};
    std::string user_agent{};

    [[nodiscard]] bool is_operator() const noexcept { return kind == kind::operators; }
    /// How the access log names it: "operator", "contact c-1", "key k-1", "nobody".
    [[nodiscard]] std::string label() const;
};

[[nodiscard]] principal the_operator();

/// Asks the database. Errors: unauthenticated.
[[nodiscard]] principal identify(engine_core& core, const credential& who);

/// The same where neither the database has to be asked nor anything to be written; nothing: `identify` tells.
[[nodiscard]] std::optional<principal> identify_at_once(engine_core& core, const credential& who);

struct recognised {
    principal who{};
    instant until = instant::max(); ///< when the credential ends if it is not used again
};
/// The same by way of looking: it is no use of the credential, and a refusal is not logged. Errors: unauthenticated.
[[nodiscard]] recognised recognise(engine_core& core, const credential& who);

/// Refusals of somebody known are in their account's log. Where it cannot be written, as on a full disk, they are refused
/// all the same, and for the reason that was theirs.
void log_refusal(engine_core& core, const principal& who, std::string_view operation, const error& why);

/// Errors: unauthenticated, permission_denied.
void check_access(const principal& who, const operation::access& access, std::string_view operation);

/// Makes `account` the asker's own where it is left empty. Errors: not_found (somebody else's).
void keep_to_own(const principal& who, account_id& account);

/// Exports show what their query shows: checks the permission of that too.
void keep_export_to_own(const principal& who, export_request& request);

/// The account a request is about, wherever its type keeps it; nothing where it has none.
template <class Request>
void keep_request_to_own(const principal& who, Request& request) {
    if constexpr (std::is_same_v<Request, account_id>) {
        keep_to_own(who, request);
    } else if constexpr (requires { keep_to_own(who, request.account); }) {
        keep_to_own(who, request.account);
    } else if constexpr (requires { keep_to_own(who, request.summary.account); }) {
        keep_to_own(who, request.summary.account);
    } else if constexpr (requires { keep_to_own(who, request.rule.account); }) {
        keep_to_own(who, request.rule.account);
    } else if constexpr (std::is_same_v<Request, export_request>) {
        keep_export_to_own(who, request);
    }
}

} // namespace lineside
