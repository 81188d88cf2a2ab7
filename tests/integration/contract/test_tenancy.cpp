#include "integration/contract/tenancy_test.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Every operation of the table against everybody who could ask for it: what comes of it follows from the row.
namespace lineside::contract {

namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(tenancy, tenancy_test);

} // namespace

TEST_P(tenancy, nobody_without_a_credential_gets_beyond_what_is_anyones) {
    const auto falcon = settle("falcon");
    const auto before = picture(falcon.account);
    const auto stranger = nobody();
    for (const auto& r : table()) {
        const auto got = r.ask(*stranger, falcon);
        if (is_for(r, operation::audience::anyone)) {
            EXPECT_NE(got.text, "sign in first") << r.name;
        } else {
            EXPECT_EQ(got, (outcome{errc::unauthenticated, "sign in first", {}, {}})) << r.name;
        }
    }
    EXPECT_EQ(picture(falcon.account), before);
}

// One who was somebody once, or never was, gets nothing: not even what anyone gets who shows nothing.
TEST_P(tenancy, a_credential_that_has_ended_is_good_for_nothing) {
    const auto falcon = settle("falcon");
    const auto shut = settle("shut");
    const auto everything = permission_set::everything().list();
    std::map<std::string, std::shared_ptr<portal>> ended;
    (void)add("ann@falcon.example", role::administrator, falcon.account);
    ended["an idle session"] = with(grant_of("ann@falcon.example").token);
    ended["an expired key"] = with(key_text(falcon.account, everything, clock.now() + minutes(10)));
    clock.advance(minutes(31));

    const auto grant = grant_of("ann@falcon.example");
    ended["a session that signed out"] = with(grant.token);
    (void)with(grant.token)->async_sign_out({}, block);
    const auto ann = with(grant_of("ann@falcon.example").token);

    const auto bob = add("bob@falcon.example", role::administrator, falcon.account);
    ended["a disabled contact"] = with(grant_of("bob@falcon.example").token);
    contact_update disable{.account = falcon.account, .contact = bob.id};
    disable.status = contact_status::disabled;
    (void)lineside().async_update_contact(disable, block);

    auto cy = person("cy@falcon.example", role::administrator, falcon.account);
    cy.allowed_ips = {"192.0.2.0/24"};
    (void)add(std::move(cy));
    const auto home = grant_of("cy@falcon.example", "192.0.2.7");
    (void)with(home.token, "192.0.2.8")->async_who_am_i({}, block);
    ended["a source outside the allow-list"] = with(home.token, "198.51.100.1");
    ended["a source that is not known, with an allow-list"] = with(home.token);

    const auto revoked = key_text(falcon.account, everything);
    const auto id = with(revoked)->async_who_am_i({}, block).key;
    ended["a revoked key"] = with(revoked);
    (void)lineside().async_revoke_key({falcon.account, id}, block);
    auto rotated = key_text(falcon.account, everything);
    ended["the secret before a rotation"] = with(rotated);
    api_key_rotation rotation{.account = falcon.account, .key = with(rotated)->async_who_am_i({}, block).key};
    rotation.overlap = duration(0);
    (void)lineside().async_rotate_key(std::move(rotation), block);

    ended["a session of a disabled account"] = member(shut.account, role::administrator);
    ended["a key of a disabled account"] = with(key_text(shut.account, everything));
    account_update close{.account = shut.account};
    close.status = account_status::disabled;
    (void)lineside().async_update_account(close, block);

    ended["a token that never was"] = with(secret("NobodyHasThisTokenNobodyHasThisTokenNobodyHa"));
    std::string text(grant_of("ann@falcon.example").token.reveal());
    text.back() = text.back() == 'A' ? 'B' : 'A';
    ended["a token that was changed"] = with(secret(text));
    text = key_text(falcon.account, everything).reveal();
    text[text.size() / 2] = text[text.size() / 2] == 'A' ? 'B' : 'A';
    ended["a key that was changed"] = with(secret(text));

    const auto before = picture(falcon.account);
    for (const auto& [what, asker] : ended)
        for (const auto& r : table()) {
            const auto got = r.ask(*asker, falcon);
            EXPECT_EQ(got.failed, errc::unauthenticated) << what << " at " << r.name << ": " << got;
            EXPECT_EQ(got.text.find("Falcon"), std::string::npos) << what << " at " << r.name << ": " << got;
        }
    EXPECT_EQ(picture(falcon.account), before);
    (void)ann->async_who_am_i({}, block);
}

