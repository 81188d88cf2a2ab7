#include "portal/engine/identity/principal.hpp"

#include <lineside/error.hpp>

#include <variant>

namespace lineside {

std::string principal::label() const {
    switch (kind) {
    case kind::contact: return "contact " + contact;
    case kind::key: return "key " + key;
    case kind::operators: return key.empty() ? "operator" : "operator's key " + key;
    case kind::nobody: break;
    }
    return "nobody";
}

principal the_operator() {
    principal p;
    p.kind = principal::kind::operators;
    p.may = permission_set::everything();
    return p;
}

void check_access(const principal& who, const operation::access& access, std::string_view operation) {
    using operation::audience;
    if (access.audience == audience::anyone)
        return;
    if (who.kind == principal::kind::nobody)
        throw error(errc::unauthenticated, "sign in first");
    const auto refuse = [&] {
        throw error(errc::permission_denied, std::string(operation) + " is not permitted to " + who.label());
    };
    if (access.audience == audience::operators && !who.is_operator())
        refuse();
    // An operator's key of limited scopes has the permissions it names, in every account, and nothing that is about
    // somebody or the operator's alone.
    const bool limited = who.is_operator() && who.may != permission_set::everything();
    const bool about_anybody = operation == "who_am_i" || operation == "export_data"; // which checks what it shows
    if (limited &&
        (access.audience == audience::operators || (access.audience == audience::signed_in && !about_anybody)))
        refuse();
    if (access.audience == audience::permitted && !who.may.contains(access.needs))
        refuse();
}

void keep_to_own(const principal& who, account_id& account) {
    if (who.account.empty())
        return;
    if (account.empty())
        account = who.account;
    else if (account != who.account)
        throw error(errc::not_found, "there is no account '" + account.value() + "'", "account");
}

void keep_export_to_own(const principal& who, export_request& request) {
    const auto check = [&](permission p) { check_access(who, operation::may(p), "export_data"); };
    if (auto* rows = std::get_if<summary_export>(&request.what)) {
        check(permission::view_summary);
        if (!who.account.empty())
            keep_to_own(who, rows->account ? *rows->account : rows->account.emplace());
    } else if (auto* calls = std::get_if<call_query>(&request.what)) {
        check(permission::view_calls);
        keep_to_own(who, calls->account);
    } else if (auto* points = std::get_if<series_query>(&request.what)) {
        check(permission::view_graphs);
        keep_to_own(who, points->account);
    } else {
        check(permission::view_access_log);
        keep_to_own(who, std::get<access_log_query>(request.what).account);
    }
}

} // namespace lineside
