#pragma once

#include "support/child_process.hpp"
#include "support/scratch_dir.hpp"
#include "test_paths.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace lineside::test {

/// Runs the program as a process of its own, over a database of its own.
class program_test : public testing::Test {
protected:
    struct outcome {
        int status = -1;
        std::string out;

        [[nodiscard]] boost::json::value parsed() const { return boost::json::parse(out); }
        [[nodiscard]] bool says(const std::string& text) const { return out.find(text) != std::string::npos; }
    };

    outcome run(std::vector<std::string> words, const std::string& input = {}) {
        words.insert(words.begin(), {LINESIDE_CLI_PATH, "--db", (dir.path() / "portal.db").string()});
        child_process program(words);
        program.write(input);
        program.close_input();
        outcome o;
        o.out = program.read_rest();
        o.status = program.wait();
        return o;
    }
    /// The same, of what has to go well.
    outcome done(std::vector<std::string> words, const std::string& input = {}) {
        const auto command = words.front();
        auto o = run(std::move(words), input);
        EXPECT_EQ(o.status, 0) << command << ": " << o.out;
        return o;
    }
    /// The path of a new file.
    std::string write(const std::string& name, const std::string& text) {
        const auto path = dir.path() / name;
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }
    std::string read(const std::string& name) {
        std::ifstream in(dir.path() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (dir.path() / name).string(); }

    scratch_dir dir;
};

} // namespace lineside::test
