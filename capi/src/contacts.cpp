#include "call.hpp"
#include "revision.hpp"
#include "wire/describe_contact.hpp"

extern "C" {

#define LINESIDE_C_CONTACTS
#include "operations.def"

LINESIDE_C_REVISION(contact)

} // extern "C"
