#include "cli/watch_view.hpp"

#include "cli/shown.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lineside::cli {

namespace {

constexpr std::size_t named = 3; // of the calls that changed

std::string count_of(std::size_t n, std::string_view thing) {
    return std::to_string(n) + ' ' + std::string(thing) + (n == 1 ? "" : "s");
}

std::string of_channels(const channel_status& c) {
    std::string text = "channels " + std::to_string(c.in_use);
    if (c.configured)
        text += " of " + std::to_string(*c.configured);
    text += ", ringing " + std::to_string(c.ringing);
    if (c.ghosts > 0)
        text += ", ghosts " + std::to_string(c.ghosts);
    return text;
}

std::string of_balance(const balance& b) {
    const auto amount = [&](const money& m) { return to_string(m) + (b.currency.empty() ? "" : ' ' + b.currency); };
    auto text = "balance " + amount(b.amount) + ", available " + amount(b.credit_available);
    if (b.time_to_zero)
        text +=
            ", live calls cost " + amount(b.burn_per_minute) + " a minute: empty in " + shown_length(*b.time_to_zero);
    return text;
}

std::string of_alert(const alert_event& a) {
    return "alert " + std::string(to_string(a.level)) + ' ' + std::string(to_string(a.kind)) + ": " + a.title +
           (a.text.empty() ? "" : ": " + a.text);
}

std::string of_dashboard(const dashboard& d) {
    auto text = "dashboard " + count_of(d.layout.widgets.size(), "widget") + ", " +
                count_of(d.checklist.items.size(), "thing") + " to do";
    if (!d.checklist.items.empty())
        text += ": " + d.checklist.items.front().text;
    return text;
}

std::string of_hour(const summary_row& row) {
    auto text = shown_time(row.start, {}).substr(11, 5) + ' ' + count_of(row.attempts, "attempt") + ", " +
                std::to_string(row.answered) + " answered";
    if (row.asr)
        text += ", ASR " + shown(row.asr) + " %";
    return text;
}

} // namespace

std::string watch_view::of_live_calls(const watch_update& u) {
    u.apply_to(calls_);
    const auto& c = *u.live_calls;
    std::string text = "live calls " + std::to_string(calls_.size()) + (c.more ? " and more" : "");
    if (u.kind != watch_kind::change)
        return text;
    for (std::size_t i = 0; i < std::min(c.calls.size(), named); ++i)
        text +=
            ", " + c.calls[i].cli + " to " + c.calls[i].destination + ' ' + std::string(to_string(c.calls[i].state));
    if (c.calls.size() > named)
        text += ", " + std::to_string(c.calls.size() - named) + " more";
    if (!c.ended.empty())
        text += ", ended " + std::to_string(c.ended.size());
    return text;
}

std::string watch_view::of_summary(const watch_update& u) {
    u.apply_to(hours_);
    const auto& rows = u.summary->rows;
    if (rows.empty())
        return "summary " + count_of(hours_.size(), "hour");
    auto text = "summary " + of_hour(rows.back());
    if (rows.size() > 1)
        text += " and " + count_of(rows.size() - 1, "other hour");
    return text;
}

std::string watch_view::line_of(const watch_update& u) {
    std::string what;
    if (u.channels)
        what = of_channels(*u.channels);
    else if (u.live_calls)
        what = of_live_calls(u);
    else if (u.balance)
        what = of_balance(*u.balance);
    else if (u.alert)
        what = of_alert(*u.alert);
    else if (u.summary)
        what = of_summary(u);
    else if (u.dashboard)
        what = of_dashboard(*u.dashboard);
    else
        what = std::string(to_string(u.topic)) + " from here on";
    if (u.kind == watch_kind::resync)
        what += " (something before it may have been missed)";
    return printable(shown_time(u.at, {}).substr(11) + ' ' + what);
}

std::string bars_of(const std::deque<std::uint32_t>& values, std::size_t columns) {
    constexpr std::array<std::string_view, 8> bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const auto from = values.end() - static_cast<std::ptrdiff_t>(std::min(columns, values.size()));
    const std::uint64_t largest = from == values.end() ? 0 : *std::max_element(from, values.end());
    std::string text;
    for (auto at = from; at != values.end(); ++at)
        text += largest == 0 ? bars[0] : bars[(*at * (bars.size() - 1) + largest / 2) / largest];
    return text;
}

std::string channels_line::next(const watch_update& u, std::size_t width) {
    if (u.channels)
        in_use_.push_back(u.channels->in_use);
    if (in_use_.size() > most_bars)
        in_use_.pop_front();
    auto text = view_.line_of(u);
    const auto taken = columns_of(text) + 2;
    if (taken < width)
        text += "  " + bars_of(in_use_, width - taken);
    return columns_of(text) > width ? fit_left(text, width) : text;
}

} // namespace lineside::cli
