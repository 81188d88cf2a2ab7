#include "cli/output.hpp"
#include "cli/watch_view.hpp"
#include "wire/live_message.hpp"

#include <limits>

// What changes in an account, as it changes.
namespace lineside::cli {

namespace {

constexpr option known_options[] = {
    {"--account", "ID", "the account; of who is signed in: the own one unless given"},
    {"--topics", "TOPIC,...", "channels, live_calls, balance, alerts, summary and dashboard;\nchannels unless given"},
    {"--contact", "ID", "for the operator: whose dashboard"},
    {"--resume", "POSITION", "go on behind this update: its 'position' in --json"},
    {"--count", "N", "end after N updates"},
    {"--json", "", "each update as JSON, in a line"},
};

watch_request request_of(const arguments& args) {
    watch_request request;
    request.account = account_id(text_of(args, "--account"));
    request.contact = contact_id(text_of(args, "--contact"));
    request.resume = text_of(args, "--resume");
    for (const auto& name : list_from(args.find("--topics").value_or("channels"))) {
        const auto topic = parse_watch_topic(name);
        if (!topic)
            wrong_value("--topics", topic.error().details.message);
        request.topics.push_back(*topic);
    }
    return request;
}

/// How updates are shown.
class update_printer {
public:
    enum class form : std::uint8_t { lines, json, one_line };

    explicit update_printer(form f) : form_(f) {}
    ~update_printer() {
        if (drawn_)
            std::fputc('\n', stdout);
    }
    update_printer(const update_printer&) = delete;
    update_printer& operator=(const update_printer&) = delete;

    void print(const watch_update& u) {
        if (form_ == form::json) {
            std::string text;
            wire::append_update(text, u);
            write_output(text + '\n');
        } else if (form_ == form::lines) {
            write_output(view_.line_of(u) + '\n');
        } else {
            write_output('\r' + line_.next(u, output_width() - 1) + "\033[K");
            drawn_ = true;
        }
        flush_output();
    }

private:
    form form_;
    bool drawn_ = false;
    watch_view view_;
    channels_line line_;
};

exit_status run(session& s) {
    const auto& args = s.args();
    auto request = request_of(args);
    const auto count = args.has("--count") ? number_of(args, "--count", 1, std::numeric_limits<std::uint64_t>::max())
                                           : std::numeric_limits<std::uint64_t>::max();
    const bool alone = request.topics == std::vector{watch_topic::channels};
    update_printer printer(form_of(args) == output_form::json ? update_printer::form::json
                           : alone && output_is_watched()     ? update_printer::form::one_line
                                                              : update_printer::form::lines);
    const auto options = s.options();
    const auto updates = s.open().watch(std::move(request));
    try {
        for (std::uint64_t n = 0; n < count; ++n)
            printer.print(updates->async_next(options, block));
    } catch (const error& e) {
        if (e.code() != errc::cancelled || !options.stop.stop_requested())
            throw;
    }
    return exit_status::done;
}

} // namespace

command watch_command() {
    return {
        {"watch", "",
         "Shows what changes in an account as it changes, until Ctrl-C. Channels alone are one line that moves, on a "
         "terminal. A database is the present one's alone: to watch what others do, use --server.",
         known_options, "lineside --server http://127.0.0.1:8080 watch --account acct-0001 --topics channels,alerts"},
        run};
}

} // namespace lineside::cli
