#pragma once

#include "integration/contract/contract.hpp"

#include <string>
#include <string_view>
#include <utility>

// A request of each operation of the table. A row without one does not compile.
namespace lineside::contract {

/// What an account has, by the names under which requests ask for it.
struct estate {
    account_id account{};
    contact_id contact{};
    std::string session{}; ///< of the contact
    std::string key{};
    std::string payment{};
    std::string block{};
    std::string extension{};
    std::string rule{};
    std::string webhook{};
    std::string delivery{};
};

enum class naming : std::uint8_t { account_named, account_left_empty };

/// Hands out the names of an estate for one request and remembers which of them it took.
class asking {
public:
    asking(const estate& about, naming how) : about_(about), how_(how) {}

    [[nodiscard]] account_id account() {
        names_account = true;
        return how_ == naming::account_named ? about_.account : account_id();
    }
    [[nodiscard]] contact_id contact() { return thing(about_.contact); }
    [[nodiscard]] std::string session() { return thing(about_.session); }
    [[nodiscard]] std::string key() { return thing(about_.key); }
    [[nodiscard]] std::string payment() { return thing(about_.payment); }
    [[nodiscard]] std::string block() { return thing(about_.block); }
    [[nodiscard]] std::string extension() { return thing(about_.extension); }
    [[nodiscard]] std::string rule() { return thing(about_.rule); }
    [[nodiscard]] std::string webhook() { return thing(about_.webhook); }
    [[nodiscard]] std::string delivery() { return thing(about_.delivery); }
    /// What only narrows an answer down: where it is somebody else's, the answer is an empty one.
    [[nodiscard]] contact_id only_of_contact() { return narrowing(about_.contact); }
    [[nodiscard]] std::string only_of_rule() { return narrowing(about_.rule); }
    /// A name that nobody has yet.
    [[nodiscard]] std::string fresh(std::string_view what) const {
        return std::string(what) + "-" + about_.account.value();
    }

    bool names_account = false;
    bool names_thing = false;
    bool narrows = false;

private:
    template <class T>
    T thing(const T& name) {
        names_thing = true;
        return name;
    }
    template <class T>
    T narrowing(const T& name) {
        narrows = true;
        return name;
    }

