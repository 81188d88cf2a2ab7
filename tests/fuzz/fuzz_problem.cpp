// What comes back instead of an answer: a problem document, or a line of events.

#include "fuzz/fuzz_reader.hpp"
#include "wire/events.hpp"
#include "wire/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace lineside;

namespace {

template <class Report>
void read_event(std::string_view line) {
    try {
        (void)wire::parse_event<Report>(line);
    } catch (const error& e) {
        test::must(e.code() == errc::protocol, "what is no event breaks the protocol");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const int status : {200, 400, 404, 418, 500, 599}) {
        const auto problem = wire::parse_problem(status, text);
        test::must(problem.code.category() == lineside_category(), "a failure has a code of ours");
        test::must(problem.details.http_status == status, "and the status it came with");
        test::must(!problem.details.message.empty(), "and says what it is");
        std::string again;
        wire::append_problem(again, problem);
        const auto back = wire::parse_problem(status, again);
        test::must(back.code == problem.code && back.details == problem.details, "it can be passed on");
    }
    read_event<import_report>(text);
    read_event<dispute_report>(text);
    return 0;
}
