#include "call.hpp"
#include "wire/describe_identity.hpp"

extern "C" {

#define LINESIDE_C_IDENTITY
#include "operations.def"

} // extern "C"
