#include <lineside/ask.hpp>
#include <lineside/revision.hpp>

#include "integration/contract/every_operation.hpp"
#include "integration/contract/tenancy_test.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

// Changes that are made only if the thing is still what the asker saw.
namespace lineside::contract {

namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(if_match, tenancy_test);

call_options if_still(std::string revision) {
    call_options o;
    o.if_match = std::move(revision);
    return o;
}

std::optional<account> seen_by(operation::update_account, portal& p, const estate& e) {
    return p.async_get_account(e.account, block);
}
std::optional<contact> seen_by(operation::update_contact, portal& p, const estate& e) {
    return p.async_get_contact({e.account, e.contact}, block);
}
std::optional<contact> seen_by(operation::update_profile, portal& p, const estate& e) {
    return p.async_get_profile({e.account, e.contact}, block);
}
std::optional<contact> seen_by(operation::set_preferences, portal& p, const estate& e) {
    return p.async_get_profile({e.account, e.contact}, block);
}
std::optional<layout> seen_by(operation::set_layout, portal& p, const estate& e) {
    return p.async_get_layout({e.account, e.contact}, block);
}
std::optional<layout> seen_by(operation::reset_layout, portal& p, const estate& e) {
    (void)p.async_set_layout({.account = e.account, .contact = e.contact}, block);
    return p.async_get_layout({e.account, e.contact}, block);
}
std::optional<branding> seen_by(operation::set_branding, portal& p, const estate&) {
    return p.async_get_branding({"portal.example"}, block);
}
std::optional<numbering> seen_by(operation::set_numbering, portal& p, const estate&) {
    return p.async_get_numbering({}, block);
}
std::optional<alert_rule> rule_of(portal& p, const estate& e) {
    for (auto& r : p.async_list_alert_rules({.account = e.account}, block).items)
        if (r.id == e.rule)
            return r;
    return {};
}
std::optional<alert_rule> seen_by(operation::update_alert_rule, portal& p, const estate& e) { return rule_of(p, e); }
std::optional<alert_rule> seen_by(operation::delete_alert_rule, portal& p, const estate& e) { return rule_of(p, e); }
struct nothing {};
template <class Operation>
std::optional<nothing> seen_by(Operation, portal&, const estate&) {
    return {};
}

std::string revision_of_any(const nothing&) { return {}; }
template <class T>
std::string revision_of_any(const T& value) {
    return revision_of(value);
}

} // namespace

TEST_P(if_match, every_operation_looks_at_the_revision_or_refuses_it) {
    const auto falcon = settle("falcon");
    std::size_t looked = 0;
    const auto check = [&](auto op) {
        using operation_type = decltype(op);
        SCOPED_TRACE(std::string(operation_type::name));
        const auto ask = [&](std::string revision) {
            asking names(falcon, naming::account_named);
            (void)async_ask(op, lineside(), request_for(operation_type{}, names), if_still(std::move(revision)), block);
            return 0;
        };
        const auto seen = seen_by(op, lineside(), falcon);
        const auto before = picture(falcon.account);
        const auto log = log_of(falcon.account).size();
        const auto expected = seen ? errc::precondition_failed : errc::invalid_argument;
        EXPECT_EQ(failure_of([&] { return ask("AAAAAAAAAAAAAAAAAAAAAA"); }, expected).field, "if_match");
        EXPECT_EQ(picture(falcon.account), before);
        EXPECT_EQ(log_of(falcon.account).size(), log);
        if (!seen)
            return;
        ++looked;
        const auto revision = revision_of_any(*seen);
        ASSERT_NO_THROW((void)ask(revision));
        // Now it is another one, or gone.
        const auto after = picture(falcon.account);
        if (operation_type::name == "delete_alert_rule") {
            (void)failure_of([&] { return ask(revision); }, errc::not_found);
        } else {
            (void)failure_of([&] { return ask(revision); }, errc::precondition_failed);
        }
        EXPECT_EQ(picture(falcon.account), after);
    };
#define LINESIDE_OPERATION(NAME, ...) check(operation::NAME{});
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    EXPECT_EQ(looked, 10U);
}

TEST_P(if_match, of_two_who_saw_the_same_one_changes_it) {
    add_account();
    const auto seen = revision_of(lineside().async_get_account(acme, block));
    account_update u{.account = acme, .name = "First"};
    const auto first = lineside().async_update_account(u, if_still(seen), block);
    u.name = "Second";
    (void)failure_of([&] { return lineside().async_update_account(u, if_still(seen), block).name; },
                     errc::precondition_failed);
    EXPECT_EQ(lineside().async_get_account(acme, block), first);
    EXPECT_EQ(lineside().async_update_account(u, if_still(revision_of(first)), block).name, "Second");
}

TEST_P(if_match, what_an_update_answers_has_the_revision_that_a_look_at_it_has) {
    const auto falcon = settle("falcon");
    auto& p = lineside();
    const contact_update u{.account = falcon.account, .contact = falcon.contact, .role = role::billing};
    const auto of_contact = revision_of(p.async_update_contact(u, block));
    EXPECT_EQ(of_contact, revision_of(p.async_get_contact({falcon.account, falcon.contact}, block)));
    const auto of_look = revision_of(p.async_set_branding({.domain = "Portal.example", .name = "Partner"}, block));
    EXPECT_EQ(of_look, revision_of(p.async_get_branding({"portal.example"}, block)));
    const auto of_numbers = revision_of(p.async_set_numbering({.block_size = 10}, block));
    EXPECT_EQ(of_numbers, revision_of(p.async_get_numbering({}, block)));
}

} // namespace lineside::contract
