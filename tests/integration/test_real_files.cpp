// Records that real switches wrote. They are not part of the project; where they are not at hand there is nothing to
// test.

#include "support/cdr_recorder.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace lineside {
namespace {

using test::fixed_zone;
using test::read_calls;

class real_files : public testing::Test {
protected:
    static std::string read(const std::string& name) {
        std::ifstream file(folder() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void SetUp() override {
        if (!std::filesystem::exists(folder()))
            GTEST_SKIP() << folder() << " is not there";
    }

private:
    static std::filesystem::path folder() { return std::filesystem::path(LINESIDE_PROJECT_DIR) / "../shared/data"; }
};

std::size_t answered(const test::reading& r) {
    return static_cast<std::size_t>(
        std::count_if(r.found.calls.begin(), r.found.calls.end(), [](const auto& call) { return call->answered(); }));
}

TEST_F(real_files, master_csv_folds_218_rows_into_174_calls) {
    const auto text = read("asterisk/master_16col_pseudonymised.csv");
    EXPECT_EQ(cdr::detect(text).format, record_format::asterisk);

    // No row names an account, so without another source of it none is a call.
    EXPECT_EQ(read_calls(record_format::asterisk, text, {.zone = fixed_zone(2)}).found.rejected.size(), 218U);

    const auto r = read_calls(record_format::asterisk, text, {.account_from = "dcontext", .zone = fixed_zone(2)});
    ASSERT_EQ(r.error, "");
    EXPECT_TRUE(r.found.rejected.empty());
    EXPECT_EQ(r.rows, 218U);
    EXPECT_EQ(r.found.rows(), 218U);
    EXPECT_EQ(r.found.calls.size(), 174U);
    EXPECT_TRUE(r.found.has_note("5 rows"));

    const auto& first = r.found.calls[0]; // rang for ten seconds, was tried again and answered
    EXPECT_EQ(first.rows, 2U);
    EXPECT_EQ(first->call_id, "1497952162.0");
    EXPECT_EQ(first->account, "hq");
    EXPECT_EQ(first->cli, "791-445-9811");
    EXPECT_EQ(first->talk, 514'000);
    EXPECT_EQ(first->start, 1'497'944'962'000); // 09:49:22 at +02:00
    EXPECT_EQ(answered(r), 133U);
}

TEST_F(real_files, cdr_custom_has_the_same_width_but_another_order) {
    const auto text = read("asterisk/cdr_custom.csv");
    EXPECT_EQ(cdr::detect(text).format, record_format::asterisk_custom);
    const auto r = read_calls(record_format::asterisk_custom, text, {.account_from = "src", .zone = fixed_zone(0)});
    ASSERT_EQ(r.error, "");
    EXPECT_EQ(r.rows, 14U);
    ASSERT_EQ(r.found.calls.size(), 14U);
    EXPECT_EQ(answered(r), 11U);
    EXPECT_EQ(r.found.calls[0]->account, "client1");
    EXPECT_EQ(r.found.calls[0]->destination, "6789");
    EXPECT_EQ(r.found.calls[0]->talk, 13'000);
}

TEST_F(real_files, freeswitch_json_is_one_call_to_the_microsecond) {
    const auto text = read("freeswitch/json_cdr_1.json");
    EXPECT_EQ(cdr::detect(text.substr(0, 4096)).format, record_format::freeswitch_json);
    const auto r = read_calls(record_format::freeswitch_json, text, {.account = "acme"});
    ASSERT_EQ(r.error, "");
    EXPECT_EQ(r.found.calls.size(), 1U);
    EXPECT_TRUE(r.found.rejected.empty());
}

TEST_F(real_files, freeswitch_csv_from_a_spreadsheet_has_minutes_only) {
    const auto text = read("freeswitch/cdr_csv_spreadsheet_dates.csv");
    EXPECT_EQ(cdr::detect(text).format, record_format::freeswitch_csv);
    const auto r = read_calls(record_format::freeswitch_csv, text, {.account = "acme", .zone = fixed_zone(8)});
    ASSERT_EQ(r.error, "");
    EXPECT_EQ(r.rows, 10U);
    EXPECT_EQ(r.found.rows(), 10U);
    ASSERT_FALSE(r.found.calls.empty());
    EXPECT_EQ(r.found.calls[0]->call_id, "d80e22e0-4c15-11ea-97a0-9dd79410affb");
    EXPECT_EQ(r.found.calls[0]->talk, 9'000); // from the column, for the times do not tell
}

} // namespace
} // namespace lineside
