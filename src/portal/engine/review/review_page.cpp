#include "portal/engine/review/review_page.hpp"

#include "portal/engine/review/review_style.hpp"
#include "portal/engine/review/review_texts.hpp"
#include "rules/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace lineside {

namespace {

constexpr std::size_t days_a_week = 7;
constexpr std::size_t most_rows = 100;
constexpr std::string_view not_known = "–";

// ---- texts and numbers

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

// A name of any script within a sentence of another one keeps to itself.
std::string isolated(std::string_view text) { return "<bdi>" + escaped(text) + "</bdi>"; }

// With narrow spaces between thousands, which read the same in every language.
std::string grouped(std::uint64_t n) {
    auto text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3)
        text.insert(i - 3, "\u202f");
    return text;
}

// `digits` decimals.
std::string fixed(double value, int digits) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits).ptr;
    return {text.data(), end};
}

std::string in_unit(std::optional<double> value, metric m) {
    if (!value)
        return std::string(not_known);
    return fixed(*value, 2) + "\u202f" + std::string(unit_of(m));
}

std::string_view heading_of(metric m) { return m == metric::asr ? "ASR" : "ACD"; }

// ---- a week of days

struct week_sum {
    std::uint64_t attempts = 0;
    std::uint64_t answered = 0;
    bool asr_known = true;
    double talk_s = 0;

    [[nodiscard]] std::optional<double> asr() const {
        if (!asr_known || attempts == 0)
            return std::nullopt;
        return static_cast<double>(answered) / static_cast<double>(attempts) * 100;
    }
    [[nodiscard]] std::optional<double> acd() const {
        if (answered == 0)
            return std::nullopt;
        return talk_s / static_cast<double>(answered);
    }
};

week_sum sum_of(const review_day* from) {
    week_sum s;
    for (const auto* d = from; d != from + days_a_week; ++d) {
        s.attempts += d->attempts;
        s.answered += d->answered;
        s.asr_known = s.asr_known && (d->asr || d->attempts == 0);
        s.talk_s += d->acd_s.value_or(0) * static_cast<double>(d->answered);
    }
    return s;
}

// ---- the page

class page_writer {
public:
    page_writer(const review& r, const shown_names& names)
        : r_(r),
          names_(names),
          zone_(rules::zone::find_or_utc(r.zone)) {}

    std::string write(std::string_view company) {
        begin(company);
        tiles();
        sign_ins();
        movers();
        alerts();
        changes();
        people();
        things();
        out_ += "</main></body></html>\n";
        return std::move(out_);
    }

private:
    using fills = std::initializer_list<blank>;

    [[nodiscard]] std::string say(review_text t, fills blanks = {}) const {
        return escaped(lineside::write(t, r_.language, blanks));
    }
    [[nodiscard]] std::string local(instant t) const {
        return to_string(instant(std::chrono::floor<std::chrono::minutes>(t + zone_.offset_at(t))))
            .substr(0, 16)
            .replace(10, 1, " ");
    }
    [[nodiscard]] std::string when(instant t) const {
        return "<time datetime=\"" + to_string(t) + "\"><bdi>" + local(t) + "</bdi></time>";
    }

    [[nodiscard]] bool is_from_right() const { return r_.language == "ar"; }

    void begin(std::string_view company) {
        const auto title = say(review_text::title);
        out_ = "<!doctype html>\n<html lang=\"" + escaped(r_.language) + "\" dir=\"" +
               (is_from_right() ? "rtl" : "ltr") +
               "\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\">"
               "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">"
               "<title>" +
               title + " – " + escaped(company) + "</title><style>";
        out_ += review_style;
        out_ += "</style></head>\n<body><main><header><h1>" + title + "</h1><p>" + isolated(company) + "</p><p><bdi>" +
                when(r_.week.from) + " – " + when(r_.week.to) + "</bdi></p><p class=\"quiet\">" +
                say(review_text::all_times, {{"zone", zone_.name()}}) + "</p></header>\n";
    }

