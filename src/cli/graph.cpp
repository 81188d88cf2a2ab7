#include "cli/graph.hpp"

#include "cli/terminal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace lineside::cli {

namespace {

constexpr std::size_t label_width = 6;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

std::string number(double value, int decimals) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
    return end.ec == std::errc{} ? std::string(text.data(), end.ptr) : "?";
}

std::string shortest(double value) {
    std::array<char, 64> text{};
    const auto rounded = std::round(value * 1e6) / 1e6;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), rounded).ptr};
}

bool is_count(const series& s) { return s.unit != "%" && s.unit != "s"; }

struct extremes {
    double smallest = nothing;
    double largest = nothing;
    double last = nothing;
};

extremes extremes_of(const std::vector<double>& values) {
    extremes e;
    for (const double v : values) {
        if (std::isnan(v))
            continue;
        e.smallest = std::isnan(e.smallest) ? v : std::min(e.smallest, v);
        e.largest = std::isnan(e.largest) ? v : std::max(e.largest, v);
    }
    if (!values.empty())
        e.last = values.back();
    return e;
}

// The axis from `low` to `high` with a label in the middle; all three are round numbers.
struct scale {
    double low = 0;
    double high = 2;

    [[nodiscard]] double middle() const { return (low + high) / 2; }
};

scale scale_of(const extremes& e, graph_shape shape, const series& s) {
    if (std::isnan(e.largest))
        return {};
    const double ceiling = s.unit == "%" ? 100 : std::numeric_limits<double>::infinity();
    struct round_step {
        double step;
        double anchor; // the axis begins at a multiple of it
    };
    constexpr round_step steps[] = {{1, 1}, {2, 1}, {4, 2}, {5, 5}, {6, 3}, {8, 4}};
    const double floor = shape == graph_shape::area ? std::min(0.0, e.smallest) : e.smallest;
    double power = std::pow(10.0, std::floor(std::log10(std::max(e.largest - floor, 0.1))) - 1);
    for (;; power *= 10) {
        for (const auto& round : steps) {
            const double step = round.step * power;
            const double anchor = round.anchor * power;
            const double low = std::floor(floor / anchor) * anchor;
            if (low + 2 * step >= e.largest && (!is_count(s) || anchor >= 1))
                return {low, std::min(low + 2 * step, ceiling)};
        }
    }
}

// Dots, two a column and four a row of text (Unicode 2800: one bit a dot).
class dots {
public:
    dots(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows), cells_(columns * rows) {}

    [[nodiscard]] std::size_t width() const { return 2 * columns_; }
    [[nodiscard]] std::size_t height() const { return 4 * rows_; }
    /// `y` counts from the bottom.
    void set(std::size_t x, std::size_t y) {
        constexpr std::array<std::array<unsigned char, 2>, 4> bits{
            {{0x40, 0x80}, {0x04, 0x20}, {0x02, 0x10}, {0x01, 0x08}}};
        const auto row = rows_ - 1 - y / 4;
        auto& cell = cells_[row * columns_ + x / 2];
        cell = static_cast<unsigned char>(cell | bits[y % 4][x % 2]);
    }
    [[nodiscard]] std::string row(std::size_t row) const {
        std::string text;
        for (std::size_t i = 0; i < columns_; ++i) {
            const unsigned cell = cells_[row * columns_ + i];
            if (cell == 0) {
                text += ' ';
                continue;
            }
            text += '\xE2';
            text += static_cast<char>(0xA0U + (cell >> 6U));
            text += static_cast<char>(0x80U + (cell & 0x3FU));
        }
        return text;
    }

private:
    std::size_t columns_;
    std::size_t rows_;
    std::vector<unsigned char> cells_;
};

// What each column of dots shows of the buckets that begin in it or reach over it: of peaks the highest, of ratios the
// true one, which is the mean by denominators.
std::vector<double> sample(const graph& g, time_range range, std::size_t columns) {
    const auto& s = *g.series;
    std::vector<double> values(columns, nothing);
    std::vector<double> weights(columns, 0);
    const auto length = std::max<std::int64_t>((range.to - range.from).count(), 1);
    const auto column_of = [&](instant t) {
        const auto at = std::clamp<std::int64_t>((t - range.from).count(), 0, length);
        return static_cast<std::size_t>(at * static_cast<std::int64_t>(columns) / length);
    };
    for (std::size_t i = 0; i < s.time.size(); ++i) {
        const auto end = i + 1 < s.time.size() ? s.time[i + 1] : range.to;
        if (std::isnan(s.value[i]) || end <= range.from || s.time[i] >= range.to)
            continue;
        const auto first = column_of(s.time[i]);
        const auto last = std::clamp(column_of(end), first + 1, columns);
        const auto weight = static_cast<double>(s.denominator[i]);
        for (auto x = first; x < last; ++x) {
            const double before = std::isnan(values[x]) ? 0 : values[x];
            values[x] = g.shape == graph_shape::area ? std::max(before, s.value[i]) : before + s.value[i] * weight;
            weights[x] += weight;
        }
    }
    if (g.shape == graph_shape::line)
        for (std::size_t x = 0; x < columns; ++x)
            values[x] /= weights[x];
    return values;
}

