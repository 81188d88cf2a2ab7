#include "cdr/csv.hpp"
#include "fuzz/fuzz_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace lineside;

struct taker final : cdr::csv_handler {
    std::vector<std::string> rows;
    std::uint64_t line = 0;

    cdr::row_verdict on_row(const cdr::csv_row& row) override {
        test::must(row.line > line, "lines go up");
        test::must(row.size() > 0 && row.quoted.size() == row.size(), "a row has fields");
        if (row.size() == 3 && row.lines > 1)
            return cdr::row_verdict::resplit;
        line = row.line;
        auto& taken = rows.emplace_back(std::to_string(row.line));
        for (const auto field : row.fields)
            taken.append("|").append(field);
        return cdr::row_verdict::taken;
    }
    void on_bad_row(std::uint64_t at, std::string_view reason, std::string_view text) override {
        test::must(at > line, "lines go up");
        line = at;
        rows.emplace_back(std::to_string(at)).append("!").append(reason).append("!").append(text);
    }
};

std::vector<std::string> split(std::string_view bytes, const cdr::csv_options& options, std::size_t piece) {
    taker to;
    cdr::csv_splitter splitter(options);
    while (!bytes.empty()) {
        const auto n = std::min(piece, bytes.size());
        splitter.feed(bytes.substr(0, n), to);
        bytes.remove_prefix(n);
    }
    splitter.finish(to);
    return to.rows;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto dialect : {cdr::csv_dialect::rfc4180, cdr::csv_dialect::lenient, cdr::csv_dialect::lines}) {
        for (const std::size_t limit : {std::size_t{60}, std::size_t{1} << 20}) {
            const cdr::csv_options options{.dialect = dialect, .json_lines = limit == 60, .row_limit = limit};
            const auto whole = split(bytes, options, std::string_view::npos);
            test::must(split(bytes, options, 1) == whole, "the same rows byte by byte");
            test::must(split(bytes, options, 7) == whole, "the same rows in sevens");
        }
    }
    return 0;
}
