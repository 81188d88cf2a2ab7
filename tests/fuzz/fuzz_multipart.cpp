// A form whose boundary is "b".

#include <lineside/error.hpp>

#include "fuzz/fuzz_reader.hpp"
#include "wire/multipart.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace lineside;

namespace {

using parts = std::vector<std::pair<wire::part_head, std::string>>;

// What it says, or why it is none.
std::string read_form(std::string_view form, std::size_t piece, parts& found) {
    wire::multipart_reader reader("b");
    try {
        for (;;) {
            switch (reader.next()) {
            case wire::multipart_event::head: found.emplace_back(reader.head(), ""); break;
            case wire::multipart_event::data:
                test::must(!reader.data().empty(), "data is something");
                found.back().second += reader.data();
                break;
            case wire::multipart_event::part_end: break;
            default:
                if (form.empty()) {
                    reader.finish();
                    return {};
                }
                const auto size = std::min(piece, form.size());
                reader.feed(form.substr(0, size));
                form.remove_prefix(size);
            }
        }
    } catch (const error& e) {
        test::must(e.code() == errc::invalid_argument, "nothing but the form is wrong");
        return e.details().message;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view form(reinterpret_cast<const char*>(data), size);
    parts whole;
    const auto refusal = read_form(form, form.size() + 1, whole);
    for (const std::size_t piece : {1, 3, 17}) {
        parts pieces;
        const auto other = read_form(form, piece, pieces);
        test::must(other.empty() == refusal.empty(), "it is one however it is cut");
        test::must(!refusal.empty() || pieces == whole, "with the same parts");
    }
    if (!refusal.empty())
        return 0;
    wire::multipart_writer writer("b");
    std::string again;
    try {
        for (const auto& [head, bytes] : whole)
            again += writer.begin_part(head) + bytes;
    } catch (const error&) {
        return 0; // a head with a tabulator
    }
    parts back;
    test::must(read_form(again + writer.end(), 5, back).empty() && back == whole,
               "what is written is read as the same");
    return 0;
}
