#include "wire/describe_channel.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(call_event)
LINESIDE_JSON(call_event_batch)
LINESIDE_JSON(call_event_report)
LINESIDE_JSON(live_call)
LINESIDE_JSON(live_snapshot)
LINESIDE_JSON(live_snapshot_report)
LINESIDE_JSON(admission_request)
LINESIDE_JSON(admission)
LINESIDE_JSON(channel_query)
LINESIDE_JSON(channel_status)
LINESIDE_JSON(live_call_query)
LINESIDE_JSON(page<live_call>)

} // namespace lineside::wire