dots plot(const std::vector<double>& values, const scale& axis, graph_shape shape, std::size_t columns,
          std::size_t rows) {
    dots picture(columns, rows);
    const auto top = static_cast<double>(picture.height() - 1);
    std::optional<std::size_t> before;
    for (std::size_t x = 0; x < values.size(); ++x) {
        if (std::isnan(values[x])) {
            before.reset();
            continue;
        }
        const auto y = static_cast<std::size_t>(
            std::lround(std::clamp((values[x] - axis.low) / (axis.high - axis.low), 0.0, 1.0) * top));
        const auto from = shape == graph_shape::area ? 0 : before.value_or(y);
        // A line meets its last point half-way up or down, so that steps join without a thick corner.
        for (auto at = std::min(from, y); at <= std::max(from, y); ++at)
            if (shape == graph_shape::area || at != from || from == y)
                picture.set(x, at);
        before = y;
    }
    return picture;
}

// The hours of the zone that get a label: their columns and texts.
struct tick {
    std::size_t column = 0;
    std::string text;
};

std::vector<tick> ticks_of(const series& s, time_range range, std::size_t columns) {
    using namespace std::chrono;
    const auto length = range.to - range.from;
    hours step{24};
    for (const int candidate : {12, 8, 6, 4, 3, 2, 1})
        if (static_cast<std::int64_t>(columns) * hours(candidate) >= 8 * length)
            step = hours(candidate);
    std::vector<tick> ticks;
    for (std::size_t i = 0; i < s.time.size() && length.count() > 0; ++i) {
        const auto end = std::min(i + 1 < s.time.size() ? s.time[i + 1] : range.to, range.to);
        const seconds offset(s.offset_s[i]);
        const auto local = std::max(s.time[i], range.from) + offset;
        // Midnight is a multiple of every step, so the steps count from it.
        const auto midnight = floor<days>(local);
        const auto since = local - midnight;
        auto at = midnight + (since + step - milliseconds(1)) / step * step;
        for (; at - offset < end; at += step) {
            const auto column = (at - offset - range.from) * static_cast<std::int64_t>(columns) / length;
            ticks.push_back({static_cast<std::size_t>(column), to_string(instant(at)).substr(11, 5)});
        }
    }
    return ticks;
}

std::string title_line(const graph& g, const extremes& e, std::size_t width, const painter& paint) {
    const int decimals = is_count(*g.series) ? 0 : 2;
    const auto shown = [&](double v) { return std::isnan(v) ? std::string("-") : number(v, decimals); };
    const auto room = width - std::min(width, columns_of(g.title) + 1);
    const auto last = "last " + shown(e.last);
    const auto least = "min " + shown(e.smallest);
    const auto most = "max " + shown(e.largest);
    std::string facts = std::isnan(e.largest) ? "nothing to show" : last;
    if (!std::isnan(e.largest))
        for (const auto& longer :
             {last + ' ' + most, last + ' ' + least + ' ' + most, last + "  " + least + "  " + most})
            if (columns_of(longer) <= room)
                facts = longer;
    return paint(ink::bold, fit_left(g.title, width - room)) + paint(ink::dim, fit_right(facts, room));
}

std::string axis_line(const std::vector<double>& values, const std::vector<tick>& ticks, const painter& paint) {
    std::string line(label_width, ' ');
    line += "└";
    for (std::size_t column = 0; 2 * column < values.size(); ++column) {
        const bool marked = std::any_of(ticks.begin(), ticks.end(), [&](const tick& t) { return t.column == column; });
        const bool empty = std::isnan(values[2 * column]) && std::isnan(values[2 * column + 1]);
        line += marked ? "┴" : empty ? "┈" : "─";
    }
    return paint(ink::dim, line);
}

std::string hours_line(const std::vector<tick>& ticks, std::size_t width, const painter& paint) {
    std::string line(width, ' ');
    std::size_t free_from = 0;
    for (const auto& t : ticks) {
        const auto middle = label_width + 1 + t.column;
        const auto begin = std::min(middle < 2 ? 0 : middle - 2, width - std::min(width, t.text.size()));
        if (begin < free_from)
            continue;
        line.replace(begin, t.text.size(), t.text);
        free_from = begin + t.text.size() + 1;
    }
    return paint(ink::dim, line);
}

} // namespace

std::vector<std::string> draw(const graph& g, time_range range, std::size_t width, std::size_t rows,
                              const painter& paint) {
    const auto columns = width > label_width + 2 ? width - label_width - 1 : 1;
    const auto values = sample(g, range, 2 * columns);
    const auto e = extremes_of(values);
    const auto axis = scale_of(e, g.shape, *g.series);
    const auto picture = plot(values, axis, g.shape, columns, rows);
    const auto ticks = ticks_of(*g.series, range, columns);

    std::vector<std::string> lines{title_line(g, e, width, paint)};
    for (std::size_t row = 0; row < rows; ++row) {
        const bool labelled = row == 0 || row == rows / 2 || row + 1 == rows;
        const double at = row == 0 ? axis.high : row + 1 == rows ? axis.low : axis.middle();
        const auto label = labelled ? fit_right(shortest(at), label_width) + "┤" : std::string(label_width, ' ') + "│";
        lines.push_back(paint(ink::dim, label) + paint(g.colour, picture.row(row)));
    }
    lines.push_back(axis_line(values, ticks, paint));
    lines.push_back(hours_line(ticks, width, paint));
    return lines;
}

} // namespace lineside::cli
