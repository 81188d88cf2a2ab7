#include "cli/dashboard.hpp"

#include "cli/graph.hpp"
#include "cli/paint.hpp"
#include "cli/shown.hpp"
#include "cli/summary_table.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lineside::cli {

namespace {

constexpr std::size_t graph_rows = 5;
constexpr std::size_t graph_gap = 2;
constexpr std::size_t narrowest_pair = 76;

bool has_pairs(std::size_t width) { return width >= narrowest_pair; }
std::size_t graph_width(std::size_t width) { return has_pairs(width) ? (width - graph_gap) / 2 : width; }

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

// `left` and `right` at the ends of a line; a left text that is too long is cut.
std::string spread(std::string_view left, std::string_view right, std::size_t width, const painter& paint) {
    const auto room = width - std::min(width, columns_of(right) + 2);
    return paint(ink::bold, fit_left(left, room)) + fit_right(right, width - room);
}

std::vector<std::string> header(const dashboard& page, std::size_t width, const painter& paint) {
    const auto& a = page.account;
    auto company = printable(a.name.empty() ? a.id.value() : a.name);
    if (company != a.id.value())
        company += " (" + printable(a.id.value()) + ")";
    const auto clock =
        shown_time(page.at, page.offset) + ' ' + page.zone + ' ' + to_string(page.at, page.offset).substr(23);
    const auto in_use = page.channels ? std::to_string(*page.channels) : std::string("-");
    const auto channels = a.channel_limit ? in_use + " / " + std::to_string(*a.channel_limit) + " channels"
                                          : in_use + " channels, no limit";
    const auto checklist =
        page.checklist ? "checklist " + std::to_string(*page.checklist) : std::string("checklist not reported");
    const auto balance = page.balance ? "balance " + to_string(*page.balance) + ' ' + page.balance->currency
                                      : std::string("balance not reported");
    const auto facts = checklist + " │ " + channels + " │ " + balance;
    const auto all = checklist + " │ " + clock + " │ " + channels + " │ " + balance;
    const auto rule = paint(ink::dim, repeat("─", width));
    if (columns_of(company) + 2 + columns_of(all) <= width)
        return {spread(company, all, width, paint), rule};
    return {spread(company, clock, width, paint), fit_left(facts, width), rule};
}

std::vector<std::string> graphs(const dashboard& page, std::size_t width, const painter& paint) {
    const std::array<graph, 4> all{{{"Live channels", &page.live_channels, graph_shape::area, ink::cyan},
                                    {"ASR %", &page.asr, graph_shape::line, ink::green},
                                    {"ACD s", &page.acd, graph_shape::line, ink::yellow},
                                    {"DTMF %", &page.dtmf_percent, graph_shape::line, ink::magenta}}};
    const auto each = graph_width(width);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < all.size(); i += has_pairs(width) ? 2 : 1) {
        auto left = draw(all[i], page.range, each, graph_rows, paint);
        if (has_pairs(width)) {
            const auto right = draw(all[i + 1], page.range, each, graph_rows, paint);
            for (std::size_t row = 0; row < left.size(); ++row)
                left[row] += std::string(graph_gap, ' ') + right[row];
        }
        lines.insert(lines.end(), left.begin(), left.end());
        lines.emplace_back();
    }
    return lines;
}

std::vector<std::string> last_day(const summary& s, std::size_t width, const painter& paint) {
    auto lines = summary_table(s, row_label::hour, width).lines();
    lines.front() = paint(ink::dim, lines.front());
    lines.insert(lines.begin(), spread("Last 24 hours", "24-hour UTC, valid for billing", width, paint));
    return lines;
}

} // namespace

std::vector<std::string> draw(const dashboard& page, std::size_t width, colouring colour) {
    const painter paint(colour == colouring::on);
    auto lines = header(page, width, paint);
    for (auto& part : {graphs(page, width, paint), last_day(page.last_day, width, paint)})
        lines.insert(lines.end(), part.begin(), part.end());
    return lines;
}

} // namespace lineside::cli
