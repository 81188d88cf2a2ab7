#include "integration/contract/numbers.hpp"

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(number_blocks, numbers_test);

TEST_P(number_blocks, the_first_block_is_1000_to_1999_and_the_next_2000_to_2999) {
    open(acme);
    open(other);
    const auto first = add(acme);
    EXPECT_EQ(first, (number_block{acme, "1000-1999", {"1000", "1999"}, clock.now(), 0}));
    EXPECT_EQ(add(other).id, "2000-2999");
    EXPECT_EQ(add(acme).id, "3000-3999");
    EXPECT_EQ(blocks_of(acme), (strings{"1000-1999", "3000-3999"}));
    EXPECT_EQ(blocks_of(other), strings{"2000-2999"});
    reopen();
    EXPECT_EQ(blocks_of(acme), (strings{"1000-1999", "3000-3999"}));
    EXPECT_EQ(add(other).id, "4000-4999");
}

TEST_P(number_blocks, sizes_may_differ_and_the_settings_stay) {
    open(acme);
    numbering n;
    n.range_start = "0200";
    n.block_size = 50;
    n.rest_days = 1;
    n.reserved = {{"110", "112"}};
    EXPECT_EQ(lineside().async_set_numbering(n, block), n);
    EXPECT_EQ(add(acme).id, "0200-0249");
    EXPECT_EQ(lineside().async_add_block({acme, 7U, {}}, block).id, "0256-0262");
    EXPECT_EQ(claim_range(acme, "30", "39").id, "30-39");
    reopen();
    EXPECT_EQ(lineside().async_get_numbering({}, block), n);
    EXPECT_EQ(blocks_of(acme), (strings{"30-39", "0200-0249", "0256-0262"}));
    EXPECT_EQ(add(acme).id, "0300-0349");
}

