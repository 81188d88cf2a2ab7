#pragma once

#include <lineside/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace lineside {

/// One spelling of an enumerator.
template <class Enum>
struct name_of {
    Enum value;
    std::string_view text;
};

template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view find_name(const name_of<Enum> (&names)[N], Enum value) noexcept {
    for (const auto& n : names)
        if (n.value == value)
            return n.text;
    return "unknown";
}

[[nodiscard]] inline failure wrong(std::string message, std::string field = {}) {
    return {make_error_code(errc::invalid_argument), diagnostics{std::move(message), std::move(field), {}, 0, {}}};
}

template <class Enum, std::size_t N>
[[nodiscard]] result<Enum> find_value(const name_of<Enum> (&names)[N], std::string_view text, std::string_view what) {
    std::string known;
    for (const auto& n : names) {
        if (n.text == text)
            return n.value;
        known += known.empty() ? "" : ", ";
        known += n.text;
    }
    return wrong("'" + std::string(text) + "' is not a " + std::string(what) + "; known: " + known, std::string(what));
}

} // namespace lineside
