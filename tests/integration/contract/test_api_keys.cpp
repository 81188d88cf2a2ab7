#include "integration/contract/identity_test.hpp"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

// API keys: what they may do, and until when.
namespace lineside::contract {

namespace {

class api_keys_test : public identity_test {
protected:
    [[nodiscard]] static api_key_create wanted(std::vector<permission> scopes, std::string_view password = {},
                                               const account_id& account = acme) {
        api_key_create request;
        request.account = account;
        request.name = "billing job";
        request.scopes = std::move(scopes);
        request.password = secret(password);
        return request;
    }
    api_key_grant create(portal& p, std::vector<permission> scopes, std::string_view password = {}) {
        return p.async_create_key(wanted(std::move(scopes), password), block);
    }
    api_key_grant rotate(portal& p, const std::string& key, duration overlap, std::string_view password = {}) {
        api_key_rotation request{.account = acme, .key = key, .overlap = overlap};
        request.password = secret(password);
        return p.async_rotate_key(std::move(request), block);
    }
    std::vector<api_key> keys(portal& p) { return p.async_list_keys({.account = acme}, block).items; }
};

LINESIDE_ON_EVERY_PORTAL_WITH(api_keys, api_keys_test);

} // namespace

TEST_P(api_keys, a_key_is_a_portal_of_its_scopes) {
    (void)add_ann();
    const auto grant = create(lineside(), {permission::view_summary, permission::view_company});
    EXPECT_TRUE(grant.text.reveal().starts_with("lsk_" + grant.key.id + "_"));
    const auto p = as(grant.text);
    const auto who = p->async_who_am_i({}, block);
    EXPECT_EQ(who.kind, "key");
    EXPECT_EQ(who.key, grant.key.id);
    EXPECT_EQ(who.account, acme);
    EXPECT_FALSE(who.contact);
    EXPECT_EQ(who.permissions, (std::vector{permission::view_company, permission::view_summary}));
    EXPECT_EQ(p->async_get_account({}, block).id, acme);
    (void)failure_of([&] { return p->async_list_contacts({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return p->async_list_accounts({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return p->async_list_sessions({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return p->async_get_account(account_id("other"), block); }, errc::not_found);
}

TEST_P(api_keys, a_contact_makes_one_with_its_password_and_no_more_than_its_own_scopes) {
    const auto ann = add_ann(role::administrator);
    contact_update update{.account = acme, .contact = ann.id};
    update.denials = {permission::view_balance};
    (void)lineside().async_update_contact(std::move(update), block);
    const auto p = as(sign_in().token);
    EXPECT_EQ(failure_of([&] { return create(*p, {permission::view_calls}); }, errc::unauthenticated).field,
              "password");
    EXPECT_EQ(failure_of([&] { return create(*p, {permission::view_balance}, good_password); }, errc::permission_denied)
                  .field,
              "scopes");
    EXPECT_TRUE(is_known(*as(create(*p, {permission::view_calls}, good_password).text)));
    (void)add("bob@acme.example", role::manager);
    const auto bob = as(sign_in({}, home, "bob@acme.example").token);
    (void)failure_of([&] { return create(*bob, {permission::view_calls}, good_password); }, errc::permission_denied);
}

TEST_P(api_keys, a_key_hands_on_no_more_than_it_has) {
    (void)add_ann();
    const auto manager = as(create(lineside(), {permission::manage_keys, permission::view_calls}).text);
    const auto strong = create(lineside(), {permission::view_balance});
    const auto weak = create(*manager, {permission::view_calls});
    (void)failure_of([&] { return create(*manager, {permission::view_balance}); }, errc::permission_denied);
    (void)failure_of([&] { return rotate(*manager, strong.key.id, hours(1)); }, errc::permission_denied);
    (void)rotate(*manager, weak.key.id, hours(1));
    (void)failure_of(
        [&] { return manager->async_create_key(wanted({permission::view_calls}, {}, account_id("x")), block); },
        errc::not_found);
}

TEST_P(api_keys, a_key_loses_what_its_company_is_not_given) {
    (void)add_ann();
    const auto p = as(create(lineside(), {permission::view_calls, permission::view_summary}).text);
    (void)lineside().async_update_account({.account = acme, .withheld = std::vector{permission::view_calls}}, block);
    EXPECT_EQ(p->async_who_am_i({}, block).permissions, std::vector{permission::view_summary});
    (void)lineside().async_update_account({.account = acme, .status = account_status::disabled}, block);
    EXPECT_FALSE(is_known(*p));
}

TEST_P(api_keys, a_request_that_makes_no_sense_is_refused) {
    (void)add_ann();
    const auto fails = [&](api_key_create request, errc with, std::string_view field) {
        EXPECT_EQ(failure_of([&] { return lineside().async_create_key(std::move(request), block); }, with).field,
                  field);
    };
    auto nameless = wanted({permission::view_calls});
    nameless.name.clear();
    fails(std::move(nameless), errc::invalid_argument, "name");
    auto long_name = wanted({permission::view_calls});
    long_name.name = std::string(257, 'x');
    fails(std::move(long_name), errc::invalid_argument, "name");
    fails(wanted({}), errc::invalid_argument, "scopes");
    auto past = wanted({permission::view_calls});
    past.expires_at = clock.now();
    fails(std::move(past), errc::invalid_argument, "expires_at");
    fails(wanted({permission::view_calls}, {}, account_id("nowhere")), errc::not_found, "account");
    (void)failure_of([&] { return rotate(lineside(), "k-x", hours(1)); }, errc::not_found);
    (void)failure_of([&] { return rotate(lineside(), "k-x", -hours(1)); }, errc::invalid_argument);
    (void)failure_of([&] { return rotate(lineside(), "k-x", days(31)); }, errc::invalid_argument);
    (void)failure_of([&] { return lineside().async_revoke_key({acme, "k-x"}, block); }, errc::not_found);
    for (const std::uint32_t limit : {0U, 1'001U})
        (void)failure_of([&] { return lineside().async_list_keys({.account = acme, .limit = limit}, block); },
                         errc::invalid_argument);
}

TEST_P(api_keys, a_key_expires_on_time_and_not_before) {
    (void)add_ann();
    auto request = wanted({permission::view_calls});
    request.expires_at = clock.now() + hours(1);
    const auto grant = lineside().async_create_key(std::move(request), block);
    clock.advance(hours(1) - duration(1));
    EXPECT_TRUE(is_known(*as(grant.text)));
    clock.advance(duration(1));
    EXPECT_FALSE(is_known(*as(grant.text)));
    (void)failure_of([&] { return rotate(lineside(), grant.key.id, hours(1)); }, errc::conflict);
}

TEST_P(api_keys, a_revoked_key_ends_at_once_and_stays_in_the_list) {
    (void)add_ann();
    const auto grant = create(lineside(), {permission::view_calls});
    EXPECT_TRUE(is_known(*as(grant.text)));
    (void)lineside().async_revoke_key({acme, grant.key.id}, block);
    (void)lineside().async_revoke_key({acme, grant.key.id}, block);
    EXPECT_FALSE(is_known(*as(grant.text)));
    EXPECT_TRUE(keys(lineside()).at(0).revoked);
    (void)failure_of([&] { return rotate(lineside(), grant.key.id, hours(1)); }, errc::conflict);
}

TEST_P(api_keys, a_rotated_key_has_two_secrets_until_the_overlap_ends) {
    (void)add_ann();
    const auto first = create(lineside(), {permission::view_calls});
    const auto second = rotate(lineside(), first.key.id, hours(24));
    EXPECT_EQ(second.key.id, first.key.id);
    EXPECT_NE(second.text, first.text);
    EXPECT_EQ(second.key.previous_until, clock.now() + hours(24));
    EXPECT_TRUE(is_known(*as(first.text)));
    EXPECT_TRUE(is_known(*as(second.text)));
    (void)failure_of([&] { return rotate(lineside(), first.key.id, hours(1)); }, errc::conflict);
    clock.advance(hours(24));
    EXPECT_FALSE(is_known(*as(first.text)));
    EXPECT_TRUE(is_known(*as(second.text)));
    EXPECT_FALSE(keys(lineside()).at(0).previous_until);
    const auto third = rotate(lineside(), first.key.id, hours(1));
    EXPECT_TRUE(is_known(*as(second.text)));
    const auto fourth = rotate(lineside(), first.key.id, hours(0));
    for (const auto* old : {&first, &second, &third})
        EXPECT_FALSE(is_known(*as(old->text)));
    EXPECT_TRUE(is_known(*as(fourth.text)));
}

TEST_P(api_keys, of_eight_threads_that_rotate_with_overlap_one_does) {
    (void)add_ann();
    const auto key = create(lineside(), {permission::view_calls});
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            try {
                (void)rotate(lineside(), key.key.id, hours(1));
                ++done;
            } catch (const error& e) {
                EXPECT_EQ(e.code(), errc::conflict) << e.what();
            }
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(done, 1);
    EXPECT_TRUE(is_known(*as(key.text)));
}

TEST_P(api_keys, the_last_use_is_known_and_outlives_the_engine_to_the_minute) {
    (void)add_ann();
    const auto key = create(lineside(), {permission::view_calls});
    EXPECT_FALSE(keys(lineside()).at(0).last_used_at);
    EXPECT_TRUE(is_known(*as(key.text)));
    const auto first_use = clock.now();
    clock.advance(seconds(59));
    EXPECT_TRUE(is_known(*as(key.text)));
    EXPECT_EQ(keys(lineside()).at(0).last_used_at, clock.now());
    reopen();
    EXPECT_GE(keys(lineside()).at(0).last_used_at, first_use);
    clock.advance(seconds(1));
    EXPECT_TRUE(is_known(*as(key.text)));
    reopen();
    EXPECT_EQ(keys(lineside()).at(0).last_used_at, clock.now());
}

TEST_P(api_keys, a_list_comes_in_pages_and_shows_no_secret) {
    (void)add_ann();
    std::vector<std::string> made;
    for (int i = 0; i < 5; ++i) {
        made.push_back(create(lineside(), {permission::view_calls}).key.id);
        clock.advance(duration(1));
    }
    std::vector<std::string> seen;
    api_key_query query{.account = acme, .limit = 2};
    do {
        const auto page = lineside().async_list_keys(query, block);
        EXPECT_LE(page.items.size(), 2U);
        for (const auto& k : page.items)
            seen.push_back(k.id);
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(seen, made);
}

TEST_P(api_keys, an_operators_key_is_the_operator_or_the_part_its_scopes_name) {
    const auto ann = add_ann();
    const auto all = lineside().async_create_key(wanted({}, {}, {}), block);
    const auto whole = as(all.text);
    EXPECT_EQ(whole->async_who_am_i({}, block).kind, "operator");
    EXPECT_EQ(whole->async_list_accounts({}, block).items.size(), 1U);
    EXPECT_EQ(whole->async_list_sessions({acme, ann.id}, block).items.size(), 0U);

    const auto part = as(
        lineside().async_create_key(wanted({permission::view_company, permission::manage_keys}, {}, {}), block).text);
    EXPECT_EQ(part->async_get_account(acme, block).id, acme);
    EXPECT_EQ(part->async_who_am_i({}, block).permissions,
              (std::vector{permission::view_company, permission::manage_keys}));
    (void)failure_of([&] { return part->async_list_accounts({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return part->async_list_sessions({acme, ann.id}, block); }, errc::permission_denied);
    (void)failure_of([&] { return part->async_query_calls({.account = acme}, block); }, errc::permission_denied);
    (void)failure_of([&] { return part->async_create_key(wanted({}, {}, {}), block); }, errc::permission_denied);
    (void)failure_of([&] { return rotate(*part, all.key.id, hours(1)); }, errc::not_found);
    (void)part->async_create_key(wanted({permission::view_company}), block);
    EXPECT_EQ(lineside().async_list_keys({}, block).items.size(), 2U);
    EXPECT_EQ(keys(lineside()).size(), 1U);
}

TEST_P(api_keys, what_happens_to_keys_is_in_the_log) {
    (void)add_ann();
    const auto p = as(sign_in().token);
    const auto key = create(*p, {permission::view_calls}, good_password);
    (void)rotate(*p, key.key.id, hours(1), good_password);
    (void)p->async_revoke_key({acme, key.key.id}, block);
    EXPECT_FALSE(is_known(*as(key.text, elsewhere)));
    const auto log = lineside().async_list_access_log({.account = acme}, block).items;
    ASSERT_GE(log.size(), 4U);
    EXPECT_EQ(log[0].action, "identify");
    EXPECT_EQ(log[0].outcome, access_outcome::refused);
    EXPECT_EQ(log[0].source_ip, elsewhere);
    for (const auto& [i, action] : {std::pair{1, "revoke_key"}, {2, "rotate_key"}, {3, "create_key"}}) {
        EXPECT_EQ(log[static_cast<std::size_t>(i)].action, action);
        EXPECT_EQ(log[static_cast<std::size_t>(i)].target, key.key.id);
        EXPECT_TRUE(log[static_cast<std::size_t>(i)].who.starts_with("contact c-"));
    }
}

} // namespace lineside::contract
