#include "cli/args.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineside::cli {
namespace {

constexpr option options[] = {
    {"--account", "ID", "the account", presence::required},
    {"--limit", "N", "at most so many"},
    {"--json", "", "as JSON"},
};
constexpr syntax plain{"calls", "", "List calls.", options, "lineside calls --account a"};
constexpr syntax with_files{"import", "FILE...", "Read files.", {}, "lineside import x"};

arguments parsed(const syntax& of, std::vector<std::string_view> words) { return parse(of, words); }

std::string complaint(const syntax& of, std::vector<std::string_view> words) {
    try {
        (void)parse(of, words);
        return "none";
    } catch (const usage_error& e) {
        return e.what();
    }
}

TEST(args, a_value_stands_behind_a_space_or_an_equals_sign) {
    EXPECT_EQ(parsed(plain, {"--account", "a b"}).get("--account"), "a b");
    EXPECT_EQ(parsed(plain, {"--account=x=y"}).get("--account"), "x=y");
    EXPECT_EQ(parsed(plain, {"--account", "--json"}).get("--account"), "--json");
    EXPECT_FALSE(parsed(plain, {"--account", "a"}).has("--json"));
    EXPECT_TRUE(parsed(plain, {"--json", "--account", "a"}).has("--json"));
}

TEST(args, a_dash_is_an_operand_and_two_dashes_end_the_options) {
    EXPECT_EQ(parsed(with_files, {"a", "-", "--", "--b"}).operands(), (std::vector<std::string>{"a", "-", "--b"}));
}

TEST(args, what_does_not_fit_is_named_with_what_was_probably_meant) {
    EXPECT_EQ(complaint(plain, {"--acount", "a"}), "calls: unknown option --acount, did you mean --account?");
    EXPECT_EQ(complaint(plain, {"--wholly-other", "a"}), "calls: unknown option --wholly-other");
    EXPECT_EQ(complaint(plain, {"--limit", "3"}), "calls: --account ID is missing");
    EXPECT_EQ(complaint(plain, {"--account"}), "calls: --account needs a value: --account ID");
    EXPECT_EQ(complaint(plain, {"--account", "a", "--account", "b"}), "calls: --account is given twice");
    EXPECT_EQ(complaint(plain, {"--account", "a", "--json=1"}), "calls: --json takes no value");
    EXPECT_EQ(complaint(plain, {"--account", "a", "b"}), "calls: unexpected argument 'b'");
    EXPECT_EQ(complaint(with_files, {}), "import: FILE... is missing");
}

TEST(args, help_shows_usage_options_and_an_example) {
    EXPECT_EQ(help(plain), "Usage: lineside [--db FILE] calls --account ID [OPTION]...\n"
                           "List calls.\n\n"
                           "  --account ID  the account\n"
                           "  --limit N     at most so many\n"
                           "  --json        as JSON\n"
                           "\nExample:\n  lineside calls --account a\n");
}

} // namespace
} // namespace lineside::cli
