#include <lineside/contact.hpp>
#include <lineside/verification.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<contact_status> statuses[] = {
    {contact_status::active, "active"},
    {contact_status::disabled, "disabled"},
};
constexpr name_of<contact_address> addresses[] = {
    {contact_address::email, "email"},
    {contact_address::mobile, "mobile"},
};

} // namespace

std::string_view to_string(contact_status s) noexcept { return find_name(statuses, s); }

std::string_view to_string(contact_address a) noexcept { return find_name(addresses, a); }

result<contact_address> parse_contact_address(std::string_view text) { return find_value(addresses, text, "address"); }

} // namespace lineside
