#include "portal/engine/desk.hpp"
#include "portal/engine/identity/proof.hpp"
#include "portal/engine/identity/sessions.hpp"
#include "portal/engine/identity/strangers.hpp"
#include "portal/engine/outgoing.hpp"
#include "portal/engine/texts.hpp"
#include "rules/credentials.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// Passwords: changed by whoever knows the old one, given by the operator, chosen anew by whoever reads the login's mail.
namespace lineside {

namespace {

constexpr duration reset_lifetime = std::chrono::minutes(30);
constexpr std::uint32_t reset_tries = 5; // of a code, where two-factor is on
constexpr duration reset_interval = std::chrono::minutes(1);
constexpr std::size_t resets_a_day = 10;

rules::second_factor factor_of(const login_record& l) {
    return l.totp.empty() ? rules::second_factor::off : rules::second_factor::on;
}

/// Two-factor was turned off since the password was found good enough beside it.
void check_still_good(const new_password& password, const login_record& l) {
    if (password.is_short && l.totp.empty())
        throw error(errc::unavailable, "two-factor was turned off at this moment; try again");
}

mail mail_to(const known_contact& known, text subject, text body, std::initializer_list<blank> blanks) {
    const auto language =
        text_language(known.contact.language.empty() ? known.account.value.language : known.contact.language);
    return {known.contact.email, write(subject, language), write(body, language, blanks), known.account.value.id};
}

/// The change is made whether its notice arrives or not.
void send_notice(const delivery_hooks& hooks, const known_contact& known) {
    if (!hooks.mailer)
        return;
    try {
        send(hooks, mail_to(known, text::password_changed_subject, text::password_changed_mail,
                            {{"name", known.contact.name}}));
    } catch (const error&) { // the host's mailer has its own log
    }
}

std::string link_of(const std::string& pattern, const secret& token) {
    constexpr std::string_view blank = "{token}";
    auto link = pattern.empty() ? std::string(blank) : pattern;
    if (const auto at = link.find(blank); at != std::string::npos)
        link.replace(at, blank.size(), token.reveal());
    return link;
}

bool may_ask_again(login_record& l, instant now) {
    std::erase_if(l.resets_sent, [&](instant t) { return t <= now - std::chrono::hours(24) || t > now; });
    return l.resets_sent.size() < resets_a_day &&
           (l.resets_sent.empty() || now >= l.resets_sent.back() + reset_interval);
}

/// Whose token it is, while it is good.
std::optional<known_contact> owner_of_reset(store::snapshot& db, const std::string& digest, instant now) {
    const auto owner = db.find_name(reset_space, digest);
    if (!owner)
        return std::nullopt;
    auto contact = find_contact(db, owner->account, owner->id).value();
    auto account = db.account_by_key(owner->account);
    const auto l = login_of(db, owner->account, owner->id);
    if (!contact.is_active() || account.value.status != account_status::active)
        return std::nullopt;
    if (l.reset != digest || now >= l.reset_at + reset_lifetime || now < l.reset_at - reset_lifetime ||
        l.reset_failures >= reset_tries)
        return std::nullopt;
    return known_contact{std::move(account), std::move(contact)};
}

[[noreturn]] void refuse_token() {
    throw error(errc::unauthenticated, "this link was used, is older than 30 minutes or was never sent", "token");
}

} // namespace

kept_answer<acknowledged> desk::change_password(password_change request) {
    if (request.sign_out == sign_out_scope::one)
        throw error(errc::invalid_argument, "which sessions end: current, others or all", "sign_out");
    // The new one is judged and hashed before the transaction, the old one decides inside.
    const auto password = [&] {
        known_contact known;
        login_record l;
        {
            const auto db = core_.db->read();
            known = contact_asked_about(*db, who_, request.account, request.contact);
            l = login_of(*db, known.account.key, known.contact.id);
        }
        return checked_password(core_, request.new_password, factor_of(l), known.contact, known.account.value,
                                "new_password");
    }();
    std::optional<kept_answer<acknowledged>> done;
    const auto known = prove(core_, who_, "change_password", request.account, request.contact,
                             {request.old_password.reveal(), {}, who_.source_ip}, proof_needed::password,
                             [&](store::transaction& tx, const known_contact& k, login_record& l) {
                                 check_still_good(password, l);
                                 give_password(tx, l, password);
                                 std::uint32_t ended = 0;
                                 for (const auto& s : sessions_of(tx, k.account.key, k.contact.id)) {
                                     const bool is_this = s.public_id() == who_.session;
                                     const bool ends = request.sign_out == sign_out_scope::all ||
                                                       is_this == (request.sign_out == sign_out_scope::current);
                                     if (ends)
                                         end_session(tx, k.account.key, s);
                                     ended += ends ? 1 : 0;
                                 }
                                 note(tx, k.account.key,
                                      {.action = "change_password",
                                       .target = k.contact.id,
                                       .detail = "sessions ended: " + std::to_string(ended)});
                                 done.emplace(keep(tx, acknowledged()));
                                 return k;
                             });
    send_notice(core_.options.delivery, known);
    return done.value();
}

acknowledged desk::set_password(password_setting request) {
    known_contact known;
    login_record before;
    {
        const auto db = core_.db->read();
        known = contact_named(*db, request.account, request.contact);
        before = login_of(*db, known.account.key, known.contact.id);
    }
    const auto password =
        checked_password(core_, request.password, factor_of(before), known.contact, known.account.value, "password");
    change([&](store::transaction& tx) {
        auto l = login_of(tx, known.account.key, known.contact.id);
        check_still_good(password, l);
        give_password(tx, l, password);
        put(tx, known.account.key, l);
        const auto ended = end_sessions(tx, known.account.key, known.contact.id);
        note(tx, known.account.key,
             {.action = "set_password",
              .target = known.contact.id,
              .detail = "sessions ended: " + std::to_string(ended)});
    });
    send_notice(core_.options.delivery, known);
    return {};
}

kept_answer<acknowledged> desk::request_password_reset(password_reset_request request) {
    auto who = who_;
    if (!request.source_ip.empty())
        who.source_ip = request.source_ip;
    take_attempt(core_, who, "request_password_reset");
    if (!core_.options.delivery.mailer)
        throw error(errc::unavailable, "this portal sends no mail");
    const auto token = rules::make_token(random_bytes(rules::token_bytes));
    // Whoever asks sees the same, whatever comes of it; the log says it.
    std::optional<kept_answer<acknowledged>> done;
    const auto to = change([&](store::transaction& tx) {
        done.emplace(keep(tx, acknowledged()));
        std::optional<known_contact> known;
        if (const auto of = contact_of_login(tx, request.email))
            known = known_contact{tx.account_by_key(of->account_key), of->contact};
        if (!known) {
            log_refused(tx, 0, who, now_, "request_password_reset", {}, "unknown login");
            return std::optional<known_contact>();
        }
        auto l = login_of(tx, known->account.key, known->contact.id);
        const char* why = nullptr;
        if (known->account.value.status != account_status::active || !known->contact.is_active())
            why = "the login is disabled";
        else if (!may_ask_again(l, now_))
            why = "one a minute and ten a day are sent";
        if (why != nullptr) {
            log_refused(tx, known->account.key, who, now_, "request_password_reset", known->contact.id, why);
            return std::optional<known_contact>();
        }
        if (!l.reset.empty())
            tx.release_name(reset_space, l.reset);
        l.reset = to_hex(digest_of(token.reveal()));
        l.reset_at = now_;
        l.reset_failures = 0;
        l.resets_sent.push_back(now_);
        const bool claimed = tx.claim_name(reset_space, l.reset, {known->account.key, known->contact.id});
        if (!claimed) // unreachable: tokens are 256 random bits
            throw error(errc::internal, "two password resets have one token");
        put(tx, known->account.key, l);
        log_access(tx, known->account.key, who, now_,
                   {.action = "request_password_reset", .target = known->contact.id});
        return known;
    });
    if (!to)
        return done.value();
    try {
        const auto minutes = std::to_string(std::chrono::floor<std::chrono::minutes>(reset_lifetime).count());
        send(core_.options.delivery, mail_to(*to, text::reset_subject, text::reset_mail,
                                             {{"name", to->contact.name},
                                              {"link", link_of(core_.options.identity.reset_link, token)},
                                              {"minutes", minutes}}));
    } catch (const error& e) {
        change([&](store::transaction& tx) {
            log_refused(tx, to->account.key, who, now_, "request_password_reset", to->contact.id, e.what());
        });
    }
    return done.value();
}

kept_answer<acknowledged> desk::reset_password(password_reset request) {
    auto who = who_;
    if (!request.source_ip.empty())
        who.source_ip = request.source_ip;
    take_attempt(core_, who, "reset_password");
    const auto digest = to_hex(digest_of(request.token.reveal()));
    const shown_proof shown{{}, request.code.reveal(), who.source_ip};

    std::optional<known_contact> known;
    login_record before;
    {
        const auto db = core_.db->read();
        known = owner_of_reset(*db, digest, now_);
        if (known)
            before = login_of(*db, known->account.key, known->contact.id);
    }
    if (!known) {
        change([&](store::transaction& tx) { log_refused(tx, 0, who, now_, "reset_password", {}, "unknown token"); });
        refuse_token();
    }
    const auto password = checked_password(core_, request.new_password, factor_of(before), known->contact,
                                           known->account.value, "new_password");
    const auto compared = compare(*core_.identity, before, shown, proof_needed::code);

    std::optional<kept_answer<acknowledged>> done;
    const auto j = change([&](store::transaction& tx) {
        if (!owner_of_reset(tx, digest, now_))
            refuse_token(); // somebody else was first
        const auto key = known->account.key;
        const auto& contact = known->contact.id;
        auto l = login_of(tx, key, contact);
        check_still_good(password, l);
        const auto judged =
            judge(*core_.identity, known->account.value.id, l, compared, shown, proof_needed::code, now_);
        if (judged.verdict == proof_verdict::right) {
            give_password(tx, l, password);
            const auto ended = end_sessions(tx, key, contact);
            auto owner = who;
            owner.kind = principal::kind::contact;
            owner.contact = contact;
            log_access(
                tx, key, owner, now_,
                {.action = "reset_password", .target = contact, .detail = "sessions ended: " + std::to_string(ended)});
            done.emplace(keep(tx, acknowledged()));
        } else {
            l.reset_failures += judged.verdict == proof_verdict::wrong_code ? 1 : 0;
            log_refused(tx, key, who, now_, "reset_password", contact, reason(judged.verdict));
        }
        put(tx, key, l);
        return judged;
    });
    if (j.verdict != proof_verdict::right)
        refuse(j, proof_of::login);
    core_.hub->touch_identity(known->account.value.id.value(), known->contact.id);
    core_.identity->sources.give_back(who.source_ip);
    send_notice(core_.options.delivery, *known);
    return done.value();
}

} // namespace lineside
