#include "rules/account_ledger.hpp"

#include "model/names.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace lineside::rules {

namespace {

constexpr nanos128 nanos_a_unit = 1'000'000'000;
constexpr nanos128 ms_a_minute = 60'000;
constexpr duration longest = std::chrono::hours(24 * 365'242); // a thousand years

constexpr nanos128 largest = nanos128{std::numeric_limits<std::int64_t>::max()} * nanos_a_unit + (nanos_a_unit - 1);

constexpr std::string_view without_coins[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                              "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view with_thousandths[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};

nanos128 coin_of(std::string_view currency) noexcept {
    switch (decimals_of(currency)) {
    case 0: return nanos_a_unit;
    case 3: return nanos_a_unit / 1'000;
    default: return nanos_a_unit / 100;
    }
}

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

// RFC 3986: what needs no encoding wherever it stands.
bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

// What may stand in a URL as it is, beside the braces of places.
bool is_of_url(char c) noexcept {
    return is_unreserved(c) || std::string_view("!#$%&'()*+,/:;=?@[]").find(c) != std::string_view::npos;
}

void append_encoded(std::string& to, std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c)) {
            to += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        to += '%';
        to += digits[byte >> 4U];
        to += digits[byte & 15U];
    }
}

constexpr std::pair<std::string_view, std::string_view payment_link_values::*> places[] = {
    {"account", &payment_link_values::account},
    {"amount", &payment_link_values::amount},
    {"currency", &payment_link_values::currency},
    {"payment", &payment_link_values::payment},
};

// Calls text(part) for what stands between places and place(name) for each; whether the braces are right.
template <class Text, class Place>
bool walk(std::string_view pattern, Text text, Place place) {
    while (!pattern.empty()) {
        const auto open = pattern.find_first_of("{}");
        text(pattern.substr(0, open));
        if (open == std::string_view::npos)
            return true;
        pattern.remove_prefix(open);
        const auto close = pattern.find('}');
        if (pattern.front() == '}' || close == std::string_view::npos)
            return false;
        place(pattern.substr(1, close - 1));
        pattern.remove_prefix(close + 1);
    }
    return true;
}

} // namespace

bool is_amount(const money& m) noexcept {
    return m.nanos > -nanos_a_unit && m.nanos < nanos_a_unit && (m.units <= 0 || m.nanos >= 0) &&
           (m.units >= 0 || m.nanos <= 0);
}

result<money> exact_money(nanos128 amount, std::string currency) {
    if (amount > largest || amount < -largest)
        return wrong("the amount is beyond what an account can hold");
    return money{static_cast<std::int64_t>(amount / nanos_a_unit), static_cast<std::int32_t>(amount % nanos_a_unit),
                 std::move(currency)};
}

result<nanos128> checked_sum(std::initializer_list<nanos128> amounts) {
    nanos128 sum = 0;
    for (const auto a : amounts)
        if (__builtin_add_overflow(sum, a, &sum))
            return wrong("the sum is beyond what can be counted");
    return sum;
}

result<account_state> state_of(nanos128 payments, nanos128 charges, nanos128 debit_limit) {
    account_state s;
    if (__builtin_sub_overflow(payments, charges, &s.balance) ||
        __builtin_add_overflow(s.balance, debit_limit, &s.credit))
        return wrong("the balance is beyond what can be counted");
    return s;
}

std::optional<duration> time_to_zero(nanos128 credit, nanos128 in_flight, nanos128 burn_per_minute) {
    if (burn_per_minute <= 0)
        return std::nullopt;
    nanos128 left = 0;
    if (__builtin_sub_overflow(credit, in_flight, &left))
        return credit < 0 ? duration(0) : longest;
    if (left <= 0)
        return duration(0);
    nanos128 lasts = 0;
    if (__builtin_mul_overflow(left, ms_a_minute, &lasts))
        return longest;
    return duration(static_cast<std::int64_t>(std::min<nanos128>(lasts / burn_per_minute, longest.count())));
}

