#include "portal/engine/identity/strangers.hpp"

#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/records.hpp"

#include <utility>

namespace lineside {

stranger_record stranger_of(store::snapshot& db, const identity_state& identity, std::string_view email) {
    const auto login = login_name(email);
    const auto slot = identity.slot_of(login);
    auto digest = to_hex(digest_of(login));
    if (auto kept = find<stranger_record>(db, 0, slot); kept && kept->digest == digest)
        return *std::move(kept);
    return {slot, std::move(digest), {}};
}

} // namespace lineside
