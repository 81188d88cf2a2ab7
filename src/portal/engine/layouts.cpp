#include "portal/engine/layouts.hpp"

#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/records.hpp"
#include "rules/layout.hpp"

#include <utility>

// The dashboard of each contact.
namespace lineside {

namespace {

layout shown_layout(store::snapshot& db, const known_contact& known) {
    const auto may = permissions_of(known.contact, known.account.value);
    layout x;
    x.account = known.account.value.id;
    x.contact = contact_id(known.contact.id);
    if (auto kept = find<layout_record>(db, known.account.key, known.contact.id)) {
        x.widgets = rules::visible(std::move(kept->widgets), may);
        x.customised = true;
    } else {
        x.widgets = rules::default_widgets(may);
    }
    return x;
}

} // namespace

layout desk::get_layout(layout_query request) {
    const auto db = core_.db->read();
    return shown_layout(*db, contact_asked_about(*db, who_, request.account, request.contact));
}

layout desk::set_layout(layout request) {
    rules::check_widgets(request.widgets);
    return change([&](store::transaction& tx) {
        const auto known = contact_asked_about(tx, who_, request.account, request.contact);
        check_unchanged([&] { return shown_layout(tx, known); });
        const auto may = permissions_of(known.contact, known.account.value);
        for (std::size_t i = 0; i < request.widgets.size(); ++i)
            if (const auto needed = rules::needs(request.widgets[i].kind); needed && !may.contains(*needed))
                throw error(errc::permission_denied,
                            "a widget of " + std::string(to_string(request.widgets[i].kind)) + " needs " +
                                std::string(to_string(*needed)),
                            "widgets/" + std::to_string(i) + "/kind");
        put(tx, known.account.key, layout_record{known.contact.id, std::move(request.widgets)});
        note(tx, known.account.key, {.action = "set_layout", .target = known.contact.id});
        return shown_layout(tx, known);
    });
}

layout desk::reset_layout(layout_query request) {
    return change([&](store::transaction& tx) {
        const auto known = contact_asked_about(tx, who_, request.account, request.contact);
        check_unchanged([&] { return shown_layout(tx, known); });
        (void)erase<layout_record>(tx, known.account.key, known.contact.id);
        note(tx, known.account.key, {.action = "reset_layout", .target = known.contact.id});
        return shown_layout(tx, known);
    });
}

} // namespace lineside
