#include "portal/engine/desk.hpp"
#include "portal/engine/identity/proof.hpp"
#include "portal/engine/identity/sessions.hpp"
#include "portal/engine/identity/strangers.hpp"
#include "rules/credentials.hpp"
#include "rules/ip_range.hpp"
#include "rules/session_life.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// Signing in.
namespace lineside {

namespace {

constexpr std::size_t longest_shown = 1024; // of a login or password; what is longer is no one's
constexpr std::size_t most_sources = 8;

/// Who tries, as the access log names it until they have shown who they are.
principal someone(std::string_view source_ip, std::string_view user_agent, const principal& asker) {
    principal p;
    p.source_ip = source_ip.empty() ? asker.source_ip : source_ip;
    p.user_agent = user_agent.empty() ? asker.user_agent : user_agent;
    return p;
}

/// What is known of a login before and within the deciding transaction; of an unknown one likewise.
struct attempted {
    std::optional<known_contact> known;
    login_record login;

    [[nodiscard]] std::uint32_t account_key() const { return known ? known->account.key : 0; }
};

attempted find_login(store::snapshot& db, const identity_state& identity, std::string_view email) {
    attempted a;
    if (const auto of = contact_of_login(db, email)) {
        a.known = known_contact{db.account_by_key(of->account_key), of->contact};
        a.login = login_of(db, of->account_key, of->contact.id);
    } else {
        a.login.strange = stranger_of(db, identity, email).failures;
    }
    return a;
}

void keep_attempt(store::transaction& tx, const identity_state& identity, const attempted& a, std::string_view email) {
    if (a.known) {
        put(tx, a.known->account.key, a.login);
        return;
    }
    auto s = stranger_of(tx, identity, email);
    s.failures = a.login.strange;
    put(tx, 0, s);
}

/// Why somebody who has shown who they are is not let in; null: they are.
const char* shut_out(const known_contact& known, std::string_view source_ip) {
    if (known.account.value.status != account_status::active)
        return "the account is disabled";
    if (!known.contact.is_active())
        return "the login is disabled";
    if (!rules::lets_in(known.contact.allowed_ips, source_ip))
        return "this login is not used from here";
    return nullptr;
}

void remember_source(login_record& l, std::string_view source_ip) {
    auto source = rules::source_of(source_ip);
    if (source.empty())
        return;
    std::erase(l.sources, source);
    l.sources.push_back(std::move(source));
    if (l.sources.size() > most_sources)
        l.sources.erase(l.sources.begin());
}

/// Those that have ended by themselves go, and the oldest where there are too many.
void make_room(store::transaction& tx, const identity_state& identity, const known_contact& known, instant now) {
    std::size_t live = 0;
    auto all = sessions_of(tx, known.account.key, known.contact.id);
    for (auto s = all.rbegin(); s != all.rend(); ++s)
        if (!rules::is_session_live(s->created_at, last_use_of(identity, *s), now) || ++live >= most_sessions)
            end_session(tx, known.account.key, *s);
}

session_grant begin_session(store::transaction& tx, const known_contact& known, const principal& who, instant now) {
    session_grant grant;
    grant.token = rules::make_token(random_bytes(rules::token_bytes));
    session_record s;
    const auto id = new_id("s", now);
    s.id = known.contact.id + '/' + id;
    s.digest = to_hex(digest_of(grant.token.reveal()));
    s.created_at = s.last_used_at = now;
    s.source_ip = who.source_ip.substr(0, 64);
    s.user_agent = who.user_agent.substr(0, 256);
    if (!tx.claim_name(session_space, s.digest, {known.account.key, s.id})) // unreachable: tokens are 256 random bits
        throw error(errc::internal, "two sessions have one token");
    put(tx, known.account.key, s);
    grant.session.id = id;
    grant.session.account = known.account.value.id;
    grant.session.contact = contact_id(known.contact.id);
    grant.session.created_at = grant.session.last_used_at = now;
    grant.session.expires_at = rules::session_end(now, now);
    grant.session.source_ip = s.source_ip;
    grant.session.user_agent = s.user_agent;
    grant.session.current = true;
    return grant;
}

/// One attempt, compared outside of the transaction and decided inside.
class attempt {
public:
    attempt(engine_core& core, const sign_in_request& request, principal who, const keyed_call& call)
        : core_(core),
          call_(call),
          request_(request),
          who_(std::move(who)),
          shown_{request.password.reveal(), request.code.reveal(), who_.source_ip} {}

