#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <vector>

// When a session ends, and what it may do until then.
namespace lineside::contract {

LINESIDE_ON_EVERY_PORTAL_WITH(sessions, identity_test);

TEST_P(sessions, a_session_ends_after_30_idle_minutes) {
    (void)add_ann();
    const auto grant = sign_in();
    const auto ann = as(grant.token);
    clock.advance(seconds(30)); // a use that is only remembered, not written
    EXPECT_TRUE(is_known(*ann));
    clock.advance(minutes(30) - duration(1));
    EXPECT_TRUE(is_known(*ann));
    clock.advance(minutes(30));
    EXPECT_FALSE(is_known(*ann));
}

TEST_P(sessions, a_session_ends_after_12_hours_however_busy) {
    (void)add_ann();
    const auto grant = sign_in();
    const auto ann = as(grant.token);
    for (int i = 0; i < 12 * 60 / 20 - 1; ++i) {
        clock.advance(minutes(20));
        ASSERT_TRUE(is_known(*ann)) << i;
    }
    EXPECT_EQ(ann->async_list_sessions({}, block).items[0].expires_at, grant.session.created_at + hours(12));
    clock.advance(minutes(20));
    EXPECT_FALSE(is_known(*ann));
}

TEST_P(sessions, a_session_outlives_its_engine_and_not_a_clock_set_back_far) {
    (void)add_ann();
    const auto grant = sign_in();
    clock.advance(minutes(29));
    EXPECT_TRUE(is_known(*as(grant.token)));
    reopen();
    clock.advance(minutes(29));
    EXPECT_TRUE(is_known(*as(grant.token)));
    clock.advance(-minutes(20));
    EXPECT_TRUE(is_known(*as(grant.token)));
    clock.advance(-hours(2));
    EXPECT_FALSE(is_known(*as(grant.token)));
}

TEST_P(sessions, each_sign_in_is_a_session_of_its_own_and_the_list_shows_them) {
    (void)add_ann();
    const auto first = sign_in();
    clock.advance(minutes(1));
    const auto second = sign_in({}, elsewhere);
    EXPECT_NE(first.token, second.token);
    EXPECT_NE(first.session.id, second.session.id);
    const auto list = as(second.token, elsewhere)->async_list_sessions({}, block).items;
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].id, first.session.id);
    EXPECT_FALSE(list[0].current);
    EXPECT_EQ(list[1].id, second.session.id);
    EXPECT_TRUE(list[1].current);
    EXPECT_EQ(list[1].source_ip, elsewhere);
}

TEST_P(sessions, signing_out_ends_this_one_all_others_all_or_one) {
    (void)add_ann();
    const auto a = sign_in();
    const auto b = sign_in();
    const auto c = sign_in();
    const auto d = sign_in();
    EXPECT_EQ(end(*as(a.token), sign_out_scope::current).ended, 1U);
    EXPECT_FALSE(is_known(*as(a.token)));
    EXPECT_EQ(end(*as(b.token), sign_out_scope::one, c.session.id).ended, 1U);
    EXPECT_FALSE(is_known(*as(c.token)));
    (void)failure_of([&] { return end(*as(b.token), sign_out_scope::one, c.session.id); }, errc::not_found);
    (void)failure_of([&] { return end(*as(b.token), sign_out_scope::one); }, errc::invalid_argument);
    EXPECT_EQ(end(*as(b.token), sign_out_scope::others).ended, 1U);
    EXPECT_FALSE(is_known(*as(d.token)));
    EXPECT_TRUE(is_known(*as(b.token)));
    const auto e = sign_in();
    EXPECT_EQ(end(*as(e.token), sign_out_scope::all).ended, 2U);
    EXPECT_FALSE(is_known(*as(b.token)));
    EXPECT_FALSE(is_known(*as(e.token)));
}

