// `lineside channel`, run as a process of its own.

#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineside {
namespace {

class channel_program : public testing::Test {
protected:
    struct outcome {
        int status = -1;
        std::string out;
    };

    outcome run(std::vector<std::string> words, const std::string& input = {}) {
        words.insert(words.begin(), {LINESIDE_CLI_PATH, "--db", (dir.path() / "portal.db").string(), "channel"});
        test::child_process program(words);
        program.write(input);
        program.close_input();
        outcome o;
        o.out = program.read_rest();
        o.status = program.wait();
        return o;
    }

    test::scratch_dir dir;
    const std::string events =
        R"({"kind":"started","source":"pbx","call_id":"a","at":"2099-03-10T12:00:00Z","account":"acme","cli":"100"})"
        "\n\n"
        R"({"kind":"answered","source":"pbx","call_id":"a","at":"2099-03-10T12:00:02Z","sequence":7})"
        "\r\n"
        R"({"kind":"started","source":"pbx","call_id":"b","at":"2099-03-10T12:00:00Z","account":"acme","rate":"0.06","currency":"EUR"})";
};

} // namespace

TEST_F(channel_program, events_are_reported_and_shown) {
    const auto told = run({"report", "-"}, events);
    EXPECT_EQ(told.status, 0);
    EXPECT_EQ(told.out, "3 events applied, 0 ignored\n");
    EXPECT_EQ(run({"report", "-", "--json"}, events).out, "{\"applied\":0,\"ignored\":3}\n");
    const auto status = run({"status", "--account", "acme", "--json"});
    EXPECT_NE(status.out.find("\"in_use\":2,\"configured\":null,\"ringing\":1,\"answered\":1"), std::string::npos)
        << status.out;
    const auto calls = run({"calls", "--account", "acme"});
    EXPECT_NE(calls.out.find("2099-03-10 12:00:00"), std::string::npos) << calls.out;
    EXPECT_NE(calls.out.find("ringing"), std::string::npos) << calls.out;
    EXPECT_NE(run({"calls", "--account", "acme", "--json"}).out.find("\"rate\":\"0.06\""), std::string::npos);
}

TEST_F(channel_program, a_wrong_line_is_named) {
    const auto told = run({"report", "-"}, events + "\n{\"kind\":\"begun\"}\n");
    EXPECT_EQ(told.status, 1);
}

TEST_F(channel_program, admission_ends_with_its_answer) {
    run({"report", "-"}, events);
    EXPECT_EQ(run({"admit", "--account", "acme", "--source", "pbx", "--call-id", "c"}).out,
              "admitted, 3 in use, no limit\n");
    EXPECT_EQ(run({"admit", "--account", "acme", "--source", "pbx"}).status, 2);
    EXPECT_EQ(run({"admit", "--account", "nobody", "--source", "pbx", "--call-id", "c"}).status, 1);
    EXPECT_EQ(run({"nothing"}).status, 2);
    EXPECT_EQ(run({"status"}).status, 2);
}

} // namespace lineside
