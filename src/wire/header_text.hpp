#pragma once

#include <optional>
#include <string>
#include <string_view>

// The grammar that fields of HTTP and MIME share (RFC 9110 5.6).
namespace lineside::wire {

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

} // namespace lineside::wire
