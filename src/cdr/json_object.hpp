#pragma once

#include "cdr/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cdr {

/// A member of a JSON object, its value as text: numbers as they were written, so that amounts stay exact.
struct json_member {
    enum class kind : std::uint8_t { text, number, boolean, null, nested };

    std::string_view name;
    std::string_view value; ///< empty for null and nested
    kind what = kind::null;
};

/// Reads objects one by one, reusing its memory.
class json_object {
public:
    json_object();
    ~json_object();
    json_object(const json_object&) = delete;
    json_object& operator=(const json_object&) = delete;

    /// `text` has to be one object. What lies deeper is checked and skipped.
    [[nodiscard]] fault parse(std::string_view text);
    /// Of the object parsed last; the views live until the next `parse`.
    [[nodiscard]] std::span<const json_member> members() const noexcept { return members_; }

private:
    struct state;
    std::unique_ptr<state> state_;
    std::vector<json_member> members_;
};

} // namespace lineside::cdr
