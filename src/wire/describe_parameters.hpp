#pragma once

#include "wire/describe.hpp"
#include "wire/describe_access_log.hpp"
#include "wire/describe_dispute.hpp"
#include "wire/parameters.hpp"

// Requests that hold streams and functions, described once: see describe.hpp.
namespace lineside::wire {

BOOST_DESCRIBE_STRUCT(record_upload, (),
                      (name, format, account, account_from, time_zone, source, fields, currency, coverage, mode))
BOOST_DESCRIBE_STRUCT(export_subject, (), (summary, calls, series, access_log))
BOOST_DESCRIBE_STRUCT(table_export, (), (what, format, safety, header))
BOOST_DESCRIBE_STRUCT(dispute_side_parameters, (), (records, only_account, name))
BOOST_DESCRIBE_STRUCT(dispute_parameters, (),
                      (account, ours, theirs, range, population, tolerance, limit, evidence, evidence_format,
                       evidence_safety))

} // namespace lineside::wire
