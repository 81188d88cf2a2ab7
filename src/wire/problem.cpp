#include "wire/problem.hpp"

#include <lineside/call_refusal.hpp>
#include <lineside/number_block.hpp>

#include "wire/describe_number_block.hpp"
#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"
#include "wire/text.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace lineside::wire {

namespace json = boost::json;

namespace {

struct row {
    errc code;
    std::string_view name;
    std::string_view sentence;
    int status;
};

constexpr row rows[] = {
#define LINESIDE_ERRC(name, value, sentence, status, retryable, python) {errc::name, #name, sentence, status},
#include "model/errc.def"
#undef LINESIDE_ERRC
};

constexpr std::string_view urn = "urn:lineside:error:";

// A code that is not Lineside's own is a defect by the time it gets here.
const row& row_of(error_code ec) {
    for (const auto& r : rows)
        if (ec == make_error_code(r.code))
            return r;
    return row_of(errc::internal);
}

const row* row_named(std::string_view name) {
    for (const auto& r : rows)
        if (r.name == name)
            return &r;
    return nullptr;
}

// Names of refusals, which are stable, and all different.
std::optional<std::string_view> reason_of(error_code cause) {
    if (cause.category() == number_category())
        return to_string(static_cast<number_refusal>(cause.value()));
    if (cause.category() == call_category())
        return to_string(static_cast<call_refusal>(cause.value()));
    return std::nullopt;
}

error_code cause_named(std::string_view reason) {
    error_code found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<number_refusal>>([&](auto d) {
        if (to_string(d.value) == reason)
            found = make_error_code(d.value);
    });
    for (const auto refusal : {call_refusal::key_reused, call_refusal::key_running})
        if (to_string(refusal) == reason)
            found = make_error_code(refusal);
    return found;
}

std::string_view text_at(const json::object& document, std::string_view name) {
    const auto* member = document.if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view(member->get_string()) : std::string_view();
}

const row* stated_row(const json::object& document) {
    if (const auto* stated = row_named(text_at(document, "code")))
        return stated;
    const auto type = text_at(document, "type");
    return type.starts_with(urn) ? row_named(type.substr(urn.size())) : nullptr;
}

} // namespace

int http_status_of(error_code ec) noexcept { return row_of(ec).status; }

errc errc_of_status(int status) noexcept {
    switch (status) {
    // What errc.def does not have, by what the caller does next.
    case 407: return errc::unauthenticated;
    case 408: return errc::timed_out;
    case 410: return errc::not_found;
    case 421:
    case 425: return errc::unavailable;
    case 428: return errc::precondition_failed;
    case 500: return errc::internal; // the last of its rows
    default: break;
    }
    for (const auto& r : rows)
        if (r.status == status)
            return r.code;
    if (status >= 400 && status < 500)
        return errc::invalid_argument;
    return status > 500 && status < 600 ? errc::unavailable : errc::protocol;
}

std::string problem_type(errc e) { return std::string(urn).append(to_string(e)); }

std::string_view to_string(errc e) noexcept { return row_of(e).name; }

void append_problem(std::string& out, const failure& problem) {
    const auto& r = row_of(problem.code);
    const auto& said = problem.details;
    const offset_at utc;
    text_writer text(out);
    json_writer to(text, utc);
    char before = '{';
    to.member(before, "type", problem_type(r.code));
    to.member(before, "title", r.sentence);
    to.member(before, "status", said.http_status != 0 ? said.http_status : r.status);
    if (!said.message.empty())
        to.member(before, "detail", said.message);
    to.member(before, "code", r.name);
    if (!said.field.empty())
        to.member(before, "field", said.field);
    if (const auto reason = reason_of(said.cause))
        to.member(before, "reason", *reason);
    if (!said.request_id.empty())
        to.member(before, "request_id", said.request_id);
    text.put('}');
    text.finish();
}

failure parse_problem(int status, std::string_view body) {
    failure problem{make_error_code(errc_of_status(status)), {}};
    auto& said = problem.details;
    said.http_status = status;
    try {
        const auto value = parse_document(body);
        if (const auto* document = value.if_object()) {
            if (const auto* stated = stated_row(*document))
                problem.code = make_error_code(stated->code);
            said.message = text_at(*document, "detail");
            if (said.message.empty())
                said.message = text_at(*document, "title");
            said.field = text_at(*document, "field");
            said.request_id = text_at(*document, "request_id");
            said.cause = cause_named(text_at(*document, "reason"));
        }
    } catch (const error&) {
        // A page for people, or nothing: the status has to do.
    }
    if (said.message.empty())
        said.message = "the server answered " + std::to_string(status) + ": " + problem.code.message();
    return problem;
}

} // namespace lineside::wire
