// A process that forks with a client open: its child lets go of what is not its own, and the parent goes on.

#include <lineside/client.hpp>
#include <lineside/engine.hpp>
#include <lineside/server.hpp>
#include <lineside/watch.hpp>

#include "support/child_process.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace lineside {
namespace {

class client_fork : public testing::Test {
protected:
    [[nodiscard]] std::unique_ptr<client> connect() const {
        client_options o;
        o.base_url = server_.url();
        o.token = secret("operator-token-of-at-least-32-bytes");
        return std::make_unique<client>(std::move(o));
    }

private:
    static server_options served() {
        server_options o;
        o.operator_token = secret("operator-token-of-at-least-32-bytes");
        return o;
    }

    engine engine_{engine_options{}};
    server server_{engine_, served()};
};

bool is_refused(portal& p) {
    try {
        (void)p.async_list_accounts({}, block);
        return false;
    } catch (const error& e) {
        return e.code() == errc::unavailable;
    }
}

TEST_F(client_fork, a_client_that_has_made_calls_is_let_go_in_a_child) {
    auto far = connect();
    EXPECT_TRUE(far->async_list_accounts({}, block).items.empty());
    EXPECT_EQ(test::in_child([&] {
                  const bool refused = is_refused(*far);
                  far.reset();
                  return refused && connect()->async_list_accounts({}, block).items.empty() ? 0 : 1;
              }),
              0);
    EXPECT_TRUE(far->async_list_accounts({}, block).items.empty());
}

TEST_F(client_fork, a_client_that_has_made_none_is_let_go_in_a_child) {
    auto far = connect();
    EXPECT_EQ(test::in_child([&] {
                  far.reset();
                  return 0;
              }),
              0);
    EXPECT_TRUE(far->async_list_accounts({}, block).items.empty());
}

TEST_F(client_fork, views_and_watches_of_a_client_are_let_go_in_a_child_in_any_order) {
    for (const int order : {0, 1, 2}) {
        auto far = connect();
        auto view = far->as({});
        auto stream = far->watch({.account = account_id("acme"), .topics = {watch_topic::alerts}});
        EXPECT_THROW((void)stream->async_next(block), error); // there is no such account
        EXPECT_TRUE(far->async_list_accounts({}, block).items.empty());
        EXPECT_EQ(test::in_child([&] {
                      if (order == 0)
                          far.reset();
                      view.reset();
                      if (order == 1)
                          far.reset();
                      stream.reset();
                      far.reset();
                      return 0;
                  }),
                  0)
            << order;
        EXPECT_TRUE(far->async_list_accounts({}, block).items.empty());
    }
}

} // namespace
} // namespace lineside
