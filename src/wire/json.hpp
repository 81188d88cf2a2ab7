#pragma once

#include <lineside/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace lineside::wire {

/// The offset from UTC to write a time with; an empty function writes UTC with `Z`.
using offset_at = std::function<std::chrono::seconds(instant)>;

/// Writes the value behind `out`, without white space. Numbers in their shortest exact form, NaN and unset as null,
/// amounts as strings, bytes that are no UTF-8 as U+FFFD. A series is written in its own offsets.
/// Instantiated for the requests and answers of `portal`.
template <class T>
void append_json(std::string& out, const T& value, const offset_at& offset = {});

/// Checks that JSON can say what the value says: text that is no UTF-8, an amount that is none and amounts of two
/// currencies in one object it would write as something else.
/// Throws `lineside::error` (invalid_argument) whose field is the member's name; the message says where: `calls[2].rate`.
template <class T>
void check_representable(const T& value);

/// What a member that is not there means; an optional one may always be missing.
enum class missing_member : std::uint8_t {
    refused,
    defaulted, ///< it keeps its default: for requests
};

/// What a member that this version does not know means.
enum class unknown_member : std::uint8_t {
    refused,
    ignored, ///< for answers: a newer server says more
};

/// Reads what `append_json` writes, 32 levels deep at most. Throws `lineside::error` (invalid_argument) whose field is
/// the path of what is wrong, `/rows/3/asr`; a member that stands twice in an object is always wrong.
template <class T>
[[nodiscard]] T parse_json(std::string_view text, missing_member missing = missing_member::refused,
                           unknown_member unknown = unknown_member::refused);

} // namespace lineside::wire
