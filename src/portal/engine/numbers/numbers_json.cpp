#include "portal/engine/numbers/numbers.hpp"
#include "wire/describe_number_block.hpp"
#include "wire/json_reader.hpp"

// What is kept of numbers, described.
namespace lineside {

BOOST_DESCRIBE_STRUCT(block_record, (), (id, created_at))
BOOST_DESCRIBE_STRUCT(extension_record, (), (id, contact, created_at))
BOOST_DESCRIBE_STRUCT(number_rest_record, (), (id, until))
BOOST_DESCRIBE_STRUCT(numbering_record, (), (id, rules))
BOOST_DESCRIBE_STRUCT(number_request_record, (), (id, asked, answer, until))

} // namespace lineside

namespace lineside::wire {

LINESIDE_JSON(block_record)
LINESIDE_JSON(extension_record)
LINESIDE_JSON(number_rest_record)
LINESIDE_JSON(numbering_record)
LINESIDE_JSON(number_request_record)

} // namespace lineside::wire
