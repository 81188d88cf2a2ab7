#include "portal/engine/engine_key.hpp"
#include "portal/engine/identity/api_keys.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/identity/sessions.hpp"
#include "portal/engine/identity/strangers.hpp"
#include "wire/json_reader.hpp"

// What proves who somebody is, as documents.
namespace lineside {

namespace rules {

BOOST_DESCRIBE_STRUCT(failure_count, (), (failures, last))

} // namespace rules

BOOST_DESCRIBE_STRUCT(engine_key, (), (id, key))
BOOST_DESCRIBE_STRUCT(stranger_record, (), (id, digest, failures))
BOOST_DESCRIBE_STRUCT(session_record, (), (id, digest, created_at, last_used_at, source_ip, user_agent))
BOOST_DESCRIBE_STRUCT(login_record, (),
                      (id, password, short_password, totp, totp_step, pending_totp, pending_failures, recovery, strange,
                       familiar, sources, reset, reset_at, reset_failures, resets_sent))
BOOST_DESCRIBE_STRUCT(key_record, (),
                      (id, name, scopes, everything, created_at, created_by, expires_at, last_used_at, digest,
                       previous_digest, previous_until, revoked))

} // namespace lineside

namespace lineside::wire {

LINESIDE_JSON(engine_key)
LINESIDE_JSON(stranger_record)
LINESIDE_JSON(session_record)
LINESIDE_JSON(login_record)
LINESIDE_JSON(key_record)

} // namespace lineside::wire
