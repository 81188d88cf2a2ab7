#include <lineside/server.hpp>

#include "events.hpp"
#include "handles.hpp"
#include "model/process.hpp"
#include "options.hpp"

#include <memory>
#include <string>

// The portal outlives the server, for it is kept here.
struct lineside_server {
    std::shared_ptr<lineside::portal> portal;
    std::unique_ptr<lineside::server> inner;
    std::string url;
    pid_t owner = lineside::this_process();
};

namespace lineside::capi {

namespace {

lineside_served_request face_of(const served_request& r) {
    return {r.request_id.c_str(), r.peer.c_str(), r.method.c_str(), r.path.c_str(),
            r.operation.c_str(),  r.status,       r.bytes,          r.took.count(),
            r.user_agent.c_str()};
}

lineside_served_request* value_of_request(const served_request& request) {
    return make_value<lineside_served_request>([&](arena& pieces, lineside_served_request& to) {
        to = face_of(request);
        for (auto text : {&lineside_served_request::request_id, &lineside_served_request::peer,
                          &lineside_served_request::method, &lineside_served_request::path,
                          &lineside_served_request::operation, &lineside_served_request::user_agent})
            to.*text = pieces.text(face_of(request).*text);
    });
}

server_options read_options(const lineside_server_options& from) {
    server_options to;
    if (from.listen != nullptr)
        to.listen = from.listen;
    if (from.tls != nullptr)
        read(*from.tls, to.tls.emplace(), {nullptr, "tls"});
    read_member(from.plain, to.plain, {nullptr, "plain"});
    if (from.admin != nullptr)
        to.admin = from.admin;
    if (from.web_directory != nullptr)
        to.web_directory = from.web_directory;
    if (from.threads != 0)
        to.threads = from.threads;
    if (from.limits != nullptr)
        read(*from.limits, to.limits, {nullptr, "limits"});
    if (from.operator_token != nullptr)
        to.operator_token = secret(from.operator_token);
    read_list(from.trusted_proxies, from.trusted_proxies_count, to.trusted_proxies, {nullptr, "trusted_proxies"});
    read_list(from.allowed_origins, from.allowed_origins_count, to.allowed_origins, {nullptr, "allowed_origins"});
    read_member(from.updates, to.updates, {nullptr, "updates"});
    const auto target = event_target_of(from.log_queue, from.log_tag);
    if (from.log != nullptr || target.is_set())
        to.log = [tell = from.log, context = from.context, target](const served_request& r) {
            if (tell != nullptr) {
                const auto face = face_of(r);
                tell(context, &face);
            }
            if (target.is_set())
                target.tell(LINESIDE_COMPLETION_SERVED_REQUEST, &lineside_completion::served,
                            [&] { return value_of_request(r); });
        };
    return to;
}

lineside_server& usable(lineside_server* server) {
    auto& s = needed(server, "server");
    check_owner(s.owner, "a server");
    return s;
}

} // namespace

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

lineside_error* lineside_server_start(lineside_portal* portal, const lineside_server_options* options,
                                      lineside_server** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto& at = usable(portal);
        auto started = std::make_unique<server>(*at.inner, capi::read_options(known_options(options)));
        auto url = started->url();
        auto* made = make<lineside_server>();
        made->portal = at.inner;
        made->inner = std::move(started);
        made->url = std::move(url);
        to = made;
    });
}

void lineside_server_free(lineside_server* server) {
    if (server != nullptr && !is_inherited(server->owner))
        destroy(server);
}

uint16_t lineside_server_port(const lineside_server* server) { return server == nullptr ? 0 : server->inner->port(); }

uint16_t lineside_server_admin_port(const lineside_server* server) {
    return server == nullptr ? 0 : server->inner->admin_port();
}

const char* lineside_server_url(const lineside_server* server) { return server == nullptr ? "" : server->url.c_str(); }

lineside_error* lineside_server_drain(lineside_server* server, int64_t grace_ms) {
    return guard([&] {
        auto& s = usable(server);
        if (grace_ms < 0)
            refuse("a grace is not below 0", "grace_ms");
        if (grace_ms == 0)
            s.inner->drain();
        else
            s.inner->drain(std::chrono::milliseconds(grace_ms));
    });
}

lineside_error* lineside_server_reload_certificate(lineside_server* server) {
    return guard([&] { usable(server).inner->reload_certificate(); });
}

} // extern "C"
