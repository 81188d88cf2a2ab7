#include "integration/contract/identity_test.hpp"
#include "rules/base64.hpp"
#include "rules/otpauth.hpp"
#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"

#include <atomic>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

// Two-factor: enrolled, confirmed, used once a code, and lived without.
namespace lineside::contract {

namespace {

/// What another program says.
std::string output_of(std::vector<std::string> command) {
    test::child_process child(std::move(command));
    child.close_input();
    auto text = child.read_rest();
    EXPECT_EQ(child.wait(), 0);
    return text;
}

class two_factor_test : public identity_test {
protected:
    /// How many of eight threads get in with the same code.
    int eight_sign_in(const std::string& code) {
        std::atomic<int> in = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                try {
                    (void)sign_in(code);
                    ++in;
                } catch (const error& e) {
                    EXPECT_TRUE(e.code() == errc::unauthenticated || e.code() == errc::exhausted) << e.what();
                }
            });
        for (auto& t : threads)
            t.join();
        return in;
    }
    acknowledged disable(portal& p, two_factor_request request) {
        return p.async_disable_two_factor(std::move(request), block);
    }
    two_factor_confirmation confirmation(std::string_view code) {
        two_factor_confirmation c;
        c.code = secret(code);
        return c;
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(two_factor, two_factor_test);

} // namespace

TEST_P(two_factor, an_enrolment_shows_the_secret_as_text_uri_and_picture) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto e = ann->async_enrol_two_factor(with_password(), block);
    const auto uri = rules::parse_otpauth(e.uri.reveal()).value();
    EXPECT_EQ(uri.issuer, "Lineside");
    EXPECT_EQ(uri.account, ann_email);
    EXPECT_EQ(uri.key.size(), 20U);
    EXPECT_EQ(rules::to_base32(uri.key), e.key.reveal());
    EXPECT_TRUE(e.qr_svg.reveal().starts_with("<svg "));
    EXPECT_FALSE(lineside()
                     .async_get_contact({acme, lineside().async_list_contacts({acme}, block).items[0].id}, block)
                     .two_factor)
        << "nothing is on until a code confirms it";
    (void)sign_in();
    const auto again = ann->async_enrol_two_factor(with_password(), block);
    EXPECT_NE(again.key, e.key);
    (void)failure_of([&] { return ann->async_confirm_two_factor(confirmation(code_of(e.key)), block); },
                     errc::unauthenticated);
    (void)ann->async_confirm_two_factor(confirmation(code_of(again.key)), block);
}

TEST_P(two_factor, a_camera_reads_the_uri_from_the_picture) {
    (void)add_ann();
    const auto e = as(sign_in().token)->async_enrol_two_factor(with_password(), block);
    const test::scratch_dir dir;
    const auto file = dir.path() / "qr.png";
    std::ofstream(file, std::ios::binary)
        << rules::parse_base64(e.qr_png.reveal(), rules::base64_alphabet::standard, rules::padding::present).value();
    EXPECT_EQ(output_of({"/usr/bin/zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file.string()}),
              std::string(e.uri.reveal()) + '\n');
}

TEST_P(two_factor, the_codes_of_another_program_are_accepted) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto [key, codes] = enrol(*ann);
    const auto now = std::to_string(clock.now().time_since_epoch().count() / 1000);
    const auto shown =
        output_of({"/usr/bin/oathtool", "--totp", "--base32", "--now=@" + now, std::string(key.reveal())});
    EXPECT_EQ(sign_in(shown.substr(0, 6)).session.account, acme);
}

TEST_P(two_factor, enrolling_needs_the_password_and_an_older_enrolments_code) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    EXPECT_EQ(failure_of([&] { return ann->async_enrol_two_factor(with_password({}, "wrong"), block); },
                         errc::unauthenticated)
                  .field,
              "password");
    const auto first = enrol(*ann);
    EXPECT_EQ(
        failure_of([&] { return ann->async_enrol_two_factor(with_password(), block); }, errc::unauthenticated).field,
        "code");
    const auto second = ann->async_enrol_two_factor(with_password(code_of(first.key)), block);
    clock.advance(seconds(30));
    (void)sign_in(code_of(first.key)); // the old one is in force until the new one is confirmed
    (void)ann->async_confirm_two_factor(confirmation(code_of(second.key)), block);
    clock.advance(seconds(60));
    (void)refused(errc::unauthenticated, good_password, code_of(first.key));
    (void)sign_in(code_of(second.key));
}

TEST_P(two_factor, a_code_is_asked_for_only_after_the_right_password) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    EXPECT_EQ(refused(errc::unauthenticated, other_password).field, "");
    EXPECT_EQ(refused(errc::unauthenticated, other_password, code_of(key)).field, "");
    EXPECT_EQ(refused(errc::unauthenticated, good_password).field, "code");
    EXPECT_EQ(refused(errc::unauthenticated, good_password, "000000").field, "code");
    const auto grant = sign_in(code_of(key));
    EXPECT_TRUE(grant.contact.two_factor);
}

