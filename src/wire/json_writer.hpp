#pragma once

#include <lineside/secret.hpp>

#include "wire/describe.hpp"
#include "wire/json.hpp"
#include "wire/text.hpp"

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// Writes values as JSON straight into text.
class json_writer {
public:
    json_writer(text_writer& to, const offset_at& offset) noexcept : to_(to), offset_(offset) {}

    void null() { to_.put("null"); }
    void value(std::string_view text);
    void value(const std::string& text) { value(std::string_view(text)); }
    void value(const secret& s) { value(s.reveal()); }
    void value(bool b) { to_.put(b ? "true" : "false"); }
    template <std::integral Integer>
    void value(Integer n) {
        to_.integer(n);
    }
    void value(double number) { std::isfinite(number) ? to_.decimal(number) : null(); }
    void value(instant t);
    void value(instant t, std::chrono::seconds offset);
    void value(duration d) { to_.integer(d.count()); }
    void value(const money& m);
    void value(const series& s);
    template <class Tag>
    void value(const id<Tag>& x) {
        value(x.value());
    }
    template <described_enum Enum>
    void value(Enum e) {
        value(to_string(e));
    }
    template <class T>
    void value(const std::optional<T>& x) {
        x ? value(*x) : null();
    }
    template <class T>
    void value(const shared_value<T>& x) {
        x ? value(*x) : null();
    }
    template <class T>
    void value(const std::vector<T>& list) {
        array(list.size(), [&](std::size_t i) { value(list[i]); });
    }
    template <described_struct T>
    void value(const T& object) {
        char before = '{';
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) { member(before, d.name, object.*d.pointer); });
        if constexpr (adds_currency<T>())
            member(before, "currency", currency_of(object));
        if (before == '{') // it has no members
            to_.put(before);
        to_.put('}');
    }

    /// One member, behind `before`, which becomes the comma of the next.
    template <class T>
    void member(char& before, std::string_view name, const T& x) {
        key(before, name);
        value(x);
    }
    void key(char& before, std::string_view name);

    template <class Element>
    void array(std::size_t size, Element element) {
        to_.put('[');
        for (std::size_t i = 0; i < size; ++i) {
            if (i != 0)
                to_.put(',');
            element(i);
        }
        to_.put(']');
    }

private:
    text_writer& to_;
    const offset_at& offset_;
};

} // namespace lineside::wire
