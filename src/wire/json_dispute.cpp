#include "wire/describe_dispute.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(dispute_tolerance)
LINESIDE_JSON(dispute_report)

} // namespace lineside::wire
