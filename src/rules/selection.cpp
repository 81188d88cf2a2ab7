#include "rules/selection.hpp"

#include "rules/metrics.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace lineside::rules {

namespace {

// What a row shows of a column is numerator x scale / denominator, half up, in units of 10^-digits. A plain number has
// denominator 1, so that the average per row and that of the calls are the same thing for it.
struct column_rule {
    unsigned digits = 2;
    unsigned average_digits = 2;
    nanos128 scale = 1;
};

struct parts {
    nanos128 numerator = 0;
    nanos128 denominator = 0;
};

column_rule rule_of(summary_column column) {
    switch (column) {
    case summary_column::attempts:
    case summary_column::answered:
    case summary_column::dtmf_calls: return {.digits = 0};
    case summary_column::asr:
    case summary_column::dtmf_percent: return {.scale = 10'000};
    case summary_column::acd_s: break;
    case summary_column::talk_s:
    case summary_column::billed_s: return {.digits = 3}; // exact
    case summary_column::charge: return {.digits = 9, .average_digits = 9};
    }
    return {};
}

std::optional<parts> parts_of(const cell& c, metric m) {
    const measure x = measure_of(c, m, 0);
    return x.denominator == 0 ? std::nullopt : std::optional(parts{x.numerator, x.denominator});
}

std::optional<parts> parts_of(const cell& c, summary_column column) {
    switch (column) {
    case summary_column::attempts: return parts_of(c, metric::attempts);
    case summary_column::answered: return parts_of(c, metric::answered);
    case summary_column::asr: return parts_of(c, metric::asr);
    case summary_column::acd_s: break;
    case summary_column::talk_s: return parts_of(c, metric::talk);
    case summary_column::billed_s:
        return c.attempts > 0 && c.billed_reported == 0 ? std::nullopt : std::optional(parts{c.billed_ms, 1});
    case summary_column::dtmf_calls: return parts_of(c, metric::dtmf_calls);
    case summary_column::dtmf_percent: return parts_of(c, metric::dtmf_percent);
    case summary_column::charge: return parts_of(c, metric::charge) ? std::optional(parts{c.charge, 1}) : std::nullopt;
    }
    auto acd = parts_of(c, metric::acd);
    if (acd)
        acd->denominator *= 10; // milliseconds to hundredths of a second
    return acd;
}

// Half up: towards positive infinity, so -0.5 is 0.
nanos128 rounded(nanos128 numerator, nanos128 denominator) {
    const nanos128 twice = 2 * numerator + denominator;
    const nanos128 quotient = twice / (2 * denominator);
    return twice % (2 * denominator) < 0 ? quotient - 1 : quotient;
}

nanos128 power_of_ten(unsigned n) {
    nanos128 p = 1;
    for (; n > 0; --n)
        p *= 10;
    return p;
}

// numerator / denominator with `digits` decimals, brought to `wanted` decimals.
nanos128 rescaled(nanos128 numerator, nanos128 denominator, unsigned digits, unsigned wanted) {
    return wanted >= digits ? rounded(numerator * power_of_ten(wanted - digits), denominator)
                            : rounded(numerator, denominator * power_of_ten(digits - wanted));
}

// All the decimals there are, and at least two unless it is a count.
std::string decimal(nanos128 value, unsigned digits) {
    std::string text; // backwards
    for (nanos128 rest = value < 0 ? -value : value; rest != 0 || text.size() <= digits; rest /= 10)
        text += static_cast<char>('0' + static_cast<int>(rest % 10));
    const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size());
    const std::size_t spare = digits > 2 ? digits - 2 : 0;
    if (digits > 0)
        text.insert(digits, 1, '.');
    text.erase(0, std::min(zeros, spare));
    if (value < 0)
        text += '-';
    return {text.rbegin(), text.rend()};
}

std::optional<nanos128> shown(const cell& c, summary_column column) {
    const auto p = parts_of(c, column);
    return p ? std::optional(rounded(p->numerator * rule_of(column).scale, p->denominator)) : std::nullopt;
}

std::optional<double> shown_number(const cell& c, summary_column column) {
    const auto value = shown(c, column);
    if (!value)
        return std::nullopt;
    return static_cast<double>(*value) / static_cast<double>(power_of_ten(rule_of(column).digits));
}

} // namespace

selection_statistics select(std::span<const cell> rows, summary_column column) {
    const column_rule rule = rule_of(column);
    selection_statistics result;
    result.column = to_string(column);
    nanos128 sum = 0;
    parts behind;
    for (const cell& row : rows) {
        const auto p = parts_of(row, column);
        if (!p)
            continue;
        ++result.count;
        sum += rounded(p->numerator * rule.scale, p->denominator);
        behind.numerator += p->numerator * rule.scale;
        behind.denominator += p->denominator;
    }
    if (result.count == 0)
        return result;
    const unsigned digits = rule.average_digits;
    result.sum = decimal(sum, rule.digits);
    result.average_of_values = decimal(rescaled(sum, result.count, rule.digits, digits), digits);
    result.true_average = decimal(rescaled(behind.numerator, behind.denominator, rule.digits, digits), digits);
    return result;
}

summary_row shown_row(const cell& c, const std::string& currency) {
    summary_row row;
    row.attempts = c.attempts;
    row.answered = c.answered;
    row.asr = shown_number(c, summary_column::asr);
    row.acd_s = shown_number(c, summary_column::acd_s);
    row.talk_s = shown_number(c, summary_column::talk_s).value_or(0);
    row.billed_s = shown_number(c, summary_column::billed_s);
    row.dtmf_calls = shown(c, summary_column::dtmf_calls);
    row.dtmf_percent = shown_number(c, summary_column::dtmf_percent);
    if (const auto charge = shown(c, summary_column::charge))
        row.charge = to_money(*charge, currency);
    row.currency = currency;
    row.open_calls = static_cast<std::uint32_t>(c.open_calls);
    return row;
}

} // namespace lineside::rules
