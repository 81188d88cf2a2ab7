#pragma once

#include <lineside/dispute.hpp>

#include "wire/describe.hpp"

// Comparisons of calls, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(duration_rounding, exact, up_to_seconds, increments)
BOOST_DESCRIBE_ENUM(charge_rounding, exact, up, half_up, down)
BOOST_DESCRIBE_ENUM(dispute_population, automatic, all, answered)
BOOST_DESCRIBE_ENUM(difference_class, missing_in_ours, missing_in_theirs, length, rating, length_and_rating, rounding)
BOOST_DESCRIBE_STRUCT(dispute_tolerance, (),
                      (start_ms, length_ms, rounding, first_increment_s, next_increment_s, charge, charge_mode,
                       charge_decimals))
BOOST_DESCRIBE_STRUCT(dispute_input, (),
                      (name, format, evidence, read, rejected, folded, other_account, not_compared, notes))
BOOST_DESCRIBE_STRUCT(dispute_totals, (), (calls, answered, talk_ms, billed_ms, charge))
BOOST_DESCRIBE_STRUCT(dispute_amount, (), (calls, billed_ms, charge))
BOOST_DESCRIBE_STRUCT(dispute_class_total, (), (kind, rule, count, amount))
BOOST_DESCRIBE_STRUCT(dispute_period, (), (start, ours, theirs, difference, classes))
BOOST_DESCRIBE_STRUCT(dispute_call, (), (kind, ours, theirs, amount, text))
BOOST_DESCRIBE_STRUCT(dispute_report, (),
                      (account, our_input, their_input, ours, theirs, difference, matched, matched_by_id, zone_shift_ms,
                       clock_skew_ms, classes, days, hours, differing_hours, calls, differing_calls, findings))

} // namespace lineside
