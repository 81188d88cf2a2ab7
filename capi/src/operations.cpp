#include <lineside/operation.hpp>

// Every operation has its functions in C.
namespace lineside::capi {

namespace {

template <class Operation>
constexpr bool is_in_c = false;

#define LINESIDE_C_OPERATION(OPERATION, ...) \
    template <>                              \
    constexpr bool is_in_c<operation::OPERATION> = true;
#define LINESIDE_C_COMMAND LINESIDE_C_OPERATION
#define LINESIDE_C_ANSWER(TYPE)
#define LINESIDE_C_ACCOUNTS
#define LINESIDE_C_CALLS
#define LINESIDE_C_CONTACTS
#define LINESIDE_C_IDENTITY
#define LINESIDE_C_DASHBOARD
#define LINESIDE_C_MONEY
#define LINESIDE_C_CHANNELS
#define LINESIDE_C_NUMBERS
#define LINESIDE_C_ALERTS
#define LINESIDE_C_HISTORY
#include "operations.def"

#define LINESIDE_OPERATION(NAME, ...) \
    static_assert(is_in_c<operation::NAME>, #NAME " has no row in capi/src/operations.def");
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace

} // namespace lineside::capi
