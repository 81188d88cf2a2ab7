#include "wire/openapi_components.hpp"

#include "wire/json_document.hpp"
#include "wire/media_type.hpp"
#include "wire/problem.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace lineside::wire {

namespace json = boost::json;

namespace {

struct header {
    std::string_view name;
    std::string_view type;
    std::string_view text;
};

constexpr header headers[] = {
    {"ETag", "string", "The revision of what was read, for If-None-Match and If-Match."},
    {"RateLimit-Limit", "integer", "How many requests may be made at once."},
    {"RateLimit-Remaining", "integer", "How many of them are left."},
    {"RateLimit-Reset", "integer", "Seconds until all of them are there again."},
    {"Retry-After", "integer", "Seconds to wait before asking again."},
    {"Set-Cookie", "string", "The session, where it was asked for as a cookie."},
    {"WWW-Authenticate", "string", "How to say who asks."},
    {"X-Request-Id", "string", "Names the request in the server's log."},
};

json::object header_parameter(std::string_view name, std::string_view text, json::object schema) {
    return {{"name", name}, {"in", "header"}, {"description", text}, {"schema", std::move(schema)}};
}

// Every status that is answered with a problem.
constexpr refusal refusals[] = {
    {400, "invalid_argument", "The request is wrong; `field` says where."},
    {401, "unauthenticated", "Sign-in is needed, or the credential is wrong or has ended."},
    {403, "permission_denied", "Whoever asks may not do this."},
    {404, "not_found", "There is no such thing, or it is another account's."},
    {406, "not_acceptable", "The answer cannot be had as anything that Accept names."},
    {409, "conflict", "It conflicts with what is there."},
    {412, "precondition_failed", "The thing has changed since it was read."},
    {413, "too_long", "The body is longer than the server takes."},
    {415, "unsupported_media_type", "The body is of another type than this request has."},
    {422, "key_reused", "The idempotency key was used for another request."},
    {428, "precondition_required", "This server wants If-Match with updates."},
    {429, "exhausted", "A limit is used up."},
    {500, "internal", "The server failed."},
    {502, "protocol", "The server that this one asks broke the protocol."},
    {503, "unavailable", "Not now: try again."},
    {504, "timed_out", "It took too long."},
};

json::object problem_content() { return content_of(to_string(media_type::problem), reference("schemas", "problem")); }

} // namespace

json::object reference(std::string_view kind, std::string_view name) {
    return {{"$ref", "#/components/" + std::string(kind) + '/' + std::string(name)}};
}

json::object header_components() {
    json::object all;
    for (const auto& h : headers)
        all[h.name] = json::object{{"description", h.text}, {"schema", json::object{{"type", h.type}}}};
    return all;
}

json::object headers_of(std::initializer_list<std::string_view> further) {
    json::object all;
    for (const auto name : {"X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"})
        all[name] = reference("headers", name);
    for (const auto name : further)
        all[name] = reference("headers", name);
    return all;
}

json::object content_of(std::string_view type, json::object schema) {
    return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::object text_schema() { return {{"type", "string"}}; }

json::object parameter_components() {
    return {
        {"idempotency_key",
         header_parameter(
             "Idempotency-Key",
             "Says that a later request with the same key is this one again: it is done once. Choose it at "
             "random.",
             {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}, {"pattern", "^[!-~]+$"}})},
        {"if_match",
         header_parameter("If-Match", "The ETag of what was read: done only if it is still so. `*`: in any case.",
                          text_schema())},
        {"if_none_match",
         header_parameter("If-None-Match", "The ETag of what is known: answered 304 if it is still so.",
                          text_schema())},
        {"session_in", header_parameter("Lineside-Session",
                                        "`cookie`: the token comes as a cookie of the browser, not in the answer.",
                                        {{"type", "string"}, {"enum", json::array{"cookie"}}})},
    };
}

const refusal& refusal_of(int status) {
    const auto found =
        std::find_if(std::begin(refusals), std::end(refusals), [&](const refusal& r) { return r.status == status; });
    if (found == std::end(refusals))
        throw std::logic_error("operations.def names an error that no server answers with");
    return *found;
}

json::object response_components() {
    json::object all;
    for (const auto& r : refusals) {
        auto with = headers_of({});
        if (r.status == 401)
            with["WWW-Authenticate"] = reference("headers", "WWW-Authenticate");
        if (r.status == 429 || r.status == 503)
            with["Retry-After"] = reference("headers", "Retry-After");
        all[r.name] =
            json::object{{"description", r.text}, {"headers", std::move(with)}, {"content", problem_content()}};
    }
    all["not_modified"] =
        json::object{{"description", "What is known is still so."}, {"headers", headers_of({"ETag"})}};
    all["other"] = json::object{{"description", "Refused by the server before it looked at what is asked."},
                                {"content", problem_content()}};
    return all;
}

json::object problem_schema() {
    json::array codes;
    for (auto code = errc::invalid_argument; code <= errc::internal;
         code = static_cast<errc>(static_cast<int>(code) + 1))
        codes.emplace_back(to_string(code));
    const auto described = [](std::string_view text) {
        return json::object{{"type", "string"}, {"description", text}};
    };
    json::object code{{"type", "string"}, {"enum", std::move(codes)}};
    json::object properties{
        {"type", json::object{{"type", "string"}, {"format", "uri"}}},
        {"title", described("What kind of failure it is.")},
        {"status", json::object{{"type", "integer"}, {"minimum", 400}, {"maximum", 599}}},
        {"detail", described("One sentence for people.")},
        {"code", std::move(code)},
        {"field", described("The member of the request that is wrong: `limit`, `/rows/3/asr`.")},
        {"reason", described("The rule behind it, stable: `holds_extension`, `key_reused`.")},
        {"request_id", described("Names the request in the server's log.")},
    };
    std::string example;
    append_problem(example, {errc::invalid_argument, {"limit is not a count in range", "limit", "9f1c", 0, {}}});
    return {{"type", "object"},
            {"description", "A problem document (RFC 9457)."},
            {"properties", std::move(properties)},
            {"required", json::array{"type", "title", "status", "code"}},
            {"example", parse_document(example)}};
}

json::object security_components() {
    return {{"token", json::object{{"type", "http"},
                                   {"scheme", "bearer"},
                                   {"description", "The token of a session, or an API key (`lsk_...`)."}}},
            {"session", json::object{{"type", "apiKey"},
                                     {"in", "cookie"},
                                     {"name", "__Host-lineside"},
                                     {"description", "The session of a browser. Requests that change anything have to "
                                                     "come from a page of the same site."}}}};
}

} // namespace lineside::wire
