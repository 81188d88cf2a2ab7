#include "portal/engine/kept_answer.hpp"
#include "wire/json_reader.hpp"

// Answers that are kept, as documents.
namespace lineside {

BOOST_DESCRIBE_STRUCT(kept_answer_record, (), (id, until, request, answer))

} // namespace lineside

namespace lineside::wire {

LINESIDE_JSON(kept_answer_record)

} // namespace lineside::wire
