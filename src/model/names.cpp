#include "model/names.hpp"

#include <lineside/access_log.hpp>
#include <lineside/account.hpp>
#include <lineside/call_import.hpp>
#include <lineside/data_export.hpp>
#include <lineside/series.hpp>
#include <lineside/summary.hpp>

namespace lineside {

namespace {

constexpr name_of<time_step> steps[] = {
    {time_step::minute, "1m"}, {time_step::five_minutes, "5m"}, {time_step::hour, "1h"},
    {time_step::day, "1d"},    {time_step::week, "1w"},         {time_step::month, "1mo"},
};
constexpr name_of<account_status> account_statuses[] = {
    {account_status::active, "active"},
    {account_status::disabled, "disabled"},
};
constexpr name_of<access_outcome> access_outcomes[] = {
    {access_outcome::done, "done"},
    {access_outcome::refused, "refused"},
};
constexpr name_of<call_direction> directions[] = {
    {call_direction::unknown, "unknown"},
    {call_direction::inbound, "inbound"},
    {call_direction::outbound, "outbound"},
    {call_direction::internal, "internal"},
};
constexpr name_of<call_outcome> outcomes[] = {
    {call_outcome::unknown, "unknown"},
    {call_outcome::answered, "answered"},
    {call_outcome::busy, "busy"},
    {call_outcome::no_answer, "no_answer"},
    {call_outcome::rejected, "rejected"},
    {call_outcome::abandoned, "abandoned"},
    {call_outcome::invalid_number, "invalid_number"},
    {call_outcome::congestion, "congestion"},
    {call_outcome::blocked, "blocked"},
    {call_outcome::unauthorized, "unauthorized"},
    {call_outcome::redirected, "redirected"},
};
constexpr name_of<release_party> parties[] = {
    {release_party::unknown, "unknown"},
    {release_party::caller, "caller"},
    {release_party::callee, "callee"},
    {release_party::network, "network"},
};
constexpr name_of<call_order> orders[] = {
    {call_order::oldest_first, "oldest_first"},
    {call_order::newest_first, "newest_first"},
};
constexpr name_of<call_filter> filters[] = {
    {call_filter::all, "all"},
    {call_filter::answered, "answered"},
    {call_filter::unanswered, "unanswered"},
};
constexpr name_of<import_mode> import_modes[] = {
    {import_mode::keep_good, "keep_good"},
    {import_mode::strict, "strict"},
};
constexpr name_of<attempt_coverage> coverages[] = {
    {attempt_coverage::all_attempts, "all_attempts"},
    {attempt_coverage::answered_only, "answered_only"},
};
constexpr name_of<export_format> export_formats[] = {
    {export_format::csv, "csv"},
    {export_format::tsv, "tsv"},
    {export_format::ndjson, "ndjson"},
};
constexpr name_of<cell_safety> safeties[] = {
    {cell_safety::formula_safe, "formula_safe"},
    {cell_safety::raw, "raw"},
};
constexpr name_of<header_row> header_rows[] = {
    {header_row::present, "present"},
    {header_row::omitted, "omitted"},
};
constexpr name_of<record_format> formats[] = {
    {record_format::detect, "auto"},
    {record_format::lineside, "lineside"},
    {record_format::asterisk, "asterisk"},
    {record_format::asterisk_custom, "asterisk-custom"},
    {record_format::freeswitch_csv, "freeswitch-csv"},
    {record_format::freeswitch_json, "freeswitch-json"},
    {record_format::kamailio, "kamailio"},
    {record_format::opensips, "opensips"},
    {record_format::yeti, "yeti"},
    {record_format::connexcs, "connexcs"},
};
constexpr name_of<summary_period> periods[] = {
    {summary_period::live, "live"},
    {summary_period::daily, "daily"},
    {summary_period::monthly, "monthly"},
};
constexpr name_of<row_state> states[] = {
    {row_state::open, "open"},
    {row_state::provisional, "provisional"},
    {row_state::final, "final"},
    {row_state::restated, "restated"},
};
constexpr name_of<summary_column> columns[] = {
    {summary_column::attempts, "attempts"},
    {summary_column::answered, "answered"},
    {summary_column::asr, "asr"},
    {summary_column::acd_s, "acd_s"},
    {summary_column::talk_s, "talk_s"},
    {summary_column::billed_s, "billed_s"},
    {summary_column::dtmf_calls, "dtmf_calls"},
    {summary_column::dtmf_percent, "dtmf_percent"},
    {summary_column::charge, "charge"},
};
constexpr name_of<metric> metrics[] = {
    {metric::live_channels, "live_channels"},
    {metric::live_channels_avg, "live_channels_avg"},
    {metric::attempts, "attempts"},
    {metric::answered, "answered"},
    {metric::asr, "asr"},
    {metric::acd, "acd"},
    {metric::ner, "ner"},
    {metric::dtmf_calls, "dtmf_calls"},
    {metric::dtmf_digits, "dtmf_digits"},
    {metric::dtmf_percent, "dtmf_percent"},
    {metric::cps_peak, "cps_peak"},
    {metric::cps_avg, "cps_avg"},
    {metric::pdd, "pdd"},
    {metric::talk, "talk"},
    {metric::charge, "charge"},
};
constexpr name_of<metric> units[] = {
    {metric::live_channels, "channels"},
    {metric::live_channels_avg, "channels"},
    {metric::attempts, "calls"},
    {metric::answered, "calls"},
    {metric::asr, "%"},
    {metric::acd, "s"},
    {metric::ner, "%"},
    {metric::dtmf_calls, "calls"},
    {metric::dtmf_digits, "digits"},
    {metric::dtmf_percent, "%"},
    {metric::cps_peak, "calls/s"},
    {metric::cps_avg, "calls/s"},
    {metric::pdd, "ms"},
    {metric::talk, "s"},
    {metric::charge, "money"},
};

} // namespace

std::string_view to_string(time_step v) noexcept { return find_name(steps, v); }
std::string_view to_string(account_status s) noexcept { return find_name(account_statuses, s); }

std::string_view to_string(access_outcome o) noexcept { return find_name(access_outcomes, o); }

std::string_view to_string(call_direction v) noexcept { return find_name(directions, v); }
std::string_view to_string(call_outcome v) noexcept { return find_name(outcomes, v); }
std::string_view to_string(release_party v) noexcept { return find_name(parties, v); }
std::string_view to_string(call_order v) noexcept { return find_name(orders, v); }
std::string_view to_string(call_filter v) noexcept { return find_name(filters, v); }
std::string_view to_string(import_mode v) noexcept { return find_name(import_modes, v); }
std::string_view to_string(attempt_coverage v) noexcept { return find_name(coverages, v); }
std::string_view to_string(export_format v) noexcept { return find_name(export_formats, v); }
std::string_view to_string(cell_safety v) noexcept { return find_name(safeties, v); }
std::string_view to_string(header_row v) noexcept { return find_name(header_rows, v); }
std::string_view to_string(record_format v) noexcept { return find_name(formats, v); }
std::string_view to_string(summary_period v) noexcept { return find_name(periods, v); }
std::string_view to_string(row_state v) noexcept { return find_name(states, v); }
std::string_view to_string(summary_column v) noexcept { return find_name(columns, v); }
std::string_view to_string(metric v) noexcept { return find_name(metrics, v); }
std::string_view unit_of(metric v) noexcept { return find_name(units, v); }

result<time_step> parse_time_step(std::string_view text) { return find_value(steps, text, "step"); }
result<record_format> parse_record_format(std::string_view text) { return find_value(formats, text, "format"); }
result<summary_period> parse_summary_period(std::string_view text) { return find_value(periods, text, "period"); }
result<summary_column> parse_summary_column(std::string_view text) {
    // The names a person would type: without the unit.
    if (text == "acd" || text == "talk" || text == "billed")
        return find_value(columns, std::string(text) + "_s", "column");
    return find_value(columns, text, "column");
}
result<metric> parse_metric(std::string_view text) { return find_value(metrics, text, "metric"); }

} // namespace lineside
