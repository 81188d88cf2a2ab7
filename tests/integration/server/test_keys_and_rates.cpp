// What may be asked again, and how often.

#include "integration/server/server_test.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

namespace lineside::served {
namespace {

LINESIDE_ON_A_SERVER(idempotency_keys);
LINESIDE_ON_A_SERVER(request_rates);

asked pay(const std::string& key, const std::string& amount = "12.50") {
    return post("/v1/accounts/acme/payments", R"({"total":")" + amount + R"(","currency":"EUR"})")
        .with("Idempotency-Key", key);
}

TEST_P(idempotency_keys, the_same_key_gives_the_same_answer_and_does_nothing_twice) {
    add_account();
    const auto first = ask_as_operator(pay("k-1"));
    ASSERT_EQ(first.status, 200U) << first.body;
    const auto second = ask_as_operator(pay("k-1"));
    EXPECT_EQ(second.status, 200U);
    EXPECT_EQ(second.body, first.body);
    EXPECT_NE(second.field("x-request-id"), first.field("x-request-id"));
    EXPECT_NE(ask_as_operator(pay("k-2")).body, first.body);
    EXPECT_EQ(lineside().async_list_payments({.account = acme}, block).items.size(), 2U);
}

TEST_P(idempotency_keys, a_key_belongs_to_its_request) {
    add_account();
    ASSERT_EQ(ask_as_operator(pay("k-1")).status, 200U);
    const auto p = problem_of(ask_as_operator(pay("k-1", "13.00")), 422);
    EXPECT_EQ(text_in(p, "reason"), "key_reused");
    EXPECT_EQ(lineside().async_list_payments({.account = acme}, block).items.size(), 1U);
}

TEST_P(idempotency_keys, a_key_that_cannot_be_one_is_refused_before_anything_is_done) {
    add_account();
    EXPECT_EQ(text_in(problem_of(ask_as_operator(pay("")), 400), "field"), "Idempotency-Key");
    EXPECT_EQ(ask_as_operator(pay(std::string(5'000, 'k'))).status, 400U);
    EXPECT_EQ(ask_as_operator(pay("a").with("Idempotency-Key", "b")).status, 400U);
    EXPECT_EQ(lineside().async_list_payments({.account = acme}, block).items.size(), 0U);
}

// The mailer is the host's, and may take its time: meanwhile the request runs.
class running_test : public server_test {
protected:
    running_test() {
        settings.delivery.mailer = [this](const mail&) {
            std::unique_lock lock(mutex_);
            called_ = true;
            changed_.notify_all();
            changed_.wait(lock, [this] { return released_; });
        };
    }
    void wait_for_the_mailer() {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(changed_.wait_for(lock, std::chrono::minutes(1), [this] { return called_; }));
    }
    void release() {
        const std::lock_guard lock(mutex_);
        released_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool called_ = false;
    bool released_ = false;
};

LINESIDE_ON_A_SERVER_WITH(running_keys, running_test);

TEST_P(running_keys, a_key_whose_request_still_runs_is_a_conflict) {
    add_account();
    const auto token = token_of(acme, role::viewer);
    const auto q = post("/v1/verifications", R"({"address":"email"})").by(token).with("Idempotency-Key", "v-1");
    auto first = connect();
    first.send(q.bytes());
    wait_for_the_mailer();
    const auto p = problem_of(ask(q), 409);
    EXPECT_EQ(text_in(p, "reason"), "key_running");
    release();
    const auto answer = first.read_answer();
    EXPECT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(ask(q).body, answer.body);
}

// ---- rates

TEST_P(request_rates, too_many_requests_are_told_to_wait) {
    served.limits.request_burst = 3;
    served.limits.requests_per_second = 1;
    add_account();
    const auto one = ask_as_operator(get("/v1/accounts/acme"));
    EXPECT_EQ(one.status, 200U);
    EXPECT_EQ(one.field("ratelimit-limit"), "3");
    EXPECT_EQ(one.field("ratelimit-remaining"), "2");
    EXPECT_EQ(one.field("ratelimit-reset"), "1");
    EXPECT_EQ(one.field("retry-after"), "");
    raw_answer last = one;
    for (int i = 0; i < 100 && last.status == 200; ++i)
        last = ask_as_operator(get("/v1/accounts/acme"));
    const auto p = problem_of(last, 429);
    EXPECT_EQ(text_in(p, "code"), "exhausted");
    EXPECT_EQ(last.field("retry-after"), "1");
    EXPECT_EQ(last.field("ratelimit-remaining"), "0");
}

TEST_P(request_rates, one_credential_does_not_use_up_what_is_anothers) {
    served.limits.request_burst = 2;
    served.limits.requests_per_second = 1;
    add_account();
    const auto ann = token_of(acme, role::viewer);
    const auto bob = token_of(acme, role::viewer);
    const auto use_up = [&](const asked& q) {
        for (int i = 0; i < 100; ++i)
            if (ask(q).status == 429)
                return true;
        return false;
    };
    EXPECT_TRUE(use_up(get("/v1/identity").by(ann)));
    EXPECT_EQ(ask(get("/v1/identity").by(bob)).status, 200U);
    EXPECT_EQ(ask(get("/v1/identity")).status, 401U) << "nobody in particular counts by address";
    EXPECT_TRUE(use_up(get("/v1/identity")));
    EXPECT_EQ(ask_as_operator(get("/v1/accounts/acme")).status, 200U);
    auto elsewhere = raw_client::from("127.0.0.2", front().port());
    elsewhere.send(get("/v1/identity").bytes());
    EXPECT_EQ(elsewhere.read_answer().status, 401U) << "another address is another asker";
    // What is no credential does not get around it either.
    EXPECT_TRUE(use_up(get("/v1/identity").with("Authorization", "Basic eDp5")));
}

TEST_P(request_rates, inventing_credentials_wins_nothing_and_harms_nobody_who_is_known) {
    served.limits.request_burst = 20;
    served.limits.requests_per_second = 1;
    add_account();
    const auto ann = token_of(acme, role::viewer);
    EXPECT_EQ(ask(get("/v1/identity").by(ann)).status, 200U);
    raw_answer last;
    for (int i = 0; i < 1'000 && last.status != 429; ++i)
        last = ask(get("/v1/identity").by("lss_" + std::to_string(i)));
    (void)problem_of(last, 429);
    EXPECT_NE(last.field("retry-after"), "");
    EXPECT_EQ(ask(get("/v1/identity").by(ann)).status, 200U);
    auto elsewhere = raw_client::from("127.0.0.2", front().port());
    elsewhere.send(get("/v1/identity").by("lss_0").bytes());
    EXPECT_EQ(elsewhere.read_answer().status, 401U);
}

} // namespace
} // namespace lineside::served
