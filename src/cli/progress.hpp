#pragma once

#include <lineside/call_import.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace lineside::cli {

/// One line about an import: `calls.csv  1,200,000 rows  3.1 M rows/s  45 %  0:12 left`. What is not known is left out.
[[nodiscard]] std::string progress_line(std::string_view name, const import_progress& p,
                                        std::chrono::milliseconds since);

enum class watching : std::uint8_t { nobody, somebody };

/// Keeps that line up to date on standard error while somebody watches, and takes it away in the end.
class progress_display {
public:
    progress_display(std::string_view name, watching by);
    ~progress_display() { clear(); }
    progress_display(const progress_display&) = delete;
    progress_display& operator=(const progress_display&) = delete;

    void show(const import_progress& p);
    /// Makes room for another message; the next `show` draws the line again.
    void clear();

private:
    std::string name_;
    bool watched_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point begin_;
    std::chrono::steady_clock::time_point last_;
};

} // namespace lineside::cli
