#include "net/http_server_state.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace lineside::net {
namespace {

std::shared_ptr<http_server_state> state_for(boost::asio::io_context& context) {
    http_server_limits limits;
    limits.connections = 5;
    limits.connections_of_address = 2;
    return std::make_shared<http_server_state>(context.get_executor(), limits, nullptr, nullptr);
}

} // namespace

TEST(http_server_state, an_ipv6_network_of_64_bits_counts_as_one_address) {
    boost::asio::io_context context;
    const auto state = state_for(context);
    const auto admit = [&](const char* from) { return state->admit(boost::asio::ip::make_address(from)); };
    const auto first = admit("2001:db8:0:1::1");
    const auto second = admit("2001:db8:0:1:ffff::2");
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(admit("2001:db8:0:1::3"));
    EXPECT_TRUE(admit("2001:db8:0:2::1"));
}

TEST(http_server_state, an_ipv4_address_is_the_same_in_ipv6) {
    boost::asio::io_context context;
    const auto state = state_for(context);
    const auto admit = [&](const char* from) { return state->admit(boost::asio::ip::make_address(from)); };
    const auto first = admit("192.0.2.1");
    const auto second = admit("::ffff:192.0.2.1");
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(admit("192.0.2.1"));
    EXPECT_TRUE(admit("::ffff:192.0.2.2"));
}

TEST(http_server_state, a_place_is_free_again_when_it_is_let_go) {
    boost::asio::io_context context;
    const auto state = state_for(context);
    const auto address = boost::asio::ip::make_address("192.0.2.1");
    for (int i = 0; i < 10; ++i) {
        const auto one = state->admit(address);
        const auto two = state->admit(address);
        EXPECT_TRUE(one && two);
        EXPECT_FALSE(state->admit(address));
        EXPECT_EQ(state->open(), 2U);
    }
    EXPECT_EQ(state->open(), 0U);
}

} // namespace lineside::net
