#pragma once

#include <lineside/error.hpp>

#include "wire/describe.hpp"
#include "wire/text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// Where a value stands, spelt out only when something is wrong there: `calls[2].rate`.
struct member_path {
    const member_path* parent = nullptr;
    std::string_view name;
    std::size_t index = 0;

    [[nodiscard]] std::string text() const {
        if (parent == nullptr)
            return std::string(name);
        auto before = parent->text();
        if (name.empty())
            return before + '[' + std::to_string(index) + ']';
        return before.empty() ? std::string(name) : before + '.' + std::string(name);
    }
    /// The nearest name.
    [[nodiscard]] std::string_view field() const { return name.empty() && parent != nullptr ? parent->field() : name; }
};

/// Whether a query's range, left at its default, takes in all there is.
template <class T>
inline constexpr bool has_open_range = requires(const T& query) {
    query.cursor;
    query.range;
}
|| requires(const T& dispute) { dispute.population; };

/// Checks that what a message will say is what the value says: JSON would write text that is no UTF-8, an amount that is
/// none, and amounts of two currencies in one object as something else.
/// Throws `lineside::error` (invalid_argument), whose field is the member's name.
class representable {
public:
    template <class T>
    static void check(const T& value) {
        visit(value, member_path{});
    }

private:
    [[noreturn]] static void refuse(const member_path& at, const char* why) {
        throw error(errc::invalid_argument, at.text() + ' ' + why, std::string(at.field()));
    }
    static void visit(std::string_view text, const member_path& at) {
        for (std::size_t i = 0; i < text.size();) {
            const auto length = sequence_length(text.substr(i));
            if (length == 0)
                refuse(at, "is no UTF-8");
            i += length;
        }
    }
    static void visit(const std::string& text, const member_path& at) { visit(std::string_view(text), at); }
    static void visit(const secret& s, const member_path& at) { visit(s.reveal(), at); }
    template <class Tag>
    static void visit(const id<Tag>& x, const member_path& at) {
        visit(std::string_view(x.value()), at);
    }
    static void visit(const instant& t, const member_path& at) {
        if (t < first_written || t > last_written)
            refuse(at, "is beyond the calendar");
    }
    template <described_enum T>
    static void visit(const T& e, const member_path& at) {
        bool known = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) { known |= d.value == e; });
        if (!known)
            refuse(at, "is none of its values");
    }
    static void visit(const money& m, const member_path& at) {
        constexpr std::int32_t whole = 1'000'000'000;
        if (m.nanos <= -whole || m.nanos >= whole || (m.units < 0 && m.nanos > 0) || (m.units > 0 && m.nanos < 0))
            refuse(at, "is no amount");
        visit(std::string_view(m.currency), at);
    }
    template <class T>
    static void visit(const std::optional<T>& x, const member_path& at) {
        if (x)
            visit(*x, at);
    }
    template <class T>
    static void visit(const std::vector<T>& list, const member_path& at) {
        for (std::size_t i = 0; i < list.size(); ++i)
            visit(list[i], member_path{&at, {}, i});
    }
    template <described_struct T>
    static void visit(const T& object, const member_path& at) {
        std::string_view currency;
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
            const member_path here{&at, d.name};
            using member = member_type<const T, decltype(d)>;
            if constexpr (std::is_same_v<member, time_range>) {
                // A range that may be left open reaches as far as it likes.
                if (!has_open_range<T>)
                    for (const auto t : {(object.*d.pointer).from, (object.*d.pointer).to})
                        visit(t, here);
            } else if (std::string_view(d.name) != "user_agent") { // from outside: it is what it is
                visit(object.*d.pointer, here);
            }
            if constexpr (is_money<member>)
                if (const auto* m = amount_in(object.*d.pointer); m != nullptr && !m->currency.empty()) {
                    if (!currency.empty() && currency != m->currency)
                        refuse(here, "is in another currency than the amount beside it");
                    currency = m->currency;
                }
        });
    }
    template <class T>
    static void visit(const shared_value<T>& x, const member_path& at) {
        if (x)
            visit(*x, at);
    }
    static void visit(const series& s, const member_path& at) { visit(std::string_view(s.zone), at); }
    template <class T>
        requires(std::is_arithmetic_v<T> || std::is_same_v<T, duration>)
    static void visit(const T&, const member_path&) {}
};

} // namespace lineside::wire