TEST_P(number_blocks, settings_that_make_no_sense_are_refused_naming_the_field) {
    const auto field = [&](numbering n) {
        return failure_of([&] { return lineside().async_set_numbering(n, block); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(field({"12a", 10, 30, {}}), "range_start");
    EXPECT_EQ(field({"1000", 0, 30, {}}), "block_size");
    EXPECT_EQ(field({"9999", 2, 30, {}}), "block_size");
    EXPECT_EQ(field({"1000", 10, 4'000, {}}), "rest_days");
    EXPECT_EQ(field({"1000", 10, 30, {{"20", "10"}}}), "reserved");
    EXPECT_EQ(lineside().async_get_numbering({}, block), numbering{});
}

TEST_P(number_blocks, overlapping_blocks_are_refused_and_only_the_operator_reads_whose_is_there) {
    open_two();
    (void)claim_range(other, "1000", "1999");
    const auto d =
        refused([&] { return claim_range(acme, "1500", "2500"); }, errc::conflict, number_refusal::overlaps_block);
    EXPECT_EQ(d.message, "1000-1999 is already assigned (account 'other')");
    EXPECT_EQ(d.field, "range");
    const auto mine = customer(acme);
    const auto told = refused(
        [&] {
            return mine->async_claim_block({{}, {"1500", "2500"}, {}}, block);
        },
        errc::conflict, number_refusal::overlaps_block);
    EXPECT_EQ(told.message, "1000-1999 is already assigned");
    EXPECT_EQ(mine->async_claim_block({{}, {"01500", "02500"}, {}}, block).account, acme);
    (void)failure_of([&] { return mine->async_claim_block({other, {"3000", "3001"}, {}}, block); }, errc::not_found);
    (void)failure_of([&] { return mine->async_set_numbering({}, block); }, errc::permission_denied);
}

TEST_P(number_blocks, wrong_ranges_and_accounts_are_refused) {
    open(acme);
    for (const auto& r : {std::pair{"100", "0199"}, {"2000", "1999"}, {"", ""}, {"1", "x"}})
        EXPECT_EQ(failure_of([&] { return claim_range(acme, r.first, r.second); }, errc::invalid_argument).field,
                  "range");
    (void)failure_of([&] { return add(other); }, errc::not_found);
    (void)failure_of([&] { return lineside().async_add_block({acme, 0U, {}}, block); }, errc::invalid_argument);
    refused(
        [&] {
            return lineside().async_add_block({acme, 10'000U, {}}, block);
        },
        errc::invalid_argument, number_refusal::out_of_range);
    (void)lineside().async_add_block({acme, 9'000U, {}}, block);
    refused([&] { return add(acme); }, errc::exhausted, number_refusal::exhausted);
    (void)failure_of([&] { return lineside().async_list_blocks({acme, {}, 0}, block); }, errc::invalid_argument);
}

TEST_P(number_blocks, a_block_with_somebody_elses_extension_is_refused_naming_it) {
    open_two();
    (void)take(other, "1003");
    (void)take(acme, "1012");
    const auto d =
        refused([&] { return claim_range(acme, "1000", "1009"); }, errc::conflict, number_refusal::holds_extension);
    EXPECT_EQ(d.message, "Extension 1003 inside this range is in use by somebody else (account 'other')");
    const auto told = refused(
        [&] {
            return customer(acme)->async_claim_block({{}, {"1000", "1009"}, {}}, block);
        },
        errc::conflict, number_refusal::holds_extension);
    EXPECT_EQ(told.message, "Extension 1003 inside this range is in use by somebody else");
    EXPECT_EQ(add(acme).id, "1010-1019");
    EXPECT_EQ(add(other).id, "1000-1009");
    EXPECT_EQ(lineside().async_list_blocks({other, {}, 10}, block).items.at(0).extensions, 1U);
}

TEST_P(number_blocks, a_released_block_rests_and_is_given_again_afterwards) {
    open_two();
    EXPECT_EQ(add(acme).id, "1000-1009");
    (void)lineside().async_release_block({acme, "1000-1009", release_extensions::refuse}, block);
    refused(
        [&] {
            return lineside().async_release_block({acme, "1000-1009", release_extensions::refuse}, block);
        },
        errc::not_found, number_refusal::unknown_block);
    EXPECT_TRUE(blocks_of(acme).empty());
    const auto d = refused([&] { return claim_range(other, "1005", "1006"); }, errc::conflict, number_refusal::resting);
    EXPECT_NE(d.message.find(to_string(clock.now() + days(30))), std::string::npos) << d.message;
    clock.advance(days(30) - duration(1));
    reopen();
    EXPECT_EQ(add(other).id, "1010-1019");
    clock.advance(duration(1));
    EXPECT_EQ(add(other).id, "1000-1009");
    // Released anew it rests anew, however often the engine is opened.
    (void)lineside().async_release_block({other, "1000-1009", release_extensions::refuse}, block);
    reopen();
    EXPECT_EQ(add(acme).id, "1020-1029");
    clock.advance(days(30));
    EXPECT_EQ(claim_range(acme, "1005", "1008").id, "1005-1008");
    reopen();
    EXPECT_EQ(add(acme).id, "1030-1039");
    EXPECT_EQ(claim_range(other, "1000", "1004").id, "1000-1004");
}

TEST_P(number_blocks, a_block_with_live_extensions_is_released_only_with_them) {
    open_two();
    (void)add(acme);
    (void)take(acme, "1004");
    const auto d = refused(
        [&] {
            return lineside().async_release_block({acme, "1000-1009", release_extensions::refuse}, block);
        },
        errc::conflict, number_refusal::in_use);
    EXPECT_NE(d.message.find("1004"), std::string::npos);
    EXPECT_EQ(numbers_of(acme), strings{"1004"});
    (void)lineside().async_release_block({acme, "1000-1009", release_extensions::release}, block);
    EXPECT_TRUE(numbers_of(acme).empty());
    EXPECT_EQ(owner_of("1004").state, number_state::resting);
    reopen();
    EXPECT_EQ(owner_of("1004").free_from, clock.now() + days(30));
}

TEST_P(number_blocks, only_ones_own_blocks_are_released) {
    open_two();
    (void)add(other);
    const auto mine = customer(acme);
    refused(
        [&] {
            return mine->async_release_block({{}, "1000-1009", release_extensions::release}, block);
        },
        errc::not_found, number_refusal::unknown_block);
    refused(
        [&] {
            return mine->async_release_block({{}, "a block", release_extensions::release}, block);
        },
        errc::not_found, number_refusal::unknown_block);
    EXPECT_EQ(blocks_of(other), strings{"1000-1009"});
}

TEST_P(number_blocks, a_transferred_block_takes_its_extensions_and_leaves_their_contacts) {
    open_two();
    (void)add(acme);
    const auto ann = person(acme, "ann");
    (void)take(acme, "1001", ann);
    clock.advance(days(1));
    const auto b = lineside().async_transfer_block({acme, "1000-1009", other}, block);
    EXPECT_EQ(b.account, other);
    EXPECT_EQ(b.extensions, 1U);
    EXPECT_EQ(b.created_at, clock.now() - days(1));
    for (int i = 0; i < 2; ++i, reopen()) {
        EXPECT_TRUE(blocks_of(acme).empty());
        EXPECT_TRUE(numbers_of(acme).empty());
        EXPECT_EQ(blocks_of(other), strings{"1000-1009"});
        const auto all = lineside().async_list_extensions({.account = other}, block).items;
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all[0], (extension{other, "1001", {}, clock.now() - days(1)}));
        EXPECT_EQ(owner_of("1001").owner, other);
    }
    refused(
        [&] {
            return lineside().async_transfer_block({acme, "1000-1009", other}, block);
        },
        errc::not_found, number_refusal::unknown_block);
    (void)failure_of(
        [&] {
            return lineside().async_transfer_block({other, "1000-1009", account_id("nobody")}, block);
        },
        errc::not_found);
    (void)failure_of(
        [&] {
            return customer(other)->async_transfer_block({{}, "1000-1009", acme}, block);
        },
        errc::permission_denied);
}

TEST_P(number_blocks, a_repeated_request_gets_the_same_block_for_a_day) {
    open_two();
    EXPECT_EQ(add(acme, "r-1").id, "1000-1009");
    reopen();
    clock.advance(hours(24) - duration(1));
    const auto again = add(acme, "r-1");
    EXPECT_EQ(again.id, "1000-1009");
    EXPECT_EQ(again.created_at, clock.now() - hours(24) + duration(1));
    EXPECT_EQ(add(acme, "r-2").id, "1010-1019");
    EXPECT_EQ(add(other, "r-1").id, "1020-1029"); // request ids are an account's
    refused(
        [&] {
            return lineside().async_add_block({acme, 5U, "r-1"}, block);
        },
        errc::invalid_argument, number_refusal::request_reused);
    refused(
        [&] {
            return lineside().async_claim_block({acme, {"5000", "5009"}, "r-1"}, block);
        },
        errc::invalid_argument, number_refusal::request_reused);
    (void)lineside().async_release_block({acme, "1000-1009", release_extensions::refuse}, block);
    refused([&] { return add(acme, "r-1"); }, errc::not_found, number_refusal::unknown_block);
    clock.advance(duration(1));
    EXPECT_EQ(add(acme, "r-1").id, "1030-1039");
    EXPECT_EQ(failure_of([&] { return add(acme, std::string(129, 'x')); }, errc::invalid_argument).field, "request_id");
    EXPECT_EQ(lineside().async_claim_block({other, {"5000", "5009"}, "c"}, block),
              lineside().async_claim_block({other, {"5000", "5009"}, "c"}, block));
}

TEST_P(number_blocks, reserved_numbers_are_never_given_out) {
    open_two();
    numbering n;
    n.block_size = 10;
    n.reserved = {{"1012", "1013"}, {"112", "112"}};
    (void)lineside().async_set_numbering(n, block);
    EXPECT_EQ(add(acme).id, "1000-1009");
    EXPECT_EQ(add(acme).id, "1020-1029");
    refused([&] { return claim_range(acme, "1013", "1014"); }, errc::conflict, number_refusal::reserved);
    refused([&] { return take(other, "112"); }, errc::conflict, number_refusal::reserved);
    (void)take(acme, "1005");
    n.reserved = {{"1005", "1005"}};
    refused([&] { return lineside().async_set_numbering(n, block); }, errc::conflict, number_refusal::in_use);
    n.reserved = {{"1000", "1001"}};
    (void)lineside().async_set_numbering(n, block);
    reopen();
    EXPECT_EQ(take(acme).number, "1002");
    EXPECT_EQ(add(acme).id, "1010-1019");
}

TEST_P(number_blocks, utilisation_adds_up) {
    open_two();
    (void)take(acme, "77");
    (void)add(acme);
    (void)add(other);
    (void)add(acme);
    for (int i = 0; i < 4; ++i)
        (void)take(acme);
    free(acme, "1001");
    for (int i = 0; i < 2; ++i, reopen()) {
        const auto u = lineside().async_get_utilisation({acme}, block);
        ASSERT_EQ(u.blocks.size(), 2U);
        EXPECT_EQ(u.blocks[0], (block_utilisation{{"1000", "1009"}, 10, 3, 1, 0, 6}));
        EXPECT_EQ(u.blocks[1], (block_utilisation{{"1020", "1029"}, 10, 0, 0, 0, 10}));
        EXPECT_EQ(u.numbers, 20U);
        EXPECT_EQ(u.used, 3U);
        EXPECT_EQ(u.resting, 1U);
        EXPECT_EQ(u.free, 16U);
        EXPECT_EQ(u.outside_blocks, 1U);
    }
    EXPECT_EQ(customer(other)->async_get_utilisation({}, block).account, other);
    (void)failure_of([&] { return lineside().async_get_utilisation({account_id("nobody")}, block); }, errc::not_found);
}

TEST_P(number_blocks, every_change_is_in_the_access_log_of_whom_it_concerns) {
    open_two();
    (void)add(acme);
    (void)take(acme);
    (void)lineside().async_transfer_block({acme, "1000-1009", other}, block);
    const auto log = lineside().async_list_access_log({.account = acme}, block).items;
    ASSERT_GE(log.size(), 3U);
    EXPECT_EQ(log[0].action, "transfer_block");
    EXPECT_EQ(log[0].target, "1000-1009 with 1 extensions");
    EXPECT_EQ(log[0].detail.find("other"), std::string::npos);
    EXPECT_EQ(log[1].action, "claim_extension");
    EXPECT_EQ(log[2].action, "add_block");
    EXPECT_EQ(lineside().async_list_access_log({.account = other}, block).items.at(0).detail, "received");
}

} // namespace
} // namespace lineside::contract
