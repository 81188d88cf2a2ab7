// Somebody with the database file in hand changes the access log behind the engine's back: the verdict finds the first
// entry that does not fit, whatever was done, and the rest can still be read.

#include <lineside/engine.hpp>

#include "integration/contract/contract.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace lineside {
namespace {

using contract::acme;

constexpr std::uint64_t entries = 9;

class access_log_tampering : public testing::Test {
protected:
    void SetUp() override {
        for (const auto* id : {"acme", "other"}) {
            (void)open().async_create_account({.id = account_id(id)}, block);
            for (std::uint64_t i = 1; i < entries; ++i) {
                account_update u{.account = account_id(id)};
                u.tax = std::to_string(i);
                (void)open().async_update_account(u, block);
            }
        }
        ASSERT_EQ(verdict().entries, entries);
        ASSERT_TRUE(verdict().intact);
    }

    portal& open() {
        if (!engine_) {
            engine_options options;
            options.database = dir_.database();
            options.clock = [] { return contract::at("2026-03-10T12:00:00Z"); };
            engine_.emplace(std::move(options));
        }
        return *engine_;
    }
    access_log_verdict verdict(std::string of = "acme") {
        return open().async_verify_access_log({account_id(std::move(of))}, block);
    }
    std::size_t readable() { return open().async_list_access_log({.account = acme}, block).items.size(); }

    /// While no engine has the file open.
    void run(const std::string& sql) {
        engine_.reset();
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open((dir_.path() / "test.db").c_str(), &db), SQLITE_OK);
        char* why = nullptr;
        EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << (why != nullptr ? why : "");
        EXPECT_GT(sqlite3_total_changes(db), 0) << "nothing was changed by: " << sql;
        sqlite3_free(why);
        sqlite3_close(db);
    }
    static std::string of_acme(std::string_view number) {
        return " account = (SELECT key FROM account WHERE id = 'acme') AND stream = 'access' AND number " +
               std::string(number);
    }
    static std::string replace(std::string_view number, std::string_view what, std::string_view with) {
        return "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '" + std::string(what) + "', '" +
               std::string(with) + "') AS BLOB) WHERE" + of_acme(number);
    }

    void expect_broken_at(std::uint64_t number, const std::string& reason) {
        const auto v = verdict();
        EXPECT_FALSE(v.intact);
        EXPECT_EQ(v.first_broken, number) << v.reason;
        EXPECT_NE(v.reason.find(reason), std::string::npos) << v.reason;
        EXPECT_TRUE(verdict("other").intact) << "another account's log is its own chain";
    }

private:
    test::scratch_dir dir_;
    std::optional<engine> engine_;
};

} // namespace

TEST_F(access_log_tampering, an_entry_that_was_changed_is_found) {
    run(replace("= 4", "\"operator\"", "\"contact x\""));
    expect_broken_at(4, "was changed");
    EXPECT_EQ(readable(), entries) << "it can still be read";
}

TEST_F(access_log_tampering, an_entry_of_another_time_is_found) {
    run(replace("= 7", "2026-03-10T12", "2026-03-10T13"));
    expect_broken_at(7, "was changed");
}

TEST_F(access_log_tampering, an_entry_that_was_taken_out_is_found) {
    run("DELETE FROM entry WHERE" + of_acme("= 5"));
    expect_broken_at(5, "missing");
}

TEST_F(access_log_tampering, the_first_entry_is_no_exception) {
    run("DELETE FROM entry WHERE" + of_acme("= 1"));
    expect_broken_at(1, "missing");
}

TEST_F(access_log_tampering, entries_that_were_taken_off_the_end_are_found) {
    run("DELETE FROM entry WHERE" + of_acme("> 6"));
    expect_broken_at(7, "the log ends at entry 6");
}

TEST_F(access_log_tampering, a_log_that_was_emptied_is_found) {
    run("DELETE FROM entry WHERE" + of_acme("> 0"));
    expect_broken_at(1, "9 were written");
}

TEST_F(access_log_tampering, an_entry_that_was_added_is_found) {
    run("INSERT INTO entry SELECT account, stream, 10, body FROM entry WHERE" + of_acme("= 9"));
    expect_broken_at(10, "another place");
}