TEST_P(sessions, the_operator_lists_and_ends_those_of_a_contact) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    EXPECT_EQ(lineside().async_list_sessions({acme, ann.id}, block).items.size(), 1U);
    (void)failure_of([&] { return lineside().async_sign_out({.account = acme, .contact = ann.id}, block); },
                     errc::invalid_argument);
    EXPECT_EQ(
        lineside().async_sign_out({.account = acme, .contact = ann.id, .scope = sign_out_scope::all}, block).ended, 1U);
    EXPECT_FALSE(is_known(*as(grant.token)));
}

TEST_P(sessions, nobody_sees_or_ends_those_of_somebody_else) {
    const auto ann = add_ann();
    const auto grant = sign_in();
    (void)add("bob@acme.example", role::administrator);
    const auto bob = as(sign_in({}, home, "bob@acme.example").token);
    (void)failure_of([&] { return bob->async_list_sessions({acme, ann.id}, block); }, errc::not_found);
    (void)failure_of([&] { return bob->async_sign_out({acme, ann.id, sign_out_scope::all}, block); }, errc::not_found);
    (void)failure_of([&] { return end(*bob, sign_out_scope::one, grant.session.id); }, errc::not_found);
    EXPECT_EQ(live(*bob), 1U);
    EXPECT_TRUE(is_known(*as(grant.token)));
}

TEST_P(sessions, disabling_a_contact_or_its_account_ends_them_at_once) {
    const auto ann = add_ann();
    const auto first = sign_in();
    set_status(ann, contact_status::disabled);
    EXPECT_FALSE(is_known(*as(first.token)));
    set_status(ann, contact_status::active);
    EXPECT_FALSE(is_known(*as(first.token))) << "it stays ended";
    const auto second = sign_in();
    (void)lineside().async_update_account({.account = acme, .status = account_status::disabled}, block);
    EXPECT_FALSE(is_known(*as(second.token)));
}

TEST_P(sessions, permissions_follow_the_contact_and_its_company_at_once) {
    const auto ann = add_ann(role::viewer);
    const auto grant = sign_in();
    const auto may = [&] { return permission_set(as(grant.token)->async_who_am_i({}, block).permissions); };
    EXPECT_EQ(may(), permissions_of(role::viewer));
    contact_update update{.account = acme, .contact = ann.id};
    update.grants = {permission::view_balance, permission::view_calls};
    update.denials = {permission::view_graphs};
    (void)lineside().async_update_contact(std::move(update), block);
    (void)lineside().async_update_account({.account = acme, .withheld = std::vector{permission::view_calls}}, block);
    EXPECT_EQ(may(), (permissions_of(role::viewer) | permission_set{permission::view_balance}) -
                         permission_set{permission::view_graphs});
    (void)failure_of([&] { return as(grant.token)->async_query_calls({.account = acme}, block); },
                     errc::permission_denied);
}

TEST_P(sessions, a_contact_has_fifty_at_most_and_the_oldest_ends) {
    (void)add_ann();
    const auto first = sign_in();
    clock.advance(duration(1));
    const auto second = sign_in();
    for (int i = 0; i < 49; ++i) {
        clock.advance(duration(1));
        (void)sign_in();
    }
    EXPECT_FALSE(is_known(*as(first.token)));
    EXPECT_TRUE(is_known(*as(second.token)));
    EXPECT_EQ(live(*as(second.token)), 50U);
}

TEST_P(sessions, a_refused_credential_is_in_the_log_once_a_minute) {
    (void)add_ann();
    const auto grant = sign_in();
    clock.advance(hours(1));
    const auto count = [&](const account_id& account) {
        const auto log = lineside().async_list_access_log({.account = account}, block).items;
        return std::count_if(log.begin(), log.end(), [](const access_entry& e) { return e.action == "identify"; });
    };
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(is_known(*as(grant.token)));
        EXPECT_FALSE(is_known(*as(secret("nonsense"))));
    }
    EXPECT_EQ(count(acme), 1);
    EXPECT_EQ(count({}), 1);
    clock.advance(minutes(1));
    EXPECT_FALSE(is_known(*as(grant.token)));
    EXPECT_EQ(count(acme), 2);
}

} // namespace lineside::contract
