#pragma once

#include "integration/contract/every_operation.hpp"
#include "integration/contract/tenancy_test.hpp"
#include "rules/base32.hpp"
#include "rules/totp.hpp"

#include <cstddef>
#include <string>
#include <utility>

// For each keyed operation a request that does something when it is asked for the first time.
namespace lineside::contract {

/// What a request speaks of beside the estate, made ready before it is asked for.
struct readied {
    estate of{};
    std::string email{};
    std::string token{}; ///< of a password reset
    std::string code{};  ///< of an authenticator
};

class keyed_test : public tenancy_test {
protected:
    keyed_test() { settings.reset_link = "https://portal.example/reset?t={token}"; }

    /// An account in which `operation` has something to do.
    [[nodiscard]] readied make_ready(std::string_view operation) {
        std::string name(operation);
        for (auto& c : name)
            c = c == '_' ? '-' : c;
        readied r{settle(name), "falcon@" + name + ".example", {}, {}};
        // What settling an account has sent is a while ago.
        (void)lineside().async_run_due_work({}, block);
        clock.advance(minutes(2));
        if (operation == "reset_password") {
            (void)lineside().async_request_password_reset({.email = r.email}, block);
            const auto& text = box().mails.back().text;
            r.token = text.substr(text.find("t=") + 2, 43);
        }
        const bool needs_key = operation == "confirm_two_factor";
        const bool needs_both = operation == "renew_recovery_codes" || operation == "disable_two_factor";
        if (needs_key || needs_both) {
            two_factor_request enrol{.account = r.of.account, .contact = r.of.contact};
            const auto key = lineside().async_enrol_two_factor(std::move(enrol), block).key.copy();
            r.code = rules::hotp(rules::parse_base32(key.reveal()).value(),
                                 static_cast<std::uint64_t>(rules::totp_step(clock.now())));
        }
        if (needs_both) {
            two_factor_confirmation c{.account = r.of.account, .contact = r.of.contact};
            c.code = secret(r.code);
            (void)lineside().async_confirm_two_factor(std::move(c), block);
        }
        return r;
    }

    template <class Operation>
    [[nodiscard]] static typename Operation::request request_of(const readied& r) {
        asking names(r.of, naming::account_named);
        auto request = request_for(Operation{}, names);
        adapt(request, r);
        return request;
    }

    /// All that can be seen of an account: what it has, who is signed in, its log and the operator's, what was sent.
    [[nodiscard]] std::string view_of(const estate& of) {
        auto& p = lineside();
        auto all = picture(of.account);
        std::string rest;
        for (const auto& c : p.async_list_contacts({.account = of.account, .limit = 1'000}, block).items)
            wire::append_json(rest, p.async_list_sessions({of.account, c.id}, block));
        wire::append_json(rest, p.async_list_access_log({.account = of.account, .limit = 5'000}, block));
        wire::append_json(rest, p.async_list_access_log({.limit = 5'000}, block));
        wire::append_json(rest, p.async_list_alert_events({.account = of.account, .limit = 1'000}, block));
        wire::append_json(rest, p.async_list_accounts({.limit = 1'000}, block));
        return all + rest + std::to_string(box().mails.size()) + "/" + std::to_string(box().messages.size());
    }

private:
    template <class Request>
    static void adapt(Request&, const readied&) {}
    // The operator's word is as good as a code.
    static void adapt(verification_answer& request, const readied&) { request.code = {}; }
    static void adapt(sign_in_request& request, const readied& r) { request.email = r.email; }
    static void adapt(password_reset_request& request, const readied& r) { request.email = r.email; }
    static void adapt(password_reset& request, const readied& r) { request.token = secret(std::string_view(r.token)); }
    static void adapt(two_factor_confirmation& request, const readied& r) {
        request.code = secret(std::string_view(r.code));
    }
    static void adapt(alert_test_request& request, const readied&) { request.delivery = alert_test_delivery::send; }
    // The last number of its own block.
    static void adapt(extension_import& request, const readied& r) {
        request.rows.at(0).number = r.of.block.substr(r.of.block.find('-') + 1);
    }
};

} // namespace lineside::contract