result<std::optional<payment_status>> next_status(payment_status from, payment_step step) {
    const auto to = step == payment_step::complete ? payment_status::completed : payment_status::cancelled;
    if (from == to)
        return std::optional<payment_status>();
    if (from == payment_status::pending)
        return std::optional(to);
    return failure{make_error_code(errc::conflict),
                   {"the payment is " + std::string(to_string(from)) + " and stays so", "payment", {}, 0, {}}};
}

std::string_view public_part(std::string_view description) noexcept {
    return trimmed(description.substr(0, description.find('#')));
}

unsigned decimals_of(std::string_view currency) noexcept {
    const auto among = [&](const auto& list) {
        return std::find(std::begin(list), std::end(list), currency) != std::end(list);
    };
    return among(without_coins) ? 0 : among(with_thousandths) ? 3 : 2;
}

nanos128 amount_due(nanos128 balance, std::string_view currency) noexcept {
    if (balance >= 0)
        return 0;
    const auto coin = coin_of(currency);
    // Towards the next coin without ever negating the lowest number there is.
    const nanos128 whole = balance / coin;
    return (balance % coin == 0 ? -whole : 1 - whole) * coin;
}

std::string coins(nanos128 amount, std::string_view currency) {
    const auto decimals = decimals_of(currency);
    const bool negative = amount < 0;
    std::string digits;
    // Magnitudes digit by digit: the lowest number has no positive twin.
    for (nanos128 left = amount / coin_of(currency); left != 0; left /= 10) {
        const auto digit = static_cast<int>(left % 10);
        digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    }
    if (digits.size() <= decimals)
        digits.append(decimals + 1 - digits.size(), '0');
    if (negative)
        digits += '-';
    std::reverse(digits.begin(), digits.end());
    if (decimals > 0)
        digits.insert(digits.size() - decimals, 1, '.');
    return digits;
}

result<void> check_payment_link(std::string_view pattern) {
    if (pattern.empty())
        return {};
    const auto refused = [](std::string why) { return wrong(std::move(why), "money.payment_link"); };
    constexpr std::size_t longest_url = 2'048;
    const auto scheme = pattern.substr(0, pattern.find("://"));
    if ((scheme != "https" && scheme != "http") || pattern.size() == scheme.size())
        return refused("a payment link begins with https:// or http://");
    if (pattern.size() > longest_url)
        return refused("a payment link has at most 2048 characters");
    const auto host =
        pattern.substr(scheme.size() + 3, pattern.find_first_of("/?#", scheme.size() + 3) - scheme.size() - 3);
    if (host.empty() || host.find_first_of("{}@") != std::string_view::npos)
        return refused("a payment link names its host, without a user and without places to fill in");
    bool plain = true;
    std::string unknown;
    const bool braces = walk(
        pattern, [&](std::string_view text) { plain = plain && std::all_of(text.begin(), text.end(), is_of_url); },
        [&](std::string_view name) {
            if (unknown.empty() &&
                std::none_of(std::begin(places), std::end(places), [&](const auto& p) { return p.first == name; }))
                unknown = '{' + std::string(name) + '}';
        });
    if (!braces)
        return refused("a brace of the payment link has no partner");
    if (!unknown.empty())
        return refused(unknown + " is no place of a payment link; known: {account}, {amount}, {currency}, {payment}");
    if (!plain)
        return refused("a payment link consists of the characters of a URL; others are percent-encoded");
    return {};
}

std::string payment_link(std::string_view pattern, const payment_link_values& values) {
    std::string link;
    walk(
        pattern, [&](std::string_view text) { link += text; },
        [&](std::string_view name) {
            for (const auto& [place, value] : places)
                if (place == name)
                    append_encoded(link, values.*value);
        });
    return link;
}

} // namespace lineside::rules
