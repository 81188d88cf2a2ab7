#include <lineside/alert.hpp>
#include <lineside/webhook.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<alert_area> areas[] = {
    {alert_area::balance, "balance"},
    {alert_area::asr, "asr"},
    {alert_area::acd, "acd"},
    {alert_area::pdd, "pdd"},
    {alert_area::cps, "cps"},
    {alert_area::channels, "channels"},
    {alert_area::consecutive_failures, "consecutive_failures"},
    {alert_area::daily_spend, "daily_spend"},
};
constexpr name_of<alert_operator> operators[] = {
    {alert_operator::less, "<"},    {alert_operator::less_or_equal, "<="},
    {alert_operator::equal, "="},   {alert_operator::greater_or_equal, ">="},
    {alert_operator::greater, ">"},
};
constexpr name_of<alert_event_kind> kinds[] = {
    {alert_event_kind::fired, "fired"},         {alert_event_kind::repeated, "repeated"},
    {alert_event_kind::held_back, "held_back"}, {alert_event_kind::reset, "reset"},
    {alert_event_kind::tested, "tested"},
};
constexpr name_of<alert_test_delivery> test_deliveries[] = {
    {alert_test_delivery::simulate, "simulate"},
    {alert_test_delivery::send, "send"},
};
constexpr name_of<delivery_status> statuses[] = {
    {delivery_status::waiting, "waiting"},
    {delivery_status::delivered, "delivered"},
    {delivery_status::dead, "dead"},
};
constexpr name_of<delivery_channel> channels[] = {
    {delivery_channel::callback, "callback"},
    {delivery_channel::mail, "mail"},
    {delivery_channel::webhook, "webhook"},
};

} // namespace

std::string_view to_string(alert_area a) noexcept { return find_name(areas, a); }

result<alert_area> parse_alert_area(std::string_view text) { return find_value(areas, text, "area"); }

std::string_view to_string(alert_operator o) noexcept { return find_name(operators, o); }

result<alert_operator> parse_alert_operator(std::string_view text) { return find_value(operators, text, "operator"); }

std::string_view to_string(alert_event_kind k) noexcept { return find_name(kinds, k); }

std::string_view to_string(alert_test_delivery d) noexcept { return find_name(test_deliveries, d); }

std::string_view to_string(delivery_status s) noexcept { return find_name(statuses, s); }

result<delivery_status> parse_delivery_status(std::string_view text) { return find_value(statuses, text, "status"); }

std::string_view to_string(delivery_channel c) noexcept { return find_name(channels, c); }

} // namespace lineside
