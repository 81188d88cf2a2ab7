#include "portal/engine/desk.hpp"
#include "portal/engine/identity/proof.hpp"
#include "rules/base32.hpp"
#include "rules/base64.hpp"
#include "rules/credentials.hpp"
#include "rules/one_time_code.hpp"
#include "rules/otpauth.hpp"
#include "wire/qr_code.hpp"

#include <optional>
#include <utility>

// Two-factor: an authenticator's codes, and recovery codes for when it is lost.
namespace lineside {

namespace {

constexpr std::uint32_t confirmation_tries = 5;

struct new_recovery_codes {
    recovery_codes shown;
    std::vector<std::string> kept;
};

// Slow: outside of every transaction.
new_recovery_codes make_recovery_codes(identity_state& identity) {
    new_recovery_codes made;
    for (std::size_t i = 0; i < rules::recovery_code_count; ++i) {
        auto& code =
            made.shown.codes.emplace_back(rules::make_recovery_code(i, random_bytes(rules::recovery_code_letters)));
        made.kept.push_back(identity.hash_recovery_code(rules::parse_recovery_code(code.reveal())->letters));
    }
    return made;
}

two_factor_enrolment enrolment_of(const std::string& issuer, const std::string& login, const secret& key) {
    two_factor_enrolment e;
    e.key = secret(rules::to_base32(key.reveal()));
    e.uri = secret(rules::to_uri({issuer, login, std::string(key.reveal()), {}}));
    const auto qr = wire::make_qr_code(e.uri.reveal());
    e.qr_svg = secret(wire::to_svg(qr));
    e.qr_png = secret(rules::to_base64(wire::to_png(qr), rules::base64_alphabet::standard, rules::padding::present));
    return e;
}

shown_proof proof_in(const two_factor_request& request, const principal& who) {
    return {request.password.reveal(), request.code.reveal(), who.source_ip};
}

/// The step of a code that fits the enrolment.
std::optional<std::int64_t> step_of(const identity_state& identity, const account_id& account, const login_record& l,
                                    std::string_view code, instant now) {
    const auto digits = rules::tidy_code(code);
    if (!digits)
        return std::nullopt;
    const secret key(identity.open(account, l.id, l.pending_totp));
    return rules::accept_totp(key.reveal(), *digits, now, {});
}

} // namespace

kept_answer<two_factor_enrolment> desk::enrol_two_factor(two_factor_request request) {
    const secret key(random_bytes(rules::totp_key_size));
    return prove(core_, who_, "enrol_two_factor", request.account, request.contact, proof_in(request, who_),
                 proof_needed::password_and_code, [&](store::transaction& tx, const known_contact& k, login_record& l) {
                     l.pending_totp = core_.identity->seal(k.account.value.id, k.contact.id, key.reveal());
                     l.pending_failures = 0;
                     note(tx, k.account.key, {.action = "enrol_two_factor", .target = k.contact.id});
                     return keep(tx, enrolment_of(core_.options.identity.issuer, k.contact.email, key));
                 });
}

kept_answer<recovery_codes> desk::confirm_two_factor(two_factor_confirmation request) {
    auto& identity = *core_.identity;
    const auto code = request.code.reveal();
    bool fits = false;
    {
        const auto db = core_.db->read();
        const auto known = contact_asked_about(*db, who_, request.account, request.contact);
        const auto l = login_of(*db, known.account.key, known.contact.id);
        fits = !l.pending_totp.empty() && step_of(identity, known.account.value.id, l, code, now_);
    }
    auto made = fits ? make_recovery_codes(identity) : new_recovery_codes();

    std::optional<kept_answer<recovery_codes>> answer;
    const auto j = change([&](store::transaction& tx) {
        const auto known = contact_asked_about(tx, who_, request.account, request.contact);
        const auto key = known.account.key;
        auto l = login_of(tx, key, known.contact.id);
        if (l.pending_totp.empty())
            throw error(errc::conflict, "there is no enrolment to confirm; begin one");
        judgement judged;
        const auto gate = gate_of(l, who_.source_ip, now_);
        const auto step = step_of(identity, known.account.value.id, l, code, now_);
        if (gate.gate != rules::gate::open && !who_.is_operator())
            judged = {gate.gate == rules::gate::closed ? proof_verdict::closed : proof_verdict::waiting, gate.wait};
        else if (step && fits) { // raced: another enrolment was begun since the codes were made
            l.totp = std::exchange(l.pending_totp, {});
            l.totp_step = step;
            l.recovery = std::move(made.kept);
            note(tx, key, {.action = "confirm_two_factor", .target = known.contact.id});
            answer.emplace(keep(tx, std::move(made.shown)));
        } else {
            judged.verdict = proof_verdict::wrong_code;
            rules::count_failure(l.strange, now_);
            if (++l.pending_failures >= confirmation_tries)
                l.pending_totp.clear();
        }
        if (judged.verdict != proof_verdict::right)
            log_refused(tx, key, who_, now_, "confirm_two_factor", known.contact.id, reason(judged.verdict));
        put(tx, key, l);
        return judged;
    });
    if (j.verdict != proof_verdict::right)
        refuse(j, proof_of::again);
    return std::move(answer).value();
}

kept_answer<acknowledged> desk::disable_two_factor(two_factor_request request) {
    return prove(core_, who_, "disable_two_factor", request.account, request.contact, proof_in(request, who_),
                 proof_needed::password_and_code, [&](store::transaction& tx, const known_contact& k, login_record& l) {
                     if (!l.totp.empty() && l.short_password)
                         throw error(
                             errc::conflict,
                             "this password is too short without two-factor; choose one of 15 characters first");
                     l.totp.clear();
                     l.totp_step.reset();
                     l.pending_totp.clear();
                     l.recovery.clear();
                     note(tx, k.account.key, {.action = "disable_two_factor", .target = k.contact.id});
                     return keep(tx, acknowledged());
                 });
}

kept_answer<recovery_codes> desk::renew_recovery_codes(two_factor_request request) {
    {
        const auto db = core_.db->read();
        const auto known = contact_asked_about(*db, who_, request.account, request.contact);
        if (!has_two_factor(*db, known.account.key, known.contact.id))
            throw error(errc::conflict, "two-factor is off");
    }
    auto made = make_recovery_codes(*core_.identity);
    return prove(core_, who_, "renew_recovery_codes", request.account, request.contact, proof_in(request, who_),
                 proof_needed::password_and_code, [&](store::transaction& tx, const known_contact& k, login_record& l) {
                     if (l.totp.empty())
                         throw error(errc::conflict, "two-factor is off");
                     l.recovery = std::move(made.kept);
                     note(tx, k.account.key, {.action = "renew_recovery_codes", .target = k.contact.id});
                     return keep(tx, std::move(made.shown));
                 });
}

} // namespace lineside
