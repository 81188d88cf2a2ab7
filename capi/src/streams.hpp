#pragma once

#include <lineside.h>
#include <lineside/alert.hpp>
#include <lineside/call_import.hpp>
#include <lineside/data_export.hpp>
#include <lineside/dispute.hpp>

#include "queue.hpp"

#include <memory>

// Requests with streams and callbacks: what of them is not a value.
namespace lineside::capi {

/// What is left to do once an operation succeeded.
class finishing {
public:
    virtual ~finishing() = default;
    virtual void finish() = 0;
};

/// A request, and what follows it.
template <class Request>
struct asked {
    Request request{};
    std::shared_ptr<finishing> finish{};
};

template <class Request, class C>
[[nodiscard]] asked<Request> read_request(const C* from, call_in_flight* call);

// `call`: the call into a queue that they belong to; null: the caller waits, so that the host's callbacks may be called.
template <>
[[nodiscard]] asked<import_request> read_request(const lineside_record_import_request* from, call_in_flight* call);
template <>
[[nodiscard]] asked<export_request> read_request(const lineside_data_export_request* from, call_in_flight* call);
template <>
[[nodiscard]] asked<dispute_request> read_request(const lineside_call_compare_request* from, call_in_flight* call);
template <>
[[nodiscard]] asked<alert_backtest_request> read_request(const lineside_alert_rule_backtest_request* from,
                                                         call_in_flight* call);

} // namespace lineside::capi