// Somebody who may do everything in one account, at the door of another: it is as if that one were not there.
TEST_P(tenancy, another_accounts_things_cannot_be_told_from_things_that_are_not_there) {
    const auto falcon = settle("falcon");
    const account_id own{"hawk"};
    (void)lineside().async_create_account({.id = own, .name = "Hawk", .currency = "EUR"}, block);
    const auto missing = not_there();
    const auto before = picture(falcon.account);
    const auto log_before = log_of(falcon.account).size();
    const std::map<std::string, std::shared_ptr<portal>> askers = {
        {"an administrator", member(own, role::administrator)},
        {"a key", with(key_text(own, permission_set::everything().list()))},
    };
    for (const auto& a : askers)
        for (const auto& r : table()) {
            const auto& who = a.first;
            const auto& asker = a.second;
            SCOPED_TRACE(who + " at " + r.name);
            if (is_for(r, operation::audience::anyone))
                continue;
            const auto alike = [&](naming how) {
                auto there = r.ask(*asker, falcon, how);
                auto nowhere = r.ask(*asker, missing, how);
                EXPECT_EQ(there.text.find("Falcon"), std::string::npos) << there;
                there.text = without_names(there.text, falcon);
                nowhere.text = without_names(nowhere.text, missing);
                EXPECT_EQ(there, nowhere);
                return there.failed;
            };
            if (is_for(r, operation::audience::operators)) {
                EXPECT_EQ(alike(naming::account_named), errc::permission_denied);
                EXPECT_EQ(alike(naming::account_left_empty), errc::permission_denied);
                continue;
            }
            if (r.names_account) {
                EXPECT_EQ(alike(naming::account_named), errc::not_found);
            }
            if (r.names_thing) {
                // A key is nobody, so it asks about no contact.
                const auto failed = alike(naming::account_left_empty);
                if (failed != errc::permission_denied || who != "a key" || !is_for(r, operation::audience::signed_in)) {
                    EXPECT_EQ(failed, errc::not_found);
                }
            }
            if (r.narrows)
                (void)alike(naming::account_left_empty);
        }
    EXPECT_EQ(picture(falcon.account), before);
    EXPECT_EQ(log_of(falcon.account).size(), log_before) << "a stranger wrote into another account's log";
}

TEST_P(tenancy, a_cursor_of_another_account_leads_to_nothing_of_it) {
    const auto falcon = settle("falcon");
    const auto own = settle("hawk");
    const auto asker = member(own.account, role::administrator);
    std::vector<std::string> cursors = {falcon.account.value(),
                                        falcon.contact.value(),
                                        falcon.session,
                                        falcon.key,
                                        falcon.payment,
                                        falcon.block,
                                        falcon.extension,
                                        falcon.rule,
                                        falcon.webhook,
                                        falcon.delivery,
                                        "1",
                                        "0"};
    cursors.push_back(lineside().async_list_access_log({.account = falcon.account, .limit = 2}, block).next);
    std::size_t asked = 0;
    for (const auto& r : table()) {
        if (!r.has_cursor || is_for(r, operation::audience::operators))
            continue;
        for (const auto& cursor : cursors) {
            const auto got = r.ask(*asker, own, naming::account_left_empty, cursor);
            for (const auto& name :
                 {falcon.contact.value(), falcon.key, falcon.payment, falcon.rule, falcon.webhook, falcon.delivery,
                  std::string("falcon@falcon.example"), std::string("Falcon falcon")})
                EXPECT_EQ(got.text.find('"' + name + '"'), std::string::npos) << r.name << ": " << got;
            ++asked;
        }
    }
    EXPECT_GT(asked, 100U);
}

// Which rows somebody may have follows from the permissions of a role, and nothing else.
TEST_P(tenancy, each_role_gets_the_rows_of_its_permissions_and_is_refused_the_others_in_the_log) {
    const auto falcon = settle("falcon");
    for (const auto as : {role::viewer, role::technician, role::billing, role::manager, role::administrator}) {
        const auto asker = member(falcon.account, as);
        const auto me = asker->async_who_am_i({}, block);
        ASSERT_EQ(me.permissions, permissions_of(as).list());
        const auto before = picture(falcon.account);
        for (const auto& r : table()) {
            SCOPED_TRACE(std::string(to_string(as)) + " at " + r.name);
            const bool may = is_for(r, operation::audience::permitted) && permissions_of(as).contains(r.access.needs);
            if (may || is_for(r, operation::audience::anyone) || is_for(r, operation::audience::signed_in))
                continue;
            const auto got = r.ask(*asker, falcon);
            EXPECT_EQ(got.failed, errc::permission_denied) << got;
            const auto entry = log_of(falcon.account, 1).at(0);
            EXPECT_EQ(entry.action, r.name);
            EXPECT_EQ(entry.outcome, access_outcome::refused);
            EXPECT_EQ(entry.who, "contact " + me.contact.value().id.value());
        }
        EXPECT_EQ(picture(falcon.account), before);
    }
}

