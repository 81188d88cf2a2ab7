#include "integration/contract/contract.hpp"

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL(accounts);

account named(std::string id) {
    account a;
    a.id = account_id(std::move(id));
    return a;
}

TEST_P(accounts, created_account_is_read_back_as_it_was_given) {
    account a = named("acme");
    a.name = "Acme Widgets Ltd";
    a.currency = "EUR";
    a.time_zone = "Europe/Kyiv";
    a.channel_limit = 0; // a real limit
    a.debit_limit = money{250, 0, "EUR"};
    const auto created = lineside().async_create_account(a, block);
    a.created_at = clock.now();
    EXPECT_EQ(created, a);
    EXPECT_EQ(lineside().async_get_account(acme, block), a);
}

TEST_P(accounts, what_is_not_given_has_its_default) {
    const auto a = lineside().async_create_account(named("acme"), block);
    EXPECT_EQ(a.name, "acme");
    EXPECT_EQ(a.currency, "");
    EXPECT_EQ(a.time_zone, "UTC");
    EXPECT_FALSE(a.channel_limit);
    EXPECT_EQ(a.created_at, clock.now());
}

TEST_P(accounts, an_account_is_created_by_its_first_call) {
    (void)import({answered_call("1", clock.now() - hours(1), seconds(60))});
    const auto a = lineside().async_get_account(acme, block);
    EXPECT_EQ(a.name, "acme");
    EXPECT_EQ(a.created_at, clock.now());
    EXPECT_EQ(a.time_zone, "UTC");
}

TEST_P(accounts, an_id_is_taken_once) {
    account a = named("acme");
    a.name = "the first";
    (void)lineside().async_create_account(a, block);
    a.name = "the second";
    const auto d = failure_of([&] { return lineside().async_create_account(a, block); }, errc::conflict);
    EXPECT_EQ(d.field, "id");
    EXPECT_NE(d.message.find("acme"), std::string::npos);
    EXPECT_EQ(lineside().async_get_account(acme, block).name, "the first");

    (void)import({failed_call("1", clock.now())});
    (void)failure_of([&] { return lineside().async_create_account(named("acme"), block); }, errc::conflict);
}

TEST_P(accounts, an_account_of_calls_takes_no_second_creation) {
    (void)import({failed_call("1", clock.now())});
    (void)failure_of([&] { return lineside().async_create_account(named("acme"), block); }, errc::conflict);
}

