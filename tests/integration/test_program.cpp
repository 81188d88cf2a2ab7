// The program as its users meet it: run as a process of its own.

#include "test_paths.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace json = boost::json;

struct outcome {
    int status = -1; ///< of exit; 128 + the signal that ended it
    std::string out;
    std::string err;

    [[nodiscard]] json::value parsed() const { return json::parse(out); }
};

std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class program : public testing::Test {
protected:
    void SetUp() override {
        auto pattern = (std::filesystem::temp_directory_path() / "lineside-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }

    // Starts the program in the folder, with `input` as its standard input, and returns its process.
    [[nodiscard]] pid_t start(std::vector<std::string> words, int input) const {
        words.insert(words.begin(), LINESIDE_CLI_PATH);
        std::vector<char*> argv;
        for (auto& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        const auto out = path("stdout");
        const auto err = path("stderr");
        const pid_t process = fork();
        if (process != 0)
            return process;
        const auto open_new = [](const std::string& name) {
            return open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        };
        if (chdir(folder_.c_str()) != 0 || dup2(input, STDIN_FILENO) < 0 || dup2(open_new(out), STDOUT_FILENO) < 0 ||
            dup2(open_new(err), STDERR_FILENO) < 0)
            _exit(127);
        unsetenv("LINESIDE_DB");
        unsetenv("COLUMNS");
        execv(argv[0], argv.data());
        _exit(127);
    }
    [[nodiscard]] outcome finish(pid_t process) const {
        int status = 0;
        EXPECT_EQ(waitpid(process, &status, 0), process);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content(path("stdout")),
                content(path("stderr"))};
    }
    [[nodiscard]] outcome run(std::vector<std::string> words, const std::string& input = {}) const {
        const auto file = write("stdin", input);
        const int in = open(file.c_str(), O_RDONLY | O_CLOEXEC);
        const auto process = start(std::move(words), in);
        close(in);
        return finish(process);
    }

    [[nodiscard]] std::string generate(std::uint64_t calls, std::uint64_t accounts = 3) const {
        return run({"generate", "--calls", std::to_string(calls), "--accounts", std::to_string(accounts), "--days", "2",
                    "--seed", "7"})
            .out;
    }

private:
    std::filesystem::path folder_;
};

const std::string header = "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction,cli,"
                           "destination,dtmf_digits,charge\n";
const std::string good_row =
    "a1,acme,2026-03-01T00:00:00Z,2026-03-01T00:00:10Z,2026-03-01T00:01:10Z,60000,200,outbound,"
    "+4930123,4420,2,0.10\n";
const std::string missed_row = "a2,acme,2026-03-01T00:05:00Z,,2026-03-01T00:05:10Z,0,486,outbound,+4930123,4420,,0\n";
const std::string bad_row = "a3,acme,yesterday,,,0,486,outbound,4930123,4420,,0\n";

std::uint64_t member(const json::value& report, std::string_view name) {
    return report.at(json::string_view(name.data(), name.size())).to_number<std::uint64_t>();
}

TEST_F(program, help_has_an_example_for_every_command) {
    for (const std::string command :
         {"import", "accounts", "series", "summary", "stats", "explain", "calls", "dashboard", "generate"}) {
        const auto help = run({command, "--help"});
        EXPECT_EQ(help.status, 0);
        EXPECT_NE(help.out.find("Example:\n  lineside " + command), std::string::npos) << help.out;
        EXPECT_EQ(help.err, "");
    }
    const auto all = run({"--help"}).out;
    EXPECT_NE(all.find("Example:"), std::string::npos);
    for (std::size_t at = 0, end = 0; (end = all.find('\n', at)) != std::string::npos; at = end + 1)
        EXPECT_LE(end - at, 92U) << all.substr(at, end - at);
    EXPECT_TRUE(run({"--version"}).out.starts_with("lineside "));
}

TEST_F(program, wrong_usage_is_2_and_named) {
    EXPECT_EQ(run({}).status, 2);
    const auto command = run({"sumary"});
    EXPECT_EQ(command.status, 2);
    EXPECT_NE(command.err.find("did you mean summary?"), std::string::npos) << command.err;
    EXPECT_EQ(run({"summary", "--account", "a"}).status, 2);
    EXPECT_EQ(run({"summary", "--account", "a", "--period", "weekly"}).status, 2);
    EXPECT_EQ(run({"series", "--account", "a", "--metric", "asr", "--from", "2026-03-02", "--to", "2026-03-01",
                   "--step", "1h"})
                  .status,
              2);
    EXPECT_EQ(run({"dashboard", "--account", "a", "--zone", "Mars/Base"}).status, 2);
    EXPECT_EQ(run({"import"}).status, 2);
    EXPECT_FALSE(std::filesystem::exists(path("lineside.db")));
}

TEST_F(program, what_cannot_be_done_is_1) {
    EXPECT_EQ(run({"accounts"}).status, 1); // there is no database
    EXPECT_EQ(run({"import", "nothing.csv"}).status, 1);
    EXPECT_FALSE(std::filesystem::exists(path("lineside.db")));
    ASSERT_EQ(run({"import", write("calls.csv", header + good_row)}).status, 0);
    const auto unknown = run({"summary", "--account", "nobody", "--period", "live"});
    EXPECT_EQ(unknown.status, 1);
    EXPECT_NE(unknown.err.find("nobody"), std::string::npos) << unknown.err;
}

TEST_F(program, import_reports_in_json_and_is_silent_beside) {
    const auto first = run({"import", write("calls.csv", header + good_row + missed_row), "--json"});
    EXPECT_EQ(first.status, 0);
    EXPECT_EQ(first.err, "");
    const auto report = first.parsed();
    EXPECT_EQ(member(report, "read"), 2U);
    EXPECT_EQ(member(report, "imported"), 2U);
    EXPECT_EQ(member(report, "bytes"), (header + good_row + missed_row).size());
    EXPECT_EQ(report.at("format"), "lineside");
    EXPECT_EQ(report.at("source"), "lineside");
    EXPECT_TRUE(report.at("seconds").is_double());

    const auto both = run({"import", path("calls.csv"), "-", "--json"}, header + good_row);
    ASSERT_TRUE(both.parsed().is_array()) << both.out;
    EXPECT_EQ(member(both.parsed().at(0), "duplicates"), 2U);
    EXPECT_EQ(member(both.parsed().at(1), "duplicates"), 1U);
}

TEST_F(program, database_is_the_option_else_the_environment_else_here) {
    ASSERT_EQ(run({"--db", "one.db", "import", "-"}, header + good_row).status, 0);
    ASSERT_EQ(run({"import", "-", "--db=two.db"}, header + good_row).status, 0);
    ASSERT_EQ(run({"import", "-"}, header + good_row).status, 0);
    for (const auto name : {"one.db", "two.db", "lineside.db"})
        EXPECT_TRUE(std::filesystem::exists(path(name))) << name;
}

TEST_F(program, rejected_rows_are_3_and_can_be_mended_and_imported_again) {
    write("calls.csv", header + good_row + bad_row + missed_row);
    const auto import = run({"import", "calls.csv", "--rejects", "rejects.csv", "--json"});
    EXPECT_EQ(import.status, 3);
    EXPECT_EQ(import.err, "");
    EXPECT_EQ(member(import.parsed(), "rejected"), 1U);
    auto rejects = content(path("rejects.csv"));
    EXPECT_TRUE(rejects.starts_with(header + "# lineside: calls.csv:3:3 start_time: ")) << rejects;
    EXPECT_TRUE(rejects.ends_with('\n' + bad_row)) << rejects;

    rejects.replace(rejects.rfind("yesterday"), 9, "2026-03-01T00:06:00Z");
    const auto mended = run({"import", write("mended.csv", rejects), "--json"});
    EXPECT_EQ(mended.status, 0) << mended.err;
    EXPECT_EQ(member(mended.parsed(), "read"), 1U);
    EXPECT_EQ(member(mended.parsed(), "imported"), 1U);
}

TEST_F(program, rejects_of_several_imports_share_a_file_with_one_header) {
    write("calls.csv", header + bad_row);
    EXPECT_EQ(run({"import", "calls.csv", "calls.csv", "--rejects", "rejects.csv"}).status, 3);
    EXPECT_EQ(run({"import", "calls.csv", "--rejects", "rejects.csv"}).status, 3);
    const auto rejects = content(path("rejects.csv"));
    EXPECT_EQ(rejects.find(header), 0U);
    EXPECT_EQ(rejects.rfind(header), 0U);
    EXPECT_EQ(std::count(rejects.begin(), rejects.end(), '\n'), 7);
    EXPECT_EQ(run({"import", "rejects.csv", "--rejects", "rejects.csv"}).status, 2);
}

TEST_F(program, rejects_of_another_kind_need_a_file_of_their_own) {
    ASSERT_EQ(run({"import", write("calls.csv", header + bad_row), "--rejects", "rejects.csv"}).status, 3);
    const auto before = content(path("rejects.csv"));
    const std::string no_header = R"({"call_id":"j1","account_id":"acme","start_time":"yesterday"})"
                                  "\n";
    const auto other = run({"import", write("calls.ndjson", no_header), "--rejects", "rejects.csv"});
    EXPECT_EQ(other.status, 1);
    EXPECT_NE(other.err.find("of another kind"), std::string::npos) << other.err;
    EXPECT_EQ(content(path("rejects.csv")), before);

    ASSERT_EQ(run({"import", "calls.ndjson", "calls.ndjson", "--rejects", "rejects.ndjson"}).status, 3);
    EXPECT_EQ(run({"import", "calls.csv", "--rejects", "rejects.ndjson"}).status, 1);
    EXPECT_EQ(run({"import", "rejects.ndjson", "--rejects", "again.ndjson"}).status, 3);
}

TEST_F(program, without_a_rejects_file_the_first_rejections_are_named_and_the_rest_counted) {
    std::string rows = header;
    for (int i = 0; i < 8; ++i)
        rows += bad_row;
    const auto import = run({"import", "-"}, rows);
    EXPECT_EQ(import.status, 3);
    EXPECT_NE(import.err.find("stdin:2:3 start_time: "), std::string::npos) << import.err;
    EXPECT_NE(import.err.find("... and 3 more"), std::string::npos) << import.err;
}

TEST_F(program, strict_import_refuses_the_file_and_changes_nothing) {
    const auto import = run({"import", write("calls.csv", header + good_row + bad_row), "--strict"});
    EXPECT_EQ(import.status, 1);
    EXPECT_NE(import.err.find("calls.csv:3"), std::string::npos) << import.err;
    EXPECT_EQ(run({"accounts", "--json"}).parsed().as_array().size(), 0U);
}

TEST_F(program, what_a_file_does_not_say_about_itself_is_said_with_options) {
    const std::string row = "\"4930123\",\"4420\",\"1772323200\",\"1772323210\",\"1772323270\","
                            "\"0f1e2d3c-0000-4000-8000-000000000001\",\"acme\"\n";
    const auto guessed = run({"import", "-", "--format", "freeswitch-csv"}, row);
    EXPECT_EQ(guessed.status, 1);
    EXPECT_NE(guessed.err.find("--fields"), std::string::npos) << guessed.err;
    const std::string fields =
        R"("${caller_id_number}","${destination_number}","${start_epoch}","${answer_epoch}","${end_epoch}",)"
        R"("${uuid}","${accountcode}")";
    const auto told = run({"import", "-", "--format", "freeswitch-csv", "--fields", fields, "--json"}, row);
    EXPECT_EQ(told.status, 0) << told.err;
    EXPECT_EQ(member(told.parsed(), "imported"), 1U);

    const std::string charged = "call_id,account_id,start_time,answer_time,end_time,charge\n"
                                "c1,carol,2026-03-01T00:00:00Z,2026-03-01T00:00:01Z,2026-03-01T00:01:00Z,0.5\n";
    EXPECT_EQ(run({"import", "-", "--currency", "chf"}, charged).status, 1);
    ASSERT_EQ(run({"import", "-", "--currency", "CHF", "--answered-only"}, charged).status, 0);
    const auto row_of =
        run({"summary", "--account", "carol", "--period", "live", "--at", "2026-03-01T00:30", "--json"}).parsed();
    const auto& hour = row_of.at("rows").as_array().back();
    EXPECT_EQ(hour.at("currency"), "CHF");
    EXPECT_EQ(hour.at("charge"), "0.50");
    EXPECT_EQ(member(hour, "answered"), 1U);
    EXPECT_TRUE(hour.at("asr").is_null()) << "not 100: nobody knows what was not answered";
}

TEST_F(program, queries_answer_in_the_documented_json) {
    ASSERT_EQ(run({"import", "-"}, header + good_row + missed_row).status, 0);
    EXPECT_EQ(run({"accounts", "--json"}).parsed().at(0).at("id"), "acme");

    const auto series = run({"series", "--account", "acme", "--metric", "asr", "--from", "2026-03-01", "--to",
                             "2026-03-01T02:00", "--step", "1h", "--zone", "Europe/Berlin", "--json"})
                            .parsed();
    EXPECT_EQ(series.at("metric"), "asr");
    EXPECT_EQ(series.at("unit"), "%");
    EXPECT_EQ(series.at("zone"), "Europe/Berlin");
    EXPECT_EQ(series.at("step"), "1h");
    EXPECT_EQ(series.at("time"), json::parse(R"(["2026-03-01T01:00:00.000+01:00","2026-03-01T02:00:00.000+01:00"])"));
    EXPECT_EQ(series.at("value").at(0).to_number<double>(), 50);
    EXPECT_TRUE(series.at("value").at(1).is_null());
    EXPECT_EQ(series.at("numerator"), json::parse("[1,0]"));
    EXPECT_EQ(series.at("denominator"), json::parse("[2,0]"));

    const auto charge = run({"series", "--account", "acme", "--metric", "charge", "--from", "2026-03-01", "--to",
                             "2026-03-02", "--step", "1d", "--json"})
                            .parsed();
    EXPECT_EQ(charge.at("value").at(0), "0.10");

    const auto summary =
        run({"summary", "--account", "acme", "--period", "daily", "--at", "2026-03-03", "--json"}).parsed();
    EXPECT_EQ(summary.at("as_of"), "2026-03-03T00:00:00.000Z");
    const auto& rows = summary.at("rows").as_array();
    const auto day = std::find_if(rows.begin(), rows.end(),
                                  [](const json::value& row) { return row.at("start") == "2026-03-01T00:00:00.000Z"; });
    ASSERT_NE(day, rows.end());
    EXPECT_EQ(day->at("end"), "2026-03-02T00:00:00.000Z");
    EXPECT_EQ(member(*day, "attempts"), 2U);
    EXPECT_EQ(day->at("asr").to_number<double>(), 50);
    EXPECT_EQ(day->at("acd_s").to_number<double>(), 60);
    EXPECT_EQ(day->at("charge"), "0.10");
    EXPECT_TRUE(day->at("billed_s").is_null());
    EXPECT_EQ(day->at("state"), "final");

    const auto stats = run({"stats", "--account", "acme", "--period", "daily", "--at", "2026-03-03", "--column", "asr",
                            "--rows", "25:31", "--json"})
                           .parsed();
    EXPECT_EQ(stats.at("column"), "asr");
    EXPECT_EQ(member(stats, "count"), 1U);
    EXPECT_EQ(stats.at("true_average"), "50.00");

    const auto why =
        run({"explain", "--account", "acme", "--metric", "asr", "--from", "2026-03-01", "--to", "2026-03-02", "--json"})
            .parsed();
    EXPECT_EQ(why.at("value").to_number<double>(), 50);
    EXPECT_EQ(member(why, "call_count"), 2U);

    const auto calls = run({"calls", "--account", "acme", "--answered", "--json"}).parsed();
    ASSERT_EQ(calls.as_array().size(), 1U);
    EXPECT_EQ(calls.at(0).at("call_id"), "a1");
    EXPECT_EQ(calls.at(0).at("start_time"), "2026-03-01T00:00:00.000+00:00");
}

TEST_F(program, tables_for_people_come_without_colour_into_a_file) {
    ASSERT_EQ(run({"import", "-"}, header + good_row + missed_row).status, 0);
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"accounts"},
             {"summary", "--account", "acme", "--period", "live", "--at", "2026-03-01T01:00"},
             {"stats", "--account", "acme", "--period", "monthly", "--column", "acd", "--at", "2026-03-05"},
             {"calls", "--account", "acme"},
             {"explain", "--account", "acme", "--metric", "acd", "--from", "2026-03-01", "--to", "2026-03-02"},
             {"series", "--account", "acme", "--metric", "talk", "--from", "2026-03-01", "--to", "2026-03-02", "--step",
              "1d"},
             {"dashboard", "--account", "acme", "--at", "2026-03-01T12:00"}}) {
        const auto answer = run(words);
        EXPECT_EQ(answer.status, 0) << answer.err;
        EXPECT_NE(answer.out, "");
        EXPECT_EQ(answer.out.find('\033'), std::string::npos) << answer.out;
    }
}

