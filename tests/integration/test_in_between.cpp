#include <lineside/error.hpp>

#include "portal/engine/desk.hpp"
#include "portal/engine/identity/api_keys.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/logins.hpp"
#include "portal/engine/identity/proof.hpp"
#include "portal/engine/identity/sessions.hpp"
#include "portal/engine/identity/strangers.hpp"
#include "portal/engine/money/money.hpp"
#include "portal/engine/records.hpp"
#include "rules/credentials.hpp"
#include "rules/password_hash.hpp"
#include "rules/phc.hpp"
#include "rules/totp.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <variant>

// What changes between a look at the database and the transaction that decides, made to happen each time: the clock is
// read in between. And what takes thousands of documents to get to.
namespace lineside {
namespace {

using std::chrono::minutes;

const account_id acme{"acme"};
constexpr std::string_view password = "vbxr jhqp fmtw zgdk";
constexpr std::string_view short_password = "vbxrjhqp";
constexpr std::string_view email = "ann@acme.example";
constexpr std::string_view home = "192.0.2.7";

class in_between : public testing::Test {
protected:
    in_between() {
        account company;
        company.id = acme;
        company.currency = "EUR";
        (void)the_operators().create_account(company);
        contact_create request{.account = acme, .name = "Ann Smithers", .email = std::string(email)};
        request.role = role::administrator;
        request.password = secret(password);
        ann_ = the_operators().create_contact(std::move(request)).value().id;
        who_.kind = principal::kind::contact;
        who_.account = acme;
        who_.account_key = core_.db->read()->find_account("acme")->key;
        who_.contact = ann_.value();
        who_.may = permission_set::everything();
        who_.source_ip = home;
    }

    [[nodiscard]] desk the_operators() { return {core_, operator_, stop_}; }
    [[nodiscard]] desk anns() { return {core_, who_, stop_}; }

    /// From the n-th time on that the clock is read while nobody writes, counted from 0, `change` happens.
    void from(int nth, std::function<void(login_record&)> change) {
        left_ = nth;
        change_ = std::move(change);
    }
    void edit(const std::function<void(login_record&)>& change) {
        const auto tx = core_.db->write();
        auto l = login_of(*tx, who_.account_key, ann_.value());
        change(l);
        put(*tx, who_.account_key, l);
        tx->commit();
    }
    [[nodiscard]] login_record login() { return login_of(*core_.db->read(), who_.account_key, ann_.value()); }

    [[nodiscard]] session_grant sign_in(std::string_view code = {}, std::string_view source = home) {
        sign_in_request request;
        request.email = email;
        request.password = secret(password);
        request.code = secret(code);
        request.source_ip = source;
        const principal nobody;
        return desk(core_, nobody, stop_).sign_in(std::move(request)).take();
    }
    /// Two-factor with ten recovery codes of these letters.
    void turn_on_two_factor() {
        edit([&](login_record& l) {
            l.totp = core_.identity->seal(acme, ann_.value(), "12345678901234567890");
            l.recovery.assign(rules::recovery_code_count, core_.identity->hash_recovery_code("0123456789"));
        });
    }
    template <class Run>
    static diagnostics refused(Run run, errc expected) {
        try {
            (void)run();
        } catch (const error& e) {
            EXPECT_EQ(e.code(), expected) << e.what();
            return e.details();
        }
        ADD_FAILURE() << "nothing was thrown";
        return {};
    }

    test::scratch_dir dir_;
    int left_ = 0;
    std::function<void(login_record&)> change_;
    instant now_ = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10) + std::chrono::hours(12);
    engine_core core_{options()};
    const principal operator_ = the_operator();
    const stopper stop_;
    contact_id ann_;
    principal who_;

private:
    [[nodiscard]] engine_options options() {
        engine_options o;
        o.database = "sqlite:" + (dir_.path() / "portal.db").string();
        o.identity.password_memory_kib = 64;
        o.clock = [this] {
            if (change_)
                meet();
            return now_;
        };
        return o;
    }
    // As somebody else: in a thread of their own, and only where they need not wait for whoever reads the clock.
    void meet() {
        const auto change = std::exchange(change_, {});
        std::thread([&] {
            const auto tx = core_.db->try_write();
            if (!tx || left_-- > 0)
                return;
            auto l = login_of(*tx, who_.account_key, ann_.value());
            change(l);
            put(*tx, who_.account_key, l);
            tx->commit();
        }).join();
        change_ = change;
    }
};

} // namespace

