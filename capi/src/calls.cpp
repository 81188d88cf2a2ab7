#include "call.hpp"
#include "wire/describe_access_log.hpp"
#include "wire/describe_parameters.hpp"

extern "C" {

#define LINESIDE_C_CALLS
#include "operations.def"

} // extern "C"
