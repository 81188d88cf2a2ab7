#include "cli/args.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace lineside::cli {

namespace {

// Edits that turn one word into the other: insert, remove, replace a letter.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

const option& find_option(const syntax& of, std::string_view name) {
    const auto found =
        std::find_if(of.options.begin(), of.options.end(), [&](const option& o) { return o.name == name; });
    if (found != of.options.end())
        return *found;
    std::vector<std::string_view> known;
    known.reserve(of.options.size());
    for (const auto& o : of.options)
        known.push_back(o.name);
    throw usage_error(std::string(of.name) + ": unknown option " + std::string(name) + suggestion(name, known));
}

} // namespace

std::optional<std::string_view> arguments::find(std::string_view name) const {
    for (const auto& [key, value] : values_)
        if (key == name)
            return value;
    return std::nullopt;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
    std::string_view nearest;
    auto best = word.size() / 3 + 2;
    for (const auto candidate : known) {
        const auto d = distance(word, candidate);
        if (d < best) {
            best = d;
            nearest = candidate;
        }
    }
    return nearest.empty() ? std::string() : ", did you mean " + std::string(nearest) + "?";
}

arguments parse(const syntax& of, std::span<const std::string_view> words) {
    arguments parsed;
    const std::string command(of.name);
    bool options_over = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = words[i];
        if (options_over || word == "-" || !word.starts_with('-')) {
            if (of.operands.empty())
                throw usage_error(command + ": unexpected argument '" + std::string(word) + "'");
            parsed.operands_.emplace_back(word);
            continue;
        }
        if (word == "--") {
            options_over = true;
            continue;
        }
        const auto equals = word.find('=');
        const auto& option = find_option(of, word.substr(0, equals));
        const std::string name(option.name);
        if (parsed.has(option.name))
            throw usage_error(command + ": " + name + " is given twice");
        if (option.value.empty()) {
            if (equals != std::string_view::npos)
                throw usage_error(command + ": " + name + " takes no value");
            parsed.values_.emplace_back(option.name, "");
        } else if (equals != std::string_view::npos) {
            parsed.values_.emplace_back(option.name, word.substr(equals + 1));
        } else if (++i < words.size()) {
            parsed.values_.emplace_back(option.name, words[i]);
        } else {
            throw usage_error(command + ": " + name + " needs a value: " + name + " " + std::string(option.value));
        }
    }
    for (const auto& o : of.options)
        if (o.presence == presence::required && !parsed.has(o.name))
            throw usage_error(command + ": " + std::string(o.name) + " " + std::string(o.value) + " is missing");
    if (!of.operands.empty() && parsed.operands_.empty())
        throw usage_error(command + ": " + std::string(of.operands) + " is missing");
    return parsed;
}

std::string help(const syntax& of) {
    const auto call = [](const option& o) {
        return std::string(o.name) + (o.value.empty() ? "" : " ") + std::string(o.value);
    };
    std::string text = "Usage: lineside [--db FILE] " + std::string(of.name);
    std::size_t width = 0;
    for (const auto& o : of.options) {
        width = std::max(width, call(o).size());
        if (o.presence == presence::required)
            text += ' ' + call(o);
    }
    if (!of.operands.empty())
        text += ' ' + std::string(of.operands);
    text += " [OPTION]...\n" + std::string(of.summary) + "\n\n";
    for (const auto& o : of.options) {
        auto line = "  " + call(o);
        line.resize(width + 4, ' ');
        for (const char c : o.help) {
            line += c;
            if (c == '\n')
                line.append(width + 4, ' ');
        }
        text += line + '\n';
    }
    return text + "\nExample:\n  " + std::string(of.example) + '\n';
}

} // namespace lineside::cli
