#include "cli/dispute_page.hpp"

#include "cli/shown.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace lineside::cli {

namespace {

constexpr std::size_t most_days = 62;
constexpr std::size_t most_hours = 5;
constexpr std::size_t longest_half_bar = 24;
constexpr std::size_t shortest_half_bar = 4;

std::string grouped(std::uint64_t n) {
    auto text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3)
        text.insert(i - 3, 1, ',');
    return text;
}

std::string signed_text(bool negative, bool zero, const std::string& magnitude) {
    return (zero ? "" : negative ? "-" : "+") + magnitude;
}
std::string shown_difference(std::int64_t calls) {
    return signed_text(calls < 0, calls == 0, grouped(static_cast<std::uint64_t>(std::abs(calls))));
}
std::string shown_difference(duration d) {
    return signed_text(d.count() < 0, d.count() == 0, shown_length(std::chrono::abs(d)));
}
std::string shown_difference(const std::optional<money>& m) {
    if (!m)
        return "-";
    const auto text = to_string(*m);
    return text.front() == '-' || (m->units == 0 && m->nanos == 0) ? text : '+' + text;
}

std::string_view words_of(difference_class kind) {
    switch (kind) {
    case difference_class::missing_in_ours: return "missing in ours";
    case difference_class::missing_in_theirs: return "missing in theirs";
    case difference_class::length: return "length";
    case difference_class::rating: return "rating";
    case difference_class::length_and_rating: return "length and rating";
    case difference_class::rounding: return "rounding";
    }
    return "";
}

// What a stretch of time is judged by: money where it was compared, else time, else calls.
enum class yardstick : std::uint8_t { charge, billed, calls };

yardstick yardstick_of(const dispute_report& r) {
    if (r.difference.charge)
        return yardstick::charge;
    const auto tells = [](const dispute_class_total& c) { return c.amount.billed_ms.count() != 0; };
    return std::any_of(r.classes.begin(), r.classes.end(), tells) ? yardstick::billed : yardstick::calls;
}

double measured(const dispute_amount& a, yardstick by) {
    switch (by) {
    case yardstick::charge:
        return a.charge ? static_cast<double>(a.charge->units) + static_cast<double>(a.charge->nanos) / 1e9 : 0;
    case yardstick::billed: return static_cast<double>(a.billed_ms.count());
    case yardstick::calls: return static_cast<double>(a.calls);
    }
    return 0;
}

double weight_of(const dispute_period& p, yardstick by) {
    double sum = 0;
    for (const auto& c : p.classes)
        sum += std::abs(measured(c.amount, by));
    return sum;
}

class page {
public:
    page(const dispute_report& report, std::size_t width, const painter& paint)
        : report_(report),
          width_(width),
          paint_(paint),
          by_(yardstick_of(report)) {}

    std::vector<std::string> draw() {
        draw_inputs();
        draw_totals();
        draw_findings();
        draw_classes();
        draw_days();
        draw_hours();
        draw_calls();
        draw_verdict();
        return std::move(lines_);
    }

private:
    void heading(std::string_view text) {
        lines_.emplace_back();
        lines_.push_back(paint_(ink::bold, text));
    }
    void add(const table& t) {
        bool first = true;
        for (const auto& line : t.lines())
            lines_.push_back("  " + (std::exchange(first, false) ? paint_(ink::dim, line) : line));
    }

    void draw_inputs() {
        for (const auto& [side, input] :
             {std::pair<std::string_view, const dispute_input*>{"ours  ", &report_.our_input},
              std::pair<std::string_view, const dispute_input*>{"theirs", &report_.their_input}}) {
            auto line = paint_(ink::bold, side) + "  " + printable(input->name) + ": ";
            line += input->format == record_format::detect
                        ? grouped(input->read) + " stored calls"
                        : grouped(input->read) + " rows of " + std::string(to_string(input->format));
            const auto count = [&](std::uint64_t n, std::string_view what) {
                if (n > 0)
                    line += ", " + grouped(n) + ' ' + std::string(what);
            };
            count(input->folded, "further rows of the same calls");
            count(input->other_account, "of other accounts");
            count(input->not_compared, "not compared");
            if (input->rejected > 0)
                line += ", " + paint_(ink::red, grouped(input->rejected) + " rejected");
            lines_.push_back(std::move(line));
            for (const auto& note : input->notes)
                lines_.push_back("        " + paint_(ink::dim, "note: " + printable(note)));
        }
    }

