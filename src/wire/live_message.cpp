#include "wire/live_message.hpp"

#include "wire/describe_watch.hpp"
#include "wire/json_reader.hpp"
#include "wire/problem.hpp"

#include <boost/json/serialize.hpp>

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

live_message parse_live_message(std::string_view text) {
    live_message m;
    try {
        const auto document = parse_document(text);
        const auto& object = document.as_object();
        m.id = object.at("id").to_number<std::uint64_t>();
        if (const auto* problem = object.if_contains("problem")) {
            const auto& status = problem->as_object().at("status");
            m.what = parse_problem(static_cast<int>(status.as_int64()), json::serialize(*problem));
        } else {
            m.what = read_document<watch_update>(object.at("update"), missing_member::refused, unknown_member::ignored);
        }
    } catch (const error& e) {
        throw error(errc::protocol, std::string("the server's live message is none of Lineside's: ") + e.what());
    } catch (const std::exception& e) { // of Boost.JSON, about a member that is not there or of another type
        throw error(errc::protocol, std::string("the server's live message is none of Lineside's: ") + e.what());
    }
    return m;
}

} // namespace lineside::wire
