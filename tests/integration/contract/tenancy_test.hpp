#pragma once

#include "integration/contract/operation_table.hpp"
#include "integration/contract/people.hpp"
#include "wire/json.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the tests share that ask for what is somebody else's.
namespace lineside::contract {

class tenancy_test : public people_test {
protected:
    tenancy_test() {
        settings.delivery.on_alert = [](const alert_event&) {};
        settings.attempts_per_source = 100'000;
    }

    /// A company and everything an account can have. The word "Falcon" stands in all that is its own.
    estate settle(const std::string& name) {
        estate e;
        e.account = account_id(name);
        account a;
        a.id = e.account;
        a.name = "Falcon " + name;
        a.currency = "EUR";
        a.contact_name = "Falconer";
        a.debit_limit = money{100, 0, "EUR"};
        (void)lineside().async_create_account(a, block);
        auto c = person("falcon@" + name + ".example", role::viewer, e.account);
        c.name = "Robin Falcon";
        c.mobile = "+493012345678";
        e.contact = add(std::move(c)).id;
        e.session = grant_of("falcon@" + name + ".example").session.id;
        api_key_create key{.account = e.account, .name = "Falcon's robot", .scopes = {permission::view_company}};
        e.key = lineside().async_create_key(std::move(key), block).key.id;
        payment_create p{.account = e.account, .total = some_money(), .description = "Falcon # wholesale, undercut"};
        e.payment = lineside().async_create_payment(p, block).id;
        e.block = lineside().async_add_block({e.account, {}, {}}, block).id;
        e.extension = lineside().async_claim_extension({e.account, {}, e.contact, {}}, block).number;
        auto rule = some_rule(e.account, "Falcon's balance");
        rule.recipients = {"noc@" + name + ".example"};
        e.rule = lineside().async_create_alert_rule(std::move(rule), block).id;
        e.webhook = lineside()
                        .async_create_webhook({e.account, "https://falcon.example/hook", {"alert.fired"}}, block)
                        .webhook.id;
        (void)lineside().async_test_alert_rule({e.account, e.rule, alert_test_delivery::send}, block);
        for (const auto& d : lineside().async_list_deliveries({.account = e.account}, block).items)
            if (d.channel == delivery_channel::mail) // the host's callback is nobody else's
                e.delivery = d.id;
        EXPECT_NE(e.delivery, "");
        auto made = charged(answered_call("falcon-" + name, estate_hours.from + hours(1), minutes(3)), "1.20");
        made.account_id = e.account;
        import({made});
        return e;
    }
    session_grant grant_of(const std::string& email, std::string_view from = {}) {
        sign_in_request r;
        r.email = email;
        r.password = secret(password);
        r.source_ip = from;
        return lineside().async_sign_in(std::move(r), block);
    }
    [[nodiscard]] std::shared_ptr<portal> with(const secret& token, std::string_view from = {}) {
        return lineside().as({token.copy(), std::string(from), {}});
    }
    /// Somebody of an account who is asked nothing else of.
    [[nodiscard]] std::shared_ptr<portal> member(const account_id& of, role r, std::vector<permission> denials = {}) {
        auto c = person("member" + std::to_string(++members_) + "@" + of.value() + ".example", r, of);
        c.denials = std::move(denials);
        const auto email = c.email;
        (void)add(std::move(c));
        return with(grant_of(email).token);
    }
    [[nodiscard]] secret key_text(const account_id& of, std::vector<permission> scopes,
                                  std::optional<instant> expires = {}) {
        api_key_create k{.account = of, .name = "program", .scopes = std::move(scopes), .expires_at = expires};
        return lineside().async_create_key(std::move(k), block).text;
    }
    void withhold(const account_id& from, std::vector<permission> all) {
        account_update u{.account = from};
        u.withheld = std::move(all);
        (void)lineside().async_update_account(u, block);
    }
    [[nodiscard]] std::vector<access_entry> log_of(const account_id& of, std::uint32_t most = 5'000) {
        return lineside().async_list_access_log({.account = of, .limit = most}, block).items;
    }
    /// All that an account has and everybody who is there, as the operator sees it.
    [[nodiscard]] std::string picture(const account_id& of) {
        auto& p = lineside();
        std::string all;
        const auto see = [&](const auto& answer) {
            wire::append_json(all, answer);
            all += "\n";
        };
        see(p.async_get_account(of, block));
        const auto contacts = p.async_list_contacts({.account = of, .limit = 1'000}, block);
        see(contacts);
        for (const auto& c : contacts.items)
            see(p.async_get_layout({of, c.id}, block));
        see(p.async_list_payments({.account = of}, block));
        see(p.async_get_balance({of}, block));
        see(p.async_list_blocks({.account = of}, block));
        see(p.async_list_extensions({.account = of}, block));
        see(p.async_get_channels({of}, block));
        see(p.async_query_calls({.account = of}, block));
        see(p.async_list_alert_rules({.account = of}, block));
        see(p.async_list_webhooks({.account = of}, block));
        see(p.async_list_deliveries({.account = of}, block));
        std::string keys;
        for (const auto& k : p.async_list_keys({.account = of, .limit = 1'000}, block).items)
            keys += k.id + (k.revoked ? " revoked " : " ") + (k.previous_until ? "rotated\n" : "\n");
        return all + keys;
    }

private:
    int members_ = 0;
};

} // namespace lineside::contract
