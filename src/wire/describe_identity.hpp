#pragma once

#include <lineside/api_key.hpp>
#include <lineside/session.hpp>
#include <lineside/two_factor.hpp>

#include "wire/describe_contact.hpp"

// Sessions, passwords, two-factor and keys, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(sign_out_scope, current, others, all, one)
BOOST_DESCRIBE_STRUCT(sign_in_request, (), (email, password, code, source_ip, user_agent))
BOOST_DESCRIBE_STRUCT(session, (),
                      (id, account, contact, created_at, last_used_at, expires_at, source_ip, user_agent, current))
BOOST_DESCRIBE_STRUCT(session_grant, (), (token, session, contact))
BOOST_DESCRIBE_STRUCT(page<session>, (), (items, next))
BOOST_DESCRIBE_STRUCT(sign_out_request, (), (account, contact, scope, session))
BOOST_DESCRIBE_STRUCT(sign_out_report, (), (ended))
BOOST_DESCRIBE_STRUCT(identity_query, (), ())
BOOST_DESCRIBE_STRUCT(identity, (), (kind, account, contact, session, key, permissions))
BOOST_DESCRIBE_STRUCT(password_change, (), (account, contact, old_password, new_password, sign_out))
BOOST_DESCRIBE_STRUCT(password_setting, (), (account, contact, password))
BOOST_DESCRIBE_STRUCT(password_reset_request, (), (email, source_ip))
BOOST_DESCRIBE_STRUCT(password_reset, (), (token, new_password, code, source_ip))
BOOST_DESCRIBE_STRUCT(two_factor_request, (), (account, contact, password, code))
BOOST_DESCRIBE_STRUCT(two_factor_enrolment, (), (key, uri, qr_svg, qr_png))
BOOST_DESCRIBE_STRUCT(two_factor_confirmation, (), (account, contact, code))
BOOST_DESCRIBE_STRUCT(recovery_codes, (), (codes))
BOOST_DESCRIBE_STRUCT(api_key, (),
                      (id, account, name, scopes, created_at, expires_at, last_used_at, previous_until, revoked))
BOOST_DESCRIBE_STRUCT(api_key_create, (), (account, name, scopes, expires_at, password))
BOOST_DESCRIBE_STRUCT(api_key_grant, (), (text, key))
BOOST_DESCRIBE_STRUCT(api_key_query, (), (account, cursor, limit))
BOOST_DESCRIBE_STRUCT(page<api_key>, (), (items, next))
BOOST_DESCRIBE_STRUCT(api_key_rotation, (), (account, key, overlap, password))
BOOST_DESCRIBE_STRUCT(api_key_revocation, (), (account, key))

} // namespace lineside
