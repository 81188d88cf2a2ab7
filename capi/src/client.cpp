#include <lineside/client.hpp>

#include "events.hpp"
#include "handles.hpp"
#include "options.hpp"

namespace lineside::capi {

namespace {

const char* or_empty(const char* text) { return text == nullptr ? "" : text; }

lineside_client_attempt face_of(const client_attempt& a) {
    return {a.operation.c_str(), a.method.c_str(), a.path.c_str(),          a.request_id.c_str(), a.attempt, a.status,
            a.failure.c_str(),   a.took.count(),   a.new_connection ? 1 : 0};
}

lineside_client_attempt* value_of_attempt(const client_attempt& attempt) {
    return make_value<lineside_client_attempt>([&](arena& pieces, lineside_client_attempt& to) {
        to = face_of(attempt);
        for (auto text :
             {&lineside_client_attempt::operation, &lineside_client_attempt::method, &lineside_client_attempt::path,
              &lineside_client_attempt::request_id, &lineside_client_attempt::failure})
            to.*text = pieces.text(face_of(attempt).*text);
    });
}

client_options read_options(const lineside_client_options& from) {
    client_options to;
    const auto part = [](const auto* given, auto& member, const char* name) {
        if (given != nullptr)
            read(*given, member, place{nullptr, name});
    };
    to.base_url = or_empty(from.base_url);
    to.token = secret(or_empty(from.token));
    to.host_agent = or_empty(from.host_agent);
    part(from.tls, to.tls, "tls");
    part(from.proxy, to.proxy, "proxy");
    part(from.retries, to.retries, "retries");
    part(from.timeouts, to.timeouts, "timeouts");
    if (from.connections != 0)
        to.connections = from.connections;
    read_member(from.plain, to.plain, {nullptr, "plain"});
    if (from.refresh != nullptr)
        to.refresh = [ask = from.refresh, context = from.context] { return secret(or_empty(ask(context))); };
    if (from.traceparent != nullptr)
        to.traceparent = [ask = from.traceparent, context = from.context] {
            return std::string(or_empty(ask(context)));
        };
    const auto target = event_target_of(from.log_queue, from.log_tag);
    if (from.log != nullptr || target.is_set())
        to.log = [tell = from.log, context = from.context, target](const client_attempt& a) {
            if (tell != nullptr) {
                const auto face = face_of(a);
                tell(context, &face);
            }
            if (target.is_set())
                target.tell(LINESIDE_COMPLETION_CLIENT_ATTEMPT, &lineside_completion::attempt,
                            [&] { return value_of_attempt(a); });
        };
    return to;
}

} // namespace

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

lineside_error* lineside_client_open(const lineside_client_options* options, lineside_portal** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto opened = std::make_shared<client>(capi::read_options(known_options(options)));
        auto* portal = make<lineside_portal>();
        portal->far = opened.get();
        portal->inner = std::move(opened);
        to = portal;
    });
}

} // extern "C"
