#pragma once

#include <lineside/id.hpp>
#include <lineside/permission.hpp>
#include <lineside/time.hpp>

#include "cli/args.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cli {

// Options as values. What an option's text cannot mean is a usage_error that names the option.

[[noreturn]] void wrong_value(std::string_view option, std::string_view why);

/// `parse` is one of the library's functions that read a text.
template <class Value>
[[nodiscard]] Value value_of(const arguments& args, std::string_view option,
                             result<Value> (*parse)(std::string_view text)) {
    auto parsed = parse(args.get(option));
    if (!parsed)
        wrong_value(option, parsed.error().details.message);
    return *std::move(parsed);
}

[[nodiscard]] account_id account_of(const arguments& args);
[[nodiscard]] std::string text_of(const arguments& args, std::string_view option);
[[nodiscard]] std::optional<instant> time_of(const arguments& args, std::string_view option);
/// `--from` and `--to`, which come together and in this order.
[[nodiscard]] std::optional<time_range> range_of(const arguments& args);
[[nodiscard]] std::uint64_t number_from(std::string_view text, std::string_view option, std::uint64_t least,
                                        std::uint64_t most);
[[nodiscard]] std::uint64_t number_of(const arguments& args, std::string_view option, std::uint64_t least,
                                      std::uint64_t most);
/// The name of a zone that exists; empty without the option.
[[nodiscard]] std::string zone_of(const arguments& args);

/// `a,b,c`; `none` is none.
[[nodiscard]] std::vector<std::string> list_from(std::string_view text);
[[nodiscard]] std::vector<permission> permissions_from(std::string_view list, std::string_view option);

enum class output_form : std::uint8_t { text, json, csv, tsv };
/// By the switches `--json`, `--csv` and `--tsv`, of which there may be one.
[[nodiscard]] output_form form_of(const arguments& args);

} // namespace lineside::cli
