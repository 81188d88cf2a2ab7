#include "wire/describe_dashboard.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(checklist_query)
LINESIDE_JSON(checklist)
LINESIDE_JSON(layout_query)
LINESIDE_JSON(layout)
LINESIDE_JSON(std::vector<widget>)
LINESIDE_JSON(branding)
LINESIDE_JSON(branding_key)
LINESIDE_JSON(branding_query)
LINESIDE_JSON(page<branding>)
LINESIDE_JSON(std::vector<branding>)

} // namespace lineside::wire
