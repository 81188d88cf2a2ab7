#include <lineside/client.hpp>
#include <lineside/credential.hpp>

#include "call.hpp"
#include "wire/describe_identity.hpp"

#include <utility>

namespace lineside {

BOOST_DESCRIBE_STRUCT(credential, (), (token, source_ip, user_agent))

namespace capi {

void check_owner(pid_t owner, const char* what) {
    if (is_inherited(owner))
        throw error(errc::unavailable,
                    std::string(what) + " of the parent cannot be used in a forked child; make another one there");
}

lineside_portal& usable(lineside_portal* portal) {
    auto& p = needed(portal, "portal");
    check_owner(p.owner, "a portal");
    return p;
}

namespace {

// A header is a pair in C++.
void read(const lineside_header& from, std::pair<std::string, std::string>& to, const place& at) {
    if (from.name == nullptr || from.value == nullptr)
        refuse_at(at, "has a name and a value");
    to = {from.name, from.value};
}

lineside_portal* make_view(std::shared_ptr<portal> inner) {
    auto* view = make<lineside_portal>();
    view->inner = std::move(inner);
    view->is_view = true;
    return view;
}

raw_request read_raw(const lineside_raw_request* from) {
    const auto c = sized_copy(needed(from, "request"), {});
    raw_request to;
    if (c.method != nullptr)
        to.method = c.method;
    if (c.target != nullptr)
        to.target = c.target;
    if (c.fields_count != 0 && c.fields == nullptr)
        refuse("fields is NULL, but its count is not 0", "fields");
    for (std::size_t i = 0; i < c.fields_count; ++i)
        read(needed(c.fields[i], "fields"), to.fields.emplace_back(), place{nullptr, "fields", i});
    if (c.body_size != 0)
        to.body.assign(&needed(c.body, "body"), c.body_size);
    return to;
}

client& client_of(lineside_portal* portal) {
    auto& p = usable(portal);
    if (p.far == nullptr)
        refuse("only a client sends requests", "portal");
    return *p.far;
}

} // namespace

template <>
void write(arena& a, const raw_answer& from, lineside_raw_answer& to) {
    to.status = from.status;
    auto* list = a.take<const lineside_header*>(from.fields.size() + 1);
    for (std::size_t i = 0; i < from.fields.size(); ++i) {
        const auto* field = a.one(lineside_header{a.text(from.fields[i].first), a.text(from.fields[i].second)});
        if (list != nullptr)
            list[i] = field;
    }
    to.fields = list;
    to.fields_count = from.fields.size();
    to.body = a.text(from.body);
    to.body_size = from.body.size();
}

} // namespace capi
} // namespace lineside

using namespace lineside;
using namespace lineside::capi;

extern "C" {

void lineside_portal_free(lineside_portal* portal) {
    if (portal != nullptr && !is_inherited(portal->owner))
        destroy(portal);
}

lineside_error* lineside_portal_as(lineside_portal* portal, const lineside_credential* who, lineside_portal** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto& at = usable(portal);
        credential shown;
        if (who != nullptr)
            capi::read(*who, shown, {});
        to = make_view(at.inner->as(std::move(shown)));
    });
}

lineside_error* lineside_portal_sign_in(lineside_portal* portal, const lineside_session_sign_in_request* request,
                                        const lineside_call_options* options, lineside_portal** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto grant = ask<operation::sign_in>(portal, request, options);
        sign_in_request from;
        if (request != nullptr)
            capi::read(*request, from, {});
        to = make_view(portal->inner->as({std::move(grant.token), from.source_ip, from.user_agent}));
    });
}

lineside_error* lineside_client_send(lineside_portal* portal, const lineside_raw_request* request,
                                     const lineside_call_options* options, lineside_raw_answer** out) {
    return guard([&] {
        auto*& to = emptied(out);
        empty_text(options);
        to = value_of<lineside_raw_answer>(
            client_of(portal).async_send(read_raw(request), read_options(options), lineside::block));
    });
}

lineside_error* lineside_client_send_async(lineside_portal* portal, const lineside_raw_request* request,
                                           const lineside_call_options* options, lineside_queue* queue, uint64_t tag) {
    return begin(queue, tag, "send", options, [&](call_options terms, auto& call) {
        completing<lineside_raw_answer, lineside::portal> done{call, terms.details, nullptr, nullptr};
        client_of(portal).async_send(read_raw(request), std::move(terms), std::move(done));
    });
}

LINESIDE_C_ANSWER(raw_answer)

lineside_error* lineside_cancellation_create(lineside_cancellation** out) {
    return guard([&] {
        auto*& to = emptied(out);
        to = make<lineside_cancellation>();
    });
}

void lineside_cancellation_request(lineside_cancellation* cancellation) {
    if (cancellation != nullptr)
        cancellation->source.request_stop();
}

void lineside_cancellation_free(lineside_cancellation* cancellation) { destroy(cancellation); }

} // extern "C"
