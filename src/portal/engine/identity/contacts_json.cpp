#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/verification.hpp"
#include "portal/engine/layouts.hpp"
#include "wire/describe_contact.hpp"
#include "wire/describe_dashboard.hpp"
#include "wire/json_reader.hpp"

namespace lineside {

BOOST_DESCRIBE_STRUCT(contact_record, (),
                      (id, name, email, department, phone, mobile, pending_email, email_verified_at, mobile_verified_at,
                       language, time_zone, role, grants, denials, allowed_ips, status, created_at))
BOOST_DESCRIBE_STRUCT(verification_record, (), (id, to, salt, digests, state))
BOOST_DESCRIBE_STRUCT(layout_record, (), (id, widgets))
BOOST_DESCRIBE_STRUCT(branding_record, (), (id, look))

} // namespace lineside

namespace lineside::rules {

BOOST_DESCRIBE_STRUCT(code_state, (), (issued_at, tries, used, undelivered, sent))

} // namespace lineside::rules

namespace lineside::wire {

LINESIDE_JSON(contact_record)
LINESIDE_JSON(verification_record)
LINESIDE_JSON(layout_record)
LINESIDE_JSON(branding_record)

} // namespace lineside::wire
