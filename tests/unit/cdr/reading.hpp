#pragma once

#include "cdr/reader.hpp"
#include "support/cdr_recorder.hpp"
#include "test_paths.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the tests of readers have in common.
namespace lineside::cdr::testing {

using lineside::test::fixed_zone;

/// Everything that came out of an input that was not refused.
struct input_read {
    std::vector<lineside::test::recorded_call> calls;
    std::vector<rejected_row> rejected;
    std::vector<std::string> notes;
    std::uint64_t rows = 0; ///< as the reader counted them
    std::uint64_t accounted_rows = 0;

    [[nodiscard]] bool noted(std::string_view part) const {
        return std::any_of(notes.begin(), notes.end(),
                           [part](const auto& note) { return note.find(part) != std::string::npos; });
    }
};

/// Options with everything on one account, in UTC.
inline reader_options plain_options() {
    reader_options o;
    o.name = "calls";
    o.account = "acme";
    o.zone = fixed_zone(0);
    return o;
}

inline input_read taken(lineside::test::reading from) {
    if (!from.error.empty())
        throw std::runtime_error(from.error);
    const auto accounted = from.found.rows();
    return {std::move(from.found.calls), std::move(from.found.rejected), std::move(from.found.notes), from.rows,
            accounted};
}

/// Reads `bytes`, cut into pieces of `piece` bytes.
inline input_read read(record_format format, std::string_view bytes, const reader_options& options = plain_options(),
                       std::size_t piece = std::string_view::npos) {
    return taken(lineside::test::read_calls(format, bytes, options, piece));
}

/// Reads `bytes`, cut anywhere.
inline input_read read_cut(record_format format, std::string_view bytes, const reader_options& options, unsigned seed) {
    std::mt19937 random(seed);
    lineside::test::reading out;
    const auto made = make_reader(format, options, out.found);
    while (!bytes.empty()) {
        const auto size = std::min<std::size_t>(bytes.size(), 1 + random() % 97);
        made->feed(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    made->finish();
    out.rows = made->rows();
    return taken(std::move(out));
}

/// What a reader says when it refuses an input; empty when it does not.
inline std::string refusal(record_format format, std::string_view bytes,
                           const reader_options& options = plain_options()) {
    return lineside::test::read_calls(format, bytes, options).error;
}

inline std::string fixture(const std::string& name) {
    std::ifstream in(std::string(LINESIDE_FIXTURES) + "/" + name, std::ios::binary);
    if (!in)
        throw std::runtime_error("no fixture " + name);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// 2026-03-09T00:00:00Z, the day that most tests are about.
inline constexpr std::int64_t day = 1'773'014'400'000;

constexpr std::int64_t at(int hour, int minute, int second, int ms = 0) {
    return day + ((hour * 60LL + minute) * 60 + second) * 1000 + ms;
}

} // namespace lineside::cdr::testing
