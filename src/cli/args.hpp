#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::cli {

/// The command line is wrong: the message says how, and the program ends with status 2.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class presence { optional, required };

/// `--name VALUE`, or a switch where `value` is empty.
struct option {
    std::string_view name;
    std::string_view value;
    std::string_view help;
    cli::presence presence = presence::optional;
};

/// What a command takes. Everything else on its line is a usage error.
struct syntax {
    std::string_view name;
    std::string_view operands; ///< what they are called in the usage line; empty: it takes none
    std::string_view summary;
    std::span<const option> options;
    std::string_view example;
};

/// A command line that fits its syntax.
class arguments {
public:
    [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    /// Of a required option.
    [[nodiscard]] std::string_view get(std::string_view name) const { return find(name).value(); }
    [[nodiscard]] const std::vector<std::string>& operands() const noexcept { return operands_; }

private:
    friend arguments parse(const syntax& of, std::span<const std::string_view> words);

    std::vector<std::pair<std::string_view, std::string>> values_;
    std::vector<std::string> operands_;
};

/// `words` are what follows the command. `--name VALUE` and `--name=VALUE` mean the same, `--` ends the options, `-` is
/// an operand. Throws usage_error.
[[nodiscard]] arguments parse(const syntax& of, std::span<const std::string_view> words);

/// ", did you mean X?" where one of the known words is near; else nothing.
[[nodiscard]] std::string suggestion(std::string_view word, std::span<const std::string_view> known);

/// The help page of a command.
[[nodiscard]] std::string help(const syntax& of);

} // namespace lineside::cli
