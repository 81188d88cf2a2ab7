#include "portal/engine/money/money.hpp"
#include "wire/describe_money.hpp"
#include "wire/json_reader.hpp"

// What is kept of payments, described.
namespace lineside {

BOOST_DESCRIBE_STRUCT(payment_record, (),
                      (id, created_at, completed_at, cancelled_at, total, status, created_as, method, description,
                       reference, created_by))
BOOST_DESCRIBE_STRUCT(funds_record, (), (id, completed, last_made))

} // namespace lineside

namespace lineside::wire {

LINESIDE_JSON(payment_record)
LINESIDE_JSON(funds_record)

} // namespace lineside::wire