    kept_answer<session_grant> run() {
        constexpr int most_turns = 5;
        for (int turn = 1;; ++turn) {
            compare_before();
            const auto tx = core_.db->write();
            now_ = core_.now();
            auto a = find_login(*tx, *core_.identity, request_.email);
            const auto account = a.known ? a.known->account.value.id : account_id();
            const auto j =
                judge(*core_.identity, account, a.login, compared_, shown_, proof_needed::password_and_code, now_);
            if (j.verdict == proof_verdict::outdated && turn < most_turns)
                continue;
            if (j.verdict == proof_verdict::right)
                return let_in(*tx, a);
            keep_attempt(*tx, *core_.identity, a, request_.email);
            // Waiting costs an attacker nothing, so it fills no log.
            const bool waits = j.verdict == proof_verdict::waiting || j.verdict == proof_verdict::closed;
            if (!waits || core_.identity->refusals.once_a_minute("login " + login_name(request_.email), now_))
                log(*tx, a, a.known ? reason(j.verdict) : "unknown login");
            tx->commit();
            refuse(j, proof_of::login);
        }
    }

private:
    void compare_before() {
        attempted before;
        {
            const auto db = core_.db->read();
            before = find_login(*db, *core_.identity, request_.email);
        }
        compared_ = {};
        fresh_hash_.clear();
        if (gate_of(before.login, shown_.source_ip, core_.now()).gate != rules::gate::open)
            return;
        compared_ = compare(*core_.identity, before.login, shown_, proof_needed::password_and_code);
        if (compared_.password_right &&
            rules::needs_rehash(rules::parse_phc(compared_.phc).value(), core_.identity->cost()))
            fresh_hash_ = core_.identity->hash(shown_.password);
    }

    kept_answer<session_grant> let_in(store::transaction& tx, attempted& a) {
        if (const auto* why = shut_out(*a.known, shown_.source_ip)) {
            keep_attempt(tx, *core_.identity, a, request_.email);
            log(tx, a, why);
            tx.commit();
            throw error(errc::unauthenticated, why);
        }
        if (!fresh_hash_.empty())
            a.login.password = fresh_hash_;
        remember_source(a.login, shown_.source_ip);
        put(tx, a.account_key(), a.login);
        make_room(tx, *core_.identity, *a.known, now_);
        auto grant = begin_session(tx, *a.known, who_, now_);
        grant.contact = shown(tx, a.known->account, a.known->contact);
        auto who = who_;
        who.kind = principal::kind::contact;
        who.contact = a.known->contact.id;
        log_access(tx, a.account_key(), who, now_, {.action = "sign_in", .target = grant.session.id});
        auto answer = call_.keep(tx, std::move(grant));
        tx.commit();
        core_.hub->touch_identity(a.known->account.value.id.value(), a.known->contact.id); // a session may have ended
        core_.identity->sources.give_back(shown_.source_ip);
        return answer;
    }

    void log(store::transaction& tx, const attempted& a, std::string_view why) const {
        log_refused(tx, a.account_key(), who_, now_, "sign_in", a.known ? a.known->contact.id : std::string(), why);
    }

    engine_core& core_;
    const keyed_call& call_;
    const sign_in_request& request_;
    const principal who_;
    const shown_proof shown_;
    instant now_{};
    compared_proof compared_;
    std::string fresh_hash_;
};

} // namespace

void take_attempt(engine_core& core, const principal& who, std::string_view action) {
    const auto now = core.now();
    const auto wait = core.identity->sources.take(who.source_ip, now);
    if (wait == duration::zero())
        return;
    if (core.identity->refusals.once_a_minute("source " + rules::source_of(who.source_ip), now)) {
        const auto tx = core.db->write();
        log_refused(*tx, 0, who, now, action, {}, "too many attempts from this source");
        tx->commit();
    }
    throw error(errc::exhausted, "too many attempts from here; try again in " +
                                     std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()) + " s");
}

kept_answer<session_grant> desk::sign_in(sign_in_request request) {
    if (request.email.size() > longest_shown)
        throw error(errc::invalid_argument, "the login is longer than any", "email");
    if (request.password.reveal().size() > longest_shown)
        throw error(errc::invalid_argument, "the password is longer than any", "password");
    auto who = someone(request.source_ip, request.user_agent, who_);
    take_attempt(core_, who, "sign_in");
    return attempt(core_, request, std::move(who), call_).run();
}

} // namespace lineside