TEST_F(access_log_tampering, two_entries_that_changed_places_are_found) {
    run("UPDATE entry SET number = 1000 WHERE" + of_acme("= 3") + "; UPDATE entry SET number = 3 WHERE" +
        of_acme("= 4") + "; UPDATE entry SET number = 4 WHERE" + of_acme("= 1000"));
    expect_broken_at(3, "another place");
}

TEST_F(access_log_tampering, an_entry_of_another_account_is_found) {
    run("UPDATE entry SET body = (SELECT body FROM entry WHERE account = (SELECT key FROM account WHERE id = 'other') "
        "AND stream = 'access' AND number = 6) WHERE" +
        of_acme("= 6"));
    expect_broken_at(6, "another place");
}

TEST_F(access_log_tampering, bytes_that_are_no_entry_are_found_and_shown_as_such) {
    run("UPDATE entry SET body = x'00ff7b' WHERE" + of_acme("= 2"));
    expect_broken_at(2, "is none");
    const auto all = open().async_list_access_log({.account = acme}, block).items;
    ASSERT_EQ(all.size(), entries);
    EXPECT_EQ(all[7].number, 2U);
    EXPECT_NE(all[7].detail.find("damaged"), std::string::npos);
}

TEST_F(access_log_tampering, a_log_whose_newest_entry_nobody_vouches_for_is_found) {
    run("DELETE FROM record WHERE kind = 'access_head'");
    const auto v = verdict();
    EXPECT_FALSE(v.intact);
    EXPECT_EQ(v.first_broken, entries);
}

TEST_F(access_log_tampering, a_log_that_was_cut_together_with_its_head_shows_by_the_hash_kept_elsewhere) {
    const auto kept = verdict().head;
    run("DELETE FROM entry WHERE" + of_acme("= 9") +
        "; UPDATE record SET body = (SELECT CAST('8 ' || substr(CAST(body AS TEXT), -66, 64) AS BLOB) FROM entry WHERE" +
        of_acme("= 8") + ") WHERE kind = 'access_head' AND account = (SELECT key FROM account WHERE id = 'acme')");
    const auto v = verdict();
    EXPECT_TRUE(v.intact) << "within the file nothing is left to tell";
    EXPECT_NE(v.head, kept);
}

TEST_F(access_log_tampering, what_is_written_afterwards_does_not_mend_it) {
    run(replace("= 4", "\"operator\"", "\"contact x\""));
    account_update u{.account = acme};
    u.tax = "later";
    (void)open().async_update_account(u, block);
    expect_broken_at(4, "was changed");
}

TEST_F(access_log_tampering, the_weekly_review_says_so) {
    run(replace("= 4", "\"operator\"", "\"contact x\""));
    const auto r = open().async_get_review({acme, {}, {}}, block);
    ASSERT_TRUE(r.log.has_value());
    EXPECT_EQ(r.log->first_broken, 4U);
    EXPECT_NE(r.html.find("first at entry 4"), std::string::npos);
}

// Whatever single byte of whichever entry is changed.
TEST_F(access_log_tampering, any_byte_of_any_entry_counts) {
    std::mt19937_64 random(11);
    for (int turn = 0; turn < 60; ++turn) {
        const auto number = 1 + random() % entries;
        const auto place = std::to_string(1 + random() % 200);
        const auto which = of_acme("= " + std::to_string(number));
        run("CREATE TABLE kept AS SELECT body FROM entry WHERE" + which +
            "; UPDATE entry SET body = CAST(substr(body, 1, " + place + " - 1) || CASE WHEN substr(body, " + place +
            ", 1) = CAST('a' AS BLOB) THEN CAST('b' AS BLOB) ELSE "
            "CAST('a' AS BLOB) END || substr(body, " +
            place + " + 1) AS BLOB) WHERE" + which);
        const auto v = verdict();
        EXPECT_FALSE(v.intact) << "byte " << place << " of entry " << number;
        EXPECT_EQ(v.first_broken, number) << "byte " << place;
        run("UPDATE entry SET body = (SELECT body FROM kept) WHERE" + which + "; DROP TABLE kept");
        ASSERT_TRUE(verdict().intact);
    }
}

} // namespace lineside
