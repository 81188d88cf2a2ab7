#pragma once

#include <lineside/access_log.hpp>

#include "wire/describe.hpp"

// The access log, described once: see describe.hpp. An entry's hash comes last, because it covers what stands before it.
namespace lineside {

BOOST_DESCRIBE_ENUM(access_outcome, done, refused)
BOOST_DESCRIBE_STRUCT(access_entry, (),
                      (number, at, account, who, source_ip, user_agent, action, target, outcome, detail, hash))
BOOST_DESCRIBE_STRUCT(access_log_query, (), (account, range, cursor, limit))
BOOST_DESCRIBE_STRUCT(access_log_check, (), (account))
BOOST_DESCRIBE_STRUCT(access_log_verdict, (), (account, entries, intact, first_broken, reason, head))
BOOST_DESCRIBE_STRUCT(page<access_entry>, (), (items, next))

} // namespace lineside