TEST_F(in_between, a_password_that_changes_whenever_it_was_compared_lets_nobody_in) {
    from(0, [&](login_record& l) { l.password = core_.identity->hash(password); });
    (void)refused([&] { return sign_in().session.id; }, errc::unavailable);
    password_change request;
    request.old_password = secret(password);
    request.new_password = secret("kdgz wtmf pqhj rxbv");
    (void)refused([&] { return anns().change_password(std::move(request)); }, errc::unavailable);
}

TEST_F(in_between, a_password_changed_once_since_it_was_compared_is_compared_again) {
    auto changes = 0;
    from(0, [&](login_record& l) {
        if (++changes <= 3)
            l.password = core_.identity->hash(password);
    });
    EXPECT_FALSE(sign_in().token.empty());
    EXPECT_GT(changes, 3);
}

TEST_F(in_between, a_short_password_is_not_taken_once_two_factor_was_turned_off) {
    turn_on_two_factor();
    from(1, [](login_record& l) { l.totp.clear(); });
    password_change request;
    request.old_password = secret(password);
    request.new_password = secret(short_password);
    (void)refused([&] { return anns().change_password(std::move(request)); }, errc::unavailable);
    EXPECT_FALSE(login().short_password);
}

TEST_F(in_between, a_recovery_code_used_since_it_was_compared_is_used) {
    turn_on_two_factor();
    from(2, [](login_record& l) { l.recovery.assign(rules::recovery_code_count, {}); });
    EXPECT_EQ(refused([&] { return sign_in("3-01234-56789").session.id; }, errc::unauthenticated).field, "code");
}

TEST_F(in_between, new_recovery_codes_are_not_kept_once_two_factor_was_turned_off) {
    turn_on_two_factor();
    from(1, [](login_record& l) { l.totp.clear(); });
    two_factor_request request;
    request.password = secret(password);
    (void)refused([&] { return anns().renew_recovery_codes(std::move(request)); }, errc::conflict);
}

TEST_F(in_between, whoever_was_disabled_since_they_asked_manages_nobody) {
    contact_update update{.account = acme, .contact = ann_};
    update.status = contact_status::disabled;
    (void)the_operators().update_contact(update);
    contact_update by_ann{.account = acme, .contact = ann_};
    by_ann.status = contact_status::active;
    (void)refused([&] { return anns().update_contact(std::move(by_ann)).id; }, errc::unauthenticated);
}

TEST_F(in_between, whoever_was_denied_it_since_they_asked_manages_nobody) {
    contact_update update{.account = acme, .contact = ann_};
    update.denials = {permission::manage_contacts};
    (void)the_operators().update_contact(update);
    contact_update by_ann{.account = acme, .contact = ann_};
    by_ann.denials.emplace();
    (void)refused([&] { return anns().update_contact(std::move(by_ann)).id; }, errc::permission_denied);
}

TEST_F(in_between, a_use_is_remembered_where_somebody_else_writes_and_written_the_next_time) {
    const auto grant = sign_in();
    const auto written = [&] {
        return sessions_of(*core_.db->read(), who_.account_key, ann_.value()).at(0).last_used_at;
    };
    const auto begun = now_;
    now_ += minutes(2);
    const auto use = [&] {
        credential shown;
        shown.token = grant.token.copy();
        shown.source_ip = home;
        EXPECT_EQ(identify(core_, shown).contact, ann_.value());
    };
    {
        const auto tx = core_.db->write();
        std::thread(use).join();
    }
    EXPECT_EQ(written(), begun);
    use();
    EXPECT_EQ(written(), now_);
}

TEST_F(in_between, a_password_of_lower_cost_is_hashed_anew_when_it_is_shown) {
    edit([](login_record& l) {
        l.password = to_string(rules::hash_password(password, std::string(rules::salt_size, 's'), {32, 1, 1}));
    });
    (void)sign_in();
    EXPECT_EQ(rules::parse_phc(login().password)->cost, core_.identity->cost());
    (void)sign_in();
}

TEST_F(in_between, the_last_eight_places_are_familiar) {
    for (int i = 1; i <= 9; ++i)
        (void)sign_in({}, "192.0.2." + std::to_string(i));
    const auto sources = login().sources;
    ASSERT_EQ(sources.size(), 8U);
    EXPECT_EQ(sources.front(), rules::source_of("192.0.2.2"));
    EXPECT_EQ(sources.back(), rules::source_of("192.0.2.9"));
}

