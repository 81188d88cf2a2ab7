#include "portal/engine/identity/sessions.hpp"

#include "portal/engine/desk.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/records.hpp"
#include "rules/session_life.hpp"

#include <algorithm>

// Sessions: who is signed in.
namespace lineside {

std::vector<session_record> sessions_of(store::snapshot& db, std::uint32_t account_key, std::string_view contact) {
    const auto first = std::string(contact) + '/';
    const auto last = std::string(contact) + '0'; // what follows the slash
    std::vector<session_record> all;
    each<session_record>(db, account_key, {first, last}, store::scan_order::ascending, [&](session_record s) {
        all.push_back(std::move(s));
        return true;
    });
    return all;
}

void end_session(store::transaction& tx, std::uint32_t account_key, const session_record& s) {
    tx.release_name(session_space, s.digest);
    erase<session_record>(tx, account_key, s.id);
}

instant last_use_of(const identity_state& identity, const session_record& s) {
    return std::max(s.last_used_at, identity.last_uses.find(s.id).value_or(s.last_used_at));
}

page<session> desk::list_sessions(contact_key request) {
    const auto db = core_.db->read();
    const auto known = contact_asked_about(*db, who_, request.account, request.contact);
    page<session> answer;
    for (const auto& s : sessions_of(*db, known.account.key, known.contact.id)) {
        const auto last_used = last_use_of(*core_.identity, s);
        if (!rules::is_session_live(s.created_at, last_used, now_))
            continue;
        session x;
        x.id = s.public_id();
        x.account = known.account.value.id;
        x.contact = contact_id(known.contact.id);
        x.created_at = s.created_at;
        x.last_used_at = last_used;
        x.expires_at = rules::session_end(s.created_at, last_used);
        x.source_ip = s.source_ip;
        x.user_agent = s.user_agent;
        x.current = x.id == who_.session;
        answer.items.push_back(std::move(x));
    }
    return answer;
}

sign_out_report desk::sign_out(sign_out_request request) {
    return change([&](store::transaction& tx) {
        const auto known = contact_asked_about(tx, who_, request.account, request.contact);
        const bool one = request.scope == sign_out_scope::current || request.scope == sign_out_scope::one;
        const std::string_view named = request.scope == sign_out_scope::one ? request.session : who_.session;
        if (one && named.empty())
            throw error(errc::invalid_argument, "which session?", "session");
        sign_out_report report;
        for (const auto& s : sessions_of(tx, known.account.key, known.contact.id)) {
            const bool meant =
                one ? s.public_id() == named : request.scope == sign_out_scope::all || s.public_id() != who_.session;
            if (!meant)
                continue;
            end_session(tx, known.account.key, s);
            ++report.ended;
        }
        if (request.scope == sign_out_scope::one && report.ended == 0)
            throw error(errc::not_found, "there is no such session", "session");
        note(tx, known.account.key,
             {.action = "sign_out",
              .target = known.contact.id,
              .detail = std::string(to_string(request.scope)) + ": " + std::to_string(report.ended)});
        return report;
    });
}

identity desk::who_am_i(identity_query /*request*/) {
    identity x;
    x.account = who_.account;
    x.session = who_.session;
    x.key = who_.key;
    x.permissions = who_.may.list();
    switch (who_.kind) {
    case principal::kind::operators: x.kind = "operator"; break;
    case principal::kind::key: x.kind = "key"; break;
    case principal::kind::contact: {
        x.kind = "contact";
        const auto db = core_.db->read();
        const auto known = contact_named(*db, who_.account, contact_id(who_.contact));
        x.contact = shown(*db, known.account, known.contact);
        break;
    }
    case principal::kind::nobody: break; // unreachable: not let in here
    }
    return x;
}

} // namespace lineside
