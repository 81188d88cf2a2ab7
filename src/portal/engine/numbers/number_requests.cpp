#include "portal/engine/numbers/number_requests.hpp"

#include "cdr/base.hpp"

#include <utility>

namespace lineside {

namespace {

constexpr std::size_t longest_request_id = 128;
constexpr duration request_memory = std::chrono::hours(24);

} // namespace

std::string explained(store::snapshot& db, const principal& who, const rules::refusal& why) {
    auto text = rules::explain(why);
    if (who.is_operator() && why.holder != rules::nobody)
        text += " (account '" + db.account_by_key(why.holder).value.id.value() + "')";
    return text;
}

void refuse(store::snapshot& db, const principal& who, const rules::refusal& why, std::string field) {
    throw error(make_error_code(rules::code_of(why.reason)),
                diagnostics{explained(db, who, why), std::move(field), {}, 0, make_error_code(why.reason)});
}

std::optional<std::string> answered_before(number_change& c, std::uint32_t account, const std::string& request_id,
                                           std::string_view asked, instant now) {
    if (request_id.empty())
        return std::nullopt;
    if (const auto* bad = cdr::check_text(request_id, longest_request_id))
        throw error(errc::invalid_argument, std::string("a request id ") + bad, "request_id");
    const auto before = find<number_request_record>(c.tx(), account, request_id);
    if (!before || before->until <= now)
        return std::nullopt;
    if (before->asked != asked) {
        const rules::refusal why{rules::refusal_reason::request_reused, {}, rules::nobody, {}};
        throw error(make_error_code(rules::code_of(why.reason)),
                    diagnostics{rules::explain(why), "request_id", {}, 0, make_error_code(why.reason)});
    }
    return before->answer;
}

void remember_answer(number_change& c, std::uint32_t account, const std::string& request_id, std::string asked,
                     std::string answer, instant now) {
    if (request_id.empty())
        return;
    const number_request_record r{request_id, std::move(asked), std::move(answer), now + request_memory};
    put(c.tx(), account, r);
    c.will_end(account, number_request_record::kind, r.id, r.until);
}

void put_rest(number_change& c, std::string id, instant now) {
    if (c.settings().rest_days == 0)
        return;
    const number_rest_record r{std::move(id), now + rest_of(c.settings())};
    put(c.tx(), 0, r);
    c.will_end(0, number_rest_record::kind, r.id, r.until);
}

} // namespace lineside