    void draw_totals() {
        const auto& a = report_.ours;
        const auto& b = report_.theirs;
        const auto& d = report_.difference;
        const auto currency = [&] {
            for (const auto& m : {a.charge, b.charge})
                if (m && !m->currency.empty())
                    return "charge " + m->currency;
            return std::string("charge");
        }();
        table t;
        t.add_column("", alignment::left);
        for (const auto* name : {"ours", "theirs", "ours - theirs"})
            t.add_column(name, alignment::right);
        t.add_row({"calls", grouped(a.calls), grouped(b.calls), shown_difference(d.calls)});
        t.add_row({"answered", grouped(a.answered), grouped(b.answered),
                   shown_difference(static_cast<std::int64_t>(a.answered) - static_cast<std::int64_t>(b.answered))});
        t.add_row({"talk", shown_length(a.talk_ms), shown_length(b.talk_ms), shown_difference(a.talk_ms - b.talk_ms)});
        t.add_row({"billed", shown_length(a.billed_ms), shown_length(b.billed_ms), shown_difference(d.billed_ms)});
        t.add_row({currency, shown(a.charge), shown(b.charge), shown_difference(d.charge)});
        lines_.emplace_back();
        add(t);
        lines_.push_back("  " + grouped(report_.matched) + " calls are on both sides, " +
                         grouped(report_.matched_by_id) + " with the same call id");
    }

    void draw_findings() {
        if (report_.findings.empty())
            return;
        heading("What explains it");
        for (const auto& text : report_.findings)
            lines_.push_back("  " + paint_(ink::cyan, printable(text)));
    }

    void draw_classes() {
        if (report_.classes.empty())
            return;
        heading("What differs");
        table t;
        t.add_column("", alignment::left);
        t.add_column("calls", alignment::right);
        t.add_column("billed", alignment::right);
        t.add_column("charge", alignment::right);
        t.add_column("share", alignment::right);
        double sum = 0;
        for (const auto& c : report_.classes)
            sum += std::abs(measured(c.amount, by_));
        for (const auto& c : report_.classes) {
            const auto share = std::abs(measured(c.amount, by_));
            t.add_row({std::string(words_of(c.kind)) + (c.rule.empty() ? "" : " (" + c.rule + ")"), grouped(c.count),
                       shown_difference(c.amount.billed_ms), shown_difference(c.amount.charge),
                       sum > 0 ? std::to_string(std::lround(share / sum * 100)) + " %" : "-"});
        }
        t.add_row({"all", grouped(report_.differing_calls), shown_difference(report_.difference.billed_ms),
                   shown_difference(report_.difference.charge), ""});
        add(t);
    }

    // What ours has more grows to the right, what theirs has more to the left.
    [[nodiscard]] std::string bar(double value, double largest, std::size_t half) const {
        const auto eighths = static_cast<std::size_t>(
            std::ceil(largest > 0 ? std::abs(value) / largest * static_cast<double>(half) * 8 : 0));
        const auto full = eighths / 8;
        static constexpr std::string_view parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
        std::string blocks;
        for (std::size_t i = 0; i < full; ++i)
            blocks += "█";
        if (value >= 0)
            return std::string(half, ' ') + paint_(ink::dim, "│") +
                   paint_(ink::green, blocks + std::string(parts[eighths % 8]));
        // To the left there are no eighths, only halves.
        const bool rest = eighths % 8 != 0;
        const bool half_cell = eighths % 8 <= 4;
        return std::string(half - full - (rest ? 1 : 0), ' ') +
               paint_(ink::red, std::string(!rest       ? ""
                                            : half_cell ? "▐"
                                                        : "█") +
                                    blocks) +
               paint_(ink::dim, "│");
    }

    [[nodiscard]] std::string difference_by(const dispute_amount& a) const {
        switch (by_) {
        case yardstick::charge: return shown_difference(a.charge);
        case yardstick::billed: return shown_difference(a.billed_ms);
        case yardstick::calls: return shown_difference(a.calls);
        }
        return {};
    }

    // The periods with the greatest differences, in the order of time.
    [[nodiscard]] std::vector<const dispute_period*> worst(const std::vector<dispute_period>& all,
                                                           std::size_t most) const {
        std::vector<const dispute_period*> chosen;
        for (const auto& p : all)
            if (!p.classes.empty())
                chosen.push_back(&p);
        if (chosen.size() > most) {
            std::stable_sort(chosen.begin(), chosen.end(),
                             [this](const auto* a, const auto* b) { return weight_of(*a, by_) > weight_of(*b, by_); });
            chosen.resize(most);
            std::sort(chosen.begin(), chosen.end(), [](const auto* a, const auto* b) { return a->start < b->start; });
        }
        return chosen;
    }

