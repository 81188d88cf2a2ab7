#include <lineside/payment.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<payment_status> statuses[] = {
    {payment_status::pending, "pending"},
    {payment_status::completed, "completed"},
    {payment_status::cancelled, "cancelled"},
};

} // namespace

std::string_view to_string(payment_status s) noexcept { return find_name(statuses, s); }

result<payment_status> parse_payment_status(std::string_view text) { return find_value(statuses, text, "status"); }

} // namespace lineside
