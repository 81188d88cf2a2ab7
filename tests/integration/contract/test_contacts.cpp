#include "integration/contract/people.hpp"

namespace lineside::contract {
namespace {

LINESIDE_PEOPLE_ON_EVERY_PORTAL(contacts);

contact_update update_of(const contact& c) {
    contact_update u;
    u.account = c.account;
    u.contact = c.id;
    return u;
}

contact_update status_of(const contact& c, contact_status s) {
    auto u = update_of(c);
    u.status = s;
    return u;
}

contact_update role_of(const contact& c, role r) {
    auto u = update_of(c);
    u.role = r;
    return u;
}

TEST_P(contacts, created_contact_is_read_back_as_it_was_given) {
    add_account();
    auto c = person("Robin@Example.com", role::technician);
    c.department = "General";
    c.phone = "+49 30 123456";
    c.mobile = "+49 (170) 123-4567";
    c.language = "DE-at";
    c.time_zone = "Europe/Vienna";
    c.grants = {permission::view_balance};
    c.denials = {permission::manage_alerts};
    c.allowed_ips = {"192.0.2.0/24", "2001:db8::7"};
    const auto made = add(std::move(c));
    contact expected;
    expected.account = acme;
    expected.id = made.id;
    expected.name = "Robin Example";
    expected.email = "Robin@Example.com";
    expected.department = "General";
    expected.phone = "+4930123456";
    expected.mobile = "+491701234567";
    expected.language = "de-AT";
    expected.time_zone = "Europe/Vienna";
    expected.role = role::technician;
    expected.grants = {permission::view_balance};
    expected.denials = {permission::manage_alerts};
    expected.allowed_ips = {"192.0.2.0/24", "2001:db8::7"};
    expected.created_at = clock.now();
    EXPECT_EQ(made, expected);
    EXPECT_EQ(lineside().async_get_contact({acme, made.id}, block), expected);
    reopen();
    EXPECT_EQ(lineside().async_get_contact({acme, made.id}, block), expected);
}

TEST_P(contacts, bad_fields_are_refused_naming_them) {
    add_account();
    const auto field_after = [&](auto change) {
        auto c = person("a@example.com");
        change(c);
        return failure_of([&] { return add(std::move(c)); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(field_after([](auto& c) { c.name.clear(); }), "name");
    EXPECT_EQ(field_after([](auto& c) { c.name = "a\nb"; }), "name");
    EXPECT_EQ(field_after([](auto& c) { c.name = "caf\xe9"; }), "name");
    EXPECT_EQ(field_after([](auto& c) { c.email = "a b@example.com"; }), "email");
    EXPECT_EQ(field_after([](auto& c) { c.department = std::string(257, 'x'); }), "department");
    EXPECT_EQ(field_after([](auto& c) { c.phone = "030 123"; }), "phone");
    EXPECT_EQ(field_after([](auto& c) { c.mobile = "+0123456789"; }), "mobile");
    EXPECT_EQ(field_after([](auto& c) { c.language = "deutsch!"; }), "language");
    EXPECT_EQ(field_after([](auto& c) { c.time_zone = "Mars/Base"; }), "time_zone");
    EXPECT_EQ(field_after([](auto& c) { c.allowed_ips = {"192.0.2.1/24"}; }), "allowed_ips");
    EXPECT_EQ(field_after([](auto& c) { c.allowed_ips.assign(101, "192.0.2.1"); }), "allowed_ips");
    EXPECT_EQ(field_after([](auto& c) { c.password = secret("short"); }), "password");
    EXPECT_TRUE(lineside().async_list_contacts({.account = acme}, block).items.empty());
}

TEST_P(contacts, a_login_is_one_contacts_in_any_case_at_any_account) {
    add_account();
    add_account(account_id("other"));
    (void)add("robin@example.com");
    for (const auto* at : {"acme", "other"}) {
        const auto d =
            failure_of([&] { return add("ROBIN@Example.Com", role::viewer, account_id(at)); }, errc::conflict);
        EXPECT_EQ(d.field, "email");
        EXPECT_EQ(d.message.find("acme"), std::string::npos) << "nobody learns whose it is";
    }
    EXPECT_TRUE(lineside().async_list_contacts({.account = account_id("other")}, block).items.empty());
}

TEST_P(contacts, two_who_want_one_login_at_the_same_time_are_one_contact) {
    add_account();
    for (int i = 0; i < 10; ++i) {
        const auto email = std::to_string(i) + "@example.com";
        const auto create = [&, email] {
            auto c = person(email);
            c.password = secret();
            return add(std::move(c));
        };
        const auto [one, two] = race(create, create);
        EXPECT_NE(one, two);
    }
    EXPECT_EQ(lineside().async_list_contacts({.account = acme}, block).items.size(), 10U);
}

TEST_P(contacts, are_listed_oldest_first_page_by_page) {
    add_account();
    std::vector<contact> made;
    for (int i = 0; i < 7; ++i) {
        auto c = person(std::to_string(i) + "@example.com");
        c.password = secret();
        made.push_back(add(std::move(c)));
        clock.advance(seconds(1));
    }
    for (const std::uint32_t limit : {1U, 3U, 7U, 1'000U}) {
        std::vector<contact> listed;
        contact_query q{.account = acme, .cursor = {}, .limit = limit};
        do {
            const auto page = lineside().async_list_contacts(q, block);
            EXPECT_LE(page.items.size(), limit);
            listed.insert(listed.end(), page.items.begin(), page.items.end());
            q.cursor = page.next;
        } while (!q.cursor.empty());
        EXPECT_EQ(listed, made) << limit;
    }
    for (const std::uint32_t limit : {0U, 1'001U})
        EXPECT_EQ(failure_of(
                      [&] {
                          return lineside().async_list_contacts({acme, {}, limit}, block);
                      },
                      errc::invalid_argument)
                      .field,
                  "limit");
}

TEST_P(contacts, who_is_not_there_is_not_found) {
    add_account();
    const account_id none("none");
    (void)failure_of([&] { return add("a@example.com", role::viewer, none); }, errc::not_found);
    (void)failure_of([&] { return lineside().async_list_contacts({.account = none}, block); }, errc::not_found);
    (void)failure_of([&] { return lineside().async_get_contact({acme, contact_id("c-1")}, block); }, errc::not_found);
    contact_update u;
    u.account = acme;
    u.contact = contact_id("c-1");
    (void)failure_of([&] { return lineside().async_update_contact(u, block); }, errc::not_found);
}

TEST_P(contacts, of_another_account_are_not_found) {
    add_account();
    add_account(account_id("other"));
    const auto theirs = add("theirs@example.com", role::administrator, account_id("other"));
    (void)add("admin@example.com", role::administrator);
    const auto admin = sign_in("admin@example.com");
    for (const auto& at : {acme, account_id("other"), account_id()}) {
        (void)failure_of([&] { return admin->async_get_contact({at, theirs.id}, block); }, errc::not_found);
        auto u = status_of(theirs, contact_status::disabled);
        u.account = at;
        (void)failure_of([&] { return admin->async_update_contact(u, block); }, errc::not_found);
    }
    (void)failure_of([&] { return admin->async_list_contacts({.account = account_id("other")}, block); },
                     errc::not_found);
    (void)failure_of(
        [&] { return admin->async_create_contact(person("x@example.com", role::viewer, account_id("other")), block); },
        errc::not_found);
    EXPECT_EQ(lineside().async_get_contact({account_id("other"), theirs.id}, block), theirs);
}

TEST_P(contacts, each_function_asks_for_its_permission) {
    add_account();
    const auto me = add("viewer@example.com", role::viewer);
    const auto viewer = sign_in("viewer@example.com");
    const auto expect_refused = [&](portal& p, errc why) {
        (void)failure_of([&] { return p.async_create_contact(person("x@example.com"), block); }, why);
        (void)failure_of([&] { return p.async_get_contact({acme, me.id}, block); }, why);
        (void)failure_of([&] { return p.async_list_contacts({.account = acme}, block); }, why);
        (void)failure_of([&] { return p.async_update_contact(update_of(me), block); }, why);
    };
    expect_refused(*viewer, errc::permission_denied);
    expect_refused(*nobody(), errc::unauthenticated);
    auto c = person("reader@example.com", role::viewer);
    c.grants = {permission::view_contacts};
    (void)add(std::move(c));
    const auto reader = sign_in("reader@example.com");
    EXPECT_EQ(reader->async_list_contacts({}, block).items.size(), 2U);
    (void)failure_of([&] { return reader->async_update_contact(update_of(me), block); }, errc::permission_denied);
}

TEST_P(contacts, may_what_role_and_grants_give_less_denials_and_what_the_company_is_not_given) {
    add_account();
    auto c = person("robin@example.com", role::viewer);
    c.grants = {permission::view_calls, permission::view_summary};
    c.denials = {permission::view_graphs};
    (void)add(std::move(c));
    const auto robin = sign_in("robin@example.com");
    EXPECT_NO_THROW((void)robin->async_query_calls({}, block));
    EXPECT_NO_THROW((void)robin->async_query_summary({}, block));
    (void)failure_of(
        [&] {
            return robin->async_query_series({{}, metric::asr, {clock.now() - hours(1), clock.now()}}, block);
        },
        errc::permission_denied);
    account_update withhold;
    withhold.account = acme;
    withhold.withheld = {permission::view_calls};
    (void)lineside().async_update_account(withhold, block);
    (void)failure_of([&] { return robin->async_query_calls({}, block); }, errc::permission_denied);
    EXPECT_NO_THROW((void)robin->async_query_summary({}, block));
}

TEST_P(contacts, nobody_gives_more_than_they_have) {
    add_account();
    auto c = person("manager@example.com", role::manager);
    c.grants = {permission::manage_contacts};
    (void)add(std::move(c));
    const auto manager = sign_in("manager@example.com");
    (void)failure_of([&] { return manager->async_create_contact(person("x@example.com", role::administrator), block); },
                     errc::permission_denied);
    auto keys = person("x@example.com", role::viewer);
    keys.grants = {permission::manage_keys};
    (void)failure_of([&] { return manager->async_create_contact(std::move(keys), block); }, errc::permission_denied);
    const auto made = manager->async_create_contact(person("x@example.com", role::technician), block);
    (void)failure_of([&] { return manager->async_update_contact(role_of(made, role::administrator), block); },
                     errc::permission_denied);
    auto grant = update_of(made);
    grant.grants = {permission::manage_blocks};
    (void)failure_of([&] { return manager->async_update_contact(grant, block); }, errc::permission_denied);
    EXPECT_EQ(manager->async_update_contact(role_of(made, role::manager), block).role, role::manager);
}

TEST_P(contacts, what_the_company_is_not_given_cannot_be_handed_on_for_later) {
    add_account();
    auto c = person("manager@example.com", role::manager);
    c.grants = {permission::manage_contacts};
    (void)add(std::move(c));
    account_update withhold;
    withhold.account = acme;
    withhold.withheld = {permission::manage_keys, permission::manage_blocks};
    (void)lineside().async_update_account(withhold, block);
    const auto manager = sign_in("manager@example.com");
    (void)failure_of([&] { return manager->async_create_contact(person("x@example.com", role::administrator), block); },
                     errc::permission_denied);
}

TEST_P(contacts, nobody_changes_those_who_may_more) {
    add_account();
    const auto admin = add("admin@example.com", role::administrator);
    (void)add("second@example.com", role::administrator);
    auto c = person("manager@example.com", role::manager);
    c.grants = {permission::manage_contacts};
    const auto manager_contact = add(std::move(c));
    const auto manager = sign_in("manager@example.com");
    (void)failure_of([&] { return manager->async_update_contact(status_of(admin, contact_status::disabled), block); },
                     errc::permission_denied);
    auto ips = update_of(admin);
    ips.allowed_ips = {"192.0.2.1"};
    (void)failure_of([&] { return manager->async_update_contact(ips, block); }, errc::permission_denied);
    EXPECT_EQ(sign_in("admin@example.com")
                  ->async_update_contact(status_of(manager_contact, contact_status::disabled), block)
                  .status,
              contact_status::disabled);
}

TEST_P(contacts, the_last_administrator_stays_but_for_the_operator) {
    add_account();
    const auto admin = add("admin@example.com", role::administrator);
    const auto me = sign_in("admin@example.com");
    auto denial = update_of(admin);
    denial.denials = {permission::manage_contacts};
    for (const auto& u : {status_of(admin, contact_status::disabled), role_of(admin, role::manager), denial})
        (void)failure_of([&] { return me->async_update_contact(u, block); }, errc::conflict);
    EXPECT_EQ(lineside().async_get_contact({acme, admin.id}, block), admin);

    const auto second = add("second@example.com", role::administrator);
    EXPECT_EQ(me->async_update_contact(role_of(second, role::viewer), block).role, role::viewer);
    (void)failure_of([&] { return me->async_update_contact(role_of(admin, role::viewer), block); }, errc::conflict);
    EXPECT_EQ(lineside().async_update_contact(role_of(admin, role::viewer), block).role, role::viewer);
}

TEST_P(contacts, two_administrators_who_demote_each_other_leave_one) {
    add_account();
    const auto first = add("first@example.com", role::administrator);
    const auto second = add("second@example.com", role::administrator);
    const auto one = sign_in("first@example.com");
    const auto two = sign_in("second@example.com");
    const auto [a, b] = race([&] { return one->async_update_contact(role_of(second, role::viewer), block); },
                             [&] { return two->async_update_contact(role_of(first, role::viewer), block); });
    EXPECT_NE(a, b);
    EXPECT_EQ(lineside().async_get_contact({acme, first.id}, block).role, a ? role::administrator : role::viewer);
}

TEST_P(contacts, disabling_ends_sessions_at_once_and_enabling_brings_none_back) {
    add_account();
    const auto c = add("robin@example.com");
    const auto robin = sign_in("robin@example.com");
    EXPECT_EQ(robin->async_get_profile({}, block).id, c.id);
    (void)lineside().async_update_contact(status_of(c, contact_status::disabled), block);
    (void)failure_of([&] { return robin->async_get_profile({}, block); }, errc::unauthenticated);
    (void)failure_of([&] { return sign_in("robin@example.com"); }, errc::unauthenticated);
    (void)lineside().async_update_contact(status_of(c, contact_status::active), block);
    (void)failure_of([&] { return robin->async_get_profile({}, block); }, errc::unauthenticated);
    EXPECT_EQ(sign_in("robin@example.com")->async_get_profile({}, block).id, c.id);
}

TEST_P(contacts, the_allow_list_is_changed_by_those_who_manage_contacts) {
    add_account();
    const auto c = add("robin@example.com");
    auto u = update_of(c);
    u.allowed_ips = {"192.0.2.0/24"};
    EXPECT_EQ(lineside().async_update_contact(u, block).allowed_ips, *u.allowed_ips);
    sign_in_request from;
    from.email = "robin@example.com";
    from.password = secret(password);
    from.source_ip = "203.0.113.9";
    (void)failure_of([&] { return lineside().async_sign_in(std::move(from), block); }, errc::unauthenticated);
    u.allowed_ips = {"not an address"};
    EXPECT_EQ(failure_of([&] { return lineside().async_update_contact(u, block); }, errc::invalid_argument).field,
              "allowed_ips");
    u.allowed_ips = std::vector<std::string>();
    EXPECT_TRUE(lineside().async_update_contact(u, block).allowed_ips.empty());
    EXPECT_NO_THROW((void)sign_in("robin@example.com"));
}

} // namespace
} // namespace lineside::contract
