#include "portal/server/visit.hpp"

#include <lineside/call_refusal.hpp>

#include "portal/random.hpp"
#include "portal/revised.hpp"
#include "portal/server/web_files.hpp"
#include "rules/base64.hpp"
#include "rules/ip_range.hpp"
#include "wire/gzip.hpp"
#include "wire/header_text.hpp"
#include "wire/media_type.hpp"
#include "wire/problem.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <span>
#include <utility>

namespace lineside {

namespace {

constexpr std::string_view revision_suffix = "-gz"; // of a representation that is packed
constexpr std::size_t least_packed = 1'400;         // bytes: less fits one packet anyway
constexpr std::size_t request_id_bytes = 16;
constexpr auto when_done = asio::as_tuple(asio::deferred);
constexpr std::uint64_t trusted_body = 16'384; // bytes: more is read from nobody whose credential is wrong

// Whether it is one that somebody before us may have given the request.
bool is_request_id(std::string_view given) {
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
               c == '.';
    };
    return !given.empty() && given.size() <= 64 && std::all_of(given.begin(), given.end(), fits);
}

std::string request_id_from(std::string_view random) {
    return rules::to_base64(random, rules::base64_alphabet::url, rules::padding::absent);
}

// What every answer says: nobody on the way keeps it, and no browser makes anything else of it.
void be_careful_with(net::http_fields& fields, std::string_view request_id) {
    fields.set("X-Request-Id", request_id);
    if (!fields.find("Cache-Control"))
        fields.set("Cache-Control", "no-store");
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("Referrer-Policy", "no-referrer");
}

bool is_unsafe(std::string_view method) { return method != "GET" && method != "HEAD" && method != "OPTIONS"; }

// The revision in an entity tag: `"abc"`, also of the packed form. A weak one compares with nothing that changes things.
std::string revision_in(std::string_view tag) {
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') {
        tag = tag.substr(1, tag.size() - 2);
        if (tag.ends_with(revision_suffix))
            tag.remove_suffix(revision_suffix.size());
    }
    return std::string(tag);
}

// What a switch or a host tells in one go.
bool takes_batches(const wire::route& r) {
    constexpr std::string_view names[] = {"import_calls", "report_call_events", "report_live_calls", "check_extensions",
                                          "import_extensions"};
    return std::find(std::begin(names), std::end(names), r.name) != std::end(names);
}

// Whether `Accept-Encoding` takes it: its own weight counts before that of all others (RFC 9110 12.5.3).
bool accepts_gzip(std::string_view accepted) {
    std::optional<bool> gzip;
    bool others = false;
    net::for_each_item(accepted, ',', [&](std::string_view part) {
        wire::header_text text(part);
        const auto name = text.token();
        bool taken = true;
        while (const auto parameter = text.parameter())
            if (wire::same_word(parameter->name, "q"))
                taken = parameter->value.find_first_of("123456789") != std::string::npos;
        if (wire::same_word(name, "gzip"))
            gzip = taken;
        else if (name == "*")
            others = taken;
    });
    return gzip.value_or(others);
}

} // namespace

void refuse(errc e, int status, std::string message, std::string field) {
    throw error(make_error_code(e), {std::move(message), std::move(field), {}, status, {}});
}

server_core::server_core(portal& served, server_options o)
    : lineside(served),
      options(std::move(o)),
      limiter({options.limits.request_burst, options.limits.requests_per_second}),
      streams(options.limits.streams) {}

const std::string& server_core::openapi() {
    std::call_once(openapi_made_, [&] { openapi_ = wire::openapi_document({"/", looks_at_revision, live_paths()}); });
    return openapi_;
}

bool server_core::trusts(std::string_view address) const {
    return !options.trusted_proxies.empty() && rules::lets_in(options.trusted_proxies, address);
}

void server_core::note(request_record r, visitor from) {
    auto& shown = r.shown;
    shown.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - r.began);
    shown.peer = std::move(from.address);
    shown.user_agent = std::move(from.user_agent);
    if (options.log)
        options.log(shown);
    figures.count(r.operation, std::move(shown));
}

net::http_response problem_answer(const error_code& ec, diagnostics details) {
    constexpr int reused = 422; // what a key was used for before cannot be processed now
    if (details.http_status == 0)
        details.http_status = details.cause == call_refusal::key_reused ? reused : wire::http_status_of(ec);
    net::http_response answer;
    answer.status = static_cast<unsigned>(details.http_status);
    answer.fields.set("Content-Type", "application/problem+json");
    wire::append_problem(answer.body, {ec, std::move(details)});
    return answer;
}

