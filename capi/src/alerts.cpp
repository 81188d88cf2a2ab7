#include "call.hpp"
#include "revision.hpp"
#include "wire/describe_alert.hpp"

extern "C" {

#define LINESIDE_C_ALERTS
#include "operations.def"

LINESIDE_C_REVISION(alert_rule)

} // extern "C"
