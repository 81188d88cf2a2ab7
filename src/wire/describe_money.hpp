#pragma once

#include <lineside/balance.hpp>
#include <lineside/payment.hpp>

#include "wire/describe.hpp"

// Payments and the balance, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(payment_status, pending, completed, cancelled)
BOOST_DESCRIBE_STRUCT(payment, (),
                      (account, id, created_at, completed_at, cancelled_at, total, status, method, description,
                       reference))
BOOST_DESCRIBE_STRUCT(payment_create, (), (account, total, status, method, description, reference))
BOOST_DESCRIBE_STRUCT(transfer_announcement, (), (account, total, description, reference))
BOOST_DESCRIBE_STRUCT(payment_key, (), (account, payment))
BOOST_DESCRIBE_STRUCT(payment_query, (), (account, status, cursor, limit))
BOOST_DESCRIBE_STRUCT(page<payment>, (), (items, next))
BOOST_DESCRIBE_STRUCT(balance_query, (), (account))
BOOST_DESCRIBE_STRUCT(balance, (),
                      (account, currency, as_of, amount, payments, charges, debit_limit, credit_available, in_flight,
                       burn_per_minute, calls_without_rate, time_to_zero, payment_link))

} // namespace lineside
