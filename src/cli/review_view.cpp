#include "cli/review_view.hpp"

#include "cli/shown.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "rules/calendar.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace lineside::cli {

namespace {

constexpr std::size_t days_a_week = 7;

std::string grouped(std::uint64_t n) {
    auto text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3)
        text.insert(i - 3, 1, ',');
    return text;
}

std::string in_unit(std::optional<double> value, metric m) {
    return value ? shown(value) + ' ' + std::string(unit_of(m)) : "-";
}

// Of a week; unset where one of its days with calls does not know it.
struct week_numbers {
    std::uint64_t attempts = 0;
    std::optional<double> asr;
    std::optional<double> acd;
};

week_numbers sum_of(const review_day* days) {
    week_numbers w;
    std::uint64_t answered = 0;
    double talk = 0;
    bool asr_known = true;
    for (const auto* d = days; d != days + days_a_week; ++d) {
        w.attempts += d->attempts;
        answered += d->answered;
        talk += d->acd_s.value_or(0) * static_cast<double>(d->answered);
        asr_known = asr_known && (d->asr || d->attempts == 0);
    }
    if (w.attempts > 0 && asr_known)
        w.asr = static_cast<double>(answered) / static_cast<double>(w.attempts) * 100;
    if (answered > 0)
        w.acd = talk / static_cast<double>(answered);
    return w;
}

class page {
public:
    page(const review& r, std::size_t width, const painter& paint)
        : r_(r),
          width_(width),
          paint_(paint),
          zone_(rules::zone::find_or_utc(r.zone)) {}

    std::vector<std::string> draw() {
        lines_.push_back(paint_(ink::bold, "Weekly review of " + printable(r_.account.value())));
        lines_.push_back(local(r_.week.from) + " to " + local(r_.week.to) + ", " + zone_.name());
        numbers();
        anomalies();
        movers();
        alerts();
        changes();
        people();
        things();
        for (auto& line : lines_)
            line.erase(line.find_last_not_of(' ') + 1);
        return std::move(lines_);
    }

private:
    [[nodiscard]] std::string local(instant t) const { return shown_time(t, zone_.offset_at(t)).substr(0, 16); }

    void heading(std::string_view text) {
        lines_.emplace_back();
        lines_.push_back(paint_(ink::bold, text));
    }
    void nothing(std::string_view text) { lines_.push_back("  " + paint_(ink::green, text)); }