    void heading(review_text t) { out_ += "<section><h2>" + say(t) + "</h2>\n"; }
    void end_section() { out_ += "</section>\n"; }
    void nothing(review_text t) { out_ += "<p class=\"good\">" + say(t) + "</p>\n"; }
    void mention_limit(std::size_t shown) {
        if (shown >= most_rows)
            out_ +=
                "<p class=\"quiet\">" + say(review_text::newest_only, {{"count", std::to_string(shown)}}) + "</p>\n";
    }

    // ---- numbers

    void tile(std::string_view name, const std::string& value, std::string_view below,
              const std::string& picture = {}) {
        out_ += "<li><span>" + escaped(name) + "</span><b><bdi>" + escaped(value) + "</bdi></b>";
        if (!below.empty())
            out_ += "<span>" + escaped(below) + "</span>";
        out_ += picture + "</li>\n";
    }
    void tile(review_text name, std::uint64_t count) { tile(lineside::write(name, r_.language), grouped(count), {}); }

    // Two weeks of days as bars; a day without the value has none.
    template <class Value>
    [[nodiscard]] std::string bars(std::string_view what, Value value) const {
        constexpr int width = 140;
        constexpr int height = 36;
        constexpr int step = width / (2 * days_a_week);
        double most = 0;
        for (const auto& d : *r_.days)
            most = std::max(most, value(d).value_or(0));
        std::string svg = "<svg viewBox=\"0 0 140 37\" role=\"img\" aria-label=\"" +
                          say(review_text::day_by_day, {{"what", what}}) + "\">";
        int x = 0;
        for (std::size_t i = 0; i < r_.days->size(); ++i, x += step) {
            const auto& d = (*r_.days)[i];
            const auto v = value(d);
            if (!v)
                continue;
            const auto h = most > 0 ? std::max(1, static_cast<int>(*v / most * height + 0.5)) : 1;
            svg += "<rect class=\"" + std::string(i < days_a_week ? "past" : "bar") + "\" x=\"" + std::to_string(x) +
                   "\" y=\"" + std::to_string(height - h) + "\" width=\"8\" height=\"" + std::to_string(h) +
                   "\"><title>" + local(d.start).substr(0, 10) + ": " + fixed(*v, *v == static_cast<int>(*v) ? 0 : 2) +
                   "</title></rect>";
        }
        return svg + "<line class=\"base\" x1=\"0\" y1=\"36.5\" x2=\"140\" y2=\"36.5\"/></svg>";
    }

    // A number and its unit within a text that runs from right to left.
    [[nodiscard]] std::string kept_in_order(const std::string& value) const {
        return is_from_right() ? "\u2066" + value + "\u2069" : value;
    }

    void tiles() {
        if (r_.days) {
            out_ += "<ul class=\"tiles\">\n";
            const auto before = sum_of(r_.days->data());
            const auto now = sum_of(r_.days->data() + days_a_week);
            const auto below = [&](const std::string& value) {
                return lineside::write(review_text::in_week_before, r_.language, {{"value", kept_in_order(value)}});
            };
            const auto attempts = lineside::write(review_text::attempts, r_.language);
            tile(attempts, grouped(now.attempts), below(grouped(before.attempts)),
                 bars(attempts, [](const review_day& d) { return std::optional(static_cast<double>(d.attempts)); }));
            tile("ASR", in_unit(now.asr(), metric::asr), below(in_unit(before.asr(), metric::asr)),
                 bars("ASR", [](const review_day& d) { return d.asr; }));
            tile("ACD", in_unit(now.acd(), metric::acd), below(in_unit(before.acd(), metric::acd)),
                 bars("ACD", [](const review_day& d) { return d.acd_s; }));
            out_ += "</ul>\n";
        }
        if (!r_.sign_ins && !r_.failed_sign_ins && !r_.alerts)
            return;
        out_ += "<ul class=\"tiles\">\n";
        if (r_.sign_ins)
            tile(review_text::sign_ins, *r_.sign_ins);
        if (r_.failed_sign_ins)
            tile(review_text::failed_sign_ins, *r_.failed_sign_ins);
        if (r_.alerts)
            tile(review_text::alerts,
                 static_cast<std::uint64_t>(std::count_if(r_.alerts->begin(), r_.alerts->end(), [](const auto& a) {
                     return a.kind == alert_event_kind::fired;
                 })));
        out_ += "</ul>\n";
    }

    // ---- sign-ins

