#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lineside::cdr {

/// One outermost document of a stream of JSON, or a line that is not JSON at all.
struct json_piece {
    enum class kind : std::uint8_t {
        document,  ///< an object, from its `{` to its `}`
        bare_line, ///< a line that does not begin like one: a form body, base64, garbage
        cut_off,   ///< an object that ends before it is complete
        too_long,  ///< over the limit; `text` is its beginning only
    };
    kind what = kind::document;
    std::string_view text;  ///< valid until the callback returns
    std::uint64_t line = 0; ///< where it begins, from 1
};

/// Cuts a stream into its JSON objects: one a line, concatenated with or without white space, pretty-printed over many
/// lines, or the elements of arrays. Memory is bounded by `limit`. A damaged object costs itself, not the ones after
/// it: a raw line break inside a string, or a `{` at the start of a line where a name is due, begins afresh.
class json_splitter {
public:
    static constexpr std::size_t default_limit = std::size_t{4} << 20;
    using on_piece = std::function<void(const json_piece&)>;

    explicit json_splitter(on_piece out, std::size_t limit = default_limit);
    void feed(std::string_view bytes);
    void finish();

private:
    enum class state : std::uint8_t { between, line, object };

    void emit(json_piece::kind what, std::string_view rest);
    void keep(std::string_view rest);
    void begin(state next);
    [[nodiscard]] bool brace_belongs() const noexcept;

    on_piece out_;
    std::size_t limit_;
    std::string text_;       ///< the piece so far, without what lies in the bytes being fed
    std::string containers_; ///< the open `{` and `[`, innermost last
    std::uint64_t line_ = 1;
    std::uint64_t begin_ = 1;
    state state_ = state::between;
    bool line_start_ = false;
    bool in_string_ = false;
    bool escaped_ = false;
    bool overlong_ = false;
    char before_ = 0; ///< last character that is not white space
};

/// The text of a scalar, numbers and booleans written out into `room`; nothing for null, arrays and objects.
[[nodiscard]] std::optional<std::string_view> scalar_text(const boost::json::value& v, std::string& room);

/// The scalar at a key of an object, as `scalar_text`.
[[nodiscard]] std::optional<std::string_view> member_text(const boost::json::object& o, std::string_view key,
                                                          std::string& room);

/// The object at a key, or null.
[[nodiscard]] const boost::json::object* member_object(const boost::json::object& o, std::string_view key);

/// Undoes `%41` and, where a form wrote it, `+`. A `%` that no two hexadecimal digits follow stands for itself.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_space);

/// Undoes base64, white space and missing padding tolerated. Nothing where it is not base64.
[[nodiscard]] std::optional<std::string> base64_decoded(std::string_view text);

} // namespace lineside::cdr
