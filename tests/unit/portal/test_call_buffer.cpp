#include "portal/engine/calls/call_buffer.hpp"
#include "portal/engine/calls/prepared_batch.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lineside {
namespace {

constexpr std::int64_t midnight = 1'772'323'200'000;

call_view call_of(std::string_view account, std::string_view id, std::string_view currency = {}) {
    call_view call;
    call.account = account;
    call.call_id = id;
    call.currency = currency;
    call.start = midnight;
    return call;
}

TEST(call_buffer, texts_of_any_length_and_number_of_accounts_are_kept) {
    call_buffer buffer;
    for (int round = 0; round < 2; ++round) { // the second time in the memory of the first
        std::vector<call_view> added;
        std::vector<std::string> texts;
        texts.reserve(3'000);
        for (std::size_t i = 0; i < 3'000; ++i)
            texts.push_back(std::to_string(i) +
                            std::string(i % 7 == 0 ? i * 3 : i % 40, static_cast<char>('a' + i % 26)));
        texts.front().assign(300'000, 'x'); // beyond a block
        const std::vector<std::string> accounts{"quiet", "busy", std::string(200, 'l')};
        for (std::size_t i = 0; i < texts.size(); ++i) {
            auto& call = added.emplace_back(call_of(accounts[i % 10 == 0 ? 0 : 1 + i % 2], texts[i], "EUR"));
            call.cli = texts[texts.size() - 1 - i];
            buffer.add(call, 1, true);
        }
        ASSERT_EQ(buffer.size(), added.size());
        ASSERT_EQ(buffer.accounts().size(), accounts.size());
        for (std::size_t i = 0; i < added.size(); ++i) {
            ASSERT_EQ(buffer.calls()[i].view, added[i]) << i;
            ASSERT_NE(buffer.calls()[i].view.call_id.data(), added[i].call_id.data());
            ASSERT_EQ(buffer.accounts()[buffer.account_of()[i]], added[i].account);
        }
        buffer.clear();
        EXPECT_TRUE(buffer.empty());
    }
}

TEST(call_buffer, every_currency_of_an_account_is_among_its_changes) {
    call_buffer buffer;
    for (const auto& [account, currency] : std::vector<std::pair<const char*, const char*>>{
             {"a", ""}, {"a", "EUR"}, {"b", "USD"}, {"a", "EUR"}, {"b", ""}, {"a", "USD"}, {"b", "USD"}, {"c", ""}})
        buffer.add(call_of(account, std::to_string(buffer.size()), currency), 1, true);
    EXPECT_EQ(buffer.currency_changes(), (std::vector<std::uint32_t>{1, 2, 5}));
    buffer.clear();
    buffer.add(call_of("a", "1", "EUR"), 1, true);
    EXPECT_EQ(buffer.currency_changes(), (std::vector<std::uint32_t>{0}));
}

TEST(prepared_batch, an_identity_that_comes_twice_is_noticed_in_batches_of_any_size) {
    for (const std::size_t n : {std::size_t{2}, std::size_t{100}, std::size_t{10'000}}) {
        call_buffer buffer;
        for (std::size_t i = 0; i < n; ++i)
            buffer.add(call_of("account", std::to_string(i)), 1, true);
        EXPECT_FALSE(prepared_batch(buffer).repeats()) << n;
        buffer.add(call_of("another", std::to_string(n / 2)), 2, true);
        EXPECT_FALSE(prepared_batch(buffer).repeats()) << "of another source";
        buffer.add(call_of("another", std::to_string(n / 2)), 1, true);
        prepared_batch batch(buffer);
        EXPECT_TRUE(batch.repeats()) << n;
        EXPECT_TRUE(batch.groups().empty());
    }
}

TEST(prepared_batch, identities_are_sorted_and_name_their_account_and_day) {
    call_buffer buffer;
    std::map<std::uint64_t, std::pair<std::uint32_t, store::day_number>> wanted;
    for (std::size_t i = 0; i < 10'000; ++i) {
        const auto account = "account " + std::to_string(i % 17);
        const auto id = std::to_string(i);
        auto call = call_of(account, id);
        call.start += static_cast<std::int64_t>(i % 5) * store::day_ms;
        buffer.add(call, 1, true);
        wanted[buffer.hashes().back()] = {buffer.account_of().back(), store::day_of(call.start)};
    }
    prepared_batch batch(buffer);
    ASSERT_EQ(batch.identities().size(), wanted.size());
    auto next = wanted.begin();
    for (const auto& e : batch.identities()) {
        ASSERT_EQ(e.hash, next->first);
        ASSERT_EQ((std::pair{e.account, e.day}), next->second);
        ++next;
    }
}

} // namespace
} // namespace lineside
