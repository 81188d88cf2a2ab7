#include <lineside/ask.hpp>

#include "integration/contract/every_operation.hpp"
#include "integration/contract/tenancy_test.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Where a page ended is the engine's to say: nobody makes it up, changes it or carries it elsewhere.
namespace lineside::contract {

namespace {

/// A list of somebody's, one item a page.
struct list {
    std::string name;
    bool operators = false;
    std::function<std::string(portal&, const estate&, const std::string& cursor)> next;
};

template <class Operation>
void add_list(std::vector<list>& all) {
    if constexpr (requires(typename Operation::request r) { r.cursor; }) {
        const estate any;
        asking a(any, naming::account_named);
        (void)request_for(Operation{}, a);
        all.push_back({std::string(Operation::name), !a.names_account,
                       [](portal& p, const estate& of, const std::string& cursor) {
                           asking names(of, naming::account_named);
                           auto request = request_for(Operation{}, names);
                           request.cursor = cursor;
                           request.limit = 1;
                           if constexpr (requires { request.contact = std::nullopt; })
                               request.contact = std::nullopt;
                           return async_ask(Operation{}, p, std::move(request), {}, block).next;
                       }});
    }
}

std::vector<list> all_lists() {
    std::vector<list> all;
#define LINESIDE_OPERATION(NAME, ...) add_list<operation::NAME>(all);
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    return all;
}

class cursors_test : public tenancy_test {
protected:
    /// An account with at least two of everything.
    estate settle_twice(const std::string& name) {
        auto e = settle(name);
        auto& p = lineside();
        (void)add(person("second@" + name + ".example", role::viewer, e.account));
        (void)key_text(e.account, {permission::view_company});
        (void)p.async_create_payment({.account = e.account, .total = some_money()}, block);
        (void)p.async_add_block({e.account, {}, {}}, block);
        (void)p.async_claim_extension({e.account, {}, {}, {}}, block);
        (void)p.async_create_alert_rule(some_rule(e.account, "second"), block);
        (void)p.async_create_webhook({e.account, "https://falcon.example/second", {"alert.fired"}}, block);
        clock.advance(minutes(2));
        (void)p.async_test_alert_rule({e.account, e.rule, alert_test_delivery::send}, block);
        auto made = failed_call("second-" + name, estate_hours.from + hours(1));
        made.account_id = e.account;
        import({made});
        call_event_batch live;
        for (const auto* id : {"one", "two"}) {
            call_event event;
            event.source = "switch-1";
            event.call_id = name + id;
            event.at = clock.now();
            event.account = e.account;
            live.events.push_back(event);
        }
        (void)p.async_report_call_events(live, block);
        (void)p.async_create_account({.id = account_id(name + "-2")}, block);
        for (const auto* domain : {"one.", "two."})
            (void)p.async_set_branding({.domain = domain + name + ".example", .name = "Partner"}, block);
        return e;
    }
    [[nodiscard]] static bool is_refused(const std::function<void()>& run) {
        try {
            run();
            return false;
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_argument) << e.what();
            EXPECT_EQ(e.details().field, "cursor") << e.what();
            return true;
        }
    }
};

LINESIDE_ON_EVERY_PORTAL_WITH(cursors, cursors_test);

} // namespace

TEST_P(cursors, of_another_list_or_account_are_refused) {
    const estate estates[] = {settle_twice("falcon"), settle_twice("hawk")};
    struct taken {
        std::size_t list;
        std::size_t account;
        std::string cursor;
    };
    const auto lists = all_lists();
    std::vector<taken> handed_out;
    for (std::size_t l = 0; l < lists.size(); ++l)
        for (std::size_t a = 0; a < std::size(estates); ++a) {
            handed_out.push_back({l, a, lists[l].next(lineside(), estates[a], {})});
            EXPECT_NE(handed_out.back().cursor, "") << lists[l].name << " has one item";
        }
    EXPECT_GT(lists.size(), 12U);
    for (const auto& from : handed_out)
        for (std::size_t l = 0; l < lists.size(); ++l)
            for (std::size_t a = 0; a < std::size(estates); ++a) {
                const bool own = from.list == l && (from.account == a || lists[l].operators);
                EXPECT_EQ(is_refused([&] { (void)lists[l].next(lineside(), estates[a], from.cursor); }), !own)
                    << lists[from.list].name << " of " << estates[from.account].account << " at " << lists[l].name
                    << " of " << estates[a].account;
            }
}

TEST_P(cursors, that_were_made_up_or_changed_are_refused) {
    const auto falcon = settle_twice("falcon");
    for (const auto& l : all_lists()) {
        SCOPED_TRACE(l.name);
        const auto good = l.next(lineside(), falcon, {});
        for (const auto& bad : {std::string("1"), falcon.payment, std::string("!"), std::string(good.size(), 'A'),
                                good + "A", good.substr(1), std::string(4'000, 'B')})
            EXPECT_TRUE(is_refused([&] { (void)l.next(lineside(), falcon, bad); })) << bad;
        for (std::size_t i = 0; i < good.size(); ++i) {
            auto bad = good;
            bad[i] = bad[i] == 'B' ? 'C' : 'B';
            EXPECT_TRUE(is_refused([&] { (void)l.next(lineside(), falcon, bad); })) << i;
        }
        EXPECT_FALSE(is_refused([&] { (void)l.next(lineside(), falcon, good); }));
    }
}

TEST_P(cursors, outlive_the_portal) {
    const auto falcon = settle_twice("falcon");
    const auto lists = all_lists();
    std::vector<std::string> good;
    for (const auto& l : lists)
        good.push_back(l.next(lineside(), falcon, {}));
    reopen();
    for (std::size_t i = 0; i < lists.size(); ++i)
        EXPECT_FALSE(is_refused([&] { (void)lists[i].next(lineside(), falcon, good[i]); })) << lists[i].name;
}

TEST_P(cursors, keep_the_filter_and_the_order_and_let_the_limit_change) {
    const auto falcon = settle_twice("falcon");
    payment_query q{.account = falcon.account, .limit = 1};
    q.cursor = lineside().async_list_payments(q, block).next;
    auto pending = q;
    pending.status = payment_status::pending;
    EXPECT_TRUE(is_refused([&] { (void)lineside().async_list_payments(pending, block); }));
    q.limit = 1'000;
    EXPECT_EQ(lineside().async_list_payments(q, block).items.size(), 1U);
}

// Who reads the operator's list of an account has a cursor of the same list.
TEST_P(cursors, of_a_customer_are_of_its_own_account_whether_it_names_it_or_not) {
    const auto falcon = settle_twice("falcon");
    const auto asker = member(falcon.account, role::administrator);
    contact_query unnamed{.account = {}, .cursor = {}, .limit = 1};
    const auto first = asker->async_list_contacts(unnamed, block);
    const contact_query named{.account = falcon.account, .cursor = first.next, .limit = 1};
    const auto second = asker->async_list_contacts(named, block);
    ASSERT_EQ(second.items.size(), 1U);
    EXPECT_NE(second.items.front().id, first.items.front().id);
}

} // namespace lineside::contract