net::http_response refusal_answer(const net::http_refusal& why, const net::http_request_head& asked) {
    const auto given = asked.fields["X-Request-Id"];
    auto id = is_request_id(given) ? std::string(given) : request_id_from(random_bytes(request_id_bytes));
    auto answer =
        problem_answer(make_error_code(errc::invalid_argument), {why.detail, {}, id, static_cast<int>(why.status), {}});
    be_careful_with(answer.fields, id);
    return answer;
}

net::http_response other_verb_answer(std::string_view verb, std::string_view allowed, std::string_view request_id) {
    net::http_response answer(204);
    if (verb != "OPTIONS")
        answer = problem_answer(make_error_code(errc::invalid_argument),
                                {"this path has no " + std::string(verb), {}, std::string(request_id), 405, {}});
    answer.fields.set("Allow", allowed);
    return answer;
}

visit::visit(server_core& core, net::http_exchange& x)
    : core_(core),
      x_(x),
      secure_(x.secure()),
      operation_(wire::routes().size()) {
    const std::string_view target = x.request().target;
    path_ = target.substr(0, target.find('?'));
    query_ = target.substr(std::min(path_.size() + 1, target.size()));
    const auto given = x.request().fields["X-Request-Id"];
    record_.request_id =
        is_request_id(given) ? std::string(given) : request_id_from(core.random.take(request_id_bytes));
    record_.method = x.request().method;
    record_.path = path_;
}

asio::awaitable<void> visit::serve(server_core& core, net::http_exchange& x) {
    visit v(core, x);
    auto& record = v.record_;
    answer reply;
    std::exception_ptr broken;
    try {
        reply = co_await v.handle();
    } catch (const net::http_refusal& r) {
        reply = problem_answer(make_error_code(errc::invalid_argument),
                               {r.detail, {}, record.request_id, static_cast<int>(r.status), {}});
    } catch (const error& e) {
        auto details = e.details();
        details.request_id = record.request_id;
        reply = problem_answer(e.code(), std::move(details));
        broken = std::current_exception();
    } catch (const boost::system::system_error&) {
        throw; // of the connection
    } catch (const std::bad_alloc&) {
        reply = problem_answer(make_error_code(errc::exhausted), {"out of memory", {}, record.request_id, 503, {}});
        broken = std::current_exception();
    } catch (const std::exception& e) {
        reply = problem_answer(make_error_code(errc::internal), {e.what(), {}, record.request_id, 0, {}});
        broken = std::current_exception();
    }
    if (x.answered()) {
        // An answer that broke off must not look like a whole one.
        reply.reset();
    } else {
        broken = nullptr;
    }
    if (reply) {
        if (reply->status == 401 && v.asker_.credential != 0)
            core.limiter.count_refused(v.asker_);
        v.decorate(*reply);
        record.status = reply->status;
        record.bytes = reply->body.size();
        co_await x.respond(*std::move(reply));
    }
    if (!v.goes_on_)
        core.note({std::move(record), v.operation_, v.began_}, std::move(v.who_));
    if (broken)
        std::rethrow_exception(broken);
}

asio::awaitable<visit::answer> visit::handle() {
    const auto& q = x_.request();
    find_out_who();
    check_rate();
    if (credential_ == shown::malformed)
        refuse(errc::unauthenticated, 401, "the credential is no bearer token");
    if (q.method == "OPTIONS" && q.fields.find("Origin") && q.fields.find("Access-Control-Request-Method"))
        return ready(preflight());
    if (is_live())
        return go_live();
    match_ = wire::find_route(q.method, path_);
    if (match_.found != nullptr)
        return operate(match_);
    if (!match_.allowed.empty())
        return ready(other_verb_answer(q.method, match_.allowed, record_.request_id));
    const bool reads = q.method == "GET" || q.method == "HEAD";
    if (path_ == "/openapi.json") {
        if (!reads)
            return ready(other_verb_answer(q.method, "GET, HEAD, OPTIONS", record_.request_id));
        net::http_response document;
        document.fields.set("Content-Type", "application/json");
        document.body = core_.openapi();
        conditional(document);
        return ready(std::move(document));
    }
    if (reads && !core_.options.web_directory.empty() && !path_.starts_with("/v1/"))
        return ready(web_file(core_.options.web_directory, path_, q.fields));
    refuse(errc::not_found, 404, "there is no such path");
}

