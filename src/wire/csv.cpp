#include "wire/csv.hpp"

#include "wire/describe_access_log.hpp"
#include "wire/describe_dispute.hpp"
#include "wire/json_writer.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <optional>

namespace lineside::wire {

BOOST_DESCRIBE_STRUCT(exported_summary_row, (), (account, zone, row))
BOOST_DESCRIBE_STRUCT(exported_call, (), (zone, call))
BOOST_DESCRIBE_STRUCT(exported_access_entry, (), (zone, entry))
BOOST_DESCRIBE_STRUCT(exported_point, (),
                      (account, metric, unit, zone, time_utc, time_local, offset_s, value, numerator, denominator,
                       currency))
BOOST_DESCRIBE_STRUCT(exported_difference, (),
                      (zone, kind, text, our_start, their_start, our_call_id, their_call_id, our_cli, their_cli,
                       our_destination, their_destination, our_outcome, their_outcome, our_talk_ms, their_talk_ms,
                       our_billed_ms, their_billed_ms, our_charge, their_charge, difference_calls, difference_billed_ms,
                       difference_charge, currency))

namespace {

// Calls `column(name, value)` for every column of a row.
template <class Row, class Column>
void for_each_column(const Row& row, Column column) {
    boost::mp11::mp_for_each<members_of<Row>>([&](auto d) {
        const auto& member = row.*d.pointer;
        if constexpr (std::is_pointer_v<member_type<Row, decltype(d)>>)
            for_each_column(*member, column);
        else
            column(d.name, member);
    });
    if constexpr (adds_currency<Row>())
        column("currency", currency_of(row));
}

template <class Row, class Name>
void for_each_column_name(Name name) {
    boost::mp11::mp_for_each<members_of<Row>>([&](auto d) {
        using member = member_type<Row, decltype(d)>;
        if constexpr (std::is_pointer_v<member>)
            for_each_column_name<std::remove_cv_t<std::remove_pointer_t<member>>>(name);
        else
            name(std::string_view(d.name));
    });
    if constexpr (adds_currency<Row>())
        name(std::string_view("currency"));
}

// What a spreadsheet would take for a formula (OWASP: CSV injection).
bool starts_formula(char c) {
    return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\0';
}

class cell_writer {
public:
    cell_writer(text_writer& to, char separator, cell_safety safety) noexcept
        : to_(to),
          separator_(separator),
          safety_(safety) {}

    void value(std::string_view text) {
        const bool formula = safety_ == cell_safety::formula_safe && !text.empty() && starts_formula(text.front());
        const bool quoted = std::any_of(
            text.begin(), text.end(), [this](char c) { return c == separator_ || c == '"' || c == '\n' || c == '\r'; });
        if (quoted)
            to_.put('"');
        if (formula)
            to_.put('\'');
        if (quoted) {
            put_doubling_quotes(text);
            to_.put('"');
        } else {
            to_.put(text);
        }
    }
    void value(const std::string& text) { value(std::string_view(text)); }
    template <class Tag>
    void value(const id<Tag>& x) {
        value(x.value());
    }
    // Our own words need no care.
    template <described_enum Enum>
    void value(Enum e) {
        to_.put(to_string(e));
    }
    template <std::integral Integer>
    void value(Integer n) {
        to_.integer(n);
    }
    void value(double number) {
        if (std::isfinite(number))
            to_.decimal(number);
    }
    void value(instant t) { to_.time(t); }
    void value(duration d) { to_.integer(d.count()); }
    void value(const money& m) { to_.amount(m); }
    void value(const local_time& t) { to_.time(t.at, t.offset); }
    void value(const point_value& v) { v.amount && !std::isnan(v.number) ? to_.amount(*v.amount) : value(v.number); }
    template <class T>
    void value(const std::optional<T>& x) {
        if (x)
            value(*x);
    }

private:
    void put_doubling_quotes(std::string_view text) {
        for (const char c : text) {
            if (c == '"')
                to_.put('"');
            to_.put(c);
        }
    }

