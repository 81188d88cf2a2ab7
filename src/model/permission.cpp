#include <lineside/permission.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<permission> permissions[] = {
    {permission::view_company, "view_company"},       {permission::view_balance, "view_balance"},
    {permission::view_payments, "view_payments"},     {permission::make_payments, "make_payments"},
    {permission::view_graphs, "view_graphs"},         {permission::view_summary, "view_summary"},
    {permission::view_calls, "view_calls"},           {permission::view_channels, "view_channels"},
    {permission::view_live_calls, "view_live_calls"}, {permission::view_numbers, "view_numbers"},
    {permission::manage_numbers, "manage_numbers"},   {permission::manage_blocks, "manage_blocks"},
    {permission::view_alerts, "view_alerts"},         {permission::manage_alerts, "manage_alerts"},
    {permission::view_contacts, "view_contacts"},     {permission::manage_contacts, "manage_contacts"},
    {permission::manage_keys, "manage_keys"},         {permission::view_access_log, "view_access_log"},
    {permission::view_review, "view_review"},
};
constexpr name_of<role> roles[] = {
    {role::administrator, "administrator"}, {role::manager, "manager"}, {role::billing, "billing"},
    {role::technician, "technician"},       {role::viewer, "viewer"},
};

} // namespace

std::string_view to_string(permission p) noexcept { return find_name(permissions, p); }

result<permission> parse_permission(std::string_view text) { return find_value(permissions, text, "permission"); }

std::string_view to_string(role r) noexcept { return find_name(roles, r); }

result<role> parse_role(std::string_view text) { return find_value(roles, text, "role"); }

permission_set permissions_of(role r) noexcept {
    using enum permission;
    switch (r) {
    case role::administrator: return permission_set::everything();
    case role::manager:
        return permission_set::everything() - permission_set{manage_contacts, manage_keys, manage_blocks};
    case role::billing:
        return {view_company, view_balance, view_payments, make_payments, view_graphs, view_summary, view_calls};
    case role::technician:
        return {view_company,    view_graphs,  view_summary, view_calls,     view_channels,
                view_live_calls, view_numbers, view_alerts,  manage_numbers, manage_alerts};
    case role::viewer: break;
    }
    return {view_company, view_graphs, view_summary, view_channels};
}

} // namespace lineside
