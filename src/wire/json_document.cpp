#include "wire/json_document.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace lineside::wire {

namespace json = boost::json;

namespace {

// Builds the document as json::parser does, but reads numbers from their text.
struct handler {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    json::value_stack stack;
    std::string number;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code&) {
        stack.push_object(n);
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&) {
        stack.push_array(n);
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, error_code&) { return part(s); }
    bool on_key(json::string_view s, std::size_t, error_code&) {
        stack.push_key(s);
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, error_code&) { return part(s); }
    bool on_string(json::string_view s, std::size_t, error_code&) {
        stack.push_string(s);
        return true;
    }
    bool on_number_part(json::string_view s, error_code&) {
        number.append(s.data(), s.size());
        return true;
    }
    bool on_int64(std::int64_t n, json::string_view, error_code&) {
        number.clear();
        stack.push_int64(n);
        return true;
    }
    bool on_uint64(std::uint64_t n, json::string_view, error_code&) {
        number.clear();
        stack.push_uint64(n);
        return true;
    }
    bool on_double(double n, json::string_view s, error_code&) {
        number.append(s.data(), s.size());
        // Out of range leaves `n` as the parser has it: 0 or infinity.
        std::from_chars(number.data(), number.data() + number.size(), n);
        number.clear();
        stack.push_double(n);
        return true;
    }
    bool on_bool(bool b, error_code&) {
        stack.push_bool(b);
        return true;
    }
    bool on_null(error_code&) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

private:
    bool part(json::string_view s) {
        stack.push_chars(s);
        return true;
    }
};

} // namespace

json::value parse_document(std::string_view text, error_code& ec) {
    json::basic_parser<handler> parser{json::parse_options{}};
    parser.handler().stack.reset();
    const auto read = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && read != text.size())
        ec = json::error::extra_data;
    return ec ? json::value{} : parser.handler().stack.release();
}

} // namespace lineside::wire
