#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// A clock that jumps a year ahead and back, as one does whose battery died: nothing is shut for ever, nothing that was
// used is good again, and nothing is counted twice.
namespace lineside::contract {

namespace {

constexpr duration year = std::chrono::hours(24 * 365);

class clock_test : public identity_test {
protected:
    void open(const account_id& id = acme) {
        (void)lineside().async_create_account({.id = id, .name = "Company", .currency = "EUR"}, block);
    }
    /// What happens in the year ahead; then it is now again.
    template <class Happens>
    void in_a_year(Happens happens) {
        clock.advance(year);
        happens();
        clock.advance(-year);
    }
    [[nodiscard]] std::string mailed_code() const {
        const auto& text = mails.back().text;
        const auto at = std::search_n(text.begin(), text.end(), 6, 0, [](char c, int) { return c >= '0' && c <= '9'; });
        EXPECT_NE(at, text.end());
        return {at, at + 6};
    }
    [[nodiscard]] static verification_answer answer_of(std::string_view code) {
        verification_answer a;
        a.code = secret(code);
        return a;
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(clocks, clock_test);

} // namespace

// ---- who somebody is

TEST_P(clocks, sessions_of_a_time_to_come_have_ended_and_one_can_sign_in_again) {
    (void)add_ann();
    const auto before = as(sign_in().token);
    secret ahead;
    in_a_year([&] {
        EXPECT_FALSE(is_known(*before));
        ahead = sign_in().token;
        EXPECT_TRUE(is_known(*as(ahead)));
    });
    EXPECT_FALSE(is_known(*as(ahead)));
    const auto again = sign_in();
    EXPECT_TRUE(is_known(*as(again.token)));
    EXPECT_EQ(live(*as(again.token)), 1U) << "the session of before ended with the sign-in a year later";
    reopen();
    EXPECT_FALSE(is_known(*as(ahead)));
    clock.advance(minutes(29));
    EXPECT_TRUE(is_known(*as(again.token)));
    clock.advance(minutes(31));
    EXPECT_FALSE(is_known(*as(again.token)));
}

TEST_P(clocks, a_session_that_was_ended_stays_ended) {
    (void)add_ann();
    const auto grant = sign_in();
    const auto ann = as(grant.token);
    (void)end(*ann, sign_out_scope::all);
    for (const auto by : {year, -year, -year, year}) {
        clock.advance(by);
        EXPECT_FALSE(is_known(*ann));
    }
}

TEST_P(clocks, failures_of_a_time_to_come_shut_nobody_out_for_longer_than_15_minutes) {
    (void)add_ann();
    const auto now = clock.now();
    clock.advance(year);
    for (int i = 0; i < 12; ++i) {
        (void)refused(errc::unauthenticated, other_password);
        clock.advance(minutes(16));
    }
    clock.set(now);
    (void)refused(errc::exhausted, good_password);
    reopen();
    clock.advance(minutes(16));
    (void)sign_in();
    (void)refused(errc::unauthenticated, other_password);
    (void)sign_in();
}

TEST_P(clocks, attempts_of_a_time_to_come_leave_a_source_its_attempts) {
    settings.attempts_per_source = 3;
    (void)add_ann();
    in_a_year([&] {
        for (int i = 0; i < 3; ++i)
            (void)refused(errc::unauthenticated, other_password);
        (void)refused(errc::exhausted, good_password);
    });
    (void)refused(errc::exhausted, good_password);
    clock.advance(seconds(10));
    (void)sign_in();
}

TEST_P(clocks, no_code_of_an_authenticator_is_good_again_and_there_is_a_way_back_in) {
    (void)add_ann();
    const auto old = enrol(*as(sign_in().token));
    const auto used = code_of(old.key);
    (void)sign_in(used);
    std::string used_ahead;
    in_a_year([&] {
        (void)refused(errc::unauthenticated, good_password, used);
        used_ahead = code_of(old.key);
        (void)sign_in(used_ahead);
        (void)refused(errc::unauthenticated, good_password, used_ahead);
    });
    // Which codes were used before nobody knows any more, so none of that time is good.
    (void)refused(errc::unauthenticated, good_password, used);
    (void)refused(errc::unauthenticated, good_password, used_ahead);
    clock.advance(minutes(2));
    (void)refused(errc::unauthenticated, good_password, code_of(old.key));
    // A recovery code is no matter of time, and neither is a new enrolment.
    const auto inside = as(sign_in(old.codes.codes[0].reveal()).token);
    (void)inside->async_disable_two_factor(with_password(old.codes.codes[1].reveal()), block);
    clock.advance(minutes(2));
    const auto fresh = enrol(*inside);
    (void)sign_in(code_of(fresh.key));
    (void)refused(errc::unauthenticated, good_password, old.codes.codes[2].reveal());
}

TEST_P(clocks, recovery_codes_stay_used) {
    (void)add_ann();
    const auto old = enrol(*as(sign_in().token));
    in_a_year([&] { (void)sign_in(old.codes.codes[0].reveal()); });
    (void)refused(errc::unauthenticated, good_password, old.codes.codes[0].reveal());
    (void)sign_in(old.codes.codes[1].reveal());
    in_a_year([&] { (void)refused(errc::unauthenticated, good_password, old.codes.codes[1].reveal()); });
}

TEST_P(clocks, a_verification_code_of_a_time_to_come_is_old_and_another_is_sent_at_once) {
    (void)add_ann();
    const auto send = [&] { (void)as(sign_in().token)->async_send_verification({}, block); };
    const auto give = [&](const std::string& code) {
        return as(sign_in().token)->async_verify_contact(answer_of(code), block);
    };
    std::string ahead;
    in_a_year([&] {
        for (int i = 0; i < 10; ++i, clock.advance(minutes(1)))
            send();
        ahead = mailed_code();
        clock.advance(-minutes(10));
    });
    (void)failure_of([&] { return give(ahead).id; }, errc::invalid_argument);
    send();
    const auto code = mailed_code();
    (void)failure_of(
        [&] {
            send();
            return 0;
        },
        errc::exhausted);
    EXPECT_TRUE(give(code).email_verified);
    in_a_year([&] { (void)failure_of([&] { return give(code).id; }, errc::invalid_argument); });
    (void)failure_of([&] { return give(code).id; }, errc::invalid_argument);
}

TEST_P(clocks, a_mailed_token_is_good_once_and_another_can_be_asked_for) {
    (void)add_ann();
    secret ahead;
    in_a_year([&] {
        ask_reset();
        ahead = mailed_token();
    });
    const auto choose = [&](const secret& token, std::string_view password) {
        (void)lineside().async_reset_password(answer(token, password), block);
    };
    const auto refuses = [&](const secret& token) {
        (void)failure_of(
            [&] {
                choose(token, "wtmf kdgz pqhj rxbv");
                return 0;
            },
            errc::unauthenticated);
    };
    refuses(ahead);
    const auto sent = mails.size();
    ask_reset();
    ASSERT_EQ(mails.size(), sent + 1);
    const auto token = mailed_token();
    choose(token, other_password);
    in_a_year([&] {
        refuses(token);
        refuses(ahead);
    });
    refuses(token);
    (void)lineside().async_sign_in(attempt(other_password), block);
}

TEST_P(clocks, keys_that_were_revoked_or_rotated_away_stay_so) {
    open();
    const auto make = [&](std::optional<instant> expires = {}) {
        api_key_create k{
            .account = acme, .name = "program", .scopes = {permission::view_company}, .expires_at = expires};
        return lineside().async_create_key(std::move(k), block);
    };
    const auto rotate = [&](const std::string& key, duration overlap) {
        api_key_rotation r{.account = acme, .key = key};
        r.overlap = overlap;
        return lineside().async_rotate_key(std::move(r), block).text;
    };
    const auto revoked = make();
    const auto rotated = make();
    const auto expiring = make(clock.now() + hours(1));
    in_a_year([&] {
        EXPECT_TRUE(is_known(*as(revoked.text)));
        EXPECT_FALSE(is_known(*as(expiring.text)));
        (void)lineside().async_revoke_key({acme, revoked.key.id}, block);
        (void)rotate(rotated.key.id, duration(0));
        (void)failure_of([&] { return rotate(expiring.key.id, duration(0)).empty(); }, errc::conflict);
    });
    EXPECT_FALSE(is_known(*as(revoked.text)));
    EXPECT_FALSE(is_known(*as(rotated.text)));
    // Used a year ahead or not, a key is rotated now.
    const auto fresh = rotate(rotated.key.id, minutes(10));
    EXPECT_TRUE(is_known(*as(fresh)));
    reopen();
    EXPECT_FALSE(is_known(*as(revoked.text)));
    EXPECT_FALSE(is_known(*as(rotated.text)));
}

// ---- money

TEST_P(clocks, payments_keep_the_order_they_were_made_in_and_count_once) {
    open();
    std::vector<std::string> made;
    const auto pay = [&](payment_status status) {
        payment_create p{.account = acme, .total = {10, 0, "EUR"}, .status = status};
        p.reference = "r" + std::to_string(made.size());
        made.push_back(lineside().async_create_payment(p, block).id);
        // Told again, wherever the clock is, it is the same.
        EXPECT_EQ(lineside().async_create_payment(p, block).id, made.back());
    };
    pay(payment_status::completed);
    in_a_year([&] { pay(payment_status::completed); });
    pay(payment_status::pending);
    reopen();
    clock.advance(-year);
    pay(payment_status::completed);
    clock.advance(year);
    for (const auto by : {duration(0), year, -year}) {
        clock.advance(by);
        EXPECT_EQ(lineside().async_complete_payment({acme, made[2]}, block).status, payment_status::completed);
        EXPECT_EQ(lineside().async_get_balance({acme}, block).payments, (money{40, 0, "EUR"}));
    }
    std::vector<std::string> listed;
    payment_query q{.account = acme, .limit = 1};
    do {
        const auto page = lineside().async_list_payments(q, block);
        listed.push_back(page.items.at(0).id);
        q.cursor = page.next;
    } while (!q.cursor.empty());
    std::reverse(listed.begin(), listed.end());
    EXPECT_EQ(listed, made);
}

// ---- channels

TEST_P(clocks, live_calls_are_given_up_once_and_channels_come_free) {
    account a{.id = acme};
    a.channel_limit = 1;
    (void)lineside().async_create_account(a, block);
    const auto admit = [&](const std::string& id) {
        return lineside().async_admit_call({.account = acme, .source = "switch", .call_id = id}, block).admitted;
    };
    const auto status = [&] { return lineside().async_get_channels({acme}, block); };
    EXPECT_TRUE(admit("before"));
    in_a_year([&] {
        EXPECT_EQ(status().in_use, 0U);
        EXPECT_TRUE(admit("ahead"));
    });
    EXPECT_EQ(status().in_use, 1U);
    EXPECT_EQ(status().aged_out, 1U);
    EXPECT_FALSE(admit("after"));
    reopen();
    clock.advance(hours(4) + minutes(2));
    EXPECT_EQ(status().in_use, 0U) << "a call of the year ahead occupies its channel for ever";
    EXPECT_TRUE(admit("later"));
    live_snapshot nothing{.source = "switch", .at = clock.now() + minutes(1)};
    clock.advance(minutes(1));
    EXPECT_EQ(lineside().async_report_live_calls(nothing, block).vanished, 1U);
    EXPECT_EQ(status().in_use, 0U);
}

// ---- numbers

TEST_P(clocks, what_was_released_is_free_after_its_rest_and_is_nobodys_twice) {
    open();
    const account_id rival{"rival"};
    open(rival);
    const auto take = [&](const account_id& who) {
        return lineside().async_claim_extension({who, "5000", {}, {}}, block).number;
    };
    (void)take(acme);
    (void)lineside().async_release_extension({acme, "5000"}, block);
    (void)failure_of([&] { return take(rival); }, errc::conflict);
    in_a_year([&] { (void)take(rival); });
    (void)failure_of([&] { return take(acme); }, errc::conflict);
    reopen();
    (void)failure_of([&] { return take(acme); }, errc::conflict);
    EXPECT_EQ(lineside().async_get_number_owner({{}, "5000"}, block).owner, rival);
    (void)lineside().async_release_extension({rival, "5000"}, block);
    clock.advance(days(31));
    (void)take(acme);
}

// ---- what happened

TEST_P(clocks, the_access_log_is_in_the_order_of_what_happened_and_whole) {
    open();
    in_a_year([&] { (void)lineside().async_update_account({.account = acme, .name = "Ahead"}, block); });
    (void)lineside().async_update_account({.account = acme, .name = "Now"}, block);
    clock.advance(minutes(1));
    reopen();
    const auto log = lineside().async_list_access_log({.account = acme}, block).items;
    ASSERT_EQ(log.size(), 3U);
    EXPECT_EQ(log[1].at, clock.now() - minutes(1) + year);
    EXPECT_TRUE(lineside().async_verify_access_log({acme}, block).intact);
    access_log_query today{.account = acme, .range = {clock.now() - hours(1), clock.now()}};
    EXPECT_EQ(lineside().async_list_access_log(today, block).items.size(), 2U);
}

// ---- calls

TEST_P(clocks, calls_told_before_and_after_a_jump_count_once) {
    random_calls random(4);
    const auto calls = random.within({clock.now() - days(2), clock.now()}, 300);
    EXPECT_EQ(import(calls).imported, calls.size());
    in_a_year([&] { EXPECT_EQ(import(calls).duplicates, calls.size()); });
    EXPECT_EQ(import(calls).duplicates, calls.size());
    reopen();
    EXPECT_EQ(import(calls).duplicates, calls.size());
    EXPECT_EQ(all_calls(acme).size(), calls.size());
}

} // namespace lineside::contract
