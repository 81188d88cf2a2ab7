// `lineside account`, `contact`, `layout` and `branding`, run as processes of their own.

#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"
#include "test_paths.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace lineside {
namespace {

namespace json = boost::json;

class people_program : public testing::Test {
protected:
    struct outcome {
        int status = -1;
        std::string out;

        [[nodiscard]] json::value parsed() const { return json::parse(out); }
    };

    outcome run(std::vector<std::string> words, const std::string& input = {}) {
        words.insert(words.begin(), {LINESIDE_CLI_PATH, "--db", (dir.path() / "portal.db").string()});
        test::child_process program(words);
        program.write(input);
        program.close_input();
        outcome o;
        o.out = program.read_rest();
        o.status = program.wait();
        return o;
    }
    std::string write(const std::string& name, const std::string& text) {
        const auto path = dir.path() / name;
        std::ofstream(path, std::ios::binary) << text;
        std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return path.string();
    }
    std::string add_contact(const std::string& email, std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"contact", "create", email, "--account", "acme", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto made = run(words);
        EXPECT_EQ(made.status, 0) << made.out;
        return made.status == 0 ? std::string(made.parsed().at("id").as_string()) : std::string();
    }

    test::scratch_dir dir;
};

} // namespace

TEST_F(people_program, help_has_an_example_for_every_command) {
    for (const std::string command : {"account", "contact", "layout", "branding"}) {
        const auto help = run({command, "--help"});
        EXPECT_EQ(help.status, 0);
        EXPECT_NE(help.out.find("Example:\n  lineside " + command), std::string::npos) << help.out;
    }
}

TEST_F(people_program, an_account_is_created_updated_and_shown) {
    ASSERT_EQ(run({"account", "create", "acme", "--name", "Acme Ltd", "--currency", "EUR", "--channels", "30",
                   "--debit-limit", "100.50", "--zone", "Europe/Kyiv"})
                  .status,
              0);
    auto a = run({"account", "get", "acme", "--json"}).parsed();
    EXPECT_EQ(a.at("name"), "Acme Ltd");
    EXPECT_EQ(a.at("channel_limit"), 30);
    EXPECT_EQ(a.at("debit_limit"), "100.50");
    EXPECT_EQ(a.at("time_zone"), "Europe/Kyiv");
    ASSERT_EQ(run({"account", "update", "acme", "--channels", "none", "--status", "disabled", "--withhold",
                   "view_balance,manage_keys"})
                  .status,
              0);
    a = run({"account", "get", "acme", "--json"}).parsed();
    EXPECT_TRUE(a.at("channel_limit").is_null());
    EXPECT_EQ(a.at("status"), "disabled");
    EXPECT_EQ(a.at("withheld").as_array().size(), 2U);
    EXPECT_NE(run({"account", "get", "acme"}).out.find("view_balance, manage_keys"), std::string::npos);

    EXPECT_EQ(run({"account", "update", "acme", "--currency", "USD"}).status, 2);
    EXPECT_EQ(run({"account", "update", "acme", "--withhold", "everything"}).status, 2);
    EXPECT_EQ(run({"account", "create", "acme"}).status, 1);
    EXPECT_EQ(run({"account", "get", "nobody"}).status, 1);
    EXPECT_EQ(run({"account", "get"}).status, 2);
    EXPECT_EQ(run({"account", "gte", "acme"}).status, 2);
}

TEST_F(people_program, contacts_are_created_listed_changed_and_verified) {
    ASSERT_EQ(run({"account", "create", "acme"}).status, 0);
    const auto id = add_contact("robin@example.com", {"--name", "Robin Example", "--role", "manager", "--deny",
                                                      "view_balance", "--allow-ip", "192.0.2.0/24,2001:db8::7"});
    ASSERT_FALSE(id.empty());
    auto c = run({"contact", "get", id, "--account", "acme", "--json"}).parsed();
    EXPECT_EQ(c.at("email"), "robin@example.com");
    EXPECT_EQ(c.at("role"), "manager");
    EXPECT_EQ(c.at("allowed_ips").as_array().size(), 2U);
    EXPECT_EQ(c.at("email_verified"), false);
    const auto table = run({"contact", "list", "--account", "acme"});
    EXPECT_NE(table.out.find("robin@example.com (not verified)"), std::string::npos) << table.out;
    EXPECT_NE(table.out.find("manager *"), std::string::npos) << "overrides are marked: " << table.out;

    ASSERT_EQ(run({"contact", "update", id, "--account", "acme", "--role", "billing", "--deny", "none"}).status, 0);
    ASSERT_EQ(run({"contact", "verify", id, "--account", "acme"}).status, 0);
    ASSERT_EQ(run({"contact", "disable", id, "--account", "acme"}).status, 0);
    const auto all = run({"contact", "list", "--account", "acme", "--json"}).parsed();
    ASSERT_EQ(all.as_array().size(), 1U);
    c = all.as_array()[0];
    EXPECT_EQ(c.at("role"), "billing");
    EXPECT_TRUE(c.at("denials").as_array().empty());
    EXPECT_EQ(c.at("email_verified"), true);
    EXPECT_EQ(c.at("status"), "disabled");
    ASSERT_EQ(run({"contact", "enable", id, "--account", "acme"}).status, 0);

    EXPECT_EQ(run({"contact", "update", id, "--account", "acme"}).status, 2);
    EXPECT_EQ(run({"contact", "update", id, "--account", "acme", "--role", "king"}).status, 2);
    EXPECT_EQ(run({"contact", "verify", id, "--account", "acme", "--address", "mobile"}).status, 1);
    EXPECT_EQ(run({"contact", "create", "robin@example.com", "--account", "acme"}).status, 1);
    EXPECT_EQ(run({"contact", "list"}).status, 2);
}

