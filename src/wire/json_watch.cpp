#include "wire/describe_watch.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(watch_request)
LINESIDE_JSON(live_call_changes)
LINESIDE_JSON(summary_changes)
LINESIDE_JSON(dashboard)
LINESIDE_JSON(watch_update)

} // namespace lineside::wire