    const estate& about_;
    naming how_;
};

inline constexpr std::string_view estate_password = "nineteen blue kettles";
inline const time_range estate_hours{at("2026-03-10T00:00:00Z"), at("2026-03-10T12:00:00Z")};

[[nodiscard]] inline secret with_password() { return secret(estate_password); }
[[nodiscard]] inline money some_money() { return {12, 500'000'000, "EUR"}; }
[[nodiscard]] inline alert_rule some_rule(account_id account, std::string title) {
    alert_rule r;
    r.account = std::move(account);
    r.title = std::move(title);
    r.area = alert_area::balance;
    r.threshold = -1'000'000;
    return r;
}

// ---- accounts, calls

inline account request_for(operation::create_account, asking& a) { return {.id = account_id(a.fresh("new"))}; }
inline account_id request_for(operation::get_account, asking& a) { return a.account(); }
inline account_update request_for(operation::update_account, asking& a) {
    return {.account = a.account(), .name = "Renamed"};
}
inline account_query request_for(operation::list_accounts, asking&) { return {}; }
inline call_batch request_for(operation::import_calls, asking& a) {
    auto c = failed_call(a.fresh("call"), estate_hours.from + hours(2));
    c.account_id = a.account();
    return {{std::move(c)}, {}};
}
inline import_request request_for(operation::import_records, asking& a) {
    import_request r;
    r.format = record_format::lineside;
    auto c = failed_call(a.fresh("record"), estate_hours.from + hours(3));
    c.account_id = a.account();
    r.input = from_text(to_csv({std::move(c)}));
    return r;
}
inline call_query request_for(operation::query_calls, asking& a) { return {.account = a.account()}; }
inline series_query request_for(operation::query_series, asking& a) {
    return {.account = a.account(), .range = estate_hours};
}
inline summary_query request_for(operation::query_summary, asking& a) { return {.account = a.account()}; }
inline statistics_query request_for(operation::query_statistics, asking& a) {
    return {.summary = {.account = a.account()}};
}
inline explain_query request_for(operation::explain, asking& a) {
    return {.account = a.account(), .range = estate_hours};
}
inline export_request request_for(operation::export_data, asking& a) {
    export_request r;
    auto& rows = r.what.emplace<summary_export>();
    if (auto whose = a.account(); !whose.empty())
        rows.account = std::move(whose);
    r.write = [](std::string_view) {};
    return r;
}

// ---- contacts, and who asks

inline contact_create request_for(operation::create_contact, asking& a) {
    return {.account = a.account(), .name = "New Person", .email = a.fresh("new") + "@portal.example"};
}
inline contact_key request_for(operation::get_contact, asking& a) { return {a.account(), a.contact()}; }
inline contact_query request_for(operation::list_contacts, asking& a) { return {.account = a.account()}; }
inline contact_update request_for(operation::update_contact, asking& a) {
    return {.account = a.account(), .contact = a.contact(), .role = role::billing};
}
inline contact_key request_for(operation::get_profile, asking& a) { return {a.account(), a.contact()}; }
inline profile_update request_for(operation::update_profile, asking& a) {
    return {.account = a.account(), .contact = a.contact(), .department = "Voice"};
}
inline preferences_update request_for(operation::set_preferences, asking& a) {
    return {.account = a.account(), .contact = a.contact(), .language = "de"};
}
inline verification_request request_for(operation::send_verification, asking& a) {
    return {.account = a.account(), .contact = a.contact()};
}
inline verification_answer request_for(operation::verify_contact, asking& a) {
    verification_answer r{.account = a.account(), .contact = a.contact()};
    r.code = secret("123456");
    return r;
}
inline sign_in_request request_for(operation::sign_in, asking&) {
    sign_in_request r;
    r.email = "nobody@portal.example";
    r.password = with_password();
    return r;
}
inline sign_out_request request_for(operation::sign_out, asking& a) {
    return {.account = a.account(), .scope = sign_out_scope::one, .session = a.session()};
}
inline contact_key request_for(operation::list_sessions, asking& a) { return {a.account(), a.contact()}; }
inline identity_query request_for(operation::who_am_i, asking&) { return {}; }
inline password_change request_for(operation::change_password, asking& a) {
    password_change r{.account = a.account(), .contact = a.contact()};
    r.old_password = with_password();
    r.new_password = secret("twenty green teapots");
    return r;
}
inline password_setting request_for(operation::set_password, asking& a) {
    password_setting r{.account = a.account(), .contact = a.contact()};
    r.password = secret("twenty green teapots");
    return r;
}
inline password_reset_request request_for(operation::request_password_reset, asking&) {
    return {.email = "nobody@portal.example"};
}
inline password_reset request_for(operation::reset_password, asking&) {
    password_reset r;
    r.token = secret("there is no such token");
    r.new_password = secret("twenty green teapots");
    return r;
}
inline two_factor_request two_factor_of(asking& a) {
    two_factor_request r{.account = a.account(), .contact = a.contact()};
    r.password = with_password();
    return r;
}
inline two_factor_request request_for(operation::enrol_two_factor, asking& a) { return two_factor_of(a); }
inline two_factor_confirmation request_for(operation::confirm_two_factor, asking& a) {
    two_factor_confirmation r{.account = a.account(), .contact = a.contact()};
    r.code = secret("123456");
    return r;
}
inline two_factor_request request_for(operation::disable_two_factor, asking& a) { return two_factor_of(a); }
inline two_factor_request request_for(operation::renew_recovery_codes, asking& a) { return two_factor_of(a); }
inline api_key_create request_for(operation::create_key, asking& a) {
    api_key_create r{.account = a.account(), .name = "robot"};
    r.scopes = {permission::view_company};
    r.password = with_password();
    return r;
}
inline api_key_query request_for(operation::list_keys, asking& a) { return {.account = a.account()}; }
inline api_key_rotation request_for(operation::rotate_key, asking& a) {
    api_key_rotation r{.account = a.account(), .key = a.key()};
    r.password = with_password();
    return r;
}
inline api_key_revocation request_for(operation::revoke_key, asking& a) { return {a.account(), a.key()}; }

// ---- the dashboard, money, channels

inline checklist_query request_for(operation::get_checklist, asking& a) {
    return {.account = a.account(), .contact = a.contact()};
}
inline layout_query request_for(operation::get_layout, asking& a) { return {a.account(), a.contact()}; }
inline layout request_for(operation::set_layout, asking& a) { return {.account = a.account(), .contact = a.contact()}; }
inline layout_query request_for(operation::reset_layout, asking& a) { return {a.account(), a.contact()}; }
inline branding request_for(operation::set_branding, asking&) {
    return {.domain = "portal.example", .name = "Partner"};
}
inline branding_key request_for(operation::get_branding, asking&) { return {"portal.example"}; }
inline branding_query request_for(operation::list_brandings, asking&) { return {}; }
inline payment_query request_for(operation::list_payments, asking& a) { return {.account = a.account()}; }
inline payment_create request_for(operation::create_payment, asking& a) {
    return {.account = a.account(), .total = some_money()};
}
inline transfer_announcement request_for(operation::announce_transfer, asking& a) {
    return {.account = a.account(), .total = some_money()};
}
inline payment_key request_for(operation::complete_payment, asking& a) { return {a.account(), a.payment()}; }
inline payment_key request_for(operation::cancel_payment, asking& a) { return {a.account(), a.payment()}; }
inline balance_query request_for(operation::get_balance, asking& a) { return {a.account()}; }
inline call_event_batch request_for(operation::report_call_events, asking& a) {
    call_event e;
    e.source = "switch-1";
    e.call_id = a.fresh("live");
    e.at = estate_hours.to;
    e.account = a.account();
    return {{std::move(e)}};
}
inline live_snapshot request_for(operation::report_live_calls, asking& a) {
    return {.source = "switch-2", .account = a.account(), .at = estate_hours.to};
}
inline admission_request request_for(operation::admit_call, asking& a) {
    return {.account = a.account(), .source = "switch-1", .call_id = a.fresh("admitted")};
}
inline channel_query request_for(operation::get_channels, asking& a) { return {a.account()}; }
inline live_call_query request_for(operation::list_live_calls, asking& a) { return {.account = a.account()}; }

// ---- internal numbers. Whether a number can be had is everybody's to know: such requests name numbers of nobody.

inline numbering request_for(operation::set_numbering, asking&) { return {.block_size = 10}; }
inline numbering_query request_for(operation::get_numbering, asking&) { return {}; }
inline block_addition request_for(operation::add_block, asking& a) { return {.account = a.account()}; }
inline block_claim request_for(operation::claim_block, asking& a) { return {a.account(), {"700000", "700009"}, {}}; }
inline block_release request_for(operation::release_block, asking& a) {
    return {a.account(), a.block(), release_extensions::release};
}
inline block_transfer request_for(operation::transfer_block, asking& a) {
    return {a.account(), a.block(), account_id("neighbour")};
}
inline block_query request_for(operation::list_blocks, asking& a) { return {.account = a.account()}; }
inline extension_claim request_for(operation::claim_extension, asking& a) {
    return {.account = a.account(), .contact = a.contact()};
}
inline extension_key request_for(operation::release_extension, asking& a) { return {a.account(), a.extension()}; }
inline extension_transfer request_for(operation::transfer_extension, asking& a) {
    return {.account = a.account(), .number = a.extension()};
}
inline extension_query request_for(operation::list_extensions, asking& a) {
    return {.account = a.account(), .contact = a.only_of_contact()};
}
inline number_owner_query request_for(operation::get_number_owner, asking& a) { return {a.account(), "800000"}; }
inline utilisation_query request_for(operation::get_utilisation, asking& a) { return {a.account()}; }
inline extension_import request_for(operation::check_extensions, asking& a) { return {{{a.account(), "900000", {}}}}; }
inline extension_import request_for(operation::import_extensions, asking& a) { return {{{a.account(), "900000", {}}}}; }

// ---- alerts, and what happened

inline alert_rule request_for(operation::create_alert_rule, asking& a) {
    return some_rule(a.account(), "another rule");
}
inline alert_rule request_for(operation::update_alert_rule, asking& a) {
    auto r = some_rule(a.account(), "another title");
    r.id = a.rule();
    return r;
}
inline alert_rule_key request_for(operation::delete_alert_rule, asking& a) { return {a.account(), a.rule()}; }
inline alert_rule_query request_for(operation::list_alert_rules, asking& a) { return {.account = a.account()}; }
inline alert_test_request request_for(operation::test_alert_rule, asking& a) { return {a.account(), a.rule()}; }
inline alert_backtest_request request_for(operation::backtest_alert_rule, asking& a) {
    return {.rule = some_rule(a.account(), "what if"), .range = estate_hours};
}
inline alert_event_query request_for(operation::list_alert_events, asking& a) {
    return {.account = a.account(), .rule = a.only_of_rule()};
}
inline work_request request_for(operation::run_due_work, asking&) { return {}; }
inline webhook_create request_for(operation::create_webhook, asking& a) {
    return {a.account(), "https://hooks.example/lineside", {"alert.repeated"}};
}
inline webhook_query request_for(operation::list_webhooks, asking& a) { return {.account = a.account()}; }
inline webhook_key request_for(operation::delete_webhook, asking& a) { return {a.account(), a.webhook()}; }
inline delivery_query request_for(operation::list_deliveries, asking& a) { return {.account = a.account()}; }
inline delivery_key request_for(operation::replay_delivery, asking& a) { return {a.account(), a.delivery()}; }
inline access_log_query request_for(operation::list_access_log, asking& a) { return {.account = a.account()}; }
inline access_log_check request_for(operation::verify_access_log, asking& a) { return {a.account()}; }
inline review_query request_for(operation::get_review, asking& a) { return {.account = a.account()}; }
inline dispute_request request_for(operation::compare_calls, asking& a) {
    dispute_request r{.account = a.account()};
    auto& theirs = r.theirs.records.emplace();
    theirs.format = record_format::lineside;
    theirs.input = from_text(to_csv({failed_call("theirs", estate_hours.from + hours(1))}));
    return r;
}

} // namespace lineside::contract
