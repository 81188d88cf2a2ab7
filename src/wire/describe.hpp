#pragma once

#include <lineside/account.hpp>
#include <lineside/acknowledged.hpp>
#include <lineside/call.hpp>
#include <lineside/call_import.hpp>
#include <lineside/data_export.hpp>
#include <lineside/explanation.hpp>
#include <lineside/page.hpp>
#include <lineside/series.hpp>
#include <lineside/shared_value.hpp>
#include <lineside/summary.hpp>
#include <lineside/time.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

// The value types, described once: JSON, schemas and the columns of CSV follow from this file. Enumerators are listed for
// reading; their spelling is `to_string`'s alone. `series` has a codec of its own, because its times and values are
// written with the help of other columns.
namespace lineside {

BOOST_DESCRIBE_ENUM(time_step, minute, five_minutes, hour, day, week, month)
BOOST_DESCRIBE_ENUM(metric, live_channels, live_channels_avg, attempts, answered, asr, acd, ner, dtmf_calls,
                    dtmf_digits, dtmf_percent, cps_peak, cps_avg, pdd, talk, charge)
BOOST_DESCRIBE_ENUM(summary_period, live, daily, monthly)
BOOST_DESCRIBE_ENUM(row_state, open, provisional, final, restated)
BOOST_DESCRIBE_ENUM(summary_column, attempts, answered, asr, acd_s, talk_s, billed_s, dtmf_calls, dtmf_percent, charge)
BOOST_DESCRIBE_ENUM(call_direction, unknown, inbound, outbound, internal)
BOOST_DESCRIBE_ENUM(call_outcome, unknown, answered, busy, no_answer, rejected, abandoned, invalid_number, congestion,
                    blocked, unauthorized, redirected)
BOOST_DESCRIBE_ENUM(release_party, unknown, caller, callee, network)
BOOST_DESCRIBE_ENUM(record_format, detect, lineside, asterisk, asterisk_custom, freeswitch_csv, freeswitch_json,
                    kamailio, opensips, yeti, connexcs)

BOOST_DESCRIBE_ENUM(call_order, oldest_first, newest_first)
BOOST_DESCRIBE_ENUM(call_filter, all, answered, unanswered)
BOOST_DESCRIBE_ENUM(import_mode, keep_good, strict)
BOOST_DESCRIBE_ENUM(attempt_coverage, all_attempts, answered_only)
BOOST_DESCRIBE_ENUM(export_format, csv, tsv, ndjson)
BOOST_DESCRIBE_ENUM(cell_safety, formula_safe, raw)
BOOST_DESCRIBE_ENUM(header_row, present, omitted)

BOOST_DESCRIBE_STRUCT(acknowledged, (), ())
BOOST_DESCRIBE_STRUCT(time_range, (), (from, to))
BOOST_DESCRIBE_ENUM(account_status, active, disabled)
BOOST_DESCRIBE_ENUM(permission, view_company, view_balance, view_payments, make_payments, view_graphs, view_summary,
                    view_calls, view_channels, view_live_calls, view_numbers, manage_numbers, manage_blocks,
                    view_alerts, manage_alerts, view_contacts, manage_contacts, manage_keys, view_access_log,
                    view_review)
BOOST_DESCRIBE_STRUCT(account, (),
                      (id, name, currency, time_zone, channel_limit, created_at, contact_name, debit_limit, tax, paypal,
                       language, status, withheld))
BOOST_DESCRIBE_STRUCT(account_update, (),
                      (account, name, time_zone, channel_limit, no_channel_limit, contact_name, debit_limit, tax,
                       paypal, language, status, withheld))
BOOST_DESCRIBE_STRUCT(account_query, (), (cursor, limit))
BOOST_DESCRIBE_STRUCT(call, (),
                      (source, call_id, branch, account_id, direction, cli, destination, start_time, answer_time,
                       end_time, duration_ms, billed_ms, pdd_ms, outcome, sip_code, q850_cause, hangup_cause,
                       released_by, dtmf_digits, source_ip, charge, rate))
BOOST_DESCRIBE_STRUCT(call_batch, (), (calls, coverage))
BOOST_DESCRIBE_STRUCT(call_query, (), (account, range, filter, number, order, cursor, limit))
BOOST_DESCRIBE_STRUCT(rejected_row, (), (file, line, column, field, reason, text, header))
BOOST_DESCRIBE_STRUCT(import_progress, (), (rows, bytes, total_bytes))
BOOST_DESCRIBE_STRUCT(import_report, (),
                      (read, imported, duplicates, restated, rejected, bytes, seconds, format, source, folded, evidence,
                       notes))
BOOST_DESCRIBE_STRUCT(summary_query, (), (account, period, at, range))
BOOST_DESCRIBE_STRUCT(summary_row, (),
                      (start, end, attempts, answered, asr, acd_s, talk_s, billed_s, dtmf_calls, dtmf_percent, charge,
                       currency, state, revision, open_calls))
BOOST_DESCRIBE_STRUCT(summary, (), (account, period, as_of, rows))
BOOST_DESCRIBE_STRUCT(statistics_query, (), (summary, column, first_row, last_row))
BOOST_DESCRIBE_STRUCT(selection_statistics, (), (column, count, sum, average_of_values, true_average))
BOOST_DESCRIBE_STRUCT(series_query, (), (account, metric, range, step, zone, max_points))
BOOST_DESCRIBE_STRUCT(explain_query, (), (account, metric, range, limit))
BOOST_DESCRIBE_STRUCT(source_coverage, (),
                      (source, attempts, attempts_known, pdd_reported, dtmf_reported, charge_reported))
BOOST_DESCRIBE_STRUCT(explanation, (),
                      (account, metric, unit, range, value, numerator, denominator, amount, numerator_is,
                       denominator_is, policy, coverage, watermark, open_calls, call_count, calls))
BOOST_DESCRIBE_STRUCT(summary_export, (), (account, period, at, range))
BOOST_DESCRIBE_STRUCT(export_report, (), (rows, bytes))
BOOST_DESCRIBE_STRUCT(page<account>, (), (items, next))
BOOST_DESCRIBE_STRUCT(page<call>, (), (items, next))

} // namespace lineside

