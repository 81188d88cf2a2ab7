#include "portal/engine/identity/proof.hpp"

#include <lineside/error.hpp>

#include "portal/engine/access_log.hpp"
#include "rules/credentials.hpp"
#include "rules/one_time_code.hpp"
#include "rules/totp.hpp"

#include <algorithm>

namespace lineside {

namespace {

bool is_familiar(const login_record& l, std::string_view source_ip) {
    const auto source = rules::source_of(source_ip);
    return !source.empty() && std::find(l.sources.begin(), l.sources.end(), source) != l.sources.end();
}

rules::failure_count& failures_of(login_record& l, std::string_view source_ip) {
    return is_familiar(l, source_ip) ? l.familiar : l.strange;
}

// The authenticator's code moves the last step, a recovery code is used up.
bool take_code(const identity_state& identity, const account_id& account, login_record& l,
               const compared_proof& compared, std::string_view code, instant now) {
    if (const auto digits = rules::tidy_code(code)) {
        const secret key(identity.open(account, l.id, l.totp));
        const auto step = rules::accept_totp(key.reveal(), *digits, now, l.totp_step);
        if (step)
            l.totp_step = step;
        return step.has_value();
    }
    if (!compared.recovery_right)
        return false;
    // Somebody may have used it since it was compared.
    const auto kept = std::find(l.recovery.begin(), l.recovery.end(), compared.recovery_phc);
    if (kept == l.recovery.end())
        return false;
    kept->clear();
    return true;
}

} // namespace

compared_proof compare(identity_state& identity, const login_record& l, const shown_proof& shown, proof_needed needed) {
    compared_proof c;
    if (needed != proof_needed::code) {
        c.phc = l.password;
        c.password_right = identity.matches(shown.password, l.password);
        if (!c.password_right || needed == proof_needed::password)
            return c;
    }
    const auto recovery = rules::parse_recovery_code(shown.code);
    // Beside an authenticator there are ten, used ones empty.
    if (!l.totp.empty() && recovery && !l.recovery.at(recovery->index).empty()) {
        c.recovery_phc = l.recovery[recovery->index];
        c.recovery_right = identity.matches(recovery->letters, c.recovery_phc);
    }
    return c;
}

rules::gate_state gate_of(const login_record& l, std::string_view source_ip, instant now) {
    return is_familiar(l, source_ip) ? rules::may_try(l.familiar, now, rules::most_familiar_failures)
                                     : rules::may_try(l.strange, now, rules::most_strange_failures);
}

judgement judge(const identity_state& identity, const account_id& account, login_record& l,
                const compared_proof& compared, const shown_proof& shown, proof_needed needed, instant now) {
    // A reset token opens a login that guesses have closed; its own tries are counted with it.
    if (needed != proof_needed::code) {
        auto& failures = failures_of(l, shown.source_ip);
        failures.last = std::min(failures.last, now); // the clock may have been set back
        const auto gate = gate_of(l, shown.source_ip, now);
        if (gate.gate == rules::gate::closed)
            return {proof_verdict::closed, {}};
        if (gate.gate == rules::gate::waiting)
            return {proof_verdict::waiting, gate.wait};
        if (compared.phc != l.password)
            return {proof_verdict::outdated, {}};
        if (!compared.password_right) {
            rules::count_failure(failures, now);
            return {proof_verdict::wrong_password, {}};
        }
    }
    if (needed != proof_needed::password && !l.totp.empty()) {
        if (shown.code.empty())
            return {proof_verdict::code_missing, {}};
        if (!take_code(identity, account, l, compared, shown.code, now)) {
            rules::count_failure(failures_of(l, shown.source_ip), now);
            return {proof_verdict::wrong_code, {}};
        }
    }
    l.strange = {};
    l.familiar = {};
    return {};
}

std::string_view reason(proof_verdict v) noexcept {
    switch (v) {
    case proof_verdict::right: return "right";
    case proof_verdict::wrong_password: return "wrong password";
    case proof_verdict::wrong_code: return "wrong code";
    case proof_verdict::code_missing: return "no code";
    case proof_verdict::waiting: return "too many attempts";
    case proof_verdict::closed: return "too many attempts; closed";
    case proof_verdict::outdated: break;
    }
    return "the password was changed at the same moment";
}

void refuse(const judgement& j, proof_of what) {
    switch (j.verdict) {
    case proof_verdict::waiting:
        throw error(errc::exhausted, "too many attempts; try again in " +
                                         std::to_string(std::chrono::ceil<std::chrono::seconds>(j.wait).count()) +
                                         " s");
    case proof_verdict::closed:
        throw error(errc::exhausted, "too many attempts; choose a new password by mail, or ask your operator");
    case proof_verdict::code_missing: throw error(errc::unauthenticated, "a code is needed too", "code");
    case proof_verdict::wrong_code: throw error(errc::unauthenticated, "the code is wrong or was used", "code");
    case proof_verdict::outdated: throw error(errc::unavailable, "the password was changed at this moment; try again");
    case proof_verdict::right: // unreachable: what is right is not refused
    case proof_verdict::wrong_password: break;
    }
    if (what == proof_of::login)
        throw error(errc::unauthenticated, "the login or the password is wrong");
    throw error(errc::unauthenticated, "the password is wrong", "password");
}

void log_refused(store::transaction& tx, std::uint32_t account_key, const principal& who, instant now,
                 std::string_view action, std::string target, std::string_view why) {
    log_access(tx, account_key, who, now,
               {.action = action,
                .target = std::move(target),
                .detail = std::string(why),
                .outcome = access_outcome::refused});
}

} // namespace lineside