TEST_P(two_factor, a_code_is_typed_as_it_is_shown) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    const auto code = code_of(key);
    (void)sign_in(code.substr(0, 3) + ' ' + code.substr(3));
}

TEST_P(two_factor, a_code_works_once) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    const auto code = code_of(key);
    (void)sign_in(code);
    (void)refused(errc::unauthenticated, good_password, code);
    (void)refused(errc::unauthenticated, good_password, code_of(key, -1));
    (void)sign_in(code_of(key, 1));
    clock.advance(seconds(60));
    (void)sign_in(code_of(key));
}

TEST_P(two_factor, the_code_that_confirmed_is_used_up) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto e = ann->async_enrol_two_factor(with_password(), block);
    const auto code = code_of(e.key);
    (void)ann->async_confirm_two_factor(confirmation(code), block);
    (void)refused(errc::unauthenticated, good_password, code);
}

TEST_P(two_factor, of_eight_threads_with_one_code_one_gets_in) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    EXPECT_EQ(eight_sign_in(code_of(key)), 1);
    clock.advance(hours(1));
    EXPECT_EQ(eight_sign_in(std::string(codes.codes[4].reveal())), 1);
}

TEST_P(two_factor, a_clock_that_jumps_lets_no_code_in_twice) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    const auto code = code_of(key);
    (void)sign_in(code);
    clock.advance(-hours(1));
    (void)refused(errc::unauthenticated, good_password, code);
    (void)refused(errc::unauthenticated, good_password, code_of(key)); // a code of before, shown by the wrong clock
    (void)sign_in(codes.codes[0].reveal());
    clock.advance(hours(1));
    (void)refused(errc::unauthenticated, good_password, code);
    clock.advance(days(30));
    (void)sign_in(code_of(key));
}

TEST_P(two_factor, recovery_codes_work_once_each) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    ASSERT_EQ(codes.codes.size(), 10U);
    std::set<std::string> different;
    for (const auto& code : codes.codes) {
        different.emplace(code.reveal());
        (void)sign_in(code.reveal());
        (void)refused(errc::unauthenticated, good_password, code.reveal());
    }
    EXPECT_EQ(different.size(), 10U);
    (void)sign_in(code_of(key));
}

TEST_P(two_factor, new_recovery_codes_void_the_old_ones) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    (void)failure_of([&] { return ann->async_renew_recovery_codes(with_password(), block); }, errc::conflict);
    const auto [key, codes] = enrol(*ann);
    EXPECT_EQ(failure_of([&] { return ann->async_renew_recovery_codes(with_password(), block); }, errc::unauthenticated)
                  .field,
              "code");
    const auto fresh = ann->async_renew_recovery_codes(with_password(code_of(key)), block);
    (void)refused(errc::unauthenticated, good_password, codes.codes[0].reveal());
    (void)sign_in(fresh.codes[0].reveal());
}

TEST_P(two_factor, wrong_codes_slow_down_like_wrong_passwords) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    for (int i = 0; i < 5; ++i)
        (void)refused(errc::unauthenticated, i % 2 == 0 ? good_password : other_password,
                      i % 4 == 0 ? "000000" : "0-AAAAA-AAAAA");
    (void)refused(errc::exhausted, good_password, code_of(key));
    clock.advance(seconds(1));
    (void)sign_in(code_of(key));
}

TEST_P(two_factor, five_wrong_codes_void_an_enrolment) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    (void)failure_of([&] { return ann->async_confirm_two_factor(confirmation("000000"), block); }, errc::conflict);
    const auto e = ann->async_enrol_two_factor(with_password(), block);
    for (int i = 0; i < 4; ++i)
        (void)failure_of([&] { return ann->async_confirm_two_factor(confirmation("x"), block); },
                         errc::unauthenticated);
    EXPECT_EQ(
        failure_of([&] { return ann->async_confirm_two_factor(confirmation("000000"), block); }, errc::unauthenticated)
            .field,
        "code");
    clock.advance(seconds(2));
    (void)failure_of([&] { return ann->async_confirm_two_factor(confirmation(code_of(e.key)), block); },
                     errc::conflict);
}

TEST_P(two_factor, confirming_waits_with_everything_else_after_many_failures) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto e = ann->async_enrol_two_factor(with_password(), block);
    for (int i = 0; i < 5; ++i)
        (void)refused(errc::unauthenticated, other_password, {}, home);
    (void)failure_of([&] { return ann->async_confirm_two_factor(confirmation(code_of(e.key)), block); },
                     errc::exhausted);
    clock.advance(seconds(1));
    (void)ann->async_confirm_two_factor(confirmation(code_of(e.key)), block);
}

