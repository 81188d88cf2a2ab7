#include "call.hpp"
#include "wire/describe_channel.hpp"

extern "C" {

#define LINESIDE_C_CHANNELS
#include "operations.def"

} // extern "C"
