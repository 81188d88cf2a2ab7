#include "wire/media_type.hpp"

#include "wire/header_text.hpp"

#include <algorithm>
#include <vector>

namespace lineside::wire {

namespace {

struct media_range {
    std::string_view type;
    std::string_view subtype;
    int weight = 1'000; ///< thousandths

    // How closely it names the type; 0: it does not.
    [[nodiscard]] int names(std::string_view full) const {
        const auto slash = full.find('/');
        if (type == "*")
            return 1;
        if (!same_word(type, full.substr(0, slash)))
            return 0;
        if (subtype == "*")
            return 2;
        return same_word(subtype, full.substr(slash + 1)) ? 3 : 0;
    }
};

// "0.5" as 500 (RFC 9110 12.4.2).
std::optional<int> weight_of(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
        return std::nullopt;
    int weight = (text[0] - '0') * 1'000;
    int place = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9')
            return std::nullopt;
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight <= 1'000 ? std::optional(weight) : std::nullopt;
}

std::optional<media_range> range_of(std::string_view text) {
    header_text rest(text);
    media_range range;
    range.type = rest.token();
    if (!rest.take('/'))
        return std::nullopt;
    range.subtype = rest.token();
    if (range.type.empty() || range.subtype.empty() || (range.type == "*" && range.subtype != "*"))
        return std::nullopt;
    while (const auto parameter = rest.parameter()) {
        if (!same_word(parameter->name, "q"))
            continue;
        const auto weight = weight_of(parameter->value);
        if (!weight)
            return std::nullopt;
        range.weight = *weight;
    }
    return rest.at_end() ? std::optional(range) : std::nullopt;
}

} // namespace

std::string_view to_string(media_type m) noexcept {
    switch (m) {
    case media_type::json: return "application/json";
    case media_type::ndjson: return "application/x-ndjson";
    case media_type::csv: return "text/csv";
    case media_type::tsv: return "text/tab-separated-values";
    case media_type::problem: return "application/problem+json";
    case media_type::event_stream: return "text/event-stream";
    }
    return {};
}

std::optional<media_type> negotiate(std::string_view accept, std::span<const media_type> offered) {
    std::vector<media_range> ranges;
    for_each_listed(accept, [&](std::string_view element) {
        if (const auto range = range_of(element))
            ranges.push_back(*range);
    });
    if (ranges.empty())
        ranges.push_back({"*", "*"});
    std::optional<media_type> best;
    int most = 0;
    for (const auto type : offered) {
        int closest = 0;
        int weight = 0;
        for (const auto& range : ranges) {
            const int names = range.names(to_string(type));
            if (names > closest || (names == closest && names != 0 && range.weight > weight)) {
                closest = names;
                weight = range.weight;
            }
        }
        if (weight > most) {
            most = weight;
            best = type;
        }
    }
    return best;
}

bool is_content_type(std::string_view content_type, std::string_view type) noexcept {
    const auto stated = content_type.substr(0, content_type.find(';'));
    return same_word(stated.substr(0, stated.find_last_not_of(" \t") + 1), type);
}

} // namespace lineside::wire
