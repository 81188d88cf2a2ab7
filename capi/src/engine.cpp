#include <lineside/engine.hpp>

#include "events.hpp"
#include "handles.hpp"
#include "options.hpp"
#include "wire/describe_alert.hpp"
#include "write.hpp"

namespace lineside::capi {

template <>
inline constexpr std::array<std::string_view, 2> apart<lineside_engine_identity>{"key", "key_size"};

event_target event_target_of(lineside_queue* queue, std::uint64_t tag) {
    return queue == nullptr ? event_target() : event_target(state_of(queue), tag);
}

namespace {

[[noreturn]] void fail_delivery(const char* who) {
    throw error(errc::unavailable, std::string("the host's ") + who + " failed");
}

delivery_hooks read_hooks(const lineside_delivery_hooks& from) {
    delivery_hooks to;
    if (from.mailer != nullptr)
        to.mailer = [send = from.mailer, context = from.context](const mail& m) {
            const lineside_mail value{m.to.c_str(), m.subject.c_str(), m.text.c_str(), m.account.value().c_str()};
            if (send(context, &value) != 0)
                fail_delivery("mailer");
        };
    if (from.texter != nullptr)
        to.texter = [send = from.texter, context = from.context](const text_message& m) {
            const lineside_text_message value{m.to.c_str(), m.text.c_str(), m.account.value().c_str()};
            if (send(context, &value) != 0)
                fail_delivery("texter");
        };
    if (from.on_alert != nullptr && from.alert_queue != nullptr)
        refuse("alerts go to on_alert or to alert_queue", "delivery.alert_queue");
    if (from.on_alert != nullptr)
        to.on_alert = [tell = from.on_alert, context = from.context](const alert_event& e) {
            auto* value = value_of<lineside_alert_event>(e);
            const bool told = tell(context, value) == 0;
            release(value);
            if (!told)
                fail_delivery("on_alert");
        };
    if (const auto target = event_target_of(from.alert_queue, from.alert_tag); target.is_set())
        to.on_alert = [target](const alert_event& e) {
            target.tell(LINESIDE_COMPLETION_ALERT, &lineside_completion::alert,
                        [&] { return value_of<lineside_alert_event>(e); });
        };
    return to;
}

engine_options read_options(const lineside_engine_options& from) {
    engine_options to;
    const auto part = [](const auto* given, auto& member, const char* name) {
        if (given != nullptr)
            read(*given, member, place{nullptr, name});
    };
    if (from.database != nullptr)
        to.database = from.database;
    if (from.threads != 0)
        to.threads = from.threads;
    part(from.storage, to.storage, "storage");
    part(from.identity, to.identity, "identity");
    part(from.channels, to.channels, "channels");
    part(from.money, to.money, "money");
    part(from.webhooks, to.webhooks, "webhooks");
    part(from.live, to.live, "live");
    if (from.identity != nullptr) {
        const auto identity = sized_copy(*from.identity, {nullptr, "identity"});
        if (identity.key_size != 0)
            to.identity.key = secret(std::string_view(&needed(identity.key, "identity.key"), identity.key_size));
    }
    if (from.delivery != nullptr)
        to.delivery = read_hooks(sized_copy(*from.delivery, {nullptr, "delivery"}));
    if (from.clock != nullptr)
        to.clock = [clock = from.clock, context = from.clock_context] { return instant(duration(clock(context))); };
    return to;
}

} // namespace

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

lineside_error* lineside_engine_open(const lineside_engine_options* options, lineside_portal** out) {
    return guard([&] {
        auto*& to = emptied(out);
        auto opened = std::make_shared<engine>(capi::read_options(known_options(options)));
        auto* portal = make<lineside_portal>();
        portal->inner = std::move(opened);
        to = portal;
    });
}

} // extern "C"