asio::awaitable<visit::answer> visit::ready(answer a) { co_return a; }

// ---- what is asked

call_options visit::options_for(const wire::route& r) const {
    const auto& fields = x_.request().fields;
    call_options options;
    options.timeout = core_.options.limits.operation;
    options.stop = x_.stopping();
    if (const auto key = fields.find("Idempotency-Key")) {
        if (key->empty() || fields.count("Idempotency-Key") != 1)
            throw error(errc::invalid_argument, "there is one key, and it is not empty", "Idempotency-Key");
        options.idempotency_key = *key;
    }
    const auto tag = fields.find("If-Match");
    if (!tag && looks_at_revision(r) && core_.options.updates == server_options::preconditions::required)
        refuse(errc::precondition_failed, 428, "say with If-Match what you saw: the ETag of what you read");
    if (tag && *tag != "*") {
        if (tag->empty() || tag->find(',') != std::string_view::npos || fields.count("If-Match") != 1)
            throw error(errc::invalid_argument, "say one entity tag", "If-Match");
        options.if_match = revision_in(*tag);
    }
    return options;
}

asio::awaitable<served_answer> visit::ask(served_operation& what, call_options options) {
    options.details = std::make_shared<diagnostics>();
    options.thread = asking_thread::lent;
    const auto details = options.details;
    const auto start = [&](auto done) { what.start(lineside(), std::move(options), std::move(done)); };
    auto [ec, told] =
        co_await asio::async_initiate<decltype(when_done), void(error_code, served_answer)>(start, when_done);
    if (ec)
        throw error(ec, std::move(*details));
    co_return std::move(told);
}

asio::awaitable<visit::answer> visit::operate(const wire::route_match& match) {
    const auto& r = *match.found;
    operation_ = r.index;
    record_.operation = r.name;
    const bool begins_session = r.index == wire::route_of<operation::sign_in>().index;
    if ((credential_ == shown::cookie && is_unsafe(x_.request().method)) ||
        (begins_session && who_.session == visitor::token_in::cookie))
        check_origin();
    if (r.access.audience != operation::audience::anyone) {
        if (credential_ == shown::nothing)
            throw error(errc::unauthenticated, "sign in first");
        if (x_.has_body() && credential_ != shown::operators &&
            x_.body_size().value_or(trusted_body + 1) > trusted_body)
            return operate_if_known(match);
    }
    return operate_on(match);
}

asio::awaitable<visit::answer> visit::operate_if_known(const wire::route_match& match) {
    co_await check_credential();
    co_return co_await operate_on(match);
}

asio::awaitable<visit::answer> visit::operate_on(const wire::route_match& match) {
    const auto& r = *match.found;
    if ((r.body == wire::request_body::json || r.body == wire::request_body::none) &&
        r.answers == wire::answer_body::json)
        return operate_on_values(match);
    return operate_on_streams(match);
}