TEST_F(people_program, a_password_comes_from_a_file_of_ones_own_or_standard_input) {
    ASSERT_EQ(run({"account", "create", "acme"}).status, 0);
    const auto file = write("password", "nineteen blue kettles\n");
    (void)add_contact("a@example.com", {"--password-file", file});
    EXPECT_EQ(run({"contact", "create", "b@example.com", "--account", "acme", "--password-file", "-"},
                  "nineteen blue kettles\n")
                  .status,
              0);
    std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    EXPECT_EQ(run({"contact", "create", "c@example.com", "--account", "acme", "--password-file", file}).status, 1);
    EXPECT_EQ(run({"contact", "create", "c@example.com", "--account", "acme", "--password-file", "-"}, "\n").status, 1);
    EXPECT_EQ(
        run({"contact", "create", "c@example.com", "--account", "acme", "--password-file", "-"}, "short\n").status, 1);
    EXPECT_EQ(run({"contact", "list", "--account", "acme", "--json"}).parsed().as_array().size(), 2U);
}

TEST_F(people_program, a_layout_is_shown_set_from_a_file_and_reset) {
    ASSERT_EQ(run({"account", "create", "acme"}).status, 0);
    const auto id = add_contact("robin@example.com");
    const std::vector<std::string> whose = {"--account", "acme", "--contact", id, "--json"};
    const auto layout = [&](std::vector<std::string> words, const std::string& input = {}) {
        words.insert(words.begin(), "layout");
        words.insert(words.end(), whose.begin(), whose.end());
        return run(words, input);
    };
    const auto initial = layout({"get"});
    ASSERT_EQ(initial.status, 0);
    const auto file =
        write("widgets.json", R"([{"id": "asr", "kind": "graph", "metric": "asr", "width": 4, "step": "1h"}])");
    const auto set = layout({"set", file});
    ASSERT_EQ(set.status, 0);
    EXPECT_EQ(set.parsed().as_array().size(), 1U);
    EXPECT_EQ(set.parsed().as_array()[0].at("width"), 4);
    EXPECT_EQ(layout({"set", "-"}, set.out).out, set.out) << "what get and set write, set reads";
    EXPECT_EQ(layout({"reset"}).out, initial.out);
    EXPECT_EQ(layout({"set", "-"}, R"([{"id": "asr", "kind": "pie"}])").status, 1);
    EXPECT_EQ(layout({"set", "missing.json"}).status, 1);
    EXPECT_EQ(layout({"set"}).status, 2);
}

TEST_F(people_program, brandings_are_set_bit_by_bit_and_listed) {
    ASSERT_EQ(run({"branding", "set", "portal.example.com", "--name", "Example Voice", "--languages", "en,de"}).status,
              0);
    ASSERT_EQ(run({"branding", "set", "portal.example.com", "--accent", "#00529B"}).status, 0);
    const auto b = run({"branding", "get", "portal.example.com", "--json"}).parsed();
    EXPECT_EQ(b.at("name"), "Example Voice");
    EXPECT_EQ(b.at("accent_colour"), "#00529b");
    EXPECT_EQ(b.at("languages").as_array().size(), 2U);
    EXPECT_EQ(run({"branding", "set", "portal.example.com", "--text", "#eeeeee"}).status, 1);
    EXPECT_EQ(run({"branding", "list", "--json"}).parsed().as_array().size(), 1U);
    EXPECT_NE(run({"branding", "list"}).out.find("portal.example.com"), std::string::npos);
}

TEST_F(people_program, the_dashboard_shows_what_waits_and_what_is_in_use) {
    ASSERT_EQ(run({"account", "create", "acme", "--currency", "EUR", "--channels", "30"}).status, 0);
    const auto page = run({"dashboard", "--account", "acme"});
    ASSERT_EQ(page.status, 0);
    // Credit is used up and there is no number block.
    EXPECT_NE(page.out.find("checklist 2 │ 0 / 30 channels │ balance 0.00 EUR"), std::string::npos) << page.out;
    const auto past = run({"dashboard", "--account", "acme", "--at", "2026-03-15T12:00:00Z"});
    EXPECT_NE(past.out.find("checklist not reported │ - / 30 channels │ balance not reported"), std::string::npos)
        << "what was then is not known now";
}

} // namespace lineside