    void sign_ins() {
        if (r_.log) {
            out_ += r_.log->intact
                        ? "<p class=\"quiet\">" + say(review_text::log_intact, {{"count", grouped(r_.log->entries)}})
                        : "<p class=\"bad mark\">" +
                              say(review_text::log_broken, {{"number", grouped(r_.log->first_broken.value_or(0))}});
            out_ += "</p>\n";
        }
        if (!r_.anomalies)
            return;
        heading(review_text::unusual);
        if (r_.anomalies->empty()) {
            nothing(review_text::nothing_unusual);
        } else {
            out_ += "<ul class=\"list\">\n";
            for (const auto& a : *r_.anomalies)
                out_ += "<li>" + escaped(a.text) + "<br><span class=\"quiet\">" + when(a.at) + "</span></li>\n";
            out_ += "</ul>\n";
        }
        end_section();
    }

    // ---- tables

    struct column {
        std::string name; // escaped
        std::string_view style;
    };

    void begin_table(std::vector<column> columns) {
        columns_ = std::move(columns);
        out_ += "<table><thead><tr>";
        for (const auto& c : columns_)
            out_ += "<th scope=\"col\" class=\"" + std::string(c.style) + "\">" + c.name + "</th>";
        out_ += "</tr></thead><tbody>\n";
    }
    // Cells are HTML.
    void row(const std::vector<std::string>& cells) {
        out_ += "<tr>";
        for (std::size_t i = 0; i < cells.size(); ++i)
            out_ += "<td class=\"" + std::string(columns_[i].style) + "\" data-label=\"" + columns_[i].name +
                    "\"><span>" + cells[i] + "</span></td>";
        out_ += "</tr>\n";
    }
    void end_table() { out_ += "</tbody></table>\n"; }

    // The week before above, this week below.
    [[nodiscard]] std::string pair_of_bars(const metric_move& m) const {
        const double most = std::max({m.before.value_or(0), m.now.value_or(0), 1e-9});
        const auto bar = [&](std::string_view style, std::optional<double> value, int y) {
            return "<rect class=\"" + std::string(style) + "\" x=\"0\" y=\"" + std::to_string(y) + "\" width=\"" +
                   fixed(std::max(value.value_or(0) / most * 112, 1.0), 1) + "\" height=\"7\"/>";
        };
        return "<svg viewBox=\"0 0 112 16\" aria-hidden=\"true\">" + bar("past", m.before, 0) + bar("bar", m.now, 9) +
               "</svg>";
    }

    void movers() {
        if (!r_.movers)
            return;
        heading(review_text::moved);
        if (r_.movers->empty()) {
            nothing(review_text::nothing_moved);
        } else {
            begin_table({{say(review_text::destination), ""},
                         {"", ""},
                         {say(review_text::week_before), "number"},
                         {say(review_text::this_week), "number"},
                         {"", ""},
                         {say(review_text::calls), "number"}});
            for (const auto& m : *r_.movers) {
                const bool up = m.now.value_or(0) > m.before.value_or(0);
                row({m.destination.empty() ? "<b>" + say(review_text::all_calls) + "</b>"
                                           : "<bdi>+" + escaped(m.destination) + "</bdi>",
                     std::string(heading_of(m.metric)), isolated(in_unit(m.before, m.metric)),
                     "<b class=\"" + std::string(up ? "good" : "bad") + "\">" + (up ? "▲ " : "▼ ") +
                         isolated(in_unit(m.now, m.metric)) + "</b>",
                     pair_of_bars(m), grouped(m.calls)});
            }
            end_table();
        }
        end_section();
    }

    [[nodiscard]] static review_text word_of(alert_event_kind k) {
        switch (k) {
        case alert_event_kind::fired: return review_text::fired;
        case alert_event_kind::repeated: return review_text::repeated;
        case alert_event_kind::held_back: return review_text::held_back;
        case alert_event_kind::reset: return review_text::reset;
        case alert_event_kind::tested: break;
        }
        return review_text::tested;
    }