asio::awaitable<visit::answer> visit::operate_on_values(const wire::route_match& match) {
    const auto& r = *match.found;
    const auto& fields = x_.request().fields;
    std::string body;
    if (x_.has_body()) {
        const auto& limits = core_.options.limits;
        body = co_await x_.read_body(takes_batches(r) ? limits.batch_bytes : limits.json_bytes);
        if (!body.empty() && r.body == wire::request_body::json &&
            !wire::is_content_type(fields["Content-Type"], "application/json"))
            refuse(errc::invalid_argument, 415, "the body has to be application/json");
        if (!body.empty() && r.body == wire::request_body::none)
            refuse(errc::invalid_argument, 400, "this request has no body");
    }
    auto what = read_operation(r, match.parameters, query_, body, who_);
    auto options = options_for(r);
    auto table = what->as_table();
    constexpr wire::media_type offered[] = {wire::media_type::json, wire::media_type::csv, wire::media_type::tsv,
                                            wire::media_type::ndjson};
    const auto kind = wire::negotiate(fields["Accept"], std::span(offered).first(table ? std::size(offered) : 1));
    if (!kind)
        refuse(errc::invalid_argument, 406,
               "the answer can be had as application/json" +
                   std::string(table ? ", text/csv, text/tab-separated-values or "
                                       "application/x-ndjson"
                                     : ""));
    if (*kind != wire::media_type::json) {
        table->format = *kind == wire::media_type::csv   ? export_format::csv
                        : *kind == wire::media_type::tsv ? export_format::tsv
                                                         : export_format::ndjson;
        co_return co_await stream_table(*std::move(table), std::move(options));
    }
    auto told = co_await ask(*what, std::move(options));
    net::http_response reply;
    reply.fields.set("Content-Type", "application/json");
    reply.body = std::move(told.json);
    if (!told.cookie.empty())
        reply.fields.set("Set-Cookie", std::string(session_cookie) + std::string(told.cookie.reveal()) +
                                           "; Secure; HttpOnly; SameSite=Lax; Path=/");
    if (credential_ == shown::cookie && r.index == wire::route_of<operation::sign_out>().index &&
        !co_await is_signed_in())
        reply.fields.set("Set-Cookie",
                         std::string(session_cookie) + "; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    if (r.retry == operation::retry_class::safe || looks_at_revision(r))
        conditional(reply);
    co_return reply;
}

// ---- what is answered

// The entity tag; nothing where the client has it already; packed where that helps.
void visit::conditional(net::http_response& to) const {
    const auto& q = x_.request();
    const auto revision = revision_of_json(to.body);
    const bool reads = q.method == "GET" || q.method == "HEAD";
    const bool packs = reads && to.body.size() >= least_packed && accepts_gzip(q.fields["Accept-Encoding"]);
    auto tag = '"' + revision + std::string(packs ? revision_suffix : "") + '"';
    bool known = false;
    if (reads)
        for (const auto& [name, seen] : q.fields)
            if (net::equal_without_case(name, "If-None-Match"))
                net::for_each_item(seen, ',', [&](std::string_view one) {
                    if (one.starts_with("W/"))
                        one.remove_prefix(2);
                    if (known || (one != "*" && revision_in(one) != revision))
                        return;
                    known = true;
                    if (one != "*")
                        tag = one; // it is what the client has that is still good
                });
    if (known) {
        to.status = 304;
        to.body.clear();
    } else if (packs) {
        to.body = wire::gzip(to.body);
        to.fields.set("Content-Encoding", "gzip");
    }
    to.fields.set("ETag", tag);
    if (reads)
        to.fields.set("Vary", "Accept, Accept-Encoding");
}

void visit::decorate(net::http_response& to) const {
    auto& fields = to.fields;
    if (to.status == 401)
        fields.set("WWW-Authenticate", credential_ == shown::nothing
                                           ? "Bearer realm=\"lineside\""
                                           : "Bearer realm=\"lineside\", error=\"invalid_token\"");
    be_careful_with(fields, record_.request_id);
    if (full_)
        fields.set("Retry-After", "1"); // it rarely is for long
    if (secure_)
        fields.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (rate_) {
        const auto seconds = [](std::chrono::nanoseconds t) {
            return std::to_string(std::chrono::ceil<std::chrono::seconds>(t).count());
        };
        fields.set("RateLimit-Limit", std::to_string(core_.limiter.rate().burst));
        fields.set("RateLimit-Remaining", std::to_string(rate_->remaining));
        fields.set("RateLimit-Reset", seconds(rate_->until_full));
        if (!rate_->allowed)
            fields.set("Retry-After", std::to_string(std::max<std::int64_t>(
                                          1, std::chrono::ceil<std::chrono::seconds>(rate_->wait).count())));
    }
    if (!allowed_origin_.empty()) {
        fields.set("Access-Control-Allow-Origin", allowed_origin_);
        fields.set("Access-Control-Expose-Headers", "ETag, Retry-After, RateLimit-Limit, RateLimit-Remaining, "
                                                    "RateLimit-Reset, X-Request-Id");
    }
    if (!core_.options.allowed_origins.empty()) {
        const auto vary = fields["Vary"];
        fields.set("Vary", vary.empty() ? std::string("Origin") : std::string(vary) + ", Origin");
    }
}

visit::answer visit::preflight() const {
    net::http_response reply;
    reply.status = 204;
    if (!allowed_origin_.empty()) {
        reply.fields.set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
        reply.fields.set("Access-Control-Allow-Headers",
                         "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, "
                         "X-Request-Id, traceparent");
        reply.fields.set("Access-Control-Max-Age", "7200");
    }
    return reply;
}

} // namespace lineside
