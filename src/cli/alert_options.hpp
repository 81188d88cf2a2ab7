#pragma once

#include <lineside/alert.hpp>

#include "cli/args.hpp"

#include <string>

namespace lineside::cli {

/// Puts the options that are given into a rule: `--title`, `--area`, `--below`, `--above`, `--op`, `--threshold`,
/// `--reset`, `--period`, `--minimum-samples`, `--repeat`, `--level`, `--recipients`, `--quiet`, `--enabled`,
/// `--disabled`. What is not given stays as it is. Throws usage_error.
void change_rule(alert_rule& rule, const arguments& args);

/// Whether any of these is given.
[[nodiscard]] bool changes_rule(const arguments& args);

/// `asr < 40.00 %`
[[nodiscard]] std::string condition_of(const alert_rule& rule);
/// As the options take it: `90s`, `15m`, `5h`, `7d`.
[[nodiscard]] std::string shown_period(duration d);
/// `22:00-07:00@Europe/Madrid`, `-` for none.
[[nodiscard]] std::string shown_quiet(const alert_rule& rule);

} // namespace lineside::cli
