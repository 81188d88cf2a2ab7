// What an engine keeps of calls with idempotency keys, as it lies in the database file.

#include <lineside/call_refusal.hpp>
#include <lineside/engine.hpp>

#include "portal/engine/kept_answer.hpp"
#include "store/store.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside {
namespace {

const account_id acme("acme");
constexpr std::string_view password = "nineteen blue kettles";

class kept_answers : public testing::Test {
protected:
    kept_answers() {
        open();
        (void)e().async_create_account({.id = acme, .currency = "EUR"}, block);
    }

    void open(std::string_view identity_key = {}) {
        engine_.reset();
        engine_options o;
        o.database = dir_.database();
        o.identity.password_memory_kib = 64;
        o.identity.key = secret(identity_key);
        o.clock = [this] { return now_; };
        engine_.emplace(std::move(o));
    }
    [[nodiscard]] engine& e() { return *engine_; }
    void advance(duration d) { now_ += d; }

    static call_options once(std::string key) {
        call_options o;
        o.idempotency_key = std::move(key);
        return o;
    }
    payment pay(std::string key, std::int64_t units = 5) {
        return e().async_create_payment({.account = acme, .total = {units, 0, "EUR"}}, once(std::move(key)), block);
    }
    [[nodiscard]] std::size_t payments() {
        return e().async_list_payments({.account = acme, .limit = 1'000}, block).items.size();
    }

    /// Documents of that kind, after closing the engine.
    [[nodiscard]] std::size_t count(std::string_view kind) {
        engine_.reset();
        std::size_t n = 0;
        {
            const auto db = store::open_store(dir_.database(), {});
            db->read()->scan_all_records(kind, [&](const store::stored_record&) { return ++n > 0; });
        }
        open();
        return n;
    }
    /// The bytes of everything that lies in the database's folder, while it is open and when it was closed.
    [[nodiscard]] std::string bytes() {
        std::string all = files();
        engine_.reset();
        all += files();
        open();
        return all;
    }

private:
    [[nodiscard]] std::string files() const {
        std::string all;
        for (const auto& f : std::filesystem::directory_iterator(dir_.path())) {
            std::ifstream in(f.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(in), {});
        }
        return all;
    }

    test::scratch_dir dir_;
    instant now_ = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10);
    std::optional<engine> engine_;
};

} // namespace

TEST_F(kept_answers, secrets_and_keys_and_passwords_do_not_lie_in_the_file) {
    std::vector<std::string> hidden;
    const auto hide = [&](const secret& s) { hidden.emplace_back(s.reveal()); };
    const auto key = [&](const char* of) {
        hidden.push_back(std::string("idempotency-of-") + of);
        return once(hidden.back());
    };
    contact_create c{.account = acme, .name = "Robin Example", .email = "robin@acme.example"};
    c.role = role::administrator;
    c.password = secret(password);
    hidden.emplace_back(password);
    const auto robin = e().async_create_contact(std::move(c), key("contact"), block).id;
    sign_in_request in;
    in.email = "robin@acme.example";
    in.password = secret(password);
    const auto session = e().as({})->async_sign_in(std::move(in), key("session"), block);
    hide(session.token);
    api_key_create k{.account = acme, .name = "robot", .scopes = {permission::view_company}};
    hide(e().async_create_key(std::move(k), key("api-key"), block).text);
    hide(e().async_create_webhook({acme, "https://hooks.example/in", {}}, key("webhook"), block).signing_secret);
    two_factor_request enrol{.account = acme, .contact = robin};
    const auto enrolment = e().async_enrol_two_factor(std::move(enrol), key("enrolment"), block);
    hide(enrolment.key);
    hide(enrolment.uri);
    password_change change{.account = acme, .contact = robin};
    change.new_password = secret("twenty green teapots");
    hide(change.new_password);
    (void)e().async_change_password(std::move(change), key("change"), block);

    EXPECT_EQ(count("kept_answer"), 6U);
    const auto all = bytes();
    EXPECT_NE(all.find("Robin Example"), std::string::npos) << "this is how a text would be found";
    for (const auto& text : hidden)
        EXPECT_EQ(all.find(text), std::string::npos) << text;
}

TEST_F(kept_answers, without_a_key_nothing_is_kept) {
    (void)e().async_create_payment({.account = acme, .total = {5, 0, "EUR"}}, block);
    EXPECT_EQ(count("kept_answer"), 0U);
    EXPECT_EQ(count("kept_answer_end"), 0U);
}

TEST_F(kept_answers, each_call_clears_away_more_than_it_leaves) {
    for (int i = 0; i < 20; ++i)
        (void)pay("old-" + std::to_string(i));
    advance(std::chrono::hours(25));
    for (int i = 0; i < 5; ++i)
        (void)pay("new-" + std::to_string(i));
    EXPECT_EQ(count("kept_answer"), 5U);
    EXPECT_EQ(count("kept_answer_end"), 5U);
}

TEST_F(kept_answers, due_work_clears_away_what_has_ended_and_nothing_else) {
    for (int i = 0; i < 20; ++i)
        (void)pay("old-" + std::to_string(i));
    advance(std::chrono::hours(23));
    const auto young = pay("young");
    advance(std::chrono::hours(1));
    (void)e().async_run_due_work({}, block);
    EXPECT_EQ(count("kept_answer"), 1U);
    EXPECT_EQ(count("kept_answer_end"), 1U);
    EXPECT_EQ(pay("young"), young);
}

// The fifth of those that ended is used again before its turn to be cleared away comes.
TEST_F(kept_answers, a_key_that_is_used_again_is_not_cleared_away_with_its_first_answer) {
    for (int i = 0; i < 5; ++i) {
        (void)pay("key-" + std::to_string(i));
        advance(duration(1));
    }
    advance(std::chrono::hours(25));
    const auto again = pay("key-4");
    (void)pay("another");
    EXPECT_EQ(pay("key-4"), again);
    EXPECT_EQ(count("kept_answer_end"), 2U);
}

TEST_F(kept_answers, a_key_that_was_used_twice_is_cleared_away_by_the_end_of_its_first_answer_too) {
    for (int i = 0; i < 5; ++i) {
        (void)pay("key-" + std::to_string(i));
        advance(duration(1));
    }
    advance(std::chrono::hours(25));
    (void)pay("key-4"); // which leaves its own first end where it is
    advance(std::chrono::hours(25));
    (void)e().async_run_due_work({}, block);
    EXPECT_EQ(count("kept_answer"), 0U);
    EXPECT_EQ(count("kept_answer_end"), 0U);
}

TEST_F(kept_answers, what_was_kept_under_the_engines_own_key_is_known_when_the_host_gives_one) {
    const auto made = pay("one");
    const auto cursor = [&] {
        (void)pay("two");
        return e().async_list_payments({.account = acme, .limit = 1}, block).next;
    }();
    open("0123456789abcdef0123456789abcdef");
    EXPECT_EQ(pay("one"), made);
    EXPECT_EQ(e().async_list_payments({.account = acme, .cursor = cursor}, block).items.size(), 1U);
    try {
        (void)pay("one", 6);
        ADD_FAILURE() << "another request has the key";
    } catch (const error& why) {
        EXPECT_EQ(why.details().cause, call_refusal::key_reused);
    }
    const auto third = pay("three");
    EXPECT_EQ(pay("three"), third);
    EXPECT_EQ(payments(), 3U);
}

TEST_F(kept_answers, a_call_that_runs_is_named_as_such_and_its_end_frees_the_key) {
    const principal nobody;
    answer_keeper keeper([] {
        std::vector<secret> keys;
        keys.emplace_back("k");
        return keys;
    }());
    const instant now{};
    const payment_create request{.account = acme};
    {
        const auto first = keeper.begin(the_operator(), "create_payment", "one", request, now);
        EXPECT_TRUE(first.has_key());
        EXPECT_FALSE(keeper.begin(the_operator(), "create_payment", "", request, now).has_key());
        (void)keeper.begin(nobody, "create_payment", "one", request, now);
        try {
            (void)keeper.begin(the_operator(), "create_payment", "one", request, now);
            ADD_FAILURE() << "it runs twice";
        } catch (const error& why) {
            EXPECT_EQ(why.code(), errc::conflict);
            EXPECT_EQ(why.details().cause, call_refusal::key_running);
        }
    }
    EXPECT_TRUE(keeper.begin(the_operator(), "create_payment", "one", request, now).has_key());
}

TEST(call_refusal, has_stable_names) {
    EXPECT_EQ(to_string(call_refusal::key_reused), "key_reused");
    EXPECT_EQ(to_string(call_refusal::key_running), "key_running");
    EXPECT_STREQ(make_error_code(call_refusal::key_reused).category().name(), "lineside.calls");
    EXPECT_EQ(make_error_code(call_refusal::key_running).message(), "key_running");
}

} // namespace lineside
