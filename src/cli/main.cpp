#include "cli/program.hpp"

#include <string_view>
#include <vector>

int main(int count, char** words) {
    const std::vector<std::string_view> arguments(words + (count > 0 ? 1 : 0), words + count);
    return static_cast<int>(lineside::cli::run_program(arguments));
}