    text_writer& to_;
    char separator_;
    cell_safety safety_;
};

template <class Row>
void put_cells(text_writer& to, const Row& row, char separator, cell_safety safety) {
    cell_writer cells(to, separator, safety);
    bool first = true;
    for_each_column(row, [&](std::string_view, const auto& x) {
        if (!first)
            to.put(separator);
        first = false;
        cells.value(x);
    });
}

template <class T>
void put_json(json_writer& json, const T& x) {
    json.value(x);
}
void put_json(json_writer& json, const local_time& t) { json.value(t.at, t.offset); }
void put_json(json_writer& json, const point_value& v) {
    v.amount && !std::isnan(v.number) ? json.value(*v.amount) : json.value(v.number);
}

template <class Row>
void put_object(text_writer& to, const Row& row) {
    const offset_at utc;
    json_writer json(to, utc);
    char before = '{';
    for_each_column(row, [&](std::string_view name, const auto& x) {
        json.key(before, name);
        put_json(json, x);
    });
    to.put('}');
}

char separator_of(export_format format) { return format == export_format::tsv ? '\t' : ','; }

} // namespace

exported_point point_of(const series& s, std::size_t i) {
    const auto* amount = s.amount.empty() ? nullptr : &s.amount[i];
    return {.account = s.account.value(),
            .metric = s.metric,
            .unit = s.unit,
            .zone = s.zone,
            .time_utc = s.time[i],
            .time_local = {s.time[i], std::chrono::seconds(s.offset_s[i])},
            .offset_s = s.offset_s[i],
            .value = {s.value[i], amount},
            .numerator = s.numerator[i],
            .denominator = s.denominator[i],
            .currency = amount ? std::string_view(amount->currency) : std::string_view()};
}

exported_difference difference_of(const dispute_call& c) {
    exported_difference to{.kind = c.kind, .text = c.text};
    if (c.ours) {
        to.our_start = c.ours->start_time;
        to.our_call_id = c.ours->call_id;
        to.our_cli = c.ours->cli;
        to.our_destination = c.ours->destination;
        to.our_outcome = c.ours->outcome;
        to.our_talk_ms = c.ours->duration_ms;
        to.our_billed_ms = c.ours->billed_ms;
        to.our_charge = c.ours->charge;
    }
    if (c.theirs) {
        to.their_start = c.theirs->start_time;
        to.their_call_id = c.theirs->call_id;
        to.their_cli = c.theirs->cli;
        to.their_destination = c.theirs->destination;
        to.their_outcome = c.theirs->outcome;
        to.their_talk_ms = c.theirs->duration_ms;
        to.their_billed_ms = c.theirs->billed_ms;
        to.their_charge = c.theirs->charge;
    }
    to.difference_calls = c.amount.calls;
    to.difference_billed_ms = c.amount.billed_ms;
    to.difference_charge = c.amount.charge;
    for (const auto* amount : {amount_in(c.amount.charge), c.ours ? amount_in(c.ours->charge) : nullptr,
                               c.theirs ? amount_in(c.theirs->charge) : nullptr})
        if (amount != nullptr && to.currency.empty())
            to.currency = amount->currency;
    return to;
}

template <class Row>
void append_header(std::string& out, export_format format) {
    if (format == export_format::ndjson)
        return;
    bool first = true;
    for_each_column_name<Row>([&](std::string_view name) {
        if (!first)
            out += separator_of(format);
        first = false;
        out += name;
    });
    out += '\n';
}

template <class Row>
void append_row(std::string& out, const Row& row, export_format format, cell_safety safety) {
    text_writer to(out);
    if (format == export_format::ndjson)
        put_object(to, row);
    else
        put_cells(to, row, separator_of(format), safety);
    to.put('\n');
    to.finish();
}

#define LINESIDE_EXPORTED(Row)                                     \
    template void append_header<Row>(std::string&, export_format); \
    template void append_row(std::string&, const Row&, export_format, cell_safety);
LINESIDE_EXPORTED(exported_summary_row)
LINESIDE_EXPORTED(exported_call)
LINESIDE_EXPORTED(exported_point)
LINESIDE_EXPORTED(exported_access_entry)
LINESIDE_EXPORTED(exported_difference)
#undef LINESIDE_EXPORTED

} // namespace lineside::wire
