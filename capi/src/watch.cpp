#include <lineside/watch.hpp>

#include "call.hpp"
#include "wire/describe_watch.hpp"

namespace lineside::capi {

lineside_watch& usable(lineside_watch* watch) {
    auto& w = needed(watch, "watch");
    check_owner(w.owner, "a watch");
    return w;
}

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

lineside_error* lineside_watch_open(lineside_portal* portal, const lineside_watch_request* request,
                                    lineside_watch** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto& at = usable(portal);
        watch_request what;
        if (request != nullptr)
            capi::read(*request, what, {});
        auto opened = at.inner->watch(std::move(what));
        auto* made = make<lineside_watch>();
        made->inner = std::move(opened);
        to = made;
    });
}

lineside_error* lineside_watch_next(lineside_watch* watch, const lineside_call_options* options,
                                    lineside_watch_update** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto& at = usable(watch);
        empty_text(options);
        to = value_of<lineside_watch_update>(at.inner->async_next(read_options(options), lineside::block));
    });
}

lineside_error* lineside_watch_next_async(lineside_watch* watch, const lineside_call_options* options,
                                          lineside_queue* queue, uint64_t tag) {
    return begin(queue, tag, "next", options, [&](call_options terms, auto& call) {
        auto& at = usable(watch);
        completing<lineside_watch_update, lineside::portal> done{call, terms.details, nullptr, nullptr};
        at.inner->async_next(std::move(terms), std::move(done));
    });
}

void lineside_watch_close(lineside_watch* watch) {
    if (watch != nullptr && !is_inherited(watch->owner))
        watch->inner->close();
}

void lineside_watch_free(lineside_watch* watch) {
    if (watch != nullptr && !is_inherited(watch->owner))
        destroy(watch);
}

LINESIDE_C_ANSWER(watch_update)

} // extern "C"