// The other side of it: nothing is refused to those who may.
TEST_P(tenancy, whoever_may_is_served_with_every_operation) {
    numbering n;
    n.range_start = "100000";
    n.block_size = 10;
    n.rest_days = 0;
    (void)lineside().async_set_numbering(n, block);
    (void)lineside().async_create_account({.id = account_id("neighbour")}, block);
    for (const auto& r : table()) {
        SCOPED_TRACE(r.name);
        if (is_for(r, operation::audience::anyone))
            continue;
        auto name = r.name;
        std::replace(name.begin(), name.end(), '_', '-');
        auto own = settle(name);
        std::shared_ptr<portal> asker;
        if (is_for(r, operation::audience::permitted)) {
            // Neither role nor scope gives more than this one permission, so it is enough.
            auto c = person("may@" + name + ".example", role::viewer, own.account);
            const bool hands_on =
                r.access.needs == permission::manage_contacts || r.access.needs == permission::manage_keys;
            c.role = hands_on ? role::administrator : role::viewer;
            // Of alerts only those can be seen that tell what one may see.
            const bool alerts =
                r.access.needs == permission::manage_alerts || r.access.needs == permission::view_alerts;
            c.grants = {r.access.needs};
            if (alerts)
                c.grants.push_back(permission::view_balance);
            if (!hands_on)
                c.denials = (permissions_of(role::viewer) - permission_set{r.access.needs}).list();
            const auto email = c.email;
            (void)add(std::move(c));
            asker = with(grant_of(email).token);
        } else if (is_for(r, operation::audience::signed_in)) {
            // About itself: with its own id in the request.
            const auto grant = grant_of("falcon@" + name + ".example");
            own.session = grant.session.id;
            asker = with(grant.token);
        }
        const auto got = asker ? r.ask(*asker, own) : r.ask(lineside(), own);
        for (const auto refusal :
             {errc::unauthenticated, errc::permission_denied, errc::not_found, errc::internal, errc::unavailable})
            EXPECT_NE(got.failed, refusal) << got;
    }
}

TEST_P(tenancy, what_is_withheld_from_an_account_or_denied_to_a_contact_or_not_in_a_keys_scopes_is_refused) {
    const auto falcon = settle("falcon");
    const auto administrator = member(falcon.account, role::administrator);
    const auto all = permission_set::everything();
    const auto program = with(key_text(falcon.account, all.list()));
    for (const auto p : all.list()) {
        const auto denied = member(falcon.account, role::administrator, {p});
        const auto unscoped = with(key_text(falcon.account, (all - permission_set{p}).list()));
        const auto expect_refused = [&](const char* who, portal& asker) {
            for (const auto& r : table())
                if (is_for(r, operation::audience::permitted) && r.access.needs == p) {
                    const auto got = r.ask(asker, falcon);
                    EXPECT_EQ(got.failed, errc::permission_denied) << who << " at " << r.name << ": " << got;
                }
        };
        const auto before = picture(falcon.account);
        expect_refused("a contact with it denied", *denied);
        expect_refused("a key without its scope", *unscoped);
        EXPECT_EQ(picture(falcon.account), before);
        withhold(falcon.account, {p});
        expect_refused("an administrator", *administrator);
        expect_refused("a key", *program);
        withhold(falcon.account, {});
        EXPECT_EQ(picture(falcon.account), before);
    }
}

TEST_P(tenancy, an_operators_key_of_limited_scopes_has_them_everywhere_and_is_no_operator) {
    const auto falcon = settle("falcon");
    const auto program = with(key_text({}, {permission::view_balance}));
    const auto before = picture(falcon.account);
    for (const auto& r : table()) {
        SCOPED_TRACE(r.name);
        const auto got = r.ask(*program, falcon);
        const bool may = is_for(r, operation::audience::permitted) && r.access.needs == permission::view_balance;
        if (may || r.name == "who_am_i") {
            EXPECT_EQ(got.failed, std::nullopt) << got;
        } else if (!is_for(r, operation::audience::anyone)) {
            EXPECT_EQ(got.failed, errc::permission_denied) << got;
        }
    }
    EXPECT_EQ(picture(falcon.account), before);
}

} // namespace lineside::contract
