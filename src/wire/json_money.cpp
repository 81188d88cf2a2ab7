#include "wire/describe_money.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(payment)
LINESIDE_JSON(payment_create)
LINESIDE_JSON(transfer_announcement)
LINESIDE_JSON(payment_key)
LINESIDE_JSON(payment_query)
LINESIDE_JSON(page<payment>)
LINESIDE_JSON(std::vector<payment>)
LINESIDE_JSON(balance_query)
LINESIDE_JSON(balance)

} // namespace lineside::wire
