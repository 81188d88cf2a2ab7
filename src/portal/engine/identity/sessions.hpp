#pragma once

#include <lineside/session.hpp>
#include <lineside/time.hpp>

#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/identity_state.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// A signed-in contact. Its token is not kept: its digest is a name in `session_space`.
struct session_record {
    static constexpr std::string_view kind = "session";

    std::string id{}; ///< the contact's, a slash, its own: so that a contact's sessions stand together
    std::string digest{};
    instant created_at{};
    instant last_used_at{}; ///< to the minute; `identity_state::last_uses` knows better
    std::string source_ip{};
    std::string user_agent{};

    [[nodiscard]] std::string_view contact() const { return std::string_view(id).substr(0, id.find('/')); }
    [[nodiscard]] std::string_view public_id() const { return std::string_view(id).substr(id.find('/') + 1); }
};

inline constexpr std::string_view session_space = "session";
inline constexpr std::size_t most_sessions = 50; ///< of a contact; the oldest ends for one more

/// Oldest first, those that have ended by themselves included.
[[nodiscard]] std::vector<session_record> sessions_of(store::snapshot& db, std::uint32_t account_key,
                                                      std::string_view contact);

void end_session(store::transaction& tx, std::uint32_t account_key, const session_record& s);

/// The last use there is knowledge of.
[[nodiscard]] instant last_use_of(const identity_state& identity, const session_record& s);

} // namespace lineside
