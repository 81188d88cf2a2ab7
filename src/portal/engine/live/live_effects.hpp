#pragma once

#include <lineside/operation.hpp>

#include "portal/engine/engine_core.hpp"
#include "portal/engine/live/live_hub.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

// What each operation may change of what is watched. Imports and alerts say it themselves: they know the accounts.
namespace lineside {

enum class identity_effect : std::uint8_t {
    none,
    contact, ///< of the contact that the request names, or that asks
    account, ///< of everybody in the account
};

struct live_effect {
    topic_bits topics = 0; ///< of the account in the request
    identity_effect identity = identity_effect::none;
    bool live = false;  ///< live calls of any account
    bool clock = false; ///< whatever depends on the time
};

[[nodiscard]] constexpr live_effect effect_of(std::string_view operation) {
    using enum watch_topic;
    const auto is = [&](auto... names) { return ((operation == names) || ...); };
    if (is("report_call_events", "report_live_calls", "admit_call"))
        return {.live = true};
    if (is("update_account"))
        return {bits_of(channels, live_calls, balance, summary, dashboard), identity_effect::account};
    if (is("create_payment", "announce_transfer", "complete_payment", "cancel_payment"))
        return {bits_of(balance, dashboard)};
    if (is("set_layout", "reset_layout", "add_block", "claim_block", "release_block", "transfer_block",
           "create_alert_rule", "update_alert_rule", "delete_alert_rule"))
        return {bits_of(dashboard)};
    if (is("test_alert_rule"))
        return {bits_of(alerts)};
    if (is("update_contact", "update_profile", "set_preferences", "verify_contact", "sign_out", "change_password",
           "set_password", "enrol_two_factor", "confirm_two_factor", "disable_two_factor", "renew_recovery_codes"))
        return {bits_of(dashboard), identity_effect::contact};
    if (is("create_key", "rotate_key", "revoke_key"))
        return {bits_of(dashboard), identity_effect::account};
    if (is("run_due_work"))
        return {.clock = true};
    return {};
}

/// Tells the hub what an operation may have changed, when it ends, however it ends: much of what fails has changed
/// something before.
template <class Operation>
class live_notice {
public:
    static constexpr live_effect effect = effect_of(Operation::name);

    /// The account in the request is the asker's.
    live_notice(engine_core& core, const principal& who, const typename Operation::request& request) : core_(core) {
        if constexpr (effect.topics != 0 || effect.identity != identity_effect::none) {
            account_ = account_in(request);
            if constexpr (effect.identity == identity_effect::contact) {
                contact_ = who.contact;
                if constexpr (requires {
                                  { request.contact } -> std::convertible_to<contact_id>;
                              })
                    if (!request.contact.empty())
                        contact_ = request.contact.value();
            }
        }
    }
    live_notice(const live_notice&) = delete;
    live_notice& operator=(const live_notice&) = delete;
    ~live_notice() {
        auto& hub = *core_.hub;
        if (Operation::retry == operation::retry_class::safe || !hub.is_watched())
            return;
        try {
            if constexpr (effect.topics != 0)
                hub.touch(account_.value(), effect.topics);
            if constexpr (effect.identity != identity_effect::none)
                hub.touch_identity(account_.value(), contact_);
            if constexpr (effect.live)
                hub.touch_live();
            if constexpr (effect.clock)
                hub.touch_clock();
        } catch (...) { // for want of memory: the clock brings it again
            return;
        }
        hub.settle();
    }

private:
    template <class Request>
    static account_id account_in(const Request& request) {
        if constexpr (requires {
                          { request.account } -> std::convertible_to<account_id>;
                      })
            return request.account;
        else if constexpr (requires {
                               { request.rule.account } -> std::convertible_to<account_id>;
                           })
            return request.rule.account;
        else
            return {};
    }

    engine_core& core_;
    account_id account_;
    std::string contact_;
};

} // namespace lineside
