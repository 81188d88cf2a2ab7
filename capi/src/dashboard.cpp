#include "call.hpp"
#include "revision.hpp"
#include "wire/describe_dashboard.hpp"

extern "C" {

#define LINESIDE_C_DASHBOARD
#include "operations.def"

LINESIDE_C_REVISION(layout)
LINESIDE_C_REVISION(branding)

} // extern "C"
