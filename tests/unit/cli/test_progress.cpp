#include "cli/progress.hpp"

#include <gtest/gtest.h>

namespace lineside::cli {
namespace {

using namespace std::chrono_literals;

TEST(progress, says_rows_rate_share_and_time_left) {
    EXPECT_EQ(progress_line("calls.csv", {.rows = 3'000'000, .bytes = 25, .total_bytes = 100}, 1000ms),
              "calls.csv  3,000,000 rows  3.0 M rows/s  25 %  0:03 left");
    EXPECT_EQ(progress_line("calls.csv", {.rows = 12'345, .bytes = 1, .total_bytes = 241}, 500ms),
              "calls.csv  12,345 rows  25 k rows/s  0 %  2:00 left");
}

TEST(progress, leaves_out_what_is_not_known) {
    EXPECT_EQ(progress_line("stdin", {.rows = 7, .bytes = 900, .total_bytes = {}}, 1000ms), "stdin  7 rows  7 rows/s");
    EXPECT_EQ(progress_line("empty", {.rows = 0, .bytes = 0, .total_bytes = 0}, 0ms), "empty  0 rows  0 rows/s");
}

} // namespace
} // namespace lineside::cli