    void draw_days() {
        const auto days = worst(report_.days, most_days);
        if (days.empty())
            return;
        static constexpr std::string_view unit[] = {"charge", "billed", "calls"};
        heading("Days, UTC: " + std::string(unit[static_cast<std::size_t>(by_)]) +
                ", theirs more to the left, ours more to the right");
        double largest = 0;
        std::size_t text_width = 0;
        for (const auto* d : days) {
            largest = std::max(largest, std::abs(measured(d->difference, by_)));
            text_width = std::max(text_width, difference_by(d->difference).size());
        }
        const auto fixed = 2 + 10 + 2 + text_width + 2 + 1;
        const auto half = std::clamp(width_ > fixed ? (width_ - fixed) / 2 : 0, shortest_half_bar, longest_half_bar);
        for (const auto* d : days)
            lines_.push_back("  " + to_string(d->start).substr(0, 10) + "  " +
                             fit_right(difference_by(d->difference), text_width) + "  " +
                             bar(measured(d->difference, by_), largest, half));
        const auto differing = static_cast<std::size_t>(
            std::count_if(report_.days.begin(), report_.days.end(), [](const auto& d) { return !d.classes.empty(); }));
        if (differing > days.size())
            lines_.push_back("  ... the worst " + grouped(days.size()) + " of " + grouped(differing) +
                             " days that differ");
        else if (differing < report_.days.size())
            lines_.push_back("  " + grouped(report_.days.size() - differing) + " further days do not differ");
    }

    void draw_hours() {
        const auto hours = worst(report_.hours, most_hours);
        if (hours.empty())
            return;
        heading(report_.differing_hours > hours.size()
                    ? "The worst of " + grouped(report_.differing_hours) + " hours that differ"
                    : "Hours that differ");
        table t;
        t.add_column("UTC", alignment::left);
        for (const auto* name : {"ours", "theirs", "billed", "charge"})
            t.add_column(name, alignment::right);
        t.add_column("mostly", alignment::left);
        for (const auto* h : hours) {
            const auto most =
                std::max_element(h->classes.begin(), h->classes.end(), [this](const auto& a, const auto& b) {
                    return std::abs(measured(a.amount, by_)) < std::abs(measured(b.amount, by_));
                });
            t.add_row({shown_time(h->start, {}).substr(0, 16), grouped(h->ours.calls), grouped(h->theirs.calls),
                       shown_difference(h->difference.billed_ms), shown_difference(h->difference.charge),
                       std::string(words_of(most->kind)) + ", " + grouped(most->count) +
                           (most->count == 1 ? " call" : " calls")});
        }
        add(t);
    }

    void draw_calls() {
        if (report_.calls.empty())
            return;
        heading(report_.differing_calls > report_.calls.size()
                    ? "The first " + grouped(report_.calls.size()) + " of " + grouped(report_.differing_calls) +
                          " calls that differ"
                    : "Calls that differ");
        table t;
        for (const auto* name : {"UTC", "from", "to", "class", "ours against theirs"})
            t.add_column(name, alignment::left);
        t.add_column("charge", alignment::right);
        for (const auto& c : report_.calls) {
            const auto& shown_side = c.ours ? *c.ours : *c.theirs;
            t.add_row({shown_time(shown_side.start_time, {}), shown_side.cli, shown_side.destination,
                       std::string(words_of(c.kind)), c.text, shown_difference(c.amount.charge)});
        }
        add(t);
    }

    void draw_verdict() {
        lines_.emplace_back();
        if (report_.agrees()) {
            lines_.push_back(
                paint_(ink::green, report_.classes.empty() ? "The sides agree." : "The sides agree but for rounding."));
            return;
        }
        std::uint64_t beyond = 0;
        for (const auto& c : report_.classes)
            beyond += c.kind == difference_class::rounding ? 0 : c.count;
        lines_.push_back(paint_(ink::yellow, grouped(beyond) + (beyond == 1 ? " call differs" : " calls differ") +
                                                 (beyond < report_.differing_calls ? " beyond rounding." : ".")));
    }

    const dispute_report& report_;
    const std::size_t width_;
    const painter& paint_;
    const yardstick by_;
    std::vector<std::string> lines_;
};

} // namespace

std::vector<std::string> draw(const dispute_report& report, std::size_t width, const painter& paint) {
    return page(report, width, paint).draw();
}

} // namespace lineside::cli
