#include "cli/backtest_page.hpp"

#include "cli/shown.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <cstdint>

namespace lineside::cli {

namespace {

constexpr std::size_t least_width = 44;

// The more of them a column holds, the more it has to say.
enum class mark : std::uint8_t { fine, firing, held_back, told };

struct look_of_mark {
    std::string_view sign;
    ink colour;
    std::string_view legend;
};

constexpr look_of_mark look_of(mark m) {
    switch (m) {
    case mark::told: return {"█", ink::red, "told"};
    case mark::held_back: return {"▒", ink::yellow, "held back"};
    case mark::firing: return {"░", ink::yellow, "still firing"};
    case mark::fine: break;
    }
    return {"·", ink::dim, "fine"};
}

class strip {
public:
    strip(time_range range, std::size_t columns) : range_(range), marks_(columns, mark::fine) {}

    void put(instant t, mark m) { raise(column_of(t), m); }
    void put(instant from, instant to, mark m) {
        if (from >= to)
            return;
        const auto last = column_of(to - duration(1));
        for (auto c = column_of(from); c <= last; ++c)
            raise(c, m);
    }
    [[nodiscard]] std::string line(const painter& paint) const {
        std::string text;
        for (auto at = marks_.begin(); at != marks_.end();) {
            const auto next = std::find_if(at, marks_.end(), [&](mark m) { return m != *at; });
            const auto look = look_of(*at);
            std::string run;
            for (; at != next; ++at)
                run += look.sign;
            text += paint(look.colour, run);
        }
        return text;
    }

private:
    [[nodiscard]] std::size_t column_of(instant t) const {
        const auto inside = std::clamp(t, range_.from, range_.to - duration(1)) - range_.from;
        const auto part = static_cast<double>(inside.count()) / static_cast<double>((range_.to - range_.from).count());
        return std::min(static_cast<std::size_t>(part * static_cast<double>(marks_.size())), marks_.size() - 1);
    }
    void raise(std::size_t column, mark m) { marks_[column] = std::max(marks_[column], m); }

    time_range range_;
    std::vector<mark> marks_;
};

std::string times(std::uint64_t n) { return n == 0 ? "never" : n == 1 ? "once" : std::to_string(n) + " times"; }

} // namespace

std::vector<std::string> draw(const alert_backtest& b, std::size_t width, const painter& paint) {
    width = std::max(width, least_width);
    std::vector<std::string> lines;
    lines.push_back(std::to_string(b.evaluations) + " looks, told " + times(b.fired) +
                    (b.held_back > 0 ? ", held back " + times(b.held_back) : ""));
    if (b.range.empty())
        return lines;
    strip over(b.range, width);
    std::optional<instant> firing_since;
    for (const auto& e : b.events) {
        if (e.kind == alert_event_kind::reset) {
            over.put(firing_since.value_or(e.at), e.at, mark::firing);
            firing_since.reset();
            continue;
        }
        over.put(e.at, e.kind == alert_event_kind::held_back ? mark::held_back : mark::told);
        if (!firing_since)
            firing_since = e.at;
    }
    if (firing_since)
        over.put(*firing_since, b.range.to, mark::firing);
    lines.push_back(over.line(paint));
    const auto from = shown_time(b.range.from, {}).substr(0, 16);
    const auto to = shown_time(b.range.to, {}).substr(0, 16);
    lines.push_back(from + fit_right(to, width - from.size()));
    std::string legend;
    for (const auto m : {mark::told, mark::held_back, mark::firing, mark::fine}) {
        const auto look = look_of(m);
        legend += (legend.empty() ? "" : "  ") + paint(look.colour, look.sign) + ' ' + std::string(look.legend);
    }
    lines.push_back(std::move(legend));
    return lines;
}

} // namespace lineside::cli
