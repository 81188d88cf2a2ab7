#include <lineside/ask.hpp>

#include "integration/contract/keyed_operations.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Calls that carry the key by which they are told to be the same one again.
namespace lineside::contract {

namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(idempotency, keyed_test);

call_options with_idempotency_key(std::string key) {
    call_options o;
    o.idempotency_key = std::move(key);
    return o;
}

template <class Answer>
std::string text_of(const Answer& answer) {
    std::string text;
    if constexpr (!std::is_same_v<Answer, acknowledged>)
        wire::append_json(text, answer);
    return text;
}

payment_create payment_of(std::int64_t units) { return {.account = acme, .total = {units, 0, "EUR"}}; }

class counted_payments : public keyed_test {
protected:
    payment pay(portal& p, std::int64_t units, std::string key) {
        return p.async_create_payment(payment_of(units), with_idempotency_key(std::move(key)), block);
    }
    [[nodiscard]] std::size_t payments() {
        return lineside().async_list_payments({.account = acme, .limit = 1'000}, block).items.size();
    }
    diagnostics refused(portal& p, std::int64_t units, std::string key, errc expected) {
        return failure_of([&] { return pay(p, units, std::move(key)).id; }, expected);
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(idempotency_key, counted_payments);

} // namespace

// Over the whole table: an operation that forgot to keep its answer would be done twice here.
TEST_P(idempotency, every_keyed_operation_is_done_once_and_answers_the_same_again) {
    numbering n;
    n.range_start = "100000";
    n.block_size = 10;
    n.rest_days = 0;
    (void)lineside().async_set_numbering(n, block);
    (void)lineside().async_create_account({.id = account_id("neighbour")}, block);
    const auto stranger = nobody();
    const auto another = settle("another");
    std::size_t keyed = 0;
    const auto check = [&](auto op) {
        using operation_type = decltype(op);
        if constexpr (operation_type::retry == operation::retry_class::keyed) {
            SCOPED_TRACE(std::string(operation_type::name));
            ++keyed;
            const auto ready = make_ready(operation_type::name);
            const bool anyones = operation_type::access.audience == operation::audience::anyone;
            const auto key = "key-of-" + std::string(operation_type::name);
            const auto ask = [&](const readied& about) {
                return text_of(async_ask(op, anyones ? *stranger : lineside(), request_of<operation_type>(about),
                                         with_idempotency_key(key), block));
            };
            const auto before = view_of(ready.of);
            const auto first = ask(ready);
            const auto done = view_of(ready.of);
            EXPECT_NE(done, before) << "it does nothing, so doing it twice would not show";

            clock.advance(hours(1));
            EXPECT_EQ(ask(ready), first);
            clock.advance(-hours(1));
            EXPECT_EQ(view_of(ready.of), done);

            if (!anyones) {
                auto other = ready;
                other.of = another;
                const auto why = failure_of([&] { return ask(other); }, errc::invalid_argument);
                EXPECT_EQ(why.field, "idempotency_key");
                EXPECT_EQ(view_of(ready.of), done);
            }
        }
    };
#define LINESIDE_OPERATION(NAME, ...) ASSERT_NO_THROW(check(operation::NAME{})) << #NAME;
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    EXPECT_GT(keyed, 20U);
}

TEST_P(idempotency_key, outlives_the_portal_and_is_forgotten_after_a_day) {
    add_account();
    const auto first = pay(lineside(), 5, "spring");
    reopen();
    clock.advance(hours(24) - duration(1));
    EXPECT_EQ(pay(lineside(), 5, "spring"), first);
    EXPECT_EQ(payments(), 1U);
    clock.advance(duration(1));
    const auto second = pay(lineside(), 5, "spring");
    EXPECT_NE(second.id, first.id);
    EXPECT_EQ(payments(), 2U);
    clock.advance(hours(1));
    EXPECT_EQ(pay(lineside(), 5, "spring"), second);
}

TEST_P(idempotency_key, of_one_asker_says_nothing_of_another_asker) {
    add_account();
    const auto everything = permission_set::everything().list();
    const auto first = with(key_text(acme, everything));
    const auto second = with(key_text(acme, everything));
    const auto announce = [&](portal& p, std::int64_t units) {
        const transfer_announcement t{.account = acme, .total = {units, 0, "EUR"}};
        return p.async_announce_transfer(t, with_idempotency_key("one"), block).id;
    };
    const auto firsts = announce(*first, 5);
    const auto seconds = announce(*second, 6);
    EXPECT_NE(firsts, seconds);
    EXPECT_NE(announce(lineside(), 7), firsts);
    EXPECT_EQ(payments(), 3U);
    EXPECT_EQ(announce(*second, 6), seconds);
    (void)failure_of([&] { return announce(*first, 6); }, errc::invalid_argument);
    EXPECT_EQ(payments(), 3U);
}

TEST_P(idempotency_key, of_another_operation_is_another_requests) {
    add_account();
    (void)pay(lineside(), 5, "one");
    transfer_announcement same{.account = acme, .total = {5, 0, "EUR"}};
    const auto why =
        failure_of([&] { return lineside().async_announce_transfer(same, with_idempotency_key("one"), block).id; },
                   errc::invalid_argument);
    EXPECT_EQ(why.field, "idempotency_key");
    EXPECT_EQ(payments(), 1U);
}

TEST_P(idempotency_key, of_a_call_that_failed_is_free) {
    add_account();
    const auto field = failure_of(
        [&] {
            return lineside()
                .async_create_payment({.account = acme, .total = {5, 0, "USD"}}, with_idempotency_key("one"), block)
                .id;
        },
        errc::conflict);
    EXPECT_EQ(field.field, "currency");
    const auto made = pay(lineside(), 5, "one");
    EXPECT_EQ(pay(lineside(), 5, "one"), made);
    EXPECT_EQ(payments(), 1U);
}

TEST_P(idempotency_key, of_a_mail_that_did_not_leave_sends_it_again_and_once) {
    add_account();
    const auto c = add("robin@acme.example");
    const verification_request request{.account = acme, .contact = c.id};
    const auto send = [&] { return lineside().async_send_verification(request, with_idempotency_key("one"), block); };
    box().fails = true;
    (void)failure_of([&] { return send().to; }, errc::unavailable);
    box().fails = false;
    const auto sent = box().mails.size();
    const auto answer = send();
    EXPECT_EQ(box().mails.size(), sent + 1);
    EXPECT_EQ(send(), answer);
    EXPECT_EQ(box().mails.size(), sent + 1);
}

// The host's mailer asks for the same while it carries the first one's mail.
TEST_P(idempotency_key, of_a_call_that_still_runs_is_a_conflict_and_nothing_is_done_for_it) {
    std::optional<diagnostics> why;
    verification_request request{.account = acme};
    settings.delivery.mailer = [&](const mail&) {
        if (why)
            return;
        why.emplace();
        *why = failure_of(
            [&] { return lineside().async_send_verification(request, with_idempotency_key("one"), block).to; },
            errc::conflict);
    };
    add_account();
    request.contact = add("robin@acme.example").id;
    const auto answer = lineside().async_send_verification(request, with_idempotency_key("one"), block);
    ASSERT_TRUE(why);
    EXPECT_EQ(why->field, "idempotency_key");
    EXPECT_NE(why->message.find("still running"), std::string::npos) << why->message;
    EXPECT_EQ(lineside().async_send_verification(request, with_idempotency_key("one"), block), answer);
}

TEST_P(idempotency_key, asked_for_from_many_threads_does_one_thing) {
    add_account();
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::vector<std::string> made;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            try {
                const auto id = pay(lineside(), 5, "one").id;
                const std::lock_guard turn(mutex);
                made.push_back(id);
            } catch (const error& e) {
                EXPECT_EQ(e.code(), errc::conflict) << e.what();
            }
        });
    for (auto& t : threads)
        t.join();
    ASSERT_FALSE(made.empty());
    for (const auto& id : made)
        EXPECT_EQ(id, made.front());
    EXPECT_EQ(payments(), 1U);
}

TEST_P(idempotency_key, has_1_to_255_visible_ascii_characters) {
    add_account();
    for (const std::string& bad : {std::string(256, 'k'), std::string("two words"), std::string("tab\t"),
                                   std::string("k\xc3\xa4se"), std::string("\x7f"), std::string(1, '\0')})
        EXPECT_EQ(refused(lineside(), 5, bad, errc::invalid_argument).field, "idempotency_key");
    EXPECT_EQ(payments(), 0U);
    const std::string longest(255, '~');
    EXPECT_EQ(pay(lineside(), 5, longest), pay(lineside(), 5, longest));
    EXPECT_EQ(payments(), 1U);
}

TEST_P(idempotency_key, means_nothing_to_what_can_be_repeated_anyhow) {
    add_account();
    EXPECT_EQ(lineside().async_get_account(acme, with_idempotency_key("one"), block).name, "acme");
    account_update u{.account = acme, .name = "First"};
    (void)lineside().async_update_account(u, with_idempotency_key("one"), block);
    u.name = "Second";
    EXPECT_EQ(lineside().async_update_account(u, with_idempotency_key("one"), block).name, "Second");
}

TEST_P(idempotency_key, of_a_sign_in_does_not_tell_whether_a_password_is_right) {
    add_account();
    (void)add("robin@acme.example");
    const auto attempt = [&](const char* with, const char* from) {
        sign_in_request r;
        r.email = "robin@acme.example";
        r.password = secret(with);
        r.source_ip = from;
        return nobody()->async_sign_in(std::move(r), with_idempotency_key("one"), block);
    };
    const auto grant = attempt(password, "192.0.2.7");
    EXPECT_EQ(attempt(password, "192.0.2.7").token, grant.token);
    for (int i = 0; i < 5; ++i)
        (void)failure_of([&] { return attempt("not the password at all", "192.0.2.7").session.id; },
                         errc::unauthenticated);
    (void)failure_of([&] { return attempt("not the password at all", "192.0.2.7").session.id; }, errc::exhausted);
    EXPECT_EQ(with(grant.token)->async_list_sessions({}, block).items.size(), 1U);
}

TEST_P(idempotency_key, gives_nothing_to_whoever_may_no_longer_ask) {
    add_account();
    const auto robin = add("robin@acme.example", role::administrator);
    const auto asker = sign_in("robin@acme.example");
    (void)pay(lineside(), 1, "operator's");
    transfer_announcement t{.account = acme, .total = {5, 0, "EUR"}};
    (void)asker->async_announce_transfer(t, with_idempotency_key("one"), block);
    contact_update u{.account = acme, .contact = robin.id};
    u.denials = {permission::make_payments};
    (void)lineside().async_update_contact(u, block);
    (void)failure_of([&] { return asker->async_announce_transfer(t, with_idempotency_key("one"), block).id; },
                     errc::permission_denied);
}

TEST_P(idempotency_key, stands_beside_the_request_id_of_number_blocks) {
    add_account();
    const auto add_block = [&](std::string request_id, std::string key) {
        return lineside()
            .async_add_block({acme, {}, std::move(request_id)}, with_idempotency_key(std::move(key)), block)
            .id;
    };
    const auto first = add_block("r-1", "k-1");
    EXPECT_EQ(add_block("r-1", "k-1"), first);
    EXPECT_EQ(add_block("r-1", "k-2"), first);
    EXPECT_EQ(add_block("r-1", {}), first);
    EXPECT_NE(add_block("r-2", "k-3"), first);
    const auto by_key = failure_of([&] { return add_block("r-3", "k-1"); }, errc::invalid_argument);
    EXPECT_EQ(by_key.field, "idempotency_key");
    block_claim other{acme, {"9000", "9009"}, "r-1"};
    const auto by_id =
        failure_of([&] { return lineside().async_claim_block(other, block).id; }, errc::invalid_argument);
    EXPECT_EQ(by_id.field, "request_id");
}

} // namespace lineside::contract
