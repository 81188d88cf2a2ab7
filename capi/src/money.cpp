#include "call.hpp"
#include "wire/describe_money.hpp"

extern "C" {

#define LINESIDE_C_MONEY
#include "operations.def"

} // extern "C"
