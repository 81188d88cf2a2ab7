#pragma once

#include "integration/contract/contract.hpp"
#include "rules/base32.hpp"
#include "rules/totp.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::contract {

inline constexpr std::string_view good_password = "vbxr jhqp fmtw zgdk";
inline constexpr std::string_view other_password = "kdgz wtmf pqhj rxbv";
inline constexpr std::string_view ann_email = "Ann@acme.example";
inline constexpr std::string_view home = "192.0.2.7";
inline constexpr std::string_view elsewhere = "198.51.100.9";

/// A company with a contact, and what it takes to be them.
class identity_test : public portal_test {
protected:
    std::vector<mail> mails;

    identity_test() {
        settings.delivery.mailer = [this](const mail& m) { mails.push_back(m); };
        settings.reset_link = "https://portal.example/reset?t={token}";
    }

    /// The account acme with Ann, who administers it.
    contact add_ann(role r = role::administrator) {
        (void)lineside().async_create_account({.id = acme, .name = "Zeppelin GmbH"}, block);
        return add(std::string(ann_email), r);
    }
    contact add(std::string email, role r, const account_id& account = acme) {
        contact_create request{.account = account, .name = "Ann Smithers", .email = std::move(email)};
        request.role = r;
        request.password = secret(good_password);
        return lineside().async_create_contact(std::move(request), block);
    }

    [[nodiscard]] static sign_in_request attempt(std::string_view password, std::string_view code = {},
                                                 std::string_view from = home, std::string_view email = ann_email) {
        sign_in_request request;
        request.email = email;
        request.password = secret(password);
        request.code = secret(code);
        request.source_ip = from;
        request.user_agent = "test";
        return request;
    }
    session_grant sign_in(std::string_view code = {}, std::string_view from = home,
                          std::string_view email = ann_email) {
        return lineside().async_sign_in(attempt(good_password, code, from, email), block);
    }
    /// Expecting that it fails.
    diagnostics refused(errc expected, std::string_view password, std::string_view code = {},
                        std::string_view from = home, std::string_view email = ann_email) {
        return failure_of(
            [&] { return lineside().async_sign_in(attempt(password, code, from, email), block).session.id; }, expected);
    }
    [[nodiscard]] std::shared_ptr<portal> as(const secret& token, std::string_view from = home) {
        credential who;
        who.token = token.copy();
        who.source_ip = from;
        return lineside().as(std::move(who));
    }
    [[nodiscard]] static bool is_known(portal& p) {
        try {
            (void)p.async_who_am_i({}, block);
            return true;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::unauthenticated) << e.what();
            return false;
        }
    }

    /// What an authenticator shows now, or so many steps later.
    [[nodiscard]] std::string code_of(const secret& key, std::int64_t steps = 0) const {
        return rules::hotp(rules::parse_base32(key.reveal()).value(),
                           static_cast<std::uint64_t>(rules::totp_step(clock.now()) + steps));
    }
    struct enrolled {
        secret key;
        recovery_codes codes;
    };
    /// Turns two-factor on, and lets the code that did pass by.
    enrolled enrol(portal& p) {
        auto e = p.async_enrol_two_factor(with_password(), block);
        two_factor_confirmation c;
        c.code = secret(code_of(e.key));
        auto codes = p.async_confirm_two_factor(std::move(c), block);
        clock.advance(seconds(60));
        return {std::move(e.key), std::move(codes)};
    }
    [[nodiscard]] static two_factor_request with_password(std::string_view code = {},
                                                          std::string_view password = good_password) {
        two_factor_request request;
        request.password = secret(password);
        request.code = secret(code);
        return request;
    }

    sign_out_report end(portal& p, sign_out_scope scope, std::string session = {}) {
        return p.async_sign_out({.scope = scope, .session = std::move(session)}, block);
    }
    std::size_t live(portal& p) { return p.async_list_sessions({}, block).items.size(); }

    void set_status(const contact& c, contact_status status) {
        contact_update update{.account = c.account, .contact = c.id};
        update.status = status;
        (void)lineside().async_update_contact(std::move(update), block);
    }
    void allow(const contact& c, std::vector<std::string> ips) {
        contact_update update{.account = c.account, .contact = c.id};
        update.allowed_ips = std::move(ips);
        (void)lineside().async_update_contact(std::move(update), block);
    }
    [[nodiscard]] static password_change change(std::string_view from, std::string_view to) {
        password_change request;
        request.old_password = secret(from);
        request.new_password = secret(to);
        return request;
    }
    /// The token in the mail sent last.
    [[nodiscard]] secret mailed_token() const {
        const auto& text = mails.back().text;
        const auto at = text.find("https://portal.example/reset?t=");
        EXPECT_NE(at, std::string::npos) << text;
        return secret(std::string_view(text).substr(at + 31, 43));
    }
    void ask_reset(std::string_view email = ann_email, std::string_view from = home) {
        (void)lineside().async_request_password_reset({std::string(email), std::string(from)}, block);
    }
    [[nodiscard]] static password_reset answer(const secret& token, std::string_view password,
                                               std::string_view code = {}) {
        password_reset r;
        r.token = token.copy();
        r.new_password = secret(password);
        r.code = secret(code);
        r.source_ip = home;
        return r;
    }
};

} // namespace lineside::contract
