#pragma once

#include <lineside/call.hpp>
#include <lineside/series.hpp>

#include <optional>
#include <string>
#include <vector>

namespace lineside {

struct explain_query {
    account_id account{};
    lineside::metric metric = metric::asr;
    time_range range{};
    /// How many of the calls behind the number to name, 0 to 5,000; the rest through a `call_query`.
    std::uint32_t limit = 100;
};

/// What one source contributed.
struct source_coverage {
    std::string source;
    std::uint64_t attempts = 0;
    bool attempts_known = true; ///< false: the source writes no records of failed attempts
    std::uint64_t pdd_reported = 0;
    std::uint64_t dtmf_reported = 0;
    std::uint64_t charge_reported = 0;

    bool operator==(const source_coverage&) const = default;
};

/// Why a number is what it is.
struct explanation {
    account_id account;
    lineside::metric metric = metric::asr;
    std::string unit;
    time_range range;
    std::optional<double> value;
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    std::optional<money> amount; ///< of charge
    std::string numerator_is;    ///< in words, with its unit
    std::string denominator_is;
    std::string policy; ///< the rules applied: what counts as answered, which bucket a call belongs to
    std::vector<source_coverage> coverage;
    std::optional<instant> watermark; ///< the latest call start stored for the account
    std::uint64_t open_calls = 0;
    std::uint64_t call_count = 0; ///< calls behind the number
    std::vector<call> calls;      ///< the first of them, by start

    bool operator==(const explanation&) const = default;
};

} // namespace lineside
