#include "integration/contract/numbers.hpp"

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(extensions, numbers_test);

TEST_P(extensions, the_next_free_one_is_one_call) {
    open_two();
    (void)add(acme);
    EXPECT_EQ(take(acme), (extension{acme, "1000", {}, clock.now()}));
    (void)take(acme, "1001");
    EXPECT_EQ(take(acme).number, "1002");
    for (int i = 3; i < 10; ++i)
        (void)take(acme);
    refused([&] { return take(acme); }, errc::exhausted, number_refusal::exhausted);
    refused([&] { return take(other); }, errc::invalid_argument, number_refusal::no_block);
    reopen();
    EXPECT_EQ(numbers_of(acme).size(), 10U);
    refused([&] { return take(acme); }, errc::exhausted, number_refusal::exhausted);
}

TEST_P(extensions, they_are_unique_for_the_operator_not_for_the_customer) {
    open_two();
    (void)take(other, "100");
    const auto d = refused([&] { return take(acme, "100"); }, errc::conflict, number_refusal::taken);
    EXPECT_EQ(d.message, "Extension 100 is in use by somebody else (account 'other')");
    const auto mine = customer(acme);
    const auto told = refused(
        [&] {
            return mine->async_claim_extension({{}, "100", {}, {}}, block);
        },
        errc::conflict, number_refusal::taken);
    EXPECT_EQ(told.message, "Extension 100 is in use by somebody else");
    EXPECT_EQ(mine->async_claim_extension({{}, "0100", {}, {}}, block).account, acme);
    refused([&] { return take(acme, "0100"); }, errc::conflict, number_refusal::already_yours);
}

TEST_P(extensions, with_blocks_only_ones_own_numbers_and_without_any_outside_all_blocks) {
    open_two();
    (void)add(acme);
    refused([&] { return take(acme, "1010"); }, errc::conflict, number_refusal::outside_blocks);
    refused([&] { return take(acme, "101"); }, errc::invalid_argument, number_refusal::wrong_width);
    refused([&] { return take(other, "1001"); }, errc::conflict, number_refusal::in_other_block);
    for (const auto* text : {"10a", "+49", "1234567890123456789"})
        refused([&] { return take(acme, text); }, errc::invalid_argument, number_refusal::malformed);
    EXPECT_EQ(take(other, "1010").number, "1010");
    EXPECT_EQ(take(other, "7").number, "7");
    EXPECT_EQ(numbers_of(other), (strings{"7", "1010"}));
}

TEST_P(extensions, a_released_number_rests) {
    open_two();
    (void)take(acme, "500");
    free(acme, "500");
    refused(
        [&] {
            free(acme, "500");
            return 0;
        },
        errc::not_found, number_refusal::unknown_extension);
    reopen();
    const auto d = refused([&] { return take(acme, "500"); }, errc::conflict, number_refusal::resting);
    EXPECT_NE(d.message.find(to_string(clock.now() + days(30))), std::string::npos);
    clock.advance(days(30));
    (void)take(other, "500");
    // The rest before is over; opening again does not bring it back.
    reopen();
    EXPECT_EQ(owner_of("500").owner, other);
    numbering n;
    n.rest_days = 0;
    (void)lineside().async_set_numbering(n, block);
    free(other, "500");
    EXPECT_EQ(take(acme, "500").account, acme);
}

