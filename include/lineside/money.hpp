#pragma once

#include <lineside/error.hpp>
#include <lineside/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lineside {

/// A decimal amount: `units + nanos / 1,000,000,000` of a currency. `units` and `nanos` never differ in sign and
/// |nanos| < 1,000,000,000. Never floating point: sums are exact and conversions never round silently.
struct money {
    std::int64_t units = 0;
    std::int32_t nanos = 0;
    /// ISO 4217, three capital letters; empty where the source does not say.
    std::string currency;

    bool operator==(const money&) const = default;
};

/// Reads `12`, `-0.5`, `12.345678901`: optional sign, digits, at most nine decimals, no exponent, no grouping.
/// Errors: invalid_argument (also when it does not fit).
[[nodiscard]] LINESIDE_API result<money> parse_money(std::string_view amount, std::string_view currency = {});

/// The amount alone, `12.34`, with as many decimals as it needs and at least two: a text that `parse_money` reads back.
[[nodiscard]] LINESIDE_API std::string to_string(const money& m);

} // namespace lineside
