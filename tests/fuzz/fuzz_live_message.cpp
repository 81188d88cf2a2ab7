// What the two ends of a web socket of lineside.v1 tell each other.

#include <lineside/error.hpp>

#include "fuzz/fuzz_reader.hpp"
#include "wire/live_message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

using namespace lineside;

namespace {

std::string text_of(const wire::live_command& c) {
    std::string text;
    wire::append_live_command(text, c);
    return text;
}

std::string text_of(const wire::live_message& m) {
    std::string text;
    if (const auto* update = std::get_if<watch_update>(&m.what)) {
        std::string once;
        wire::append_update(once, *update);
        wire::append_live_update(text, m.id, once);
    } else {
        wire::append_live_problem(text, m.id, std::get<failure>(m.what));
    }
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto said = text_of(wire::parse_live_command(text));
        test::must(text_of(wire::parse_live_command(said)) == said, "a command can be said again");
    } catch (const error& e) {
        test::must(e.code() == errc::invalid_argument, "nothing but the command is wrong");
    }
    try {
        const auto said = text_of(wire::parse_live_message(text));
        test::must(text_of(wire::parse_live_message(said)) == said, "a message can be passed on");
    } catch (const error& e) {
        test::must(e.code() == errc::protocol, "what is no message breaks the protocol");
    }
    return 0;
}
