#include "wire/live_message.hpp"

#include "wire/describe_watch.hpp"
#include "wire/json_document.hpp"
#include "wire/json_reader.hpp"
#include "wire/problem.hpp"

#include <utility>

namespace lineside::wire {

BOOST_DESCRIBE_STRUCT(live_command, (), (id, subscribe, pull, next, unsubscribe, token))

LINESIDE_JSON(live_command)

void append_live_command(std::string& out, const live_command& c) { append_json(out, c); }

live_command parse_live_command(std::string_view text) {
    auto c = parse_json<live_command>(text, missing_member::defaulted);
    const int said = (c.subscribe ? 1 : 0) + (c.next ? 1 : 0) + (c.unsubscribe ? 1 : 0) + (c.token.empty() ? 0 : 1);
    if (said != 1)
        throw error(errc::invalid_argument, "a message says one of subscribe, next, unsubscribe and token");
    return c;
}

namespace {

template <class T>
void append_member(std::string& out, const T& value) {
    append_json(out, value);
}
template <class T>
void append_member(std::string& out, const shared_value<T>& value) {
    if (!value) {
        out += "null";
        return;
    }
    out += value.text([](const T& shared) {
        std::string text;
        append_json(text, shared);
        return text;
    });
}

} // namespace

void append_update(std::string& out, const watch_update& u) {
    char before = '{';
    boost::mp11::mp_for_each<members_of<watch_update>>([&](auto d) {
        (out += std::exchange(before, ',')).append("\"").append(d.name).append("\":");
        append_member(out, u.*d.pointer);
    });
    out += '}';
}

void append_live_update(std::string& out, std::uint64_t id, std::string_view update) {
    out.append("{\"id\":").append(std::to_string(id)).append(",\"update\":").append(update).append("}");
}

void append_live_problem(std::string& out, std::uint64_t id, const failure& problem) {
    out.append("{\"id\":").append(std::to_string(id)).append(",\"problem\":");
    append_problem(out, problem);
    out += '}';
}

namespace {

std::string_view needed(const json_members& members, std::string_view name) {
    const auto found = members.find(name);
    if (!found)
        throw error(errc::invalid_argument, std::string(name) + " is missing");
    return *found;
}

} // namespace

live_message parse_live_message(std::string_view text) {
    live_message m;
    try {
        const json_members members(text);
        m.id = parse_json<std::uint64_t>(needed(members, "id"));
        if (const auto problem = members.find("problem"))
            m.what = parse_problem(parse_json<int>(needed(json_members(*problem), "status")), *problem);
        else
            m.what =
                parse_json<watch_update>(needed(members, "update"), missing_member::refused, unknown_member::ignored);
    } catch (const error& e) {
        throw error(errc::protocol, std::string("the server's live message is none of Lineside's: ") + e.what());
    }
    return m;
}

} // namespace lineside::wire
