#include "wire/describe_parameters.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(record_upload)
LINESIDE_JSON(table_export)
LINESIDE_JSON(dispute_parameters)

} // namespace lineside::wire
