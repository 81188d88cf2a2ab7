#include "integration/contract/tenancy_test.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What an answer shows of what there is, and what can be handed on.
namespace lineside::contract {

namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(permissions, tenancy_test);

template <class Answer>
std::string json_of(const Answer& answer) {
    std::string text;
    wire::append_json(text, answer);
    return text;
}

} // namespace

TEST_P(permissions, an_export_asks_for_the_permission_of_what_it_shows) {
    const auto falcon = settle("falcon");
    const std::vector<std::pair<permission, decltype(export_request::what)>> kinds = {
        {permission::view_summary, summary_export{}},
        {permission::view_calls, call_query{}},
        {permission::view_graphs, series_query{.range = estate_hours}},
        {permission::view_access_log, access_log_query{}},
    };
    for (const auto& kind : kinds) {
        const auto needs = kind.first;
        const auto run = [&](portal& p) {
            export_request request;
            request.what = kind.second;
            request.write = [](std::string_view) {};
            return p.async_export_data(std::move(request), block).rows;
        };
        const auto without = member(falcon.account, role::administrator, {needs});
        (void)failure_of([&] { return run(*without); }, errc::permission_denied);
        EXPECT_GT(run(*member(falcon.account, role::administrator)), 0U);
        EXPECT_GT(run(*with(key_text(falcon.account, {needs}))), 0U);
        (void)failure_of([&] { return run(*with(key_text(falcon.account, {permission::make_payments}))); },
                         errc::permission_denied);
    }
}

// ---- what is hidden is not there

TEST_P(permissions, a_member_of_an_answer_that_the_asker_may_not_see_is_unset) {
    const auto falcon = settle("falcon");
    const auto see_account = [&](std::vector<permission> denials) {
        return member(falcon.account, role::administrator, std::move(denials))->async_get_account({}, block);
    };
    EXPECT_EQ(see_account({}).debit_limit, (money{100, 0, "EUR"}));
    EXPECT_EQ(see_account({permission::view_balance}).debit_limit, std::nullopt);
    EXPECT_NE(json_of(see_account({permission::view_balance})).find("\"debit_limit\":null"), std::string::npos);
    for (const auto hidden : {permission::view_payments, permission::view_summary}) {
        const auto b = member(falcon.account, role::administrator, {hidden})->async_get_balance({}, block);
        EXPECT_EQ(b.payments, std::nullopt);
        EXPECT_EQ(b.charges, std::nullopt);
        EXPECT_EQ(b.amount, (money{-1, -200'000'000, "EUR"}));
    }
    const auto whole = member(falcon.account, role::administrator)->async_get_balance({}, block);
    EXPECT_EQ(whole.payments, (money{0, 0, "EUR"}));
    EXPECT_EQ(whole.charges, (money{1, 200'000'000, "EUR"}));
}

TEST_P(permissions, what_is_the_operators_alone_stands_in_no_answer_that_a_customer_gets) {
    const auto falcon = settle("falcon");
    (void)lineside().async_complete_payment({falcon.account, falcon.payment}, block);
    const auto asker = member(falcon.account, role::administrator);
    const auto program = with(key_text(falcon.account, permission_set::everything().list()));
    for (const auto& p : {asker, program})
        for (const auto& r : table()) {
            if (is_for(r, operation::audience::operators) || r.names_thing)
                continue;
            const auto got = r.ask(*p, falcon);
            for (const auto* word : {"wholesale", "undercut"})
                EXPECT_EQ(got.text.find(word), std::string::npos) << r.name << ": " << got;
        }
    EXPECT_NE(json_of(lineside().async_list_payments({.account = falcon.account}, block)).find("wholesale"),
              std::string::npos);
}

// ---- nobody hands on what they do not have

TEST_P(permissions, no_permission_can_be_given_by_whoever_lacks_it) {
    const auto falcon = settle("falcon");
    for (const auto p : permission_set::everything().list()) {
        if (p == permission::manage_contacts || p == permission::manage_keys)
            continue; // needed for giving anything
        SCOPED_TRACE(std::string(to_string(p)));
        const auto giver = member(falcon.account, role::administrator, {p});
        const auto refused = [&](auto run) { (void)failure_of(run, errc::permission_denied); };
        auto wanted = person("wanted@falcon.example", role::viewer, falcon.account);
        wanted.denials = permissions_of(role::viewer).list();
        wanted.grants = {p};
        wanted.denials.erase(std::remove(wanted.denials.begin(), wanted.denials.end(), p), wanted.denials.end());
        refused([&] { return giver->async_create_contact(std::move(wanted), block).id; });
        contact_update update{.account = falcon.account, .contact = falcon.contact};
        update.grants = {p};
        refused([&] { return giver->async_update_contact(update, block).id; });
        update = {.account = falcon.account, .contact = falcon.contact};
        update.role = role::administrator;
        refused([&] { return giver->async_update_contact(update, block).id; });
        api_key_create key{.account = falcon.account, .name = "more", .scopes = {p}};
        key.password = secret(password);
        refused([&] { return giver->async_create_key(std::move(key), block).key.id; });
        // One that somebody else made may do more than the giver: its secret is not for the giver either.
        const auto strong = with(key_text(falcon.account, {p}))->async_who_am_i({}, block).key;
        api_key_rotation rotation{.account = falcon.account, .key = strong};
        rotation.password = secret(password);
        refused([&] { return giver->async_rotate_key(std::move(rotation), block).key.id; });
    }
    EXPECT_EQ(lineside().async_get_contact({falcon.account, falcon.contact}, block).role, role::viewer);
}

} // namespace lineside::contract
