#include "cli/values.hpp"

#include "rules/calendar.hpp"

#include <charconv>

namespace lineside::cli {

void wrong_value(std::string_view option, std::string_view why) {
    throw usage_error(std::string(option) + ": " + std::string(why));
}

account_id account_of(const arguments& args) { return account_id(std::string(args.get("--account"))); }

std::string text_of(const arguments& args, std::string_view option) {
    return std::string(args.find(option).value_or(std::string_view()));
}

std::optional<instant> time_of(const arguments& args, std::string_view option) {
    if (!args.has(option))
        return std::nullopt;
    return value_of(args, option, parse_instant);
}

std::optional<time_range> range_of(const arguments& args) {
    const auto from = time_of(args, "--from");
    const auto to = time_of(args, "--to");
    if (from.has_value() != to.has_value())
        throw usage_error("--from and --to come together");
    if (!from)
        return std::nullopt;
    if (*from >= *to)
        throw usage_error("--from is not before --to");
    return time_range{*from, *to};
}

std::uint64_t number_from(std::string_view text, std::string_view option, std::uint64_t least, std::uint64_t most) {
    std::uint64_t n = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (failed != std::errc{} || end != text.data() + text.size() || n < least || n > most)
        wrong_value(option, "'" + std::string(text) + "' is not a number from " + std::to_string(least) + " to " +
                                std::to_string(most));
    return n;
}

std::uint64_t number_of(const arguments& args, std::string_view option, std::uint64_t least, std::uint64_t most) {
    return number_from(args.get(option), option, least, most);
}

std::string zone_of(const arguments& args) {
    if (!args.has("--zone"))
        return {};
    return value_of(args, "--zone", rules::zone::find).name();
}

std::vector<std::string> list_from(std::string_view text) {
    std::vector<std::string> all;
    while (!text.empty() && text != "none") {
        const auto comma = text.find(',');
        all.emplace_back(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return all;
}

std::vector<permission> permissions_from(std::string_view list, std::string_view option) {
    std::vector<permission> all;
    for (const auto& name : list_from(list)) {
        const auto p = parse_permission(name);
        if (!p)
            wrong_value(option, p.error().details.message);
        all.push_back(*p);
    }
    return all;
}

output_form form_of(const arguments& args) {
    auto form = output_form::text;
    for (const auto& [option, meant] : {std::pair<std::string_view, output_form>{"--json", output_form::json},
                                        {"--csv", output_form::csv},
                                        {"--tsv", output_form::tsv}}) {
        if (!args.has(option))
            continue;
        if (form != output_form::text)
            throw usage_error("one of --json, --csv and --tsv");
        form = meant;
    }
    return form;
}

} // namespace lineside::cli
