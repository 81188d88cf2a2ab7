#include "wire/describe_review.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(review_query)
LINESIDE_JSON(review)

} // namespace lineside::wire
