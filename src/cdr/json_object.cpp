#include "cdr/json_object.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace lineside::cdr {

namespace {

namespace json = boost::json;

using kind = json_member::kind;

/// What boost::json::basic_parser calls. Names and values go into one string.
struct collector {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    struct place {
        std::size_t name = 0;
        std::size_t value = 0;
        std::size_t end = 0;
        kind what = kind::null;
    };

    std::string text;
    std::vector<place> places;
    int depth = 0;
    bool is_object = false;
    bool in_name = false;

    void clear() {
        text.clear();
        places.clear();
        depth = 0;
        is_object = false;
        in_name = false;
    }

    bool append(std::string_view s) {
        if (depth == 1 && !places.empty())
            text.append(s);
        return true;
    }
    bool end(kind what) {
        if (depth == 1 && !places.empty()) {
            places.back().end = text.size();
            places.back().what = what;
        }
        return true;
    }
    bool open() {
        if (depth == 1)
            end(kind::nested);
        ++depth;
        return true;
    }
    bool close() {
        --depth;
        return true;
    }
    // A name has begun when nothing of it was seen since the last value.
    bool name_part(std::string_view s) {
        if (depth != 1)
            return true;
        if (!in_name) {
            places.push_back({text.size(), text.size(), text.size(), kind::null});
            in_name = true;
        }
        text.append(s);
        return true;
    }
    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        if (depth == 0)
            is_object = true;
        return open();
    }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code&) { return open(); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }
    bool on_key_part(json::string_view s, std::size_t, json::error_code&) { return name_part({s.data(), s.size()}); }
    bool on_key(json::string_view s, std::size_t, json::error_code&) {
        name_part({s.data(), s.size()});
        if (depth == 1) {
            places.back().value = text.size();
            in_name = false;
        }
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, json::error_code&) { return append({s.data(), s.size()}); }
    bool on_string(json::string_view s, std::size_t, json::error_code&) {
        append({s.data(), s.size()});
        return end(kind::text);
    }
    bool on_number_part(json::string_view s, json::error_code&) { return append({s.data(), s.size()}); }
    bool on_int64(std::int64_t, json::string_view s, json::error_code&) { return number(s); }
    bool on_uint64(std::uint64_t, json::string_view s, json::error_code&) { return number(s); }
    bool on_double(double, json::string_view s, json::error_code&) { return number(s); }
    bool number(json::string_view s) {
        append({s.data(), s.size()});
        return end(kind::number);
    }
    bool on_bool(bool b, json::error_code&) {
        append(b ? "true" : "false");
        return end(kind::boolean);
    }
    bool on_null(json::error_code&) { return end(kind::null); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

} // namespace

struct json_object::state {
    json::basic_parser<collector> parser{json::parse_options{}};
};

json_object::json_object() : state_(std::make_unique<state>()) {}
json_object::~json_object() = default;

fault json_object::parse(std::string_view text) {
    auto& parser = state_->parser;
    auto& found = parser.handler();
    parser.reset();
    found.clear();
    members_.clear();
    json::error_code ec;
    const auto size = parser.write_some(false, text.data(), text.size(), ec);
    if (ec)
        return "is not JSON";
    if (!found.is_object)
        return "is not a JSON object";
    if (text.find_first_not_of(" \t\r\n", size) != std::string_view::npos)
        return "has text after the JSON object";
    const std::string_view all = found.text;
    for (const auto& p : found.places)
        members_.push_back({all.substr(p.name, p.value - p.name), all.substr(p.value, p.end - p.value), p.what});
    return nullptr;
}

} // namespace lineside::cdr
