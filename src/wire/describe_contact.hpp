#pragma once

#include <lineside/contact.hpp>
#include <lineside/verification.hpp>

#include "wire/describe.hpp"

// Contacts, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(role, administrator, manager, billing, technician, viewer)
BOOST_DESCRIBE_ENUM(contact_status, active, disabled)
BOOST_DESCRIBE_ENUM(contact_address, email, mobile)
BOOST_DESCRIBE_STRUCT(contact, (),
                      (account, id, name, email, department, phone, mobile, pending_email, email_verified,
                       mobile_verified, language, time_zone, role, grants, denials, allowed_ips, status, two_factor,
                       created_at))
BOOST_DESCRIBE_STRUCT(contact_create, (),
                      (account, name, email, department, phone, mobile, language, time_zone, role, grants, denials,
                       allowed_ips, password))
BOOST_DESCRIBE_STRUCT(contact_key, (), (account, contact))
BOOST_DESCRIBE_STRUCT(contact_query, (), (account, cursor, limit))
BOOST_DESCRIBE_STRUCT(contact_update, (), (account, contact, role, grants, denials, allowed_ips, status))
BOOST_DESCRIBE_STRUCT(profile_update, (), (account, contact, name, email, department, phone, mobile, password))
BOOST_DESCRIBE_STRUCT(preferences_update, (), (account, contact, language, time_zone))
BOOST_DESCRIBE_STRUCT(verification_request, (), (account, contact, address))
BOOST_DESCRIBE_STRUCT(verification_sent, (), (to, expires_at))
BOOST_DESCRIBE_STRUCT(verification_answer, (), (account, contact, address, code))
BOOST_DESCRIBE_STRUCT(page<contact>, (), (items, next))

} // namespace lineside
