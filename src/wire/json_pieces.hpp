#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Cuts JSON as json_writer writes it: without white space, and right.
namespace lineside::wire {

/// The value at the front of `text`.
[[nodiscard]] std::string_view first_value(std::string_view text);

/// The text of a JSON string, without its quotes and escapes.
[[nodiscard]] std::string unquoted(std::string_view string);

/// Calls `take(key, value)` for each member.
template <class Take>
void for_each_member(std::string_view object, Take take) {
    object.remove_prefix(1);
    while (object.front() != '}') {
        const auto key = first_value(object);
        const auto value = first_value(object.substr(key.size() + 1));
        take(key.substr(1, key.size() - 2), value);
        object.remove_prefix(key.size() + 1 + value.size());
        if (object.front() == ',')
            object.remove_prefix(1);
    }
}

/// Calls `take(value)` for each element.
template <class Take>
void for_each_element(std::string_view array, Take take) {
    array.remove_prefix(1);
    while (array.front() != ']') {
        const auto value = first_value(array);
        take(value);
        array.remove_prefix(value.size());
        if (array.front() == ',')
            array.remove_prefix(1);
    }
}

} // namespace lineside::wire
