// Runs a fuzz target over the files of folders, and over simple mutations of each, where there is no libFuzzer.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t inputs = 0;

void run(const std::string& text) {
    // A copy of the exact size, so that a sanitizer sees each byte that is read too many.
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++inputs;
}

void run_with_mutations(const std::string& text) {
    constexpr std::size_t most_cuts = 400;
    constexpr std::size_t most_flips = 400;
    run(text);
    const auto cut_step = std::max<std::size_t>(7, text.size() / most_cuts);
    for (std::size_t size = 0; size < text.size(); size += cut_step)
        run(text.substr(0, size));
    const auto flip_step = std::max<std::size_t>(1, text.size() / most_flips);
    for (std::size_t at = 0; at < text.size(); at += flip_step) {
        auto flipped = text;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
        run(flipped);
    }
    run(text + text);
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) {
            files.emplace_back(argv[i]);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
            if (entry.is_regular_file())
                files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    run({});
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        run_with_mutations({std::istreambuf_iterator<char>(in), {}});
    }
    std::printf("%zu inputs from %zu files\n", inputs, files.size());
    return files.empty() ? 1 : 0;
}
