#pragma once

#include <lineside/review.hpp>

#include "wire/describe.hpp"
#include "wire/describe_access_log.hpp"
#include "wire/describe_alert.hpp"
#include "wire/describe_contact.hpp"

// The weekly review, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_STRUCT(review_query, (), (account, at, language))
BOOST_DESCRIBE_STRUCT(sign_in_anomaly, (), (at, who, code, source, text))
BOOST_DESCRIBE_STRUCT(review_day, (), (start, attempts, answered, asr, acd_s))
BOOST_DESCRIBE_STRUCT(metric_move, (), (metric, destination, before, now, calls))
BOOST_DESCRIBE_STRUCT(expiring_thing, (), (what, id, name, at))
BOOST_DESCRIBE_STRUCT(review, (),
                      (account, week, zone, language, sign_ins, failed_sign_ins, anomalies, changes, log, days, movers,
                       alerts, unverified, expiring, html))

} // namespace lineside
