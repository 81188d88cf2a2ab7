#include "call.hpp"
#include "revision.hpp"

extern "C" {

#define LINESIDE_C_ACCOUNTS
#include "operations.def"

LINESIDE_C_REVISION(account)

} // extern "C"
