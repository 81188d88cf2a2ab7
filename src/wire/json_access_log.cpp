#include "wire/describe_access_log.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(access_entry)
LINESIDE_JSON(access_log_query)
LINESIDE_JSON(access_log_check)
LINESIDE_JSON(access_log_verdict)
LINESIDE_JSON(page<access_entry>)
LINESIDE_JSON(std::vector<access_entry>)

} // namespace lineside::wire
