#include <lineside/channel.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<call_event_kind> kinds[] = {
    {call_event_kind::started, "started"},
    {call_event_kind::answered, "answered"},
    {call_event_kind::digit, "digit"},
    {call_event_kind::ended, "ended"},
};
constexpr name_of<live_call_state> states[] = {
    {live_call_state::ringing, "ringing"},
    {live_call_state::answered, "answered"},
    {live_call_state::ghost, "ghost"},
};
constexpr name_of<live_call_filter> filters[] = {
    {live_call_filter::in_use, "in_use"},
    {live_call_filter::ghosts, "ghosts"},
    {live_call_filter::all, "all"},
};

} // namespace

std::string_view to_string(call_event_kind k) noexcept { return find_name(kinds, k); }

result<call_event_kind> parse_call_event_kind(std::string_view text) { return find_value(kinds, text, "kind"); }

std::string_view to_string(live_call_state s) noexcept { return find_name(states, s); }

std::string_view to_string(live_call_filter f) noexcept { return find_name(filters, f); }

} // namespace lineside
