#include <lineside/money.hpp>

#include "model/names.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace lineside {

namespace {

bool is_currency(std::string_view c) {
    return c.empty() || (c.size() == 3 && std::all_of(c.begin(), c.end(), [](char x) { return x >= 'A' && x <= 'Z'; }));
}

bool scan_amount(std::string_view text, money& to) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || (point != std::string_view::npos && decimals.empty()) || decimals.size() > 9)
        return false;
    const auto all_digits = [](std::string_view s) {
        return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!all_digits(whole) || !all_digits(decimals))
        return false;
    if (std::from_chars(whole.data(), whole.data() + whole.size(), to.units).ec != std::errc{})
        return false;
    to.nanos = 0;
    for (std::size_t i = 0; i < 9; ++i)
        to.nanos = to.nanos * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
    if (negative) {
        to.units = -to.units;
        to.nanos = -to.nanos;
    }
    return true;
}

} // namespace

result<money> parse_money(std::string_view amount, std::string_view currency) {
    money m;
    if (!scan_amount(amount, m))
        return wrong("'" + std::string(amount) + "' is not a decimal amount with at most nine decimals");
    if (!is_currency(currency))
        return wrong("'" + std::string(currency) + "' is not an ISO 4217 currency code", "currency");
    m.currency = currency;
    return m;
}

std::string to_string(const money& m) {
    // Magnitudes in unsigned arithmetic: the most negative amount has no positive twin.
    const bool negative = m.units < 0 || m.nanos < 0;
    const auto units = negative ? 0 - static_cast<std::uint64_t>(m.units) : static_cast<std::uint64_t>(m.units);
    auto decimals = std::to_string(m.nanos < 0 ? -static_cast<std::int64_t>(m.nanos) : m.nanos);
    decimals.insert(0, 9 - decimals.size(), '0');
    decimals.resize(std::max<std::size_t>(2, decimals.find_last_not_of('0') + 1));
    return (negative ? "-" : "") + std::to_string(units) + '.' + decimals;
}

} // namespace lineside