namespace lineside::wire {

template <class T>
concept described_struct = boost::describe::has_describe_members<T>::value;
template <class T>
concept described_enum = boost::describe::has_describe_enumerators<T>::value;

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_optional<shared_value<T>> = true;

template <class T>
inline constexpr bool is_money = std::is_same_v<T, money> || std::is_same_v<T, std::optional<money>>;

template <class T, class Descriptor>
using member_type = std::remove_cvref_t<decltype(std::declval<T&>().*Descriptor::pointer)>;

/// A struct's amounts share one currency, written beside them as the member `currency`. True where the struct has
/// amounts and no such member of its own, so that it has to be added.
template <class T>
[[nodiscard]] consteval bool adds_currency() {
    bool amounts = false;
    bool named = false;
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
        amounts |= is_money<member_type<T, decltype(d)>>;
        named |= std::string_view(d.name) == "currency";
    });
    return amounts && !named;
}

[[nodiscard]] inline const money* amount_in(const money& m) noexcept { return &m; }
[[nodiscard]] inline const money* amount_in(const std::optional<money>& m) noexcept { return m ? &*m : nullptr; }

/// The currency of the first amount that states one.
template <class T>
[[nodiscard]] std::string_view currency_of(const T& value) {
    std::string_view currency;
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
        if constexpr (is_money<member_type<T, decltype(d)>>)
            if (const auto* m = amount_in(value.*d.pointer); m && currency.empty())
                currency = m->currency;
    });
    return currency;
}

} // namespace lineside::wire
