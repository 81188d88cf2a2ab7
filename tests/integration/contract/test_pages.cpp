#include <lineside/pages.hpp>

#include "integration/contract/people.hpp"

#include <boost/asio/use_future.hpp>

#include <string>
#include <vector>

namespace lineside::contract {

namespace {

LINESIDE_PEOPLE_ON_EVERY_PORTAL(pages);

std::vector<std::string> names(int n) {
    std::vector<std::string> all;
    for (int i = 0; i < n; ++i)
        all.push_back("account-" + std::to_string(100 + i));
    return all;
}

TEST_P(pages, a_range_has_every_item_once_whatever_the_size_of_a_page) {
    for (const auto& name : names(7))
        add_account(account_id(name));
    for (std::uint32_t limit : {1U, 2U, 3U, 7U, 100U}) {
        std::vector<std::string> seen;
        for (const auto& a : items<operation::list_accounts>(lineside(), {.cursor = {}, .limit = limit}))
            seen.push_back(a.id.value());
        EXPECT_EQ(seen, names(7)) << limit;
    }
}

TEST_P(pages, a_range_asks_only_for_the_pages_that_are_looked_at) {
    for (const auto& name : names(4))
        add_account(account_id(name));
    items<operation::list_accounts> all(lineside(), {.cursor = {}, .limit = 2});
    auto i = all.begin();
    ++i;
    add_account(account_id("account-101a")); // behind what was looked at: on the page that was not asked for yet
    ++i;
    EXPECT_EQ(i->id.value(), "account-101a");
}

TEST_P(pages, an_empty_list_is_an_empty_range) {
    items<operation::list_accounts> all(lineside(), {});
    EXPECT_TRUE(all.begin() == std::default_sentinel);
}

TEST_P(pages, what_an_operation_refuses_is_thrown_by_the_range) {
    items<operation::list_contacts> all(lineside(), {.account = account_id("atlantis")});
    (void)failure_of([&] { return all.begin() == std::default_sentinel; }, errc::not_found);
}

TEST_P(pages, a_pager_gives_page_after_page_to_any_token_and_knows_the_last) {
    for (const auto& name : names(5))
        add_account(account_id(name));
    pager<operation::list_accounts> all(lineside(), {.cursor = {}, .limit = 2});
    std::vector<std::string> seen;
    int asked = 0;
    while (!all.done()) {
        const auto page = asked++ % 2 == 0 ? all.async_next(block) : all.async_next(asio::use_future).get();
        for (const auto& a : page.items)
            seen.push_back(a.id.value());
    }
    EXPECT_EQ(seen, names(5));
    EXPECT_EQ(asked, 3);
}

} // namespace

} // namespace lineside::contract
