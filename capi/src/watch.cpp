#include <lineside/watch.hpp>

#include "call.hpp"
#include "wire/describe_watch.hpp"

#include <utility>
#include <vector>

namespace lineside::capi {

lineside_watch& usable(lineside_watch* watch) {
    auto& w = needed(watch, "watch");
    check_owner(w.owner, "a watch");
    return w;
}

namespace {

// How a list follows its updates: its rows, and what is told of those that have gone.
template <class C, class Cpp, class Row, class Gone>
struct followed {
    std::vector<Row> Cpp::*rows;
    std::vector<Gone> Cpp::*gone;
    const C* lineside_watch_update::*told;
    shared_value<Cpp> watch_update::*changes;

    lineside_error* apply(const C* known, const lineside_watch_update* update, C** out) const noexcept {
        return guard([&] {
            auto*& to = emptied(out);
            Cpp all;
            if (known != nullptr)
                capi::read(*known, all, {nullptr, "known"});
            if (update != nullptr && update->*told != nullptr) {
                const place here{nullptr, "update"};
                watch_update made;
                read_member(update->kind, made.kind, {&here, "kind"});
                Cpp changed;
                capi::read(*(update->*told), changed, here);
                made.*changes = changed;
                made.apply_to(all.*rows);
                changed.*rows = std::move(all.*rows);
                all = std::move(changed);
            }
            (all.*gone).clear();
            to = value_of<C>(all);
        });
    }
};

constexpr followed<lineside_live_call_changes, live_call_changes, live_call, live_call_key> calls{
    &live_call_changes::calls, &live_call_changes::ended, &lineside_watch_update::live_calls,
    &watch_update::live_calls};
constexpr followed<lineside_summary_changes, summary_changes, summary_row, instant> hours{
    &summary_changes::rows, &summary_changes::gone, &lineside_watch_update::summary, &watch_update::summary};

} // namespace

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

lineside_error* lineside_live_call_changes_apply(const lineside_live_call_changes* known,
                                                 const lineside_watch_update* update,
                                                 lineside_live_call_changes** out) {
    return calls.apply(known, update, out);
}

void lineside_live_call_changes_free(lineside_live_call_changes* value) { release(value); }

lineside_error* lineside_summary_changes_apply(const lineside_summary_changes* known,
                                               const lineside_watch_update* update, lineside_summary_changes** out) {
    return hours.apply(known, update, out);
}

void lineside_summary_changes_free(lineside_summary_changes* value) { release(value); }

LINESIDE_C_ANSWER(watch_update)

} // extern "C"
