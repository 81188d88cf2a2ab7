// `lineside block` and `lineside extension`, run as processes of their own.

#include "support/program_test.hpp"

#include <string>
#include <vector>

namespace lineside {
namespace {

class number_program : public test::program_test {
protected:
    // Two accounts, blocks of ten numbers from 1000.
    void open_two() {
        (void)done({"account", "create", "acme"});
        (void)done({"account", "create", "other"});
        (void)done({"block", "settings", "--start", "1000", "--size", "10"});
    }
    outcome of_acme(std::vector<std::string> words) {
        words.insert(words.end(), {"--account", "acme"});
        return run(words);
    }
};

} // namespace

TEST_F(number_program, help_has_an_example_for_each) {
    for (const std::string command : {"block", "extension"})
        EXPECT_TRUE(done({command, "--help"}).says("Example:\n  lineside " + command));
}

TEST_F(number_program, blocks_are_added_claimed_listed_and_released) {
    open_two();
    EXPECT_EQ(done({"block", "add", "--account", "acme", "--json"}).parsed().at("id"), "1000-1009");
    EXPECT_EQ(done({"block", "add", "--account", "other", "--json"}).parsed().at("id"), "1010-1019");
    EXPECT_TRUE(done({"block", "claim", "2000-2004", "--account", "acme"}).says("2000-2004"));
    EXPECT_EQ(of_acme({"block", "claim", "1015-1024"}).status, 1) << "half of it is somebody else's";
    const auto mine = done({"block", "list", "--account", "acme", "--json"}).parsed();
    ASSERT_EQ(mine.as_array().size(), 2U);
    EXPECT_EQ(mine.as_array()[1].at("id"), "2000-2004");
    EXPECT_EQ(of_acme({"block", "release", "1010-1019"}).status, 1);
    (void)done({"block", "release", "2000-2004", "--account", "acme"});
    EXPECT_EQ(done({"block", "list", "--account", "acme", "--json"}).parsed().as_array().size(), 1U);
}

TEST_F(number_program, a_request_id_makes_adding_once) {
    open_two();
    const std::vector<std::string> add = {"block", "add", "--account", "acme", "--request-id", "r1", "--json"};
    EXPECT_EQ(done(add).parsed().at("id"), done(add).parsed().at("id"));
    EXPECT_EQ(done({"block", "list", "--account", "acme", "--json"}).parsed().as_array().size(), 1U);
}

TEST_F(number_program, the_operators_rules_are_set_bit_by_bit) {
    const auto n = done({"block", "settings", "--reserve", "110-119,911", "--rest-days", "7", "--json"}).parsed();
    EXPECT_EQ(n.at("rest_days"), 7);
    EXPECT_EQ(n.at("reserved").as_array().size(), 2U);
    const auto table = done({"block", "settings"});
    EXPECT_TRUE(table.says("110-119,911")) << table.out;
    EXPECT_TRUE(done({"block", "settings", "--reserve", "none"}).says("none"));
    EXPECT_EQ(run({"block", "settings", "--size", "0"}).status, 1);
    EXPECT_EQ(run({"block", "settings", "--reserve", "20-10"}).status, 1);
}

TEST_F(number_program, extensions_are_claimed_moved_and_released) {
    open_two();
    (void)done({"block", "add", "--account", "acme"});
    EXPECT_EQ(done({"extension", "claim", "--account", "acme", "--json"}).parsed().at("number"), "1000");
    EXPECT_EQ(done({"extension", "claim", "1005", "--account", "acme", "--json"}).parsed().at("number"), "1005");
    EXPECT_EQ(of_acme({"extension", "claim", "1005"}).status, 1) << "it is used";
    EXPECT_EQ(of_acme({"extension", "claim", "5000"}).status, 1) << "it is in none of the account's blocks";
    EXPECT_EQ(run({"extension", "claim", "1006", "--account", "other"}).status, 1) << "it is in somebody else's";

    const auto contact = std::string(
        done({"contact", "create", "robin@example.com", "--account", "acme", "--json"}).parsed().at("id").as_string());
    (void)done({"extension", "transfer", "1005", "--account", "acme", "--to-contact", contact});
    const auto theirs =
        done({"extension", "list", "--account", "acme", "--contact", contact, "--json"}).parsed().as_array();
    ASSERT_EQ(theirs.size(), 1U);
    EXPECT_EQ(theirs[0].at("number"), "1005");
    EXPECT_TRUE(done({"extension", "owner", "1005"}).says("acme"));

    EXPECT_EQ(of_acme({"block", "release", "1000-1009"}).status, 1) << "live extensions are inside";
    (void)done({"extension", "release", "1000", "--account", "acme"});
    EXPECT_EQ(done({"extension", "owner", "1000", "--json"}).parsed().at("state"), "resting");
    (void)done({"block", "release", "1000-1009", "--account", "acme", "--with-extensions"});
    EXPECT_TRUE(done({"extension", "list", "--account", "acme", "--json"}).parsed().as_array().empty());
}

TEST_F(number_program, a_block_moves_with_its_extensions) {
    open_two();
    (void)done({"block", "add", "--account", "acme"});
    (void)done({"extension", "claim", "--account", "acme"});
    EXPECT_EQ(
        done({"block", "transfer", "1000-1009", "--account", "acme", "--to", "other", "--json"}).parsed().at("account"),
        "other");
    EXPECT_EQ(done({"extension", "list", "--account", "other", "--json"}).parsed().as_array().size(), 1U);
    const auto usage = done({"block", "usage", "--account", "other"});
    EXPECT_TRUE(usage.says("1000-1009")) << usage.out;
    const auto u = done({"block", "usage", "--account", "other", "--json"}).parsed();
    EXPECT_EQ(u.at("used"), 1);
    EXPECT_EQ(u.at("free"), 9);
}

TEST_F(number_program, users_are_checked_before_they_are_taken_over_all_or_none) {
    open_two();
    (void)done({"block", "add", "--account", "acme"});
    const auto good = write("good.csv", "account,contact,number\nacme,,1001\nacme,,\"1002\"\r\nother,,7001\n");
    EXPECT_TRUE(done({"extension", "check", good}).says("3 rows, 0 collisions, 0 imported"));
    EXPECT_TRUE(done({"extension", "list", "--account", "acme", "--json"}).parsed().as_array().empty());
    EXPECT_TRUE(done({"extension", "import", good}).says("3 rows, 0 collisions, 3 imported"));
    EXPECT_EQ(done({"extension", "list", "--account", "acme", "--json"}).parsed().as_array().size(), 2U);

    const auto bad = run({"extension", "import", "-"}, "acme,,1003\nother,,1004\nacme,,1001\n");
    EXPECT_EQ(bad.status, 1);
    EXPECT_TRUE(bad.says("2 collisions, 0 imported")) << bad.out;
    EXPECT_EQ(done({"extension", "list", "--account", "acme", "--json"}).parsed().as_array().size(), 2U);
    EXPECT_EQ(run({"extension", "check", "-"}, "just one field\n").status, 1);
    EXPECT_EQ(run({"extension", "check", path("missing.csv")}).status, 1);
}

TEST_F(number_program, what_cannot_be_meant_is_refused) {
    open_two();
    EXPECT_EQ(run({"block", "add"}).status, 2) << "whose?";
    EXPECT_EQ(run({"block", "claim", "--account", "acme"}).status, 2);
    EXPECT_EQ(of_acme({"block", "claim", "1009-1000"}).status, 1);
    EXPECT_EQ(of_acme({"block", "claim", "100-1000"}).status, 1) << "of one width";
    EXPECT_EQ(of_acme({"block", "add", "--size", "many"}).status, 2);
    EXPECT_EQ(run({"block", "transfer", "1000-1009", "--account", "acme"}).status, 2);
    EXPECT_EQ(run({"extension", "list"}).status, 2);
    EXPECT_EQ(of_acme({"extension", "claim", "12a4"}).status, 1);
    EXPECT_EQ(of_acme({"extension", "release", "1000"}).status, 1);
}

} // namespace lineside
