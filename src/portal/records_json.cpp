#include <lineside/access_log.hpp>

#include "wire/json_reader.hpp"

// What is kept as JSON, described.
namespace lineside {

BOOST_DESCRIBE_ENUM(access_outcome, done, refused)
BOOST_DESCRIBE_STRUCT(access_entry, (),
                      (number, at, account, who, source_ip, user_agent, action, target, outcome, detail, hash))

} // namespace lineside

namespace lineside::wire {

LINESIDE_JSON(access_entry)

} // namespace lineside::wire
