#include "integration/contract/people.hpp"

namespace lineside::contract {
namespace {

LINESIDE_PEOPLE_ON_EVERY_PORTAL(layouts);

widget graph_of(metric m, std::string id = "mine") {
    widget w;
    w.id = std::move(id);
    w.metric = m;
    w.width = 3;
    w.range_hours = 168;
    w.step = time_step::hour;
    w.zone = "Asia/Kathmandu";
    return w;
}

layout of(std::vector<widget> widgets) {
    layout x;
    x.widgets = std::move(widgets);
    return x;
}

bool has(const layout& x, widget_kind k) {
    return std::any_of(x.widgets.begin(), x.widgets.end(), [&](const widget& w) { return w.kind == k; });
}

TEST_P(layouts, whoever_arranged_none_has_the_default_of_what_they_may_see) {
    add_account();
    const auto admin = add("admin@example.com", role::administrator);
    (void)add("viewer@example.com", role::viewer);
    const auto all = sign_in("admin@example.com")->async_get_layout({}, block);
    EXPECT_EQ(all.account, acme);
    EXPECT_EQ(all.contact, admin.id);
    EXPECT_FALSE(all.customised);
    EXPECT_TRUE(has(all, widget_kind::balance));
    EXPECT_TRUE(has(all, widget_kind::alerts));
    const auto few = sign_in("viewer@example.com")->async_get_layout({}, block);
    EXPECT_FALSE(has(few, widget_kind::balance));
    EXPECT_FALSE(has(few, widget_kind::alerts));
    EXPECT_TRUE(has(few, widget_kind::channel_count));
    EXPECT_TRUE(has(few, widget_kind::checklist));
}

TEST_P(layouts, what_was_arranged_stays_until_it_is_reset) {
    add_account();
    const auto robin = add("robin@example.com");
    const auto me = sign_in("robin@example.com");
    const auto initial = me->async_get_layout({}, block);
    const auto widgets = std::vector<widget>{graph_of(metric::asr), graph_of(metric::live_channels, "second")};
    const auto kept = me->async_set_layout(of(widgets), block);
    EXPECT_EQ(kept.widgets, widgets);
    EXPECT_TRUE(kept.customised);
    EXPECT_EQ(me->async_get_layout({}, block), kept);
    reopen();
    EXPECT_EQ(lineside().async_get_layout({acme, robin.id}, block), kept);
    EXPECT_EQ(lineside().async_reset_layout({acme, robin.id}, block), initial);
    EXPECT_EQ(lineside().async_reset_layout({acme, robin.id}, block), initial);
    EXPECT_EQ(lineside().async_get_layout({acme, robin.id}, block), initial);
}

TEST_P(layouts, an_empty_one_is_an_arrangement_too) {
    add_account();
    (void)add("robin@example.com");
    const auto me = sign_in("robin@example.com");
    (void)me->async_set_layout(of({}), block);
    const auto x = me->async_get_layout({}, block);
    EXPECT_TRUE(x.widgets.empty());
    EXPECT_TRUE(x.customised);
}

TEST_P(layouts, a_bad_widget_is_named_and_changes_nothing) {
    add_account();
    (void)add("robin@example.com");
    const auto me = sign_in("robin@example.com");
    const auto kept = me->async_set_layout(of({graph_of(metric::asr)}), block);
    auto bad = graph_of(metric::acd, "second");
    bad.width = 5;
    EXPECT_EQ(failure_of(
                  [&] {
                      return me->async_set_layout(of({graph_of(metric::acd), bad}), block);
                  },
                  errc::invalid_argument)
                  .field,
              "widgets/1/width");
    std::vector<widget> many(51, graph_of(metric::asr));
    EXPECT_EQ(failure_of([&] { return me->async_set_layout(of(many), block); }, errc::invalid_argument).field,
              "widgets");
    EXPECT_EQ(me->async_get_layout({}, block), kept);
}

TEST_P(layouts, what_may_not_be_seen_cannot_be_arranged_and_disappears) {
    add_account();
    const auto robin = add("robin@example.com", role::billing);
    const auto me = sign_in("robin@example.com");
    widget alerts;
    alerts.id = "alerts";
    alerts.kind = widget_kind::alerts;
    EXPECT_EQ(failure_of([&] { return me->async_set_layout(of({alerts}), block); }, errc::permission_denied).field,
              "widgets/0/kind");
    widget balance;
    balance.id = "balance";
    balance.kind = widget_kind::balance;
    EXPECT_EQ(me->async_set_layout(of({balance, graph_of(metric::asr)}), block).widgets.size(), 2U);
    contact_update u;
    u.account = acme;
    u.contact = robin.id;
    u.denials = {permission::view_balance};
    (void)lineside().async_update_contact(u, block);
    const auto left = me->async_get_layout({}, block).widgets;
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].kind, widget_kind::graph);
}

TEST_P(layouts, are_each_contacts_own) {
    add_account();
    (void)add("a@example.com", role::administrator);
    const auto b = add("b@example.com");
    const auto a = sign_in("a@example.com");
    (void)a->async_set_layout(of({graph_of(metric::asr)}), block);
    EXPECT_FALSE(sign_in("b@example.com")->async_get_layout({}, block).customised);
    (void)failure_of([&] { return a->async_get_layout({acme, b.id}, block); }, errc::not_found);
    auto foreign = of({});
    foreign.contact = b.id;
    (void)failure_of([&] { return a->async_set_layout(foreign, block); }, errc::not_found);
    (void)failure_of([&] { return a->async_reset_layout({acme, b.id}, block); }, errc::not_found);
    (void)failure_of([&] { return nobody()->async_get_layout({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return nobody()->async_set_layout({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return nobody()->async_reset_layout({}, block); }, errc::unauthenticated);
}

} // namespace
} // namespace lineside::contract
