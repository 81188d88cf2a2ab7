// `lineside log` and `lineside review`, run as processes of their own.

#include "support/program_test.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lineside {
namespace {

class log_program : public test::program_test {
protected:
    // Three entries: the account, a contact and a change.
    void live() {
        (void)done({"account", "create", "acme", "--name", "Acme & Sons", "--zone", "Asia/Tokyo"});
        (void)done({"contact", "create", "robin@example.com", "--account", "acme", "--name", "Robin Example"});
        (void)done({"account", "update", "acme", "--tax", "DE 123"});
    }
};

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_F(log_program, help_has_an_example_for_each) {
    EXPECT_TRUE(done({"log", "--help"}).says("Example:\n  lineside log list"));
    EXPECT_TRUE(done({"review", "--help"}).says("Example:\n  lineside review --account acme"));
}

TEST_F(log_program, what_was_done_is_listed_newest_first) {
    live();
    const auto table = done({"log", "list", "--account", "acme"});
    EXPECT_EQ(lines_in(table.out), 4U) << table.out;
    EXPECT_LT(table.out.find("update_account"), table.out.find("create_contact")) << table.out;
    EXPECT_TRUE(done({"log", "list", "--account", "acme", "--zone", "Asia/Tokyo"}).says("time Asia/Tokyo"));
    const auto newest = done({"log", "list", "--account", "acme", "--limit", "2", "--json"}).parsed();
    ASSERT_EQ(newest.as_array().size(), 2U);
    EXPECT_EQ(newest.as_array()[0].at("number"), 3);
    EXPECT_EQ(newest.as_array()[0].at("detail"), "tax");
    const auto none =
        done({"log", "list", "--account", "acme", "--from", "2001-01-01", "--to", "2001-01-02", "--json"});
    EXPECT_TRUE(none.parsed().as_array().empty());
    EXPECT_TRUE(done({"log", "list", "--json"}).parsed().as_array().empty()) << "the operator's own";
}

TEST_F(log_program, the_chain_is_verified) {
    live();
    const auto verdict = done({"log", "verify", "--account", "acme", "--json"}).parsed();
    EXPECT_EQ(verdict.at("intact"), true);
    EXPECT_EQ(verdict.at("entries"), 3);
    const auto words = done({"log", "verify", "--account", "acme"});
    EXPECT_TRUE(words.says("Unbroken: 3 entries"));
    EXPECT_TRUE(words.says(std::string(verdict.at("head").as_string())));
}

TEST_F(log_program, a_log_that_was_changed_is_told_with_its_entry_and_exit_status) {
    live();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path("portal.db").c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db,
                           "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '\"operator\"', '\"contact x\"') "
                           "AS BLOB) WHERE stream = 'access' AND number = 2",
                           nullptr, nullptr, nullptr),
              SQLITE_OK);
    EXPECT_EQ(sqlite3_total_changes(db), 1);
    sqlite3_close(db);
    const auto words = run({"log", "verify", "--account", "acme"});
    EXPECT_EQ(words.status, 3);
    EXPECT_TRUE(words.says("Broken at entry 2: ")) << words.out;
    EXPECT_EQ(run({"log", "verify", "--account", "acme", "--json"}).parsed().at("first_broken"), 2);
    EXPECT_TRUE(done({"review", "--account", "acme"}).says("access log       broken at entry 2"));
}

TEST_F(log_program, the_log_is_exported_in_three_forms) {
    live();
    const auto csv = done({"log", "export", "--account", "acme"});
    EXPECT_EQ(lines_in(csv.out), 4U);
    EXPECT_TRUE(csv.out.starts_with("zone,number,at,"));
    EXPECT_EQ(lines_in(done({"log", "export", "--account", "acme", "--no-headers"}).out), 3U);
    EXPECT_TRUE(done({"log", "export", "--account", "acme", "--tsv"}).out.starts_with("zone\tnumber\t"));
    const auto rows = done({"log", "export", "--account", "acme", "--json"}).out;
    EXPECT_EQ(lines_in(rows), 3U);
    EXPECT_EQ(boost::json::parse(rows.substr(0, rows.find('\n'))).at("action"), "update_account");
    EXPECT_EQ(run({"log", "export", "--account", "acme", "--tsv", "--json"}).status, 2);
}

TEST_F(log_program, what_cannot_be_meant_is_refused) {
    live();
    EXPECT_EQ(run({"log"}).status, 2);
    EXPECT_EQ(run({"log", "delete"}).status, 2);
    EXPECT_EQ(run({"log", "list", "--account", "nobody"}).status, 1);
    EXPECT_EQ(run({"log", "list", "--account", "acme", "--limit", "0"}).status, 2);
    EXPECT_EQ(run({"log", "list", "--account", "acme", "--zone", "Mars/Base"}).status, 2);
    EXPECT_EQ(run({"log", "list", "--account", "acme", "--from", "2026-01-02"}).status, 2);
}

// ---- the review

TEST_F(log_program, a_review_is_shown_for_people) {
    live();
    const auto page = done({"review", "--account", "acme"});
    EXPECT_TRUE(page.out.starts_with("Weekly review of acme\n")) << page.out;
    for (const auto* part : {"Asia/Tokyo", "call attempts", "sign-ins", "access log       unbroken, 3 entries",
                             "Unusual sign-ins\n  nothing unusual", "What moved", "Alerts\n  none fired",
                             "Changes to people, rights and keys", "create_contact",
                             "Robin Example <robin@example.com>: e-mail", "nothing within 30 days"})
        EXPECT_TRUE(page.says(part)) << part << "\n" << page.out;
}

TEST_F(log_program, a_review_is_written_as_a_page) {
    live();
    (void)done({"review", "--account", "acme", "--html", path("review.html")});
    const auto html = read("review.html");
    EXPECT_TRUE(html.starts_with("<!doctype html>"));
    EXPECT_NE(html.find("Acme &amp; Sons"), std::string::npos);
    EXPECT_EQ(run({"review", "--account", "acme", "--html", path("no/such/folder.html")}).status, 1);
    const auto german = done({"review", "--account", "acme", "--html", "-", "--language", "de"}).out;
    EXPECT_NE(german.find("Wochenrückblick"), std::string::npos);
}

TEST_F(log_program, a_review_is_data_of_any_week) {
    live();
    const auto r = done({"review", "--account", "acme", "--json"}).parsed();
    EXPECT_EQ(r.at("account"), "acme");
    EXPECT_EQ(r.at("html"), "") << "the page is asked for with --html";
    EXPECT_EQ(r.at("changes").as_array().size(), 2U);
    EXPECT_EQ(r.at("days").as_array().size(), 14U);
    const auto then = done({"review", "--account", "acme", "--at", "2020-06-01", "--json"}).parsed();
    EXPECT_EQ(then.at("week").at("to"), "2020-06-01T00:00:00.000Z");
    EXPECT_TRUE(then.at("changes").as_array().empty());
    EXPECT_EQ(run({"review", "--account", "acme", "--at", "2099-01-01"}).status, 1);
    EXPECT_EQ(run({"review", "--account", "acme", "--json", "--html", "-"}).status, 2);
    EXPECT_EQ(run({"review", "--account", "nobody"}).status, 1);
    EXPECT_EQ(run({"review"}).status, 2);
}

} // namespace lineside
