#pragma once

#include <lineside/call_import.hpp>
#include <lineside/data_export.hpp>
#include <lineside/dispute.hpp>
#include <lineside/operation.hpp>

#include <cstdint>
#include <optional>
#include <string>

// Some requests hold streams and functions. Here is what of them is values, for a message: the streams travel beside
// it, and what the functions would be told travels back.
namespace lineside::wire {

/// An `import_request` without its input.
struct record_upload {
    std::string name{};
    record_format format = record_format::detect;
    std::optional<account_id> account{};
    std::string account_from{};
    std::string time_zone{};
    std::string source{};
    std::string fields{};
    std::string currency{};
    attempt_coverage coverage = attempt_coverage::all_attempts;
    import_mode mode = import_mode::keep_good;
};

[[nodiscard]] record_upload parameters_of(const import_request& request);
/// Without input and functions.
[[nodiscard]] import_request request_of(record_upload parameters);

/// What to export: exactly one of them is set.
struct export_subject {
    std::optional<summary_export> summary{};
    std::optional<call_query> calls{};
    std::optional<series_query> series{};
    std::optional<access_log_query> access_log{};
};

/// An `export_request`; the table is the answer.
struct table_export {
    export_subject what{};
    export_format format = export_format::csv;
    cell_safety safety = cell_safety::formula_safe;
    header_row header = header_row::present;
};

[[nodiscard]] table_export parameters_of(const export_request& request);
/// Without `write`. Throws `lineside::error` (invalid_argument) where not exactly one subject is set.
[[nodiscard]] export_request request_of(table_export parameters);

struct dispute_side_parameters {
    std::optional<record_upload> records{}; ///< unset: the stored calls; else the part of the side's name has them
    std::string only_account{};
    std::string name{};
};

/// A `dispute_request` without the records of its sides.
struct dispute_parameters {
    account_id account{};
    dispute_side_parameters ours{};
    dispute_side_parameters theirs{};
    time_range range{};
    dispute_population population = dispute_population::automatic;
    dispute_tolerance tolerance{};
    std::uint32_t limit = 100;
    bool evidence = false; ///< every differing call is wanted
    export_format evidence_format = export_format::csv;
    cell_safety evidence_safety = cell_safety::formula_safe;
};

[[nodiscard]] dispute_parameters parameters_of(const dispute_request& request);
/// Without inputs and functions.
[[nodiscard]] dispute_request request_of(dispute_parameters parameters);

template <class Request>
struct message_parameters {
    using type = Request;
};
template <>
struct message_parameters<import_request> {
    using type = record_upload;
};
template <>
struct message_parameters<export_request> {
    using type = table_export;
};
template <>
struct message_parameters<dispute_request> {
    using type = dispute_parameters;
};

/// What of an operation's request stands in the message: nearly always all of it.
template <class Operation>
using parameters_t = typename message_parameters<typename Operation::request>::type;

} // namespace lineside::wire
