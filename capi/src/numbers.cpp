#include "call.hpp"
#include "revision.hpp"
#include "wire/describe_number_block.hpp"

extern "C" {

#define LINESIDE_C_NUMBERS
#include "operations.def"

LINESIDE_C_REVISION(numbering)

} // extern "C"
