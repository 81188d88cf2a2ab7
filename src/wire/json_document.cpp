#include "wire/json_document.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::wire {

namespace json = boost::json;

namespace {

// Builds the document as json::parser does, but reads numbers from their text.
struct handler {
    explicit handler(json::storage_ptr memory) : stack({}, room, sizeof room) { stack.reset(std::move(memory)); }

    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    unsigned char room[2'048]; // for what is not in its object or array yet, as long as that is enough
    json::value_stack stack;
    std::string number;
    // The keys of the objects that are open, one behind the other, and where each ends.
    std::string keys;
    std::vector<std::size_t> ends;
    std::vector<std::string_view> sorted;
    std::string repeated;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code& ec) {
        stack.push_object(n);
        sorted.clear();
        for (auto i = ends.size() - n; i < ends.size(); ++i)
            sorted.push_back(std::string_view(keys).substr(begin_of(i), ends[i] - begin_of(i)));
        // Any order will do; most keys differ in length.
        std::sort(sorted.begin(), sorted.end(), [](std::string_view a, std::string_view b) {
            return a.size() != b.size() ? a.size() < b.size() : a < b;
        });
        if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
            repeated = *twice;
            ec = make_error_code(errc::invalid_argument);
            return false;
        }
        ends.resize(ends.size() - n);
        keys.resize(begin_of(ends.size()));
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&) {
        stack.push_array(n);
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, error_code&) {
        keys.append(s.data(), s.size());
        return part(s);
    }
    bool on_key(json::string_view s, std::size_t, error_code&) {
        keys.append(s.data(), s.size());
        ends.push_back(keys.size());
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
    [[nodiscard]] std::size_t begin_of(std::size_t key) const { return key == 0 ? 0 : ends[key - 1]; }
    bool part(json::string_view s) {
        stack.push_chars(s);
        return true;
    }
};

} // namespace

json::value parse_document(std::string_view text, json::storage_ptr memory) {
    json::parse_options options;
    options.max_depth = 32;
    json::basic_parser<handler> parser(options, std::move(memory));
    error_code ec;
    const auto read = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && read != text.size())
        ec = json::error::extra_data;
    if (ec == errc::invalid_argument)
        throw error(errc::invalid_argument,
                    "the document has \"" + parser.handler().repeated + "\" twice in an object");
    if (ec)
        throw error(make_error_code(errc::invalid_argument),
                    {"the document is not JSON: " + ec.message(), {}, {}, 0, ec});
    return parser.handler().stack.release();
}

} // namespace lineside::wire
