// screen_pop: a CRM follows a customer's live calls and opens the card of whoever rings.
#include <lineside/lineside.hpp>

#include <cstdio>
#include <map>
#include <string>

using namespace lineside;

namespace {

const account_id harbour("harbour");

// What a switch tells of a call.
void tell(portal& p, call_event_kind kind, const char* id, const char* caller) {
    call_event e;
    e.kind = kind;
    e.source = "switch";
    e.call_id = id;
    e.account = harbour;
    e.cli = caller;
    e.at = std::chrono::floor<duration>(std::chrono::system_clock::now());
    (void)p.async_report_call_events({{e}}, block);
}

} // namespace

int main() {
    try {
        const std::map<std::string, std::string> cards{{"441632960001", "Ann of Quay Ltd"}, {"441632960002", "Bob"}};
        engine portal({.database = "sqlite::memory:"});
        (void)portal.async_create_account({.id = harbour}, block);

        // First the whole, then what changes.
        const auto live = portal.watch({.account = harbour, .topics = {watch_topic::live_calls}});
        std::printf("%zu calls\n", live->async_next(block).live_calls->calls.size());

        for (const auto& [number, name] : cards) {
            tell(portal, call_event_kind::started, number.c_str(), number.c_str());
            const watch_update rings = live->async_next(block);
            for (const live_call& c : rings.live_calls->calls)
                std::printf("%s rings: %s\n", c.cli.c_str(), cards.at(c.cli).c_str());
            tell(portal, call_event_kind::ended, number.c_str(), number.c_str());
            const watch_update over = live->async_next(block);
            for (const live_call_key& c : over.live_calls->ended)
                std::printf("%s hung up\n", c.call_id.c_str());
        }
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
