#include "rules/bcp47.hpp"

#include "model/names.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lineside::rules {

namespace {

constexpr std::size_t longest_tag = 100;
constexpr std::size_t longest_subtag = 8;

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool all_alpha(std::string_view s) { return std::all_of(s.begin(), s.end(), is_alpha); }
bool all_digits(std::string_view s) { return std::all_of(s.begin(), s.end(), is_digit); }

std::vector<std::string> subtags_of(std::string_view text) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == '-')
            parts.emplace_back();
        else
            parts.back() += lower(c);
    }
    return parts;
}

bool is_subtag(std::string_view s) {
    return !s.empty() && s.size() <= longest_subtag &&
           std::all_of(s.begin(), s.end(), [](char c) { return is_alpha(c) || is_digit(c); });
}
bool is_script(std::string_view s) { return s.size() == 4 && all_alpha(s); }
bool is_region(std::string_view s) { return (s.size() == 2 && all_alpha(s)) || (s.size() == 3 && all_digits(s)); }
bool is_variant(std::string_view s) { return s.size() >= 5 || (s.size() == 4 && is_digit(s.front())); }

// The grammar of RFC 5646, 2.1, walked from left to right; puts scripts and regions in their usual case.
class tag_walk {
public:
    explicit tag_walk(std::vector<std::string>& parts) : parts_(parts) {}

    [[nodiscard]] bool well_formed() {
        if (!std::all_of(parts_.begin(), parts_.end(), is_subtag))
            return false;
        if (parts_[0] == "x")
            return parts_.size() > 1;
        if (parts_[0].size() < 2 || !all_alpha(parts_[0]))
            return false;
        at_ = 1;
        // Up to three extended languages follow a short primary one.
        for (int i = 0; i < 3 && parts_[0].size() <= 3 && here([](auto s) { return s.size() == 3 && all_alpha(s); });
             ++i)
            ++at_;
        if (here(is_script)) {
            parts_[at_][0] = upper(parts_[at_][0]);
            ++at_;
        }
        if (here(is_region)) {
            std::transform(parts_[at_].begin(), parts_[at_].end(), parts_[at_].begin(), upper);
            ++at_;
        }
        return variants() && extensions();
    }

private:
    template <class Is>
    [[nodiscard]] bool here(Is is) const {
        return at_ < parts_.size() && is(std::string_view(parts_[at_]));
    }
    [[nodiscard]] bool variants() {
        const auto first = at_;
        for (; here(is_variant); ++at_)
            if (std::find(parts_.begin() + first, parts_.begin() + at_, parts_[at_]) != parts_.begin() + at_)
                return false; // each at most once
        return true;
    }
    [[nodiscard]] bool extensions() {
        std::string singletons;
        while (at_ < parts_.size()) {
            const auto& singleton = parts_[at_];
            if (singleton.size() != 1 || singletons.find(singleton) != std::string::npos)
                return false;
            singletons += singleton;
            const auto first = ++at_;
            if (singleton == "x")
                return first < parts_.size(); // private use takes all the rest
            while (here([](auto s) { return s.size() > 1; }))
                ++at_;
            if (at_ == first)
                return false;
        }
        return true;
    }

    std::vector<std::string>& parts_;
    std::size_t at_ = 0;
};

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& p : parts) {
        text += text.empty() ? "" : "-";
        text += p;
    }
    return text;
}

std::string_view language_of(std::string_view tag) { return tag.substr(0, tag.find('-')); }

// The script that is written in the tag, else none.
std::string_view script_of(std::string_view tag) {
    for (auto rest = tag; rest.find('-') != std::string_view::npos;) {
        rest.remove_prefix(rest.find('-') + 1);
        const auto part = language_of(rest);
        if (part.size() == 1)
            break;
        if (is_script(part))
            return part;
    }
    return {};
}

} // namespace

result<std::string> parse_language(std::string_view text) {
    if (text.size() <= longest_tag)
        if (auto parts = subtags_of(text); tag_walk(parts).well_formed())
            return joined(parts);
    return wrong("'" + std::string(text.substr(0, longest_tag)) + "' is not a language tag such as de or pt-BR",
                 "language");
}

std::string_view best_language(std::string_view wanted, std::span<const std::string_view> offered) {
    for (auto range = wanted; !range.empty();) {
        if (const auto same = std::find(offered.begin(), offered.end(), range); same != offered.end())
            return *same;
        const auto dash = range.rfind('-');
        range = dash == std::string_view::npos ? std::string_view() : range.substr(0, dash);
        // A singleton means nothing without what followed it.
        if (range.size() > 1 && range[range.size() - 2] == '-')
            range.remove_suffix(2);
    }
    const auto alike = std::find_if(offered.begin(), offered.end(), [&](std::string_view o) {
        const auto script = script_of(wanted);
        return language_of(o) == language_of(wanted) &&
               (script.empty() || script_of(o).empty() || script_of(o) == script);
    });
    return alike == offered.end() ? std::string_view() : *alike;
}

} // namespace lineside::rules