TEST_F(in_between, an_unknown_login_takes_over_the_place_of_another_one_and_not_its_failures) {
    std::map<std::string, std::string> by_slot;
    std::string first, second;
    for (int i = 0; second.empty(); ++i) {
        const auto login = "p" + std::to_string(i) + "@nowhere.example";
        const auto [there, fresh] = by_slot.emplace(core_.identity->slot_of(login), login);
        if (!fresh)
            std::tie(first, second) = std::pair(there->second, login);
    }
    const auto tx = core_.db->write();
    auto s = stranger_of(*tx, *core_.identity, first);
    s.failures.failures = 7;
    put(*tx, 0, s);
    EXPECT_EQ(stranger_of(*tx, *core_.identity, first).failures.failures, 7U);
    EXPECT_EQ(stranger_of(*tx, *core_.identity, second).failures.failures, 0U);
    EXPECT_EQ(stranger_of(*tx, *core_.identity, second).id, s.id);
}

TEST_F(in_between, an_account_has_5000_contacts_and_1000_keys_at_most) {
    {
        const auto tx = core_.db->write();
        for (int i = 1; i < 5'000; ++i) {
            contact_record c;
            c.id = "c-" + std::to_string(i);
            put(*tx, who_.account_key, c);
        }
        for (int i = 0; i < 1'000; ++i) {
            key_record k;
            k.id = "k-" + std::to_string(i);
            put(*tx, who_.account_key, k);
        }
        tx->commit();
    }
    contact_create one_more{.account = acme, .name = "Bob", .email = "bob@acme.example"};
    (void)refused([&] { return the_operators().create_contact(std::move(one_more)).value().id; }, errc::exhausted);
    api_key_create key{.account = acme, .name = "one more", .scopes = {permission::view_calls}};
    (void)refused([&] { return the_operators().create_key(std::move(key)).value().key.id; }, errc::exhausted);
}

TEST_F(in_between, a_long_list_of_payments_can_be_stopped) {
    {
        const auto tx = core_.db->write();
        for (int i = 0; i < 1'100; ++i) {
            payment_record p;
            p.id = "pay-" + std::to_string(10'000 + i);
            p.total = parse_money("1", "EUR").value();
            p.status = payment_status::cancelled;
            put(*tx, who_.account_key, p);
        }
        tx->commit();
    }
    payment_query query{.account = acme};
    query.status = payment_status::completed;
    EXPECT_TRUE(the_operators().list_payments(query).items.empty());
    std::stop_source stopped;
    stopped.request_stop();
    const stopper stop({}, stopped.get_token(), {});
    (void)refused([&] { return desk(core_, operator_, stop).list_payments(query).items.size(); }, errc::cancelled);
}

TEST_F(in_between, a_closed_login_confirms_no_enrolment_but_the_operator_does) {
    const std::string key = "12345678901234567890";
    edit([&](login_record& l) {
        l.pending_totp = core_.identity->seal(acme, ann_.value(), key);
        l.strange = {rules::most_strange_failures, now_};
    });
    const auto answer = [&] {
        two_factor_confirmation c{.account = acme, .contact = ann_};
        c.code = secret(rules::hotp(key, static_cast<std::uint64_t>(rules::totp_step(now_))));
        return c;
    };
    (void)refused([&] { return anns().confirm_two_factor(answer()).value().codes.size(); }, errc::exhausted);
    EXPECT_EQ(the_operators().confirm_two_factor(answer()).value().codes.size(), rules::recovery_code_count);
}

TEST_F(in_between, an_export_of_a_summary_is_of_ones_own_account_named_or_not) {
    export_request request;
    auto& rows = std::get<summary_export>(request.what);
    keep_export_to_own(who_, request);
    EXPECT_EQ(rows.account, acme);
    keep_export_to_own(who_, request);
    EXPECT_EQ(rows.account, acme);
    rows.account = account_id("other");
    (void)refused([&] { return keep_export_to_own(who_, request), 0; }, errc::not_found);
}

TEST(proof, every_verdict_has_words_of_its_own) {
    std::map<std::string_view, proof_verdict> all;
    for (const auto v :
         {proof_verdict::right, proof_verdict::wrong_password, proof_verdict::wrong_code, proof_verdict::code_missing,
          proof_verdict::waiting, proof_verdict::closed, proof_verdict::outdated})
        EXPECT_TRUE(all.emplace(reason(v), v).second) << reason(v);
}

} // namespace lineside
