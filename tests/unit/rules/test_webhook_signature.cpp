#include <lineside/webhook_signature.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace lineside;
using namespace std::chrono_literals;

namespace {

// The example of the Standard Webhooks specification.
constexpr std::string_view published_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view published_body = R"({"test": 2432232314})";
const webhook_headers published{"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="};
const instant published_at{std::chrono::seconds(1'614'265'330)};

secret the(std::string_view text) { return secret(std::string(text)); }

std::vector<secret> secrets(std::initializer_list<std::string_view> texts) {
    std::vector<secret> all;
    for (const auto t : texts)
        all.push_back(the(t));
    return all;
}

secret secret_of(char c) { return make_webhook_secret(std::string(32, c)).value(); }

errc verified(const secret& s, const webhook_headers& headers, std::string_view body, instant now) {
    const auto sent = verify_webhook(s, headers, body, now);
    return sent ? errc() : static_cast<errc>(sent.error().code.value());
}

errc verified_published(const webhook_headers& headers, std::string_view body = published_body) {
    return verified(the(published_secret), headers, body, published_at);
}

constexpr auto right = errc();

} // namespace

TEST(webhook_signature, is_the_one_of_the_specification) {
    EXPECT_EQ(sign_webhook(secrets({published_secret}), published.id, published_at, published_body).value(), published);
    EXPECT_EQ(verify_webhook(the(published_secret), published, published_body, published_at).value(), published_at);
}

TEST(webhook_signature, a_timestamp_is_of_the_second_that_has_begun) {
    EXPECT_EQ(sign_webhook(secrets({published_secret}), published.id, published_at + 999ms, published_body).value(),
              published);
}

TEST(webhook_signature, every_change_is_noticed) {
    ASSERT_EQ(verified_published(published), right);
    for (std::size_t i = 0; i < published_body.size(); ++i) {
        std::string body(published_body);
        body[i] = static_cast<char>(body[i] ^ 1);
        EXPECT_EQ(verified_published(published, body), errc::unauthenticated) << i;
        EXPECT_EQ(verified_published(published, published_body.substr(0, i)), errc::unauthenticated) << i;
    }
    EXPECT_EQ(verified_published(published, std::string(published_body) + ' '), errc::unauthenticated);
    for (std::size_t i = 0; i < published.id.size(); ++i) {
        auto headers = published;
        headers.id[i] = static_cast<char>(headers.id[i] ^ 1);
        EXPECT_EQ(verified_published(headers), errc::unauthenticated) << i;
    }
    for (std::size_t i = 0; i < published.signature.size(); ++i) {
        auto headers = published;
        headers.signature[i] = static_cast<char>(headers.signature[i] ^ 1);
        EXPECT_EQ(verified_published(headers), errc::unauthenticated) << i;
        headers.signature = published.signature.substr(0, i);
        EXPECT_EQ(verified_published(headers), errc::unauthenticated) << i;
    }
    auto later = published;
    later.timestamp = "1614265331";
    EXPECT_EQ(verified_published(later), errc::unauthenticated);
}

TEST(webhook_signature, another_secret_made_none_of_it) {
    EXPECT_EQ(verified(secret_of('x'), published, published_body, published_at), errc::unauthenticated);
    EXPECT_FALSE(verify_webhook(std::span<const secret>(), published, published_body, published_at));
}

TEST(webhook_signature, while_secrets_change_either_side_may_be_first) {
    const secret both[] = {secret_of('o'), secret_of('n')};
    const auto before = std::span(both).first(1);
    const auto after = std::span(both).last(1);
    const auto signed_by_both = sign_webhook(both, "msg_1", published_at, "x").value();
    EXPECT_EQ(signed_by_both.signature, sign_webhook(before, "msg_1", published_at, "x").value().signature + " " +
                                            sign_webhook(after, "msg_1", published_at, "x").value().signature);
    EXPECT_TRUE(verify_webhook(before, signed_by_both, "x", published_at));
    EXPECT_TRUE(verify_webhook(after, signed_by_both, "x", published_at));
    for (const auto& one : {before, after})
        EXPECT_TRUE(verify_webhook(both, sign_webhook(one, "msg_1", published_at, "x").value(), "x", published_at));
    EXPECT_FALSE(verify_webhook(after, sign_webhook(before, "msg_1", published_at, "x").value(), "x", published_at));
}

TEST(webhook_signature, what_is_too_old_or_of_the_future_is_refused) {
    const auto s = the(published_secret);
    EXPECT_EQ(verified(s, published, published_body, published_at + 5min), right);
    EXPECT_EQ(verified(s, published, published_body, published_at + 5min + 1ms), errc::unauthenticated);
    EXPECT_EQ(verified(s, published, published_body, published_at - 5min), right);
    EXPECT_EQ(verified(s, published, published_body, published_at - 5min - 1ms), errc::unauthenticated);
    EXPECT_TRUE(verify_webhook(s, published, published_body, published_at + 1h, 1h));
    EXPECT_FALSE(verify_webhook(s, published, published_body, published_at + 1ms, 0ms));
    // Who does not care about the time may say so.
    EXPECT_TRUE(verify_webhook(s, published, published_body, published_at + 24h * 365, duration::max()));
    EXPECT_TRUE(verify_webhook(s, published, published_body, instant(), duration::max()));
}

TEST(webhook_signature, timestamps_are_seconds_and_nothing_else) {
    for (const auto* bad :
         {"", " ", "x", "-1", "+1614265330", " 1614265330", "1614265330 ", "1614265330.0", "0x6037c2b2", "1e9",
          "253402300800", "99999999999999999999", "1614265330\r\n", "2021-02-25T15:02:10Z"}) {
        auto headers = published;
        headers.timestamp = bad;
        EXPECT_EQ(verified_published(headers), errc::unauthenticated) << bad;
    }
}

TEST(webhook_signature, an_id_has_1_to_256_bytes_and_no_full_stop) {
    const auto s = secrets({published_secret});
    for (const auto& bad : {std::string(), std::string("a.b"), std::string("."), std::string(257, 'x')}) {
        const auto made = sign_webhook(s, bad, published_at, "");
        ASSERT_FALSE(made) << bad;
        EXPECT_EQ(made.error().code, errc::invalid_argument);
        EXPECT_EQ(made.error().details.field, "id");
        auto headers = published;
        headers.id = bad;
        EXPECT_EQ(verified_published(headers), errc::unauthenticated);
    }
    const auto longest = sign_webhook(s, std::string(256, 'x'), published_at, "").value();
    EXPECT_TRUE(verify_webhook(s, longest, "", published_at));
}

// The three parts are signed as one text: nobody may move the borders.
TEST(webhook_signature, parts_of_one_text_cannot_be_taken_for_others) {
    const auto s = secrets({published_secret});
    const auto made = sign_webhook(s, "msg", published_at, "1614265331.rest").value();
    ASSERT_TRUE(verify_webhook(s, made, "1614265331.rest", published_at));
    EXPECT_FALSE(verify_webhook(s, {"msg.1614265330", "1614265331", made.signature}, "rest", published_at));
}

TEST(webhook_signature, the_right_one_is_found_among_others_and_other_versions_do_not_count) {
    auto headers = published;
    for (const auto& around : {"v1,AAAA " + published.signature, published.signature + " v1,AAAA",
                               "v1a,xyz  " + published.signature + ' ', " , v1, " + published.signature + " v2,x"}) {
        headers.signature = around;
        EXPECT_EQ(verified_published(headers), right) << around;
    }
    const auto bare = published.signature.substr(3);
    for (const auto& bad :
         {std::string(), std::string(" "), std::string("v1,"), bare, "v2," + bare, "V1," + bare, "v1 " + bare,
          "v1;" + bare, "v1a," + bare, "v1, " + bare, ",v1," + bare, published.signature + ",",
          published.signature + "\t", "v1," + bare.substr(0, 43), "v1," + bare + bare}) {
        headers.signature = bad;
        EXPECT_EQ(verified_published(headers), errc::unauthenticated) << bad;
    }
}

TEST(webhook_signature, a_stranger_cannot_make_it_work_hard) {
    auto headers = published;
    headers.signature = std::string(4'096 - published.signature.size(), ' ') + published.signature;
    EXPECT_EQ(verified_published(headers), right);
    headers.signature = ' ' + headers.signature;
    EXPECT_EQ(verified_published(headers), errc::unauthenticated);
}

TEST(webhook_signature, a_secret_is_a_prefix_and_24_to_64_bytes_in_base64) {
    EXPECT_EQ(make_webhook_secret(std::string(24, '\0')).value().reveal(), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    for (const std::size_t good : {24U, 32U, 64U}) {
        const auto s = make_webhook_secret(std::string(good, 'k')).value();
        const auto made = sign_webhook(std::span(&s, 1), "id", published_at, "body").value();
        EXPECT_TRUE(verify_webhook(s, made, "body", published_at)) << good;
    }
    for (const std::size_t bad : {0U, 1U, 23U, 65U, 1'000U}) {
        const auto s = make_webhook_secret(std::string(bad, 'k'));
        ASSERT_FALSE(s) << bad;
        EXPECT_EQ(s.error().code, errc::invalid_argument);
        EXPECT_EQ(s.error().details.field, "key");
    }
    const std::string key(published_secret.substr(6));
    for (const auto& bad : {std::string(), std::string("whsec_"), key, "WHSEC_" + key, "whsec_" + key + "!",
                            "whsec_" + key.substr(0, 28), "whsec_ " + key, "whsec_" + std::string(92, 'A')}) {
        EXPECT_EQ(verified(the(bad), published, published_body, published_at), errc::invalid_argument) << bad;
        const auto made = sign_webhook(secrets({published_secret, bad}), "id", published_at, "");
        ASSERT_FALSE(made) << bad;
        EXPECT_EQ(made.error().code, errc::invalid_argument);
        EXPECT_EQ(made.error().details.field, "secret");
        EXPECT_EQ(made.error().details.message.find(key), std::string::npos) << "no secret in a message";
    }
    EXPECT_FALSE(sign_webhook({}, "id", published_at, "")) << "nothing is sent unsigned";
}
