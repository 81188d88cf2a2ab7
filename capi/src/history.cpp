#include "call.hpp"
#include "wire/describe_access_log.hpp"
#include "wire/describe_alert.hpp"
#include "wire/describe_dispute.hpp"
#include "wire/describe_parameters.hpp"
#include "wire/describe_review.hpp"

extern "C" {

#define LINESIDE_C_HISTORY
#include "operations.def"

} // extern "C"