    void add(const table& t, std::size_t indent = 2) {
        const auto lines = t.lines();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto line = std::string(indent, ' ') +
                              (columns_of(lines[i]) + indent > width_ ? fit_left(lines[i], width_ - indent) : lines[i]);
            lines_.push_back(i == 0 ? paint_(ink::dim, line) : line);
        }
    }

    // Words broken between lines, the second and later ones under the first.
    void add_wrapped(const std::string& first, std::string_view text) {
        const auto indent = columns_of(first);
        const auto room = std::max<std::size_t>(20, width_ > indent ? width_ - indent : 0);
        auto line = first;
        std::size_t used = 0;
        const auto shown = printable(text);
        for (std::string_view rest = shown; !rest.empty();) {
            const auto word = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(rest.size(), word.size() + 1));
            const auto columns = columns_of(word);
            if (used > 0 && used + 1 + columns > room) {
                lines_.push_back(std::move(line));
                line.assign(indent, ' ');
                used = 0;
            }
            line += (used > 0 ? " " : "") + std::string(word);
            used += columns + (used > 0 ? 1 : 0);
        }
        lines_.push_back(std::move(line));
    }

    // A bar a day of both weeks; nothing to measure is a gap.
    template <class Value>
    [[nodiscard]] std::string days_of(Value value) const {
        static constexpr std::string_view blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
        double most = 0;
        for (const auto& d : *r_.days)
            most = std::max(most, value(d).value_or(0));
        std::string weeks[2];
        for (std::size_t i = 0; i < r_.days->size(); ++i) {
            const auto v = value((*r_.days)[i]);
            const auto height = v && most > 0 ? static_cast<std::size_t>(std::lround(*v / most * 7)) : 0;
            weeks[i / days_a_week] += v ? blocks[height] : std::string_view(" ");
        }
        return paint_(ink::dim, weeks[0]) + ' ' + paint_(ink::cyan, weeks[1]);
    }

    void numbers() {
        lines_.emplace_back();
        if (r_.days) {
            const auto before = sum_of(r_.days->data());
            const auto now = sum_of(r_.days->data() + days_a_week);
            const auto line = [&](std::string_view name, const std::string& value, const std::string& was,
                                  const std::string& picture) {
                lines_.push_back("  " + fit_left(name, 17) + paint_(ink::bold, fit_right(value, 12)) + "  week before" +
                                 fit_right(was, 12) + "  " + picture);
            };
            line("call attempts", grouped(now.attempts), grouped(before.attempts),
                 days_of([](const review_day& d) { return std::optional(static_cast<double>(d.attempts)); }));
            line("ASR", in_unit(now.asr, metric::asr), in_unit(before.asr, metric::asr),
                 days_of([](const review_day& d) { return d.asr; }));
            line("ACD", in_unit(now.acd, metric::acd), in_unit(before.acd, metric::acd),
                 days_of([](const review_day& d) { return d.acd_s; }));
        }
        const auto count = [&](std::string_view name, std::uint64_t n, ink colour) {
            lines_.push_back("  " + fit_left(name, 17) + paint_(colour, fit_right(grouped(n), 12)));
        };
        if (r_.sign_ins)
            count("sign-ins", *r_.sign_ins, ink::bold);
        if (r_.failed_sign_ins)
            count("failed sign-ins", *r_.failed_sign_ins, *r_.failed_sign_ins > 0 ? ink::yellow : ink::bold);
        if (r_.alerts) {
            const auto fired = static_cast<std::uint64_t>(std::count_if(
                r_.alerts->begin(), r_.alerts->end(), [](const auto& a) { return a.kind == alert_event_kind::fired; }));
            count("alerts fired", fired, fired > 0 ? ink::yellow : ink::bold);
        }
        if (!r_.log)
            return;
        if (r_.log->intact)
            lines_.push_back("  access log       unbroken, " + grouped(r_.log->entries) + " entries");
        else
            add_wrapped("  access log       ",
                        "broken at entry " + std::to_string(r_.log->first_broken.value_or(0)) + ": " + r_.log->reason);
    }

    void anomalies() {
        if (!r_.anomalies)
            return;
        heading("Unusual sign-ins");
        if (r_.anomalies->empty())
            nothing("nothing unusual");
        for (const auto& a : *r_.anomalies)
            add_wrapped("  " + local(a.at) + "  ", a.text);
    }

    void movers() {
        if (!r_.movers)
            return;
        heading("What moved");
        if (r_.movers->empty())
            return nothing("nothing moved further than chance explains");
        table t;
        t.add_column("destination", alignment::left);
        t.add_column("", alignment::left);
        for (const auto* name : {"week before", "this week", "change", "calls"})
            t.add_column(name, alignment::right);
        for (const auto& m : *r_.movers) {
            const auto change = m.now.value_or(0) - m.before.value_or(0);
            t.add_row({m.destination.empty() ? "all calls" : '+' + m.destination,
                       m.metric == metric::asr ? "ASR" : "ACD", in_unit(m.before, m.metric), in_unit(m.now, m.metric),
                       (change > 0 ? "+" : "") + shown(std::optional(change)), grouped(m.calls)});
        }
        add(t);
    }

    void alerts() {
        if (!r_.alerts)
            return;
        heading("Alerts");
        if (r_.alerts->empty())
            nothing("none fired");
        for (const auto& a : *r_.alerts)
            add_wrapped("  " + local(a.at) + "  " +
                            fit_left(a.kind == alert_event_kind::held_back ? "held back" : to_string(a.kind), 10),
                        a.title + (a.text.empty() ? "" : ": " + a.text));
    }

    void changes() {
        if (!r_.changes)
            return;
        heading("Changes to people, rights and keys");
        if (r_.changes->empty())
            return nothing("none");
        table t;
        for (const auto* name : {"time", "who", "what", "to", "detail"})
            t.add_column(name, alignment::left);
        for (const auto& e : *r_.changes)
            t.add_row(
                {local(e.at), e.who, e.action, e.target.empty() ? "-" : e.target, e.detail.empty() ? "-" : e.detail});
        add(t);
    }

    void people() {
        if (!r_.unverified)
            return;
        heading("Unverified contacts");
        if (r_.unverified->empty())
            nothing("none: all addresses are verified");
        for (const auto& c : *r_.unverified) {
            std::string what;
            const auto say = [&](bool waits, std::string_view text) {
                if (waits)
                    what += (what.empty() ? "" : ", ") + std::string(text);
            };
            say(!c.email_verified, "e-mail");
            say(!c.pending_email.empty(), "new e-mail " + c.pending_email);
            say(!c.mobile.empty() && !c.mobile_verified, "mobile " + c.mobile);
            add_wrapped("  ", c.name + " <" + c.email + ">: " + what);
        }
    }

    void things() {
        if (!r_.expiring)
            return;
        heading("Expires soon");
        if (r_.expiring->empty())
            nothing("nothing within 30 days");
        for (const auto& t : *r_.expiring)
            add_wrapped("  " + local(t.at) + "  ",
                        (t.what == "api_key" ? "API key " : "old secret of the API key ") + t.name + " (" + t.id + ")");
    }

    const review& r_;
    const std::size_t width_;
    const painter& paint_;
    const rules::zone zone_;
    std::vector<std::string> lines_;
};

} // namespace

std::vector<std::string> draw(const review& r, std::size_t width, const painter& paint) {
    return page(r, width, paint).draw();
}

} // namespace lineside::cli
