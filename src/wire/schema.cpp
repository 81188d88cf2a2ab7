#include "wire/schema_maker.hpp"

#include <cctype>

namespace lineside::wire {

std::string schema_name(std::string_view type) {
    // The words of the type without the namespaces before them; those of a template go behind its argument.
    std::string name;
    std::string outer;
    std::string word;
    const auto end_word = [&] {
        name += word;
        word.clear();
    };
    for (const char c : type) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
            word += c;
        } else if (c == ':') {
            word.clear();
        } else if (c == '<') {
            outer = '_' + word + outer;
            word.clear();
        } else {
            end_word();
        }
    }
    end_word();
    return name + outer;
}

schema schema_maker<series>::make() {
    static const schema measurement = [] {
        schema s;
        s.kind = value_kind::measurement;
        return s;
    }();
    static const schema measurements = [] {
        schema s;
        s.kind = value_kind::array;
        s.element = &measurement;
        return s;
    }();
    const series initial;
    schema s;
    s.kind = value_kind::object;
    s.name = "series";
    add_member(s, "account", initial.account);
    add_member(s, "metric", initial.metric);
    add_member(s, "unit", initial.unit);
    add_member(s, "zone", initial.zone);
    add_member(s, "step", initial.step);
    add_member(s, "time", initial.time);
    s.members.push_back({"value", &measurements, false, "[]"});
    add_member(s, "numerator", initial.numerator);
    add_member(s, "denominator", initial.denominator);
    add_member(s, "offset_s", initial.offset_s);
    add_member(s, "open_calls", initial.open_calls);
    s.members.push_back({"currency", &schema_of<std::string>(), true, "null"});
    return s;
}

} // namespace lineside::wire
