#include "wire/describe_contact.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(contact)
LINESIDE_JSON(contact_create)
LINESIDE_JSON(contact_key)
LINESIDE_JSON(contact_query)
LINESIDE_JSON(contact_update)
LINESIDE_JSON(page<contact>)
LINESIDE_JSON(std::vector<contact>)
LINESIDE_JSON(profile_update)
LINESIDE_JSON(preferences_update)
LINESIDE_JSON(verification_request)
LINESIDE_JSON(verification_sent)
LINESIDE_JSON(verification_answer)

} // namespace lineside::wire
