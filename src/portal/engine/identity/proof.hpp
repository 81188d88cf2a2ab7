#pragma once

#include "portal/engine/identity/identity_state.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/records.hpp"

#include <string>
#include <string_view>

namespace lineside {

/// What an attempt at a login shows, and from where.
struct shown_proof {
    std::string_view password{};
    std::string_view code{};
    std::string_view source_ip{};
};

/// What has to be shown.
enum class proof_needed : std::uint8_t {
    password,
    password_and_code, ///< the code where two-factor is on
    code,              ///< likewise, alone: a reset token stands for the password
};

/// What is slow to find out, found out before the transaction that decides.
struct compared_proof {
    std::string phc{}; ///< what the password was compared with
    bool password_right = false;
    std::string recovery_phc{}; ///< what the code was compared with, where it may be a recovery code
    bool recovery_right = false;
};

[[nodiscard]] compared_proof compare(identity_state& identity, const login_record& l, const shown_proof& shown,
                                     proof_needed needed);

enum class proof_verdict : std::uint8_t {
    right,
    wrong_password,
    wrong_code,
    code_missing, ///< and the password is right
    waiting,
    closed,
    outdated, ///< the password changed since it was compared: compare again
};

struct judgement {
    proof_verdict verdict = proof_verdict::right;
    duration wait{};
};

/// Whether an attempt from there may be made now.
[[nodiscard]] rules::gate_state gate_of(const login_record& l, std::string_view source_ip, instant now);

/// Decides within the transaction and moves what must move with the decision: failures, the authenticator's step, used
/// recovery codes. The record is then to be put, whatever the verdict. Errors: what `identity_state::open` throws.
[[nodiscard]] judgement judge(const identity_state& identity, const account_id& account, login_record& l,
                              const compared_proof& compared, const shown_proof& shown, proof_needed needed,
                              instant now);

/// The refusal in words, for the log; never what was shown.
[[nodiscard]] std::string_view reason(proof_verdict v) noexcept;
/// The refusal as the asker gets it. `login`: the asker is not signed in, and learns nothing but that it was wrong.
enum class proof_of : std::uint8_t { login, again };
[[noreturn]] void refuse(const judgement& j, proof_of what);

/// Logs a refusal with the login it was about, in the transaction that put it.
void log_refused(store::transaction& tx, std::uint32_t account_key, const principal& who, instant now,
                 std::string_view action, std::string target, std::string_view why);

/// A contact shows again who it is, and what it wanted is done in the transaction that decides: `then(tx, known, login)`,
/// where the login is put afterwards. The operator need not show anything. Errors: what `contact_asked_about` and
/// `then` throw, unauthenticated, exhausted, unavailable.
template <class Then>
auto prove(engine_core& core, const principal& who, std::string_view action, const account_id& account,
           const contact_id& contact, const shown_proof& shown, proof_needed needed, Then then) {
    constexpr int most_turns = 5;
    for (int turn = 1;; ++turn) {
        compared_proof compared;
        if (!who.is_operator()) {
            login_record l;
            {
                const auto db = core.db->read();
                const auto known = contact_asked_about(*db, who, account, contact);
                l = login_of(*db, known.account.key, known.contact.id);
            }
            if (gate_of(l, shown.source_ip, core.now()).gate == rules::gate::open)
                compared = compare(*core.identity, l, shown, needed);
        }
        const auto tx = core.db->write();
        auto known = contact_asked_about(*tx, who, account, contact);
        auto l = login_of(*tx, known.account.key, known.contact.id);
        const auto now = core.now();
        const auto j = who.is_operator()
                           ? judgement{}
                           : judge(*core.identity, known.account.value.id, l, compared, shown, needed, now);
        if (j.verdict == proof_verdict::outdated && turn < most_turns)
            continue;
        if (j.verdict == proof_verdict::right) {
            auto answer = then(*tx, known, l);
            put(*tx, known.account.key, l);
            tx->commit();
            return answer;
        }
        put(*tx, known.account.key, l);
        log_refused(*tx, known.account.key, who, now, action, known.contact.id, reason(j.verdict));
        tx->commit();
        refuse(j, proof_of::again);
    }
}

} // namespace lineside