TEST_P(extensions, only_ones_own_are_released_and_listed) {
    open_two();
    (void)take(other, "500");
    const auto mine = customer(acme);
    refused(
        [&] {
            return mine->async_release_extension({{}, "500"}, block);
        },
        errc::not_found, number_refusal::unknown_extension);
    (void)failure_of([&] { return mine->async_release_extension({other, "500"}, block); }, errc::not_found);
    EXPECT_TRUE(mine->async_list_extensions({}, block).items.empty());
    (void)failure_of([&] { return lineside().async_list_extensions({.account = acme, .limit = 5'001}, block); },
                     errc::invalid_argument);
}

TEST_P(extensions, contacts_have_and_hand_on_extensions) {
    open_two();
    const auto ann = person(acme, "ann");
    const auto ben = person(acme, "ben");
    const auto eve = person(other, "eve");
    (void)take(acme, "500", ann);
    (void)take(acme, "501", ann);
    (void)take(acme, "502");
    EXPECT_EQ(numbers_of(acme, ann), (strings{"500", "501"}));
    EXPECT_EQ(numbers_of(acme, contact_id()), strings{"502"});
    clock.advance(days(1));
    const auto moved = lineside().async_transfer_extension({acme, "500", ben, {}}, block);
    EXPECT_EQ(moved, (extension{acme, "500", ben, clock.now() - days(1)}));
    reopen();
    EXPECT_EQ(numbers_of(acme, ann), strings{"501"});
    EXPECT_EQ(numbers_of(acme, ben), strings{"500"});
    refused([&] { return take(acme, "503", eve); }, errc::not_found, number_refusal::unknown_contact);
    refused(
        [&] {
            return lineside().async_transfer_extension({acme, "500", eve, {}}, block);
        },
        errc::not_found, number_refusal::unknown_contact);
    refused(
        [&] {
            return lineside().async_transfer_extension({acme, "599", ben, {}}, block);
        },
        errc::not_found, number_refusal::unknown_extension);
}

TEST_P(extensions, the_operator_moves_them_between_accounts_where_rules_allow) {
    open_two();
    const auto eve = person(other, "eve");
    (void)take(acme, "500");
    const auto moved = lineside().async_transfer_extension({acme, "500", eve, other}, block);
    EXPECT_EQ(moved.account, other);
    EXPECT_EQ(moved.contact, eve);
    for (int i = 0; i < 2; ++i, reopen()) {
        EXPECT_TRUE(numbers_of(acme).empty());
        EXPECT_EQ(numbers_of(other), strings{"500"});
        EXPECT_EQ(owner_of("500").owner, other);
    }
    (void)add(acme);
    refused(
        [&] {
            return lineside().async_transfer_extension({other, "500", {}, acme}, block);
        },
        errc::invalid_argument, number_refusal::wrong_width);
    (void)take(acme, "1001");
    refused(
        [&] {
            return lineside().async_transfer_extension({acme, "1001", {}, other}, block);
        },
        errc::conflict, number_refusal::in_other_block);
    const auto mine = customer(other);
    (void)failure_of(
        [&] {
            return mine->async_transfer_extension({{}, "500", {}, acme}, block);
        },
        errc::permission_denied);
    EXPECT_EQ(mine->async_transfer_extension({{}, "500", {}, other}, block).contact, contact_id());
}

TEST_P(extensions, a_repeated_request_gets_the_same_number) {
    open_two();
    (void)add(acme);
    const auto ask = [&](std::string id, std::string number = {}) {
        return lineside().async_claim_extension({acme, std::move(number), {}, std::move(id)}, block).number;
    };
    EXPECT_EQ(ask("r-1"), "1000");
    reopen();
    EXPECT_EQ(ask("r-1"), "1000");
    EXPECT_EQ(ask("r-2"), "1001");
    EXPECT_EQ(ask("r-3", "1005"), "1005");
    EXPECT_EQ(ask("r-3", "1005"), "1005");
    refused([&] { return ask("r-3", "1006"); }, errc::invalid_argument, number_refusal::request_reused);
    free(acme, "1000");
    refused([&] { return ask("r-1"); }, errc::not_found, number_refusal::unknown_extension);
}

TEST_P(extensions, the_owner_of_a_number_is_told_by_who_asks) {
    open_two();
    (void)add(acme);
    (void)add(other);
    const auto ann = person(acme, "ann");
    (void)take(acme, "1001", ann);
    (void)take(other, "1011");
    (void)take(acme, "1002");
    free(acme, "1002");
    numbering n;
    n.reserved = {{"1009", "1009"}};
    (void)lineside().async_set_numbering(n, block);

    const auto whole = owner_of("1001");
    EXPECT_EQ(whole.state, number_state::taken);
    EXPECT_EQ(whole.owner, acme);
    EXPECT_EQ(whole.contact, ann);
    EXPECT_EQ(whole.block, (number_range{"1000", "1009"}));
    EXPECT_EQ(owner_of("1003").state, number_state::free);
    EXPECT_EQ(owner_of("1003").owner, acme);
    EXPECT_EQ(owner_of("5000").owner, std::nullopt);
    EXPECT_EQ(owner_of("1001", acme).state, number_state::yours);

    const auto mine = customer(acme);
    const auto ask = [&](const std::string& number) { return mine->async_get_number_owner({{}, number}, block); };
    const auto own = ask("1001");
    EXPECT_EQ(own.state, number_state::yours);
    EXPECT_EQ(own.contact, ann);
    EXPECT_EQ(own.owner, std::nullopt);
    EXPECT_EQ(own.text, "1001 is one of your extensions");
    EXPECT_EQ(ask("1003").state, number_state::free);
    EXPECT_EQ(ask("1003").block, (number_range{"1000", "1009"}));
    for (const auto* number : {"1011", "1012"}) { // in use and not, but inside the other's block
        const auto theirs = ask(number);
        EXPECT_EQ(theirs,
                  (number_owner{number, number_state::taken, std::string(number) + " is not free", {}, {}, {}, {}}));
    }
    EXPECT_EQ(ask("5000").state, number_state::outside_blocks);
    EXPECT_EQ(ask("1009").state, number_state::reserved);
    EXPECT_EQ(ask("1002").state, number_state::resting);
    EXPECT_EQ(ask("1002").free_from, clock.now() + days(30));
    EXPECT_EQ(ask("10x").state, number_state::malformed);
    (void)failure_of([&] { return mine->async_get_number_owner({other, "1011"}, block); }, errc::not_found);
}

TEST_P(extensions, an_import_is_checked_first_and_takes_all_or_nothing) {
    open_two();
    (void)claim_range(acme, "1000", "1999");
    const auto ann = person(acme, "ann");
    (void)take(other, "300");
    (void)take(other, "301");
    free(other, "301");
    numbering n;
    n.reserved = {{"112", "112"}};
    (void)lineside().async_set_numbering(n, block);
    open(account_id("third"));
    const account_id third("third");
    extension_import all;
    all.rows = {{acme, "1000", ann}, {third, "300", {}},  {acme, "2000", {}},         {third, "112", {}},
                {third, "301", {}},  {acme, "100", {}},   {third, "12a", {}},         {third, "400", {}},
                {other, "400", {}},  {other, "1001", {}}, {account_id("x"), "9", {}}, {other, "500", ann}};
    const auto checked = lineside().async_check_extensions(all, block);
    EXPECT_EQ(checked.rows, 12U);
    EXPECT_EQ(checked.imported, 0U);
    std::vector<std::pair<std::uint64_t, number_refusal>> found;
    for (const auto& c : checked.collisions)
        found.emplace_back(c.row, c.reason);
    using enum number_refusal;
    EXPECT_EQ(found, (std::vector<std::pair<std::uint64_t, number_refusal>>{{1, taken},
                                                                            {2, outside_blocks},
                                                                            {3, reserved},
                                                                            {4, resting},
                                                                            {5, wrong_width},
                                                                            {6, malformed},
                                                                            {8, duplicate},
                                                                            {9, in_other_block},
                                                                            {10, unknown_account},
                                                                            {11, unknown_contact}}));
    EXPECT_EQ(checked.collisions[0].text, "Extension 300 is in use by somebody else (account 'other')");
    EXPECT_EQ(checked.collisions[0].account, third);
    EXPECT_EQ(checked.collisions[0].number, "300");
    EXPECT_EQ(lineside().async_import_extensions(all, block), checked);
    EXPECT_TRUE(numbers_of(acme).empty());
    EXPECT_EQ(owner_of("400").state, number_state::free);

    extension_import good;
    good.rows = {all.rows[0], all.rows[7], {acme, "1999", {}}};
    EXPECT_TRUE(lineside().async_check_extensions(good, block).collisions.empty());
    EXPECT_TRUE(numbers_of(acme).empty());
    const auto done = lineside().async_import_extensions(good, block);
    EXPECT_EQ(done.imported, 3U);
    EXPECT_TRUE(done.collisions.empty());
    reopen();
    EXPECT_EQ(numbers_of(acme), (strings{"1000", "1999"}));
    EXPECT_EQ(numbers_of(acme, ann), strings{"1000"});
    EXPECT_EQ(numbers_of(third), strings{"400"});
    EXPECT_EQ(lineside().async_import_extensions(good, block).collisions.at(0).reason, already_yours);
    (void)failure_of([&] { return customer(acme)->async_check_extensions({}, block); }, errc::permission_denied);
}

} // namespace
} // namespace lineside::contract
