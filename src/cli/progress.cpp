#include "cli/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace lineside::cli {

namespace {

std::string grouped(std::uint64_t n) {
    auto text = std::to_string(n);
    for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
        text.insert(static_cast<std::size_t>(i), 1, ',');
    return text;
}

std::string rate(double rows_per_s) {
    std::array<char, 48> text{};
    if (rows_per_s >= 1e6)
        std::snprintf(text.data(), text.size(), "%.1f M rows/s", rows_per_s / 1e6);
    else if (rows_per_s >= 1e3)
        std::snprintf(text.data(), text.size(), "%.0f k rows/s", rows_per_s / 1e3);
    else
        std::snprintf(text.data(), text.size(), "%.0f rows/s", rows_per_s);
    return text.data();
}

std::string minutes(double seconds) {
    const auto s = static_cast<std::uint64_t>(seconds + 0.5);
    return std::to_string(s / 60) + (s % 60 < 10 ? ":0" : ":") + std::to_string(s % 60);
}

} // namespace

std::string progress_line(std::string_view name, const import_progress& p, std::chrono::milliseconds since) {
    const double seconds = static_cast<double>(std::max<std::int64_t>(since.count(), 1)) / 1000;
    auto line = std::string(name) + "  " + grouped(p.rows) + " rows  " + rate(static_cast<double>(p.rows) / seconds);
    if (p.total_bytes && *p.total_bytes > 0) {
        const double done = std::min(1.0, static_cast<double>(p.bytes) / static_cast<double>(*p.total_bytes));
        line += "  " + std::to_string(static_cast<int>(done * 100)) + " %";
        if (done > 0)
            line += "  " + minutes(seconds * (1 - done) / done) + " left";
    }
    return line;
}

progress_display::progress_display(std::string_view name, watching by)
    : name_(name),
      watched_(by == watching::somebody),
      begin_(std::chrono::steady_clock::now()),
      last_(begin_) {}

void progress_display::show(const import_progress& p) {
    const auto now = std::chrono::steady_clock::now();
    if (!watched_ || now - last_ < std::chrono::milliseconds(100))
        return;
    last_ = now;
    const auto line = progress_line(name_, p, std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_));
    std::fprintf(stderr, "\r%s\033[K", line.c_str());
    std::fflush(stderr);
    drawn_ = true;
}

void progress_display::clear() {
    if (!drawn_)
        return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
}

} // namespace lineside::cli
