#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The grammar that fields of HTTP and MIME share (RFC 9110 5.6).
namespace lineside::wire {

/// Without the spaces and tabs around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text) noexcept;

/// ASCII without regard to case.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b) noexcept;

/// A field's value, taken from the front.
class header_text {
public:
    explicit header_text(std::string_view text) noexcept : rest_(text) {}

    struct named_value {
        std::string_view name;
        std::string value; ///< without quotes and escapes
    };

    [[nodiscard]] bool at_end();
    bool take(char c);
    /// Empty: there is none.
    [[nodiscard]] std::string_view token();
    /// `; name=value` or `; name="value"`; nothing where none is next, well-formed or at all. A `;` without any is
    /// passed over.
    [[nodiscard]] std::optional<named_value> parameter();

private:
    void skip_blanks();
    [[nodiscard]] std::optional<std::string> quoted();

    std::string_view rest_;
};

/// Calls `take(element)` for what stands between commas that are not quoted.
template <class Take>
void for_each_listed(std::string_view list, Take take) {
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i] == '"')
            quoted = !quoted;
        else if (quoted && list[i] == '\\')
            ++i;
        else if (!quoted && list[i] == ',') {
            take(list.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    take(list.substr(begin));
}

/// Calls `take(item)` for what stands between `separator`s, without blanks around it and unless it is empty. For lists that
/// quote nothing, or whose quoted items are passed over anyway.
template <class Take>
void for_each_item(std::string_view list, char separator, Take take) {
    while (!list.empty()) {
        const auto part = list.substr(0, list.find(separator));
        if (const auto item = without_blanks(part); !item.empty())
            take(item);
        list.remove_prefix(std::min(part.size() + 1, list.size()));
    }
}

} // namespace lineside::wire