TEST_F(program, exports_are_safe_for_spreadsheets_unless_raw) {
    ASSERT_EQ(run({"import", "-"}, header + good_row + missed_row).status, 0);
    EXPECT_NE(run({"calls", "--account", "acme", "--csv"}).out.find(",'+4930123,"), std::string::npos);
    EXPECT_NE(run({"calls", "--account", "acme", "--csv", "--raw"}).out.find(",+4930123,"), std::string::npos);

    const auto summary =
        run({"summary", "--account", "acme", "--period", "daily", "--at", "2026-03-01T12:00", "--tsv"});
    EXPECT_TRUE(summary.out.starts_with("account\tzone\tstart\tend\tattempts\t")) << summary.out;
    const auto bare =
        run({"summary", "--account", "acme", "--period", "daily", "--at", "2026-03-01T12:00", "--csv", "--no-headers"});
    EXPECT_TRUE(bare.out.starts_with("acme,UTC,")) << bare.out;
}

TEST_F(program, calls_exported_raw_are_imported_as_the_same_calls) {
    ASSERT_EQ(run({"import", "-"}, generate(500, 1)).status, 0);
    const auto calls = run({"calls", "--account", "acct-0001", "--csv", "--raw"}).out;
    const auto again = run({"import", "-", "--json"}, calls);
    EXPECT_EQ(member(again.parsed(), "duplicates"), 500U) << again.out;
}

