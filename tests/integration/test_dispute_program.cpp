// `lineside dispute`, run as a process of its own.

#include "support/program_test.hpp"
#include "test_paths.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace lineside {
namespace {

class dispute_program : public test::program_test {
protected:
    static std::string csv(const std::vector<std::string>& rows) {
        std::string text = "call_id,account_id,start_time,answer_time,end_time,duration_ms,billed_ms,outcome,cli,"
                           "destination,charge,currency\n";
        for (const auto& r : rows)
            text += r + '\n';
        return text;
    }
    // At this minute past noon, of so many seconds.
    static std::string row(const std::string& id, int minute, int seconds, const std::string& charge = "0.10") {
        const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        const auto at = [&](int s) { return "2026-03-09T12:" + two(minute + s / 60) + ':' + two(s % 60) + 'Z'; };
        const auto ms = std::to_string(seconds * 1'000);
        return id + ",acme," + at(0) + ',' + at(0) + ',' + at(seconds) + ',' + ms + ',' + ms +
               ",answered,442012345678,353871234567," + charge + ",EUR";
    }
    static std::string conformance(const std::string& file) {
        return std::string(LINESIDE_FIXTURES) + "/conformance/" + file;
    }
    std::string ours() { return write("ours.csv", csv({row("a", 0, 60), row("b", 5, 61), row("c", 10, 30)})); }
    std::string theirs() { return write("theirs.csv", csv({row("a", 0, 60), row("b", 5, 120), row("d", 20, 40)})); }
};

} // namespace

TEST_F(dispute_program, help_has_an_example) {
    EXPECT_TRUE(done({"dispute", "--help"}).says("Example:\n  lineside dispute stored: carrier.csv.gz"));
}

TEST_F(dispute_program, files_that_agree_need_no_database) {
    const auto o = done({"dispute", conformance("lineside.csv"), conformance("asterisk.csv"), "--theirs-zone", "UTC",
                         "--ours-account", "acme", "--theirs-account", "acme", "--increment", "60/60"});
    EXPECT_TRUE(o.says("The sides agree")) << o.out;
    EXPECT_FALSE(std::filesystem::exists(path("portal.db")));
}

TEST_F(dispute_program, differences_are_shown_and_are_its_exit_status) {
    const auto o = run({"dispute", ours(), theirs()});
    EXPECT_EQ(o.status, 3);
    for (const auto* part : {"missing in ours", "missing in theirs", "length", "3 calls differ."})
        EXPECT_TRUE(o.says(part)) << part << "\n" << o.out;
}

TEST_F(dispute_program, the_report_as_json_adds_up) {
    const auto o = run({"dispute", ours(), theirs(), "--json"});
    EXPECT_EQ(o.status, 3);
    const auto r = o.parsed();
    EXPECT_EQ(r.at("ours").at("calls"), 3);
    EXPECT_EQ(r.at("theirs").at("calls"), 3);
    std::int64_t billed = 0;
    for (const auto& c : r.at("classes").as_array())
        billed += c.at("amount").at("billed_ms").to_number<std::int64_t>();
    EXPECT_EQ(billed, (60 + 61 + 30 - 60 - 120 - 40) * 1'000);
    EXPECT_EQ(r.at("difference").at("billed_ms").to_number<std::int64_t>(), billed);
}

TEST_F(dispute_program, a_tolerance_turns_a_difference_into_rounding) {
    const auto a = write("a.csv", csv({row("b", 5, 61)}));
    const auto b = write("b.csv", csv({row("b", 5, 120)}));
    EXPECT_EQ(run({"dispute", a, b}).status, 3);
    EXPECT_EQ(run({"dispute", a, b, "--increment", "60/60"}).status, 0);
    EXPECT_EQ(run({"dispute", a, b, "--length-tolerance", "59"}).status, 0);
    EXPECT_EQ(run({"dispute", a, b, "--length-tolerance", "58"}).status, 3);
}

TEST_F(dispute_program, stored_calls_are_a_side) {
    (void)done({"account", "create", "acme", "--currency", "EUR"});
    (void)done({"import", ours()});
    EXPECT_EQ(run({"dispute", "stored:", path("ours.csv"), "--account", "acme"}).status, 0);
    EXPECT_EQ(run({"dispute", "stored:", theirs(), "--account", "acme", "--theirs-account", "acme"}).status, 3);
    EXPECT_EQ(run({"dispute", "stored:", theirs()}).status, 2) << "whose?";
    EXPECT_EQ(run({"dispute", "stored:", theirs(), "--account", "nobody"}).status, 1);
}

TEST_F(dispute_program, the_evidence_appears_when_it_is_complete) {
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--evidence", path("evidence.csv")}).status, 3);
    const auto csv = read("evidence.csv");
    EXPECT_TRUE(csv.starts_with("zone,kind,text,"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--evidence", path("evidence.json")}).status, 3);
    EXPECT_EQ(read("evidence.json").front(), '{');
    EXPECT_EQ(
        run({"dispute", ours(), write("bad.csv", "not,call,records\n1,2,3\n"), "--evidence", path("none.csv")}).status,
        1);
    EXPECT_FALSE(std::filesystem::exists(path("none.csv")));
    EXPECT_FALSE(std::filesystem::exists(path("none.csv.partial")));
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--evidence", path("theirs.csv")}).status, 2) << "it is a side";
}

TEST_F(dispute_program, rejected_rows_are_its_exit_status_too) {
    const auto bad = write("bad.csv", csv({row("a", 0, 60)}) + "x,acme,yesterday,,,,,,,,,\n");
    const auto good = write("good.csv", csv({row("a", 0, 60)}));
    EXPECT_EQ(run({"dispute", good, bad}).status, 3);
}

TEST_F(dispute_program, what_cannot_be_meant_is_refused) {
    EXPECT_EQ(run({"dispute", ours()}).status, 2);
    EXPECT_EQ(run({"dispute", ours(), ours()}).status, 2);
    EXPECT_EQ(run({"dispute", ours(), path("missing.csv")}).status, 1);
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--increment", "60"}).status, 2);
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--calls", "some"}).status, 2);
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--decimals-mode", "up"}).status, 2);
    EXPECT_EQ(run({"dispute", ours(), theirs(), "--account", "acme"}).status, 2);
}

} // namespace lineside