    void alerts() {
        if (!r_.alerts)
            return;
        heading(review_text::alerts);
        if (r_.alerts->empty()) {
            nothing(review_text::no_alerts);
        } else {
            begin_table(
                {{say(review_text::time), "when"}, {say(review_text::alert), ""}, {say(review_text::what), ""}});
            for (const auto& a : *r_.alerts) {
                auto title = isolated(a.title);
                // An alert that is over is no longer a warning.
                if (a.level != severity::info && a.kind != alert_event_kind::reset) {
                    const bool bad = a.level == severity::error;
                    title += "<br><span class=\"mark " + std::string(bad ? "bad" : "warn") + "\">" +
                             say(bad ? review_text::error : review_text::warning) + "</span>";
                }
                row({when(a.at), title, "<b>" + say(word_of(a.kind)) + "</b><br>" + isolated(a.text)});
            }
            end_table();
            mention_limit(r_.alerts->size());
        }
        end_section();
    }

    // What it was done to, by its name where it has one.
    [[nodiscard]] std::string target_of(const access_entry& e) const {
        if (e.target.empty())
            return {};
        for (const auto* kind : {"contact ", "key "})
            if (const auto found = names_.find(kind + e.target); found != names_.end())
                return isolated(found->second);
        return "<code>" + escaped(e.target) + "</code>";
    }

    void changes() {
        if (!r_.changes)
            return;
        heading(review_text::changes);
        if (r_.changes->empty()) {
            nothing(review_text::no_changes);
        } else {
            begin_table({{say(review_text::time), "when"}, {say(review_text::who), ""}, {say(review_text::what), ""}});
            for (const auto& e : *r_.changes) {
                auto who = isolated(name_of(e.who, names_, r_.language));
                if (!e.source_ip.empty())
                    who += "<br><span class=\"quiet\"><bdi>" + escaped(e.source_ip) + "</bdi></span>";
                auto what = "<code>" + escaped(e.action) + "</code> " + target_of(e);
                if (!e.detail.empty())
                    what += "<br><span class=\"quiet\">" + isolated(e.detail) + "</span>";
                row({when(e.at), who, what});
            }
            end_table();
            mention_limit(r_.changes->size());
        }
        end_section();
    }

    // ---- what waits

    void people() {
        if (!r_.unverified)
            return;
        heading(review_text::unverified);
        if (r_.unverified->empty()) {
            nothing(review_text::all_verified);
        } else {
            out_ += "<ul class=\"list plain\">\n";
            for (const auto& c : *r_.unverified) {
                out_ += "<li><b>" + isolated(c.name) + "</b> " + isolated(c.email);
                const auto add = [&](bool waits, review_text t, std::string_view address) {
                    if (waits)
                        out_ += "<br><span class=\"quiet\">" + say(t) + ": " + isolated(address) + "</span>";
                };
                add(!c.email_verified, review_text::email_unverified, c.email);
                add(!c.pending_email.empty(), review_text::new_email_waits, c.pending_email);
                add(!c.mobile.empty() && !c.mobile_verified, review_text::mobile_unverified, c.mobile);
                out_ += "</li>\n";
            }
            out_ += "</ul>\n";
        }
        end_section();
    }

    void things() {
        if (!r_.expiring)
            return;
        heading(review_text::expiring);
        if (r_.expiring->empty()) {
            nothing(review_text::nothing_expires);
        } else {
            out_ += "<ul class=\"list plain\">\n";
            for (const auto& t : *r_.expiring)
                out_ += "<li>" +
                        escaped(lineside::write(t.what == "api_key" ? review_text::key : review_text::key_secret,
                                                r_.language, {{"name", t.name.empty() ? t.id : t.name}})) +
                        "<br><span class=\"quiet\">" + when(t.at) + "</span></li>\n";
            out_ += "</ul>\n";
        }
        end_section();
    }

    const review& r_;
    const shown_names& names_;
    const rules::zone zone_;
    std::string out_;
    std::vector<column> columns_;
};

} // namespace

std::string name_of(std::string_view who, const shown_names& names, std::string_view language) {
    if (const auto found = names.find(who); found != names.end())
        return found->second;
    if (who == "operator")
        return write(review_text::operators, language);
    if (who == "nobody")
        return write(review_text::nobody, language);
    return std::string(who);
}

std::string review_page(const review& r, std::string_view company, const shown_names& names) {
    return page_writer(r, names).write(company);
}

} // namespace lineside