TEST_P(two_factor, of_eight_threads_that_confirm_one_gets_the_recovery_codes) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto e = ann->async_enrol_two_factor(with_password(), block);
    const auto code = code_of(e.key);
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            try {
                (void)ann->async_confirm_two_factor(confirmation(code), block);
                ++done;
            } catch (const error& x) {
                EXPECT_EQ(x.code(), errc::conflict) << x.what();
            }
        });
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(done, 1);
}

TEST_P(two_factor, turning_it_off_needs_password_and_code) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto [key, codes] = enrol(*ann);
    (void)failure_of([&] { return disable(*ann, with_password()); }, errc::unauthenticated);
    (void)failure_of([&, &key = key] { return disable(*ann, with_password(code_of(key), "wrong")); },
                     errc::unauthenticated);
    (void)disable(*ann, with_password(code_of(key)));
    EXPECT_FALSE(sign_in().contact.two_factor);
    (void)disable(*ann, with_password());
}

TEST_P(two_factor, the_operator_turns_it_off_for_whoever_lost_everything) {
    const auto ann = add_ann();
    (void)enrol(*as(sign_in().token));
    (void)disable(lineside(), {.account = acme, .contact = ann.id});
    (void)sign_in();
    (void)failure_of([&] { return disable(lineside(), {.account = acme}); }, errc::invalid_argument);
    (void)failure_of([&] { return disable(lineside(), {.account = acme, .contact = contact_id("c-x")}); },
                     errc::not_found);
}

TEST_P(two_factor, a_short_password_is_good_beside_it_only) {
    (void)add_ann();
    constexpr std::string_view brief = "vbxrjhqp";
    const auto ann = as(sign_in().token);
    (void)failure_of([&] { return ann->async_change_password(change(good_password, brief), block); },
                     errc::invalid_argument);
    const auto [key, codes] = enrol(*ann);
    (void)ann->async_change_password(change(good_password, brief), block);
    const auto d =
        failure_of([&, &key = key] { return disable(*ann, with_password(code_of(key), brief)); }, errc::conflict);
    EXPECT_NE(d.message.find("15"), std::string::npos) << d.message;
    (void)ann->async_change_password(change(brief, good_password), block);
    (void)disable(*ann, with_password(code_of(key)));
}

TEST_P(two_factor, a_mailed_token_does_not_go_around_it) {
    (void)add_ann();
    const auto [key, codes] = enrol(*as(sign_in().token));
    ask_reset();
    auto token = mailed_token();
    const auto reset = [&](std::string_view code) {
        return lineside().async_reset_password(answer(token, other_password, code), block);
    };
    EXPECT_EQ(failure_of([&] { return reset({}); }, errc::unauthenticated).field, "code");
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(failure_of([&] { return reset("000000"); }, errc::unauthenticated).field, "code");
    EXPECT_EQ(failure_of([&] { return reset("0-AAAAA-AAAAA"); }, errc::unauthenticated).field, "code");
    EXPECT_EQ(failure_of([&, &key = key] { return reset(code_of(key)); }, errc::unauthenticated).field, "token")
        << "five wrong codes void the token";
    clock.advance(minutes(2));
    ask_reset();
    token = mailed_token();
    (void)reset(codes.codes[9].reveal());
    EXPECT_EQ(lineside().async_sign_in(attempt(other_password, code_of(key)), block).session.account, acme);
}

TEST_P(two_factor, secrets_outlive_the_engine_under_the_hosts_key_and_under_its_own) {
    (void)add_ann();
    const auto [own_key, codes] = enrol(*as(sign_in().token));
    settings.identity_key = std::string(32, 'k');
    reopen();
    (void)sign_in(code_of(own_key)); // sealed before the host gave a key
    const auto bob = add("bob@acme.example", role::viewer);
    const auto hosts = enrol(*as(sign_in({}, home, "bob@acme.example").token));
    (void)sign_in(code_of(hosts.key), home, "bob@acme.example");
    EXPECT_TRUE(lineside().async_get_contact({acme, bob.id}, block).two_factor);
}

TEST_P(two_factor, what_is_changed_is_in_the_log) {
    (void)add_ann();
    const auto ann = as(sign_in().token);
    const auto [key, codes] = enrol(*ann);
    (void)failure_of([&] { return disable(*ann, with_password("000000")); }, errc::unauthenticated);
    (void)disable(*ann, with_password(code_of(key)));
    std::vector<std::string> seen;
    for (const auto& e : lineside().async_list_access_log({.account = acme}, block).items) {
        seen.push_back(e.action + (e.outcome == access_outcome::refused ? " refused" : ""));
        EXPECT_EQ(e.detail.find(key.reveal()), std::string::npos);
    }
    ASSERT_GE(seen.size(), 4U);
    EXPECT_EQ(std::vector(seen.begin(), seen.begin() + 4),
              (std::vector<std::string>{"disable_two_factor", "disable_two_factor refused", "confirm_two_factor",
                                        "enrol_two_factor"}));
}

} // namespace lineside::contract
