#include <lineside/permission.hpp>

#include <gtest/gtest.h>

using namespace lineside;

TEST(permission, an_administrator_may_everything_and_a_manager_all_but_people_keys_and_blocks) {
    using enum permission;
    EXPECT_EQ(permissions_of(role::administrator), permission_set::everything());
    EXPECT_EQ(permission_set::everything() - permissions_of(role::manager),
              (permission_set{manage_contacts, manage_keys, manage_blocks}));
}

TEST(permission, money_is_billings_and_equipment_the_technicians) {
    const auto billing = permissions_of(role::billing);
    const auto technician = permissions_of(role::technician);
    EXPECT_TRUE(billing.contains(permission::make_payments));
    EXPECT_FALSE(billing.contains(permission::manage_numbers));
    EXPECT_TRUE(technician.contains(permission::manage_numbers));
    EXPECT_FALSE(technician.contains(permission::view_balance));
}

TEST(permission, a_viewer_changes_nothing_and_everybody_sees_company_graphs_and_summary) {
    const auto viewer = permissions_of(role::viewer);
    for (const auto p : viewer.list())
        EXPECT_TRUE(to_string(p).starts_with("view_")) << to_string(p);
    const permission_set seen_by_all{permission::view_company, permission::view_graphs, permission::view_summary};
    for (const auto r : {role::administrator, role::manager, role::billing, role::technician, role::viewer})
        EXPECT_TRUE((seen_by_all - permissions_of(r)).empty()) << to_string(r);
}
