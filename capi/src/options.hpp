#pragma once

#include <lineside/client.hpp>
#include <lineside/engine.hpp>
#include <lineside/server.hpp>

#include "described.hpp"
#include "read.hpp"

// The options that are values, described: see wire/describe.hpp. What holds callbacks is read by hand.
namespace lineside {

BOOST_DESCRIBE_STRUCT(engine_storage, (), (journal_calls, import_batch_calls, cache_bytes))
BOOST_DESCRIBE_STRUCT(engine_identity, (),
                      (issuer, key, reset_link, password_memory_kib, password_passes, attempts_per_source))
BOOST_DESCRIBE_STRUCT(engine_channels, (), (most_live_calls, longest_call, lateness, snapshot_grace, history_days))
BOOST_DESCRIBE_STRUCT(engine_money, (), (payment_link))
BOOST_DESCRIBE_STRUCT(engine_webhooks, (), (allowed, ca_file))
BOOST_DESCRIBE_STRUCT(engine_live, (), (interval, look_every, most_watches, kept_changes, kept_for))
BOOST_DESCRIBE_STRUCT(client_tls, (), (ca_file, certificate_file, key_file, server))
BOOST_DESCRIBE_STRUCT(client_proxy, (), (host, port, authorization))
BOOST_DESCRIBE_STRUCT(client_retries, (), (attempts, base, throttled_base, cap, longest_retry_after, reconnect_for))
BOOST_DESCRIBE_STRUCT(client_timeouts, (), (connect, call, idle, stall))
BOOST_DESCRIBE_STRUCT(server_tls, (), (certificate_file, key_file, client_ca_file))
BOOST_DESCRIBE_STRUCT(server_limits, (),
                      (connections, connections_of_address, header_bytes, json_bytes, batch_bytes, upload_bytes,
                       streams, watchers, request_burst, requests_per_second, handshake, header, idle, write_stall,
                       socket_idle, operation))

namespace capi {

template <>
inline constexpr int undescribed<engine_webhooks::targets> = 2;
template <>
inline constexpr int undescribed<client_tls::checking> = 2;
template <>
inline constexpr int undescribed<client_options::plain_http> = 2;
template <>
inline constexpr int undescribed<server_options::plain_http> = 2;
template <>
inline constexpr int undescribed<server_options::preconditions> = 2;

static_assert(constant_of(engine_webhooks::targets::public_addresses) == LINESIDE_WEBHOOK_TARGETS_PUBLIC_ADDRESSES);
static_assert(constant_of(engine_webhooks::targets::loopback_too) == LINESIDE_WEBHOOK_TARGETS_LOOPBACK_TOO);
static_assert(constant_of(client_tls::checking::on) == LINESIDE_SERVER_CHECK_ON);
static_assert(constant_of(client_tls::checking::insecure) == LINESIDE_SERVER_CHECK_INSECURE);
static_assert(constant_of(client_options::plain_http::to_loopback) == LINESIDE_PLAIN_HTTP_TO_LOOPBACK);
static_assert(constant_of(client_options::plain_http::anywhere) == LINESIDE_PLAIN_HTTP_ANYWHERE);
static_assert(constant_of(server_options::plain_http::on_loopback) == LINESIDE_PLAIN_HTTP_TO_LOOPBACK);
static_assert(constant_of(server_options::plain_http::anywhere) == LINESIDE_PLAIN_HTTP_ANYWHERE);
static_assert(constant_of(server_options::preconditions::optional) == LINESIDE_PRECONDITIONS_OPTIONAL);
static_assert(constant_of(server_options::preconditions::required) == LINESIDE_PRECONDITIONS_REQUIRED);

/// Options, or the defaults where there are none.
template <class C>
[[nodiscard]] C known_options(const C* options) {
    if (options != nullptr)
        return sized_copy(*options, {});
    C defaults{};
    defaults.struct_size = sizeof(C);
    return defaults;
}

} // namespace capi
} // namespace lineside
