#include "wire/json_writer.hpp"

#include <array>
#include <cstddef>

namespace lineside::wire {

namespace {

bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\';
}

void put_escaped(text_writer& to, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
    case '"': return to.put("\\\"");
    case '\\': return to.put("\\\\");
    case '\n': return to.put("\\n");
    case '\r': return to.put("\\r");
    case '\t': return to.put("\\t");
    default:
        to.put("\\u00");
        to.put(hex[static_cast<unsigned char>(c) >> 4U]);
        to.put(hex[static_cast<unsigned char>(c) & 15U]);
    }
}

std::string_view currency_of(const std::vector<money>& amounts) {
    for (const auto& m : amounts)
        if (!m.currency.empty())
            return m.currency;
    return {};
}

} // namespace

void json_writer::value(std::string_view text) {
    to_.put('"');
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (is_plain(text[i])) {
            ++i;
            continue;
        }
        to_.put(text.substr(plain, i - plain));
        const auto length = sequence_length(text.substr(i));
        if (length == 1)
            put_escaped(to_, text[i]);
        else
            to_.put(length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(i, length));
        i += length == 0 ? 1 : length;
        plain = i;
    }
    to_.put(text.substr(plain));
    to_.put('"');
}

void json_writer::value(instant t) {
    if (offset_)
        return value(t, offset_(t));
    to_.put('"');
    to_.time(t);
    to_.put('"');
}

void json_writer::value(instant t, std::chrono::seconds offset) {
    to_.put('"');
    to_.time(t, offset);
    to_.put('"');
}

void json_writer::value(const money& m) {
    to_.put('"');
    to_.amount(m);
    to_.put('"');
}

void json_writer::key(char& before, std::string_view name) {
    to_.put(before);
    to_.put('"');
    to_.put(name);
    to_.put("\":");
    before = ',';
}

void json_writer::value(const series& s) {
    char before = '{';
    member(before, "account", s.account);
    member(before, "metric", s.metric);
    member(before, "unit", s.unit);
    member(before, "zone", s.zone);
    member(before, "step", s.step);
    key(before, "time");
    array(s.time.size(), [&](std::size_t i) { value(s.time[i], std::chrono::seconds(s.offset_s[i])); });
    key(before, "value");
    array(s.value.size(), [&](std::size_t i) {
        if (s.amount.empty() || std::isnan(s.value[i]))
            value(s.value[i]);
        else
            value(s.amount[i]);
    });
    member(before, "numerator", s.numerator);
    member(before, "denominator", s.denominator);
    member(before, "offset_s", s.offset_s);
    member(before, "open_calls", s.open_calls);
    if (s.metric == metric::charge)
        member(before, "currency", currency_of(s.amount));
    to_.put('}');
}

} // namespace lineside::wire
