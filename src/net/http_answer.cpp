#include "net/http_answer.hpp"

#include <array>
#include <charconv>

namespace lineside::net {

namespace {

std::string_view reason_of(unsigned status) {
    switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
    }
}

template <class Number>
void append_number(std::string& to, Number n, int base = 10) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n, base).ptr;
    to.append(digits.data(), end);
}

void append_two_digits(std::string& to, unsigned n) {
    to += static_cast<char>('0' + n / 10);
    to += static_cast<char>('0' + n % 10);
}

// RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
void append_date(std::string& to, std::chrono::sys_seconds now) {
    static constexpr std::string_view week_days = "SunMonTueWedThuFriSat";
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(now - day);
    to += week_days.substr(std::chrono::weekday(day).c_encoding() * std::size_t{3}, 3);
    to += ", ";
    append_two_digits(to, static_cast<unsigned>(date.day()));
    to += ' ';
    to += months.substr((static_cast<unsigned>(date.month()) - 1) * std::size_t{3}, 3);
    to += ' ';
    append_number(to, static_cast<int>(date.year()));
    to += ' ';
    append_two_digits(to, static_cast<unsigned>(time.hours().count()));
    to += ':';
    append_two_digits(to, static_cast<unsigned>(time.minutes().count()));
    to += ':';
    append_two_digits(to, static_cast<unsigned>(time.seconds().count()));
    to += " GMT";
}

bool is_ours(std::string_view name) {
    switch (name.size()) {
    case 4: return equal_without_case(name, "Date");
    case 10: return equal_without_case(name, "Connection") || equal_without_case(name, "Keep-Alive");
    case 14: return equal_without_case(name, "Content-Length");
    case 17: return equal_without_case(name, "Transfer-Encoding");
    default: return false;
    }
}

} // namespace

void append_head(std::string& to, const answer_head& head, std::chrono::sys_seconds now) {
    to += "HTTP/1.1 ";
    append_number(to, head.status);
    to += ' ';
    to += reason_of(head.status);
    to += "\r\nDate: ";
    append_date(to, now);
    to += "\r\n";
    for (const auto& [name, value] : head.fields) {
        if (is_ours(name))
            continue;
        to += name;
        to += ": ";
        to += value;
        to += "\r\n";
    }
    if (head.status == 101)
        to += "Connection: Upgrade\r\n";
    if (head.close)
        to += "Connection: close\r\n";
    if (head.framing == answer_framing::length) {
        to += "Content-Length: ";
        append_number(to, head.length);
        to += "\r\n";
    } else if (head.framing == answer_framing::chunked) {
        to += "Transfer-Encoding: chunked\r\n";
    }
    to += "\r\n";
}

void append_chunk_size(std::string& to, std::size_t size) {
    append_number(to, size, 16);
    to += "\r\n";
}

} // namespace lineside::net