TEST_P(accounts, bad_ids_are_refused_naming_the_field) {
    for (const auto& id :
         {std::string(), std::string(129, 'x'), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f")}) {
        const auto d =
            failure_of([&] { return lineside().async_create_account(named(id), block); }, errc::invalid_argument);
        EXPECT_EQ(d.field, "id");
    }
    EXPECT_TRUE(lineside().async_list_accounts({}, block).items.empty());
    EXPECT_EQ(lineside().async_create_account(named(std::string(128, 'x')), block).id.value().size(), 128U);
}

TEST_P(accounts, ids_are_utf8) {
    const auto d =
        failure_of([&] { return lineside().async_create_account(named("caf\xe9"), block); }, errc::invalid_argument);
    EXPECT_EQ(d.field, "id");
    EXPECT_EQ(lineside().async_create_account(named("café"), block).id.value(), "café");
}

TEST_P(accounts, bad_zones_and_currencies_are_refused_naming_the_field) {
    account a = named("acme");
    a.time_zone = "Europe/Atlantis";
    auto d = failure_of([&] { return lineside().async_create_account(a, block); }, errc::invalid_argument);
    EXPECT_NE(d.message.find("Europe/Atlantis"), std::string::npos);
    a.time_zone = "UTC";
    for (const auto* currency : {"EURO", "eur", "E", "12A"}) {
        a.currency = currency;
        d = failure_of([&] { return lineside().async_create_account(a, block); }, errc::invalid_argument);
        EXPECT_EQ(d.field, "currency");
    }
    (void)failure_of([&] { return lineside().async_get_account(acme, block); }, errc::not_found);
}

TEST_P(accounts, who_is_not_there_is_not_found_by_any_query) {
    const account_id nobody("nobody");
    const time_range range{clock.now() - days(1), clock.now()};
    const auto expect_not_found = [&](auto run) {
        EXPECT_NE(failure_of(run, errc::not_found).message.find("nobody"), std::string::npos);
    };
    expect_not_found([&] { return lineside().async_get_account(nobody, block); });
    expect_not_found([&] { return lineside().async_query_calls({.account = nobody}, block); });
    expect_not_found([&] { return lineside().async_query_series({nobody, metric::asr, range}, block); });
    expect_not_found([&] { return lineside().async_query_summary({.account = nobody}, block); });
    expect_not_found([&] { return lineside().async_query_statistics({{.account = nobody}}, block); });
    expect_not_found([&] { return lineside().async_explain({nobody, metric::asr, range}, block); });
    expect_not_found([&] {
        export_request e;
        e.what = summary_export{.account = nobody};
        e.write = [](std::string_view) {};
        return lineside().async_export_data(e, block);
    });
}

TEST_P(accounts, are_listed_in_the_order_of_their_ids_page_by_page) {
    std::vector<std::string> ids;
    for (int i = 0; i < 57; ++i)
        ids.push_back("acct-" + std::to_string(i * 37 % 57));
    ids.insert(ids.end(), {"Zed", "a", "émile", "acct", std::string(128, 'b')});
    for (const auto& id : ids)
        (void)lineside().async_create_account(named(id), block);
    std::sort(ids.begin(), ids.end());
    for (const std::uint32_t limit : {1U, 7U, 61U, 62U, 63U, 1'000U}) {
        std::vector<std::string> listed;
        account_query q{{}, limit};
        do {
            const auto page = lineside().async_list_accounts(q, block);
            EXPECT_LE(page.items.size(), limit);
            EXPECT_EQ(page.is_last(), listed.size() + page.items.size() == ids.size());
            for (const auto& a : page.items)
                listed.push_back(a.id.value());
            q.cursor = page.next;
        } while (!q.cursor.empty());
        EXPECT_EQ(listed, ids) << limit;
    }
}

TEST_P(accounts, a_page_has_1_to_1000_accounts) {
    for (const std::uint32_t limit : {0U, 1'001U}) {
        const auto d = failure_of(
            [&] {
                return lineside().async_list_accounts({{}, limit}, block);
            },
            errc::invalid_argument);
        EXPECT_EQ(d.field, "limit");
    }
}

TEST_P(accounts, stay_when_the_portal_is_opened_again) {
    account a = named("acme");
    a.currency = "USD";
    a.time_zone = "Asia/Kolkata";
    a.channel_limit = 30;
    a = lineside().async_create_account(a, block);
    reopen();
    EXPECT_EQ(lineside().async_get_account(acme, block), a);
}

TEST_P(accounts, what_is_updated_changes_and_the_rest_stays) {
    account a = named("acme");
    a.name = "Acme";
    a.currency = "EUR";
    a.channel_limit = 30;
    a = lineside().async_create_account(a, block);
    account_update u;
    u.account = acme;
    u.name = "Acme Widgets Ltd";
    u.time_zone = "Asia/Kathmandu";
    u.contact_name = "Robin Example";
    u.debit_limit = money{-5, 0, {}};
    u.tax = "19 %";
    u.paypal = "pay@example.com";
    u.language = "PT-br";
    u.status = account_status::disabled;
    u.withheld = {permission::manage_keys, permission::view_balance, permission::manage_keys};
    const auto changed = lineside().async_update_account(u, block);
    a.name = "Acme Widgets Ltd";
    a.time_zone = "Asia/Kathmandu";
    a.contact_name = "Robin Example";
    a.debit_limit = money{-5, 0, "EUR"};
    a.tax = "19 %";
    a.paypal = "pay@example.com";
    a.language = "pt-BR";
    a.status = account_status::disabled;
    a.withheld = {permission::view_balance, permission::manage_keys};
    EXPECT_EQ(changed, a);
    account_update nothing;
    nothing.account = acme;
    EXPECT_EQ(lineside().async_update_account(nothing, block), a);
    reopen();
    EXPECT_EQ(lineside().async_get_account(acme, block), a);
}

TEST_P(accounts, a_channel_limit_is_set_to_0_and_taken_away) {
    (void)lineside().async_create_account(named("acme"), block);
    account_update u;
    u.account = acme;
    u.channel_limit = 0;
    EXPECT_EQ(lineside().async_update_account(u, block).channel_limit, std::optional<std::uint32_t>(0));
    u.channel_limit.reset();
    EXPECT_EQ(lineside().async_update_account(u, block).channel_limit, std::optional<std::uint32_t>(0));
    u.no_channel_limit = true;
    EXPECT_FALSE(lineside().async_update_account(u, block).channel_limit);
}

TEST_P(accounts, a_bad_update_changes_nothing) {
    account a = named("acme");
    a.currency = "EUR";
    a = lineside().async_create_account(a, block);
    const auto refused = [&](auto change) {
        account_update u;
        u.account = acme;
        u.name = "Somebody Else";
        change(u);
        const auto d = failure_of([&] { return lineside().async_update_account(u, block); }, errc::invalid_argument);
        EXPECT_EQ(lineside().async_get_account(acme, block), a);
        return d.field;
    };
    (void)refused([](account_update& u) { u.time_zone = "Mars/Base"; });
    EXPECT_EQ(refused([](account_update& u) { u.debit_limit = money{5, 0, "USD"}; }), "debit_limit");
    EXPECT_EQ(refused([](account_update& u) { u.language = "no language"; }), "language");
    EXPECT_EQ(refused([](account_update& u) { u.tax = "a\nb"; }), "tax");
    EXPECT_EQ(refused([](account_update& u) { u.paypal = std::string(257, 'x'); }), "paypal");
    account_update u;
    u.account = account_id("nobody");
    (void)failure_of([&] { return lineside().async_update_account(u, block); }, errc::not_found);
}

TEST_P(accounts, calls_count_as_before_once_the_account_was_changed) {
    (void)import({answered_call("1", clock.now() - hours(1), seconds(60))});
    account_update u;
    u.account = acme;
    u.name = "Acme";
    (void)lineside().async_update_account(u, block);
    (void)import({answered_call("2", clock.now() - hours(1), seconds(60))});
    EXPECT_EQ(lineside().async_get_account(acme, block).name, "Acme");
    EXPECT_EQ(all_calls(acme).size(), 2U);
}

} // namespace
} // namespace lineside::contract
