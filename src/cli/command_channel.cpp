#include "cli/input.hpp"
#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"
#include "rules/calendar.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

// Channels in use, live calls, and what switches say about them.
namespace lineside::cli {

namespace {

constexpr option channel_options[] = {
    {"--account", "ID", "whose channels; every verb but report needs it"},
    {"--ghosts", "", "calls: those that should be over, not those in use"},
    {"--all", "", "calls: both"},
    {"--source", "NAME", "admit: the switch that asks"},
    {"--call-id", "ID", "admit: the call"},
    {"--branch", "TEXT", "admit: what tells apart calls of one id"},
    {"--at", "T", "admit: when it starts; now unless given"},
    {"--json", "", "as JSON; of calls with times in the account's zone"},
};

account_id needed_account(const arguments& args) {
    if (!args.has("--account"))
        throw usage_error("this needs --account ID");
    return account_of(args);
}

std::string needed_text(const arguments& args, std::string_view option) {
    auto text = text_of(args, option);
    if (text.empty())
        throw usage_error("this needs " + std::string(option) + " TEXT");
    return text;
}

std::string shown_limit(std::optional<std::uint32_t> limit) { return limit ? std::to_string(*limit) : "no limit"; }

exit_status run_status(session& s, std::span<const std::string> /*operands*/) {
    const auto c = s.open().async_get_channels({needed_account(s.args())}, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(c);
        return exit_status::done;
    }
    table t;
    t.add_column("in use", alignment::right);
    t.add_column("configured", alignment::right);
    for (const auto heading : {"ringing", "answered", "peak today", "ghosts", "drift", "net", "aged out"})
        t.add_column(heading, alignment::right);
    t.add_row({std::to_string(c.in_use), shown_limit(c.configured), std::to_string(c.ringing),
               std::to_string(c.answered), std::to_string(c.peak_today), std::to_string(c.ghosts),
               std::to_string(c.drift), std::to_string(c.drift_net), std::to_string(c.aged_out)});
    print(t);
    return exit_status::done;
}

exit_status run_calls(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    live_call_query query;
    query.account = needed_account(args);
    query.filter = args.has("--all")      ? live_call_filter::all
                   : args.has("--ghosts") ? live_call_filter::ghosts
                                          : live_call_filter::in_use;
    query.limit = 5'000;
    page<live_call> all;
    do {
        auto page = s.open().async_list_live_calls(query, s.options(), block);
        std::move(page.items.begin(), page.items.end(), std::back_inserter(all.items));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    // The zone moves what is shown, here and nowhere before.
    const auto zone =
        rules::zone::find(s.open().async_get_account(query.account, s.options(), block).time_zone).value();
    if (form_of(args) == output_form::json) {
        std::string text;
        wire::append_json(text, all, [&](instant t) { return zone.offset_at(t); });
        write_output(text + '\n');
        return exit_status::done;
    }
    table t;
    t.add_column(zone.name(), alignment::left);
    for (const auto heading : {"state", "direction", "from", "to"})
        t.add_column(heading, alignment::left);
    t.add_column("digits", alignment::right);
    t.add_column("rate", alignment::right);
    for (const auto heading : {"source", "call id"})
        t.add_column(heading, alignment::left);
    for (const auto& c : all.items)
        t.add_row({shown_time(c.started_at, zone.offset_at(c.started_at)), std::string(to_string(c.state)),
                   std::string(to_string(c.direction)), c.cli, c.destination, std::to_string(c.dtmf_digits),
                   shown(c.rate), c.source, c.call_id});
    print(t);
    return exit_status::done;
}

// --- report

// Reports what has come in as soon as it has: a switch may keep the pipe open for days.
class event_reporter {
public:
    event_reporter(session& s, std::string name) : session_(s), name_(std::move(name)) {}

    void feed(std::string_view bytes) {
        rest_ += bytes;
        std::size_t from = 0;
        for (std::size_t end = 0; (end = rest_.find('\n', from)) != std::string::npos; from = end + 1)
            take(std::string_view(rest_).substr(from, end - from));
        rest_.erase(0, from);
        if (rest_.size() > longest_line)
            throw error(errc::invalid_argument, where() + "the line does not end");
        send();
    }
    call_event_report finish() {
        take(rest_);
        send();
        return told_;
    }

private:
    static constexpr std::size_t longest_line = 1U << 16U;
    static constexpr std::size_t events_a_batch = 1'000;

    [[nodiscard]] std::string where() const { return name_ + ":" + std::to_string(line_ + 1) + ": "; }
    void take(std::string_view line) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty()) {
            try {
                batch_.events.push_back(wire::parse_json<call_event>(line, wire::missing_member::defaulted));
            } catch (const error& e) {
                throw error(e.code(), {where() + e.what(), e.details().field, {}, 0, {}});
            }
        }
        ++line_;
        if (batch_.events.size() == events_a_batch)
            send();
    }
    void send() {
        if (batch_.events.empty())
            return;
        const auto r = session_.open(database_file::may_be_created)
                           .async_report_call_events(std::exchange(batch_, {}), session_.options(), block);
        told_.applied += r.applied;
        told_.ignored += r.ignored;
    }

    session& session_;
    std::string name_;
    std::string rest_;
    std::uint64_t line_ = 0;
    call_event_batch batch_;
    call_event_report told_;
};

exit_status run_report(session& s, std::span<const std::string> operands) {
    const auto& path = operands[0];
    const auto input = open_input(path, s.options().stop);
    event_reporter reporter(s, path == "-" ? "stdin" : path);
    std::vector<char> buffer(1U << 16U);
    while (const std::size_t n = input->read(buffer))
        reporter.feed({buffer.data(), n});
    const auto r = reporter.finish();
    if (form_of(s.args()) == output_form::json)
        print_json(r);
    else
        write_output(std::to_string(r.applied) + " events applied, " + std::to_string(r.ignored) + " ignored\n");
    return exit_status::done;
}

// --- admit

exit_status run_admit(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    admission_request request;
    request.account = needed_account(args);
    request.source = needed_text(args, "--source");
    request.call_id = needed_text(args, "--call-id");
    request.branch = text_of(args, "--branch");
    request.at = time_of(args, "--at").value_or(instant());
    const auto answer = s.open().async_admit_call(request, s.options(), block);
    if (form_of(args) == output_form::json)
        print_json(answer);
    else
        write_output((answer.admitted ? "admitted, " : "refused (" + answer.reason + "), ") +
                     std::to_string(answer.in_use) +
                     (answer.limit ? " of " + std::to_string(*answer.limit) + " in use\n" : " in use, no limit\n"));
    return answer.admitted ? exit_status::done : exit_status::failed;
}

constexpr verb verbs[] = {
    {"status", 0, 0, run_status},
    {"calls", 0, 0, run_calls},
    {"report", 1, 1, run_report},
    {"admit", 0, 0, run_admit},
};

} // namespace

command channel_command() {
    return {{"channel", "status|calls|report|admit [FILE]",
             "Channels in use and live calls. 'report' reads events as NDJSON from FILE or '-'; 'admit' asks whether a "
             "call may start, and ends with 1 where it may not.",
             channel_options, "lineside channel status --account acct-0001"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