TEST_F(program, limit_cuts_a_list_in_every_form) {
    ASSERT_EQ(run({"import", "-"}, generate(3000, 1)).status, 0);
    const auto csv = run({"calls", "--account", "acct-0001", "--limit", "7", "--csv"}).out;
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 8);
    EXPECT_EQ(run({"calls", "--account", "acct-0001", "--limit", "0", "--json"}).parsed().as_array().size(), 0U);
    EXPECT_EQ(run({"calls", "--account", "acct-0001", "--limit", "1500", "--json"}).parsed().as_array().size(), 1500U);
    EXPECT_EQ(run({"calls", "--account", "acct-0001", "--json"}).parsed().as_array().size(), 3000U);
}

TEST_F(program, generate_writes_what_import_takes_without_a_complaint) {
    const auto report = run({"import", "-", "--json"}, generate(20'000));
    EXPECT_EQ(report.status, 0);
    EXPECT_EQ(member(report.parsed(), "imported"), 20'000U);
    EXPECT_EQ(generate(1000), generate(1000));
}

TEST_F(program, an_import_that_waits_for_its_input_is_interrupted_too) {
    const auto rows = generate(10'000);
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe2(pipe_ends.data(), O_CLOEXEC), 0);
    const auto process = start({"import", "-"}, pipe_ends[0]);
    close(pipe_ends[0]);
    // More than the pipe holds: once it is written the program reads, and its handler of signals is there.
    ASSERT_GT(rows.size(), 1'000'000U);
    ASSERT_EQ(::write(pipe_ends[1], rows.data(), rows.size()), static_cast<ssize_t>(rows.size()));
    kill(process, SIGINT);
    const auto interrupted = finish(process); // with the pipe still open
    close(pipe_ends[1]);
    EXPECT_EQ(interrupted.status, 1);
    EXPECT_NE(interrupted.err.find("interrupted"), std::string::npos) << interrupted.err;
    EXPECT_EQ(member(run({"import", "-", "--json"}, rows).parsed(), "imported"), 10'000U);
}

// Feeds the import row by row, interrupts it in the middle, and imports the same again.
TEST_F(program, interrupted_import_stops_cleanly_and_the_next_one_goes_on) {
    const std::uint64_t calls = 400'000;
    const auto rows = generate(calls);
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe2(pipe_ends.data(), O_CLOEXEC), 0);
    const auto process = start({"import", "-"}, pipe_ends[0]);
    close(pipe_ends[0]);
    const auto before = signal(SIGPIPE, SIG_IGN);
    const auto feed = [&](std::string_view text) {
        while (!text.empty()) {
            const auto n = ::write(pipe_ends[1], text.data(), text.size());
            if (n <= 0)
                return;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
    };
    // What went through the pipe was read, so the import is well on its way.
    const auto part = rows.size() * 4 / 5;
    feed(std::string_view(rows).substr(0, part));
    kill(process, SIGINT);
    feed(std::string_view(rows).substr(part));
    close(pipe_ends[1]);
    signal(SIGPIPE, before);
    const auto interrupted = finish(process);
    EXPECT_EQ(interrupted.status, 1);
    EXPECT_NE(interrupted.err.find("interrupted"), std::string::npos) << interrupted.err;

    const auto again = run({"import", "-", "--json"}, rows);
    EXPECT_EQ(again.status, 0);
    const auto report = again.parsed();
    EXPECT_EQ(member(report, "imported") + member(report, "duplicates"), calls);
    EXPECT_GT(member(report, "duplicates"), 0U);
    std::uint64_t stored = 0;
    for (const auto account : {"acct-0001", "acct-0002", "acct-0003"}) {
        const auto month =
            run({"summary", "--account", account, "--period", "monthly", "--at", "2026-03-31", "--json"}).parsed();
        stored += member(month.at("rows").as_array().back(), "attempts");
    }
    EXPECT_EQ(stored, calls);
}

} // namespace
