#include "integration/contract/watching.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <stop_token>
#include <thread>

namespace lineside::contract {
namespace {

LINESIDE_ON_EVERY_PORTAL_WITH(watch_ends, watching_test);

// A read that waits, and what it came to.
std::future<error_code> pending(watch& w) {
    auto done = std::make_shared<std::promise<error_code>>();
    auto result = done->get_future();
    w.async_next([done](error_code ec, const watch_update&) { done->set_value(ec); });
    return result;
}

errc end_of(watch& w) {
    try {
        (void)w.async_next(block);
    } catch (const error& e) {
        return static_cast<errc>(e.code().value());
    }
    return errc{};
}

TEST_P(watch_ends, when_the_reader_signs_out) {
    add_account();
    (void)add("robin@acme.example");
    const auto robin = sign_in("robin@acme.example");
    const auto other_tab = sign_in("robin@acme.example");
    const auto w = robin->watch(about({watch_topic::channels}));
    const auto stays = other_tab->watch(about({watch_topic::channels}));
    (void)next(w);
    (void)next(stays);
    auto read = pending(*w);
    (void)robin->async_sign_out({}, block);
    EXPECT_EQ(read.get(), errc::unauthenticated);
    EXPECT_EQ(end_of(*w), errc::unauthenticated);
    start("1");
    EXPECT_EQ(next(stays).channels->in_use, 1U);
}

TEST_P(watch_ends, without_showing_what_happened_after_the_sign_out) {
    add_account();
    (void)add("robin@acme.example");
    const auto robin = sign_in("robin@acme.example");
    const auto w = robin->watch(about({watch_topic::channels}));
    (void)next(w);
    (void)robin->async_sign_out({}, block);
    start("1");
    EXPECT_EQ(end_of(*w), errc::unauthenticated);
}

TEST_P(watch_ends, when_the_contact_is_disabled_or_loses_the_right) {
    add_account();
    const auto robin = add("robin@acme.example");
    const auto kim = add("kim@acme.example");
    const auto disabled = sign_in("robin@acme.example")->watch(about({watch_topic::channels}));
    const auto denied = sign_in("kim@acme.example")->watch(about({watch_topic::channels}));
    (void)next(disabled);
    (void)next(denied);
    auto first = pending(*disabled);
    auto second = pending(*denied);
    contact_update change;
    change.account = acme;
    change.contact = robin.id;
    change.status = contact_status::disabled;
    (void)lineside().async_update_contact(change, block);
    EXPECT_EQ(first.get(), errc::unauthenticated);
    change = {};
    change.account = acme;
    change.contact = kim.id;
    change.denials = std::vector{permission::view_channels};
    (void)lineside().async_update_contact(change, block);
    EXPECT_EQ(second.get(), errc::permission_denied);
    EXPECT_EQ(end_of(*denied), errc::permission_denied);
}

TEST_P(watch_ends, when_the_operator_withholds_the_right_from_the_account) {
    add_account();
    (void)add("robin@acme.example");
    const auto w = sign_in("robin@acme.example")->watch(about({watch_topic::channels}));
    (void)next(w);
    auto read = pending(*w);
    account_update change;
    change.account = acme;
    change.withheld = std::vector{permission::view_channels};
    (void)lineside().async_update_account(change, block);
    EXPECT_EQ(read.get(), errc::permission_denied);
}

TEST_P(watch_ends, when_the_key_is_revoked) {
    add_account();
    api_key_create create;
    create.account = acme;
    create.name = "k";
    create.scopes = {permission::view_channels};
    auto grant = lineside().async_create_key(std::move(create), block);
    const auto w = lineside().as({std::move(grant.text), {}, {}})->watch(about({watch_topic::channels}));
    (void)next(w);
    auto read = pending(*w);
    (void)lineside().async_revoke_key({acme, grant.key.id}, block);
    EXPECT_EQ(read.get(), errc::unauthenticated);
}

TEST_P(watch_ends, when_the_session_is_not_used_otherwise) {
    add_account();
    (void)add("robin@acme.example");
    const auto robin = sign_in("robin@acme.example");
    const auto w = robin->watch(about({watch_topic::channels}));
    (void)next(w);
    clock.advance(minutes(20));
    (void)robin->async_who_am_i({}, block);
    clock.advance(minutes(20));
    start("1");
    EXPECT_EQ(next(w).channels->in_use, 1U) << "the session was used";
    auto read = pending(*w);
    clock.advance(minutes(20));
    (void)work();
    EXPECT_EQ(read.get(), errc::unauthenticated) << "watching is no use";
}

TEST_P(watch_ends, before_it_begins_for_whoever_may_not_look) {
    add_account();
    add_account(account_id("other"));
    (void)add("robin@acme.example");
    const auto robin = sign_in("robin@acme.example");
    EXPECT_EQ(end_of(*nobody()->watch(about({watch_topic::channels}))), errc::unauthenticated);
    EXPECT_EQ(end_of(*robin->watch(about({watch_topic::balance}))), errc::permission_denied);
    EXPECT_EQ(end_of(*robin->watch(about({watch_topic::channels, watch_topic::live_calls}))), errc::permission_denied);
    auto foreign = about({watch_topic::channels});
    foreign.account = account_id("other");
    EXPECT_EQ(end_of(*robin->watch(foreign)), errc::not_found);
    foreign.account = account_id("nobody's");
    EXPECT_EQ(end_of(*lineside().watch(foreign)), errc::not_found);
}

TEST_P(watch_ends, and_a_balance_shows_no_totals_from_when_they_are_denied) {
    add_account();
    const auto robin = add("robin@acme.example", role::billing);
    const auto w = sign_in("robin@acme.example")->watch(about({watch_topic::balance}));
    EXPECT_TRUE(next(w).balance->payments);
    contact_update change;
    change.account = acme;
    change.contact = robin.id;
    change.denials = std::vector{permission::view_payments};
    (void)lineside().async_update_contact(change, block);
    const auto u = next(w);
    EXPECT_EQ(u.kind, watch_kind::snapshot);
    EXPECT_FALSE(u.balance->payments);
}

TEST_P(watch_ends, when_it_is_closed_or_destroyed) {
    start("0");
    auto w = watch_for({watch_topic::channels});
    (void)next(w);
    auto read = pending(*w);
    w->close();
    w->close();
    EXPECT_EQ(read.get(), errc::cancelled);
    EXPECT_EQ(end_of(*w), errc::cancelled);
    w = watch_for({watch_topic::channels});
    (void)next(w);
    read = pending(*w);
    w.reset();
    EXPECT_EQ(read.get(), errc::cancelled);
}

TEST_P(watch_ends, not_when_a_read_is_cancelled_or_times_out) {
    start("0");
    const auto w = watch_for({watch_topic::channels});
    (void)next(w);
    asio::io_context context;
    asio::cancellation_signal signal;
    error_code came_to;
    w->async_next(asio::bind_executor(
        context,
        asio::bind_cancellation_slot(signal.slot(), [&](error_code ec, const watch_update&) { came_to = ec; })));
    signal.emit(asio::cancellation_type::total);
    context.run();
    EXPECT_EQ(came_to, errc::cancelled);

    call_options options;
    options.timeout = std::chrono::milliseconds(1);
    (void)failure_of([&] { return w->async_next(options, block); }, errc::timed_out);
    std::stop_source source;
    options.timeout = {};
    options.stop = source.get_token();
    std::jthread stopper([&] { source.request_stop(); });
    (void)failure_of([&] { return w->async_next(options, block); }, errc::cancelled);

    start("1");
    EXPECT_EQ(next(w).channels->in_use, 2U);
}

TEST_P(watch_ends, and_one_read_waits_at_a_time) {
    start("0");
    const auto w = watch_for({watch_topic::channels});
    (void)next(w);
    auto read = pending(*w);
    EXPECT_EQ(end_of(*w), errc::conflict);
    start("1");
    EXPECT_FALSE(read.get());
}

TEST_P(watch_ends, and_no_more_are_kept_than_the_engine_was_told) {
    settings.live.most_watches = 2;
    start("0");
    const auto first = watch_for({watch_topic::channels});
    auto second = watch_for({watch_topic::channels});
    const auto third = watch_for({watch_topic::channels});
    (void)next(first);
    (void)next(second);
    EXPECT_EQ(end_of(*third), errc::exhausted);
    second.reset();
    // Far away the room is there when the server has seen the other one go.
    std::optional<watch_update> room;
    for (int tries = 0; !room && tries < 10'000; ++tries) {
        try {
            room = next(third);
        } catch (const error& e) {
            ASSERT_EQ(e.code(), errc::exhausted) << e.what();
        }
    }
    ASSERT_TRUE(room);
    EXPECT_EQ(room->channels->in_use, 1U);
}

TEST_P(watch_ends, with_its_portal) {
    start("0");
    auto elsewhere = GetParam().open(settings);
    account a;
    a.id = acme;
    (void)elsewhere->get().async_create_account(a, block);
    const auto w = elsewhere->get().watch(about({watch_topic::channels}));
    (void)next(w);
    auto read = pending(*w);
    elsewhere.reset();
    EXPECT_EQ(read.get(), errc::unavailable);
    EXPECT_EQ(end_of(*w), errc::unavailable);
}

} // namespace
} // namespace lineside::contract
