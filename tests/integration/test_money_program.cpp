// `lineside payment`, run as a process of its own.

#include "support/program_test.hpp"

#include <string>
#include <vector>

namespace lineside {
namespace {

class money_program : public test::program_test {
protected:
    std::string make(std::vector<std::string> words) {
        words.insert(words.begin(), {"payment", "create"});
        words.insert(words.end(), {"--account", "acme", "--json"});
        return std::string(done(words).parsed().at("id").as_string());
    }
    std::string balance() {
        return std::string(
            done({"payment", "balance", "--account", "acme", "--json"}).parsed().at("amount").as_string());
    }
};

} // namespace

TEST_F(money_program, help_has_an_example) {
    EXPECT_TRUE(done({"payment", "--help"}).says("Example:\n  lineside payment create 250.00 --account acme"));
    EXPECT_TRUE(done({"--help"}).says("  payment "));
}

TEST_F(money_program, only_a_completed_payment_counts) {
    (void)done({"account", "create", "acme", "--currency", "EUR"});
    const auto id = make({"250.00", "--method", "bank transfer", "--reference", "INV-17"});
    EXPECT_EQ(balance(), "0.00");
    const auto completed = done({"payment", "complete", id, "--account", "acme", "--json"}).parsed();
    EXPECT_EQ(completed.at("status"), "completed");
    EXPECT_EQ(balance(), "250.00");
    (void)done({"payment", "complete", id, "--account", "acme"});
    EXPECT_EQ(balance(), "250.00") << "and once";
    EXPECT_EQ(run({"payment", "cancel", id, "--account", "acme"}).status, 1);
    EXPECT_EQ(make({"250.00", "--method", "bank transfer", "--reference", "INV-17"}), id);
    EXPECT_EQ(run({"payment", "create", "1.00", "--account", "acme", "--reference", "INV-17"}).status, 1);

    const auto cancelled = make({"99.00"});
    (void)done({"payment", "cancel", cancelled, "--account", "acme"});
    EXPECT_EQ(run({"payment", "complete", cancelled, "--account", "acme"}).status, 1);
    EXPECT_EQ(balance(), "250.00");
}

TEST_F(money_program, a_purchase_is_negative_and_stands_behind_the_end_of_the_options) {
    (void)done({"account", "create", "acme", "--currency", "EUR", "--debit-limit", "100"});
    (void)done({"payment", "create", "--account", "acme", "--status", "completed", "--description",
                "Number 4930123 # for Jim", "--", "-12.34"});
    EXPECT_EQ(balance(), "-12.34");
    const auto table = done({"payment", "balance", "--account", "acme"});
    EXPECT_TRUE(table.says("credit available   87.66")) << table.out;
    EXPECT_TRUE(done({"payment", "list", "--account", "acme"}).says("Number 4930123 # for Jim")) << "the operator's";
    EXPECT_EQ(run({"payment", "create", "--account", "acme", "-12.34"}).status, 2);
}

TEST_F(money_program, a_transfer_is_announced_as_pending) {
    (void)done({"account", "create", "acme", "--currency", "EUR"});
    const auto p = done({"payment", "announce", "50", "--account", "acme", "--json"}).parsed();
    EXPECT_EQ(p.at("status"), "pending");
    EXPECT_EQ(p.at("method"), "bank transfer");
    EXPECT_EQ(balance(), "0.00");
    EXPECT_EQ(run({"payment", "announce", "50", "--account", "acme", "--status", "completed"}).status, 2);
    EXPECT_EQ(run({"payment", "announce", "0", "--account", "acme"}).status, 1);
}

TEST_F(money_program, payments_are_listed_newest_first_by_status_and_number) {
    (void)done({"account", "create", "acme", "--currency", "EUR"});
    std::vector<std::string> ids;
    for (const std::string amount : {"1", "2", "3"})
        ids.push_back(make({amount}));
    (void)done({"payment", "complete", ids[1], "--account", "acme"});
    const auto all = done({"payment", "list", "--account", "acme", "--json"}).parsed();
    ASSERT_EQ(all.as_array().size(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(all.as_array()[i].at("id").as_string(), ids[2 - i]);
    EXPECT_EQ(done({"payment", "list", "--account", "acme", "--limit", "2", "--json"}).parsed().as_array().size(), 2U);
    const auto completed = done({"payment", "list", "--account", "acme", "--status", "completed", "--json"}).parsed();
    ASSERT_EQ(completed.as_array().size(), 1U);
    EXPECT_EQ(completed.as_array()[0].at("id").as_string(), ids[1]);
    EXPECT_TRUE(done({"payment", "list", "--account", "acme"}).says("pending"));
}

TEST_F(money_program, what_cannot_be_meant_is_refused) {
    (void)done({"account", "create", "acme", "--currency", "EUR"});
    EXPECT_EQ(run({"payment"}).status, 2);
    EXPECT_EQ(run({"payment", "list"}).status, 2) << "whose?";
    EXPECT_EQ(run({"payment", "create", "--account", "acme"}).status, 2);
    EXPECT_EQ(run({"payment", "create", "much", "--account", "acme"}).status, 2);
    EXPECT_EQ(run({"payment", "create", "1,00", "--account", "acme"}).status, 2);
    EXPECT_EQ(run({"payment", "create", "1", "--account", "acme", "--status", "paid"}).status, 2);
    EXPECT_EQ(run({"payment", "create", "1", "--account", "acme", "--currency", "USD"}).status, 1);
    EXPECT_EQ(run({"payment", "complete", "pay-none", "--account", "acme"}).status, 1);
    EXPECT_EQ(run({"payment", "balance", "--account", "nobody"}).status, 1);
    EXPECT_TRUE(done({"payment", "list", "--account", "acme", "--json"}).parsed().as_array().empty());
}

} // namespace lineside
