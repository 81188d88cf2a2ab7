#include "wire/describe_identity.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(sign_in_request)
LINESIDE_JSON(session_grant)
LINESIDE_JSON(page<session>)
LINESIDE_JSON(sign_out_request)
LINESIDE_JSON(sign_out_report)
LINESIDE_JSON(identity_query)
LINESIDE_JSON(identity)
LINESIDE_JSON(password_change)
LINESIDE_JSON(password_setting)
LINESIDE_JSON(password_reset_request)
LINESIDE_JSON(password_reset)
LINESIDE_JSON(two_factor_request)
LINESIDE_JSON(two_factor_enrolment)
LINESIDE_JSON(two_factor_confirmation)
LINESIDE_JSON(recovery_codes)
LINESIDE_JSON(api_key)
LINESIDE_JSON(api_key_create)
LINESIDE_JSON(api_key_grant)
LINESIDE_JSON(api_key_query)
LINESIDE_JSON(page<api_key>)
LINESIDE_JSON(api_key_rotation)
LINESIDE_JSON(api_key_revocation)

} // namespace lineside::wire
