#pragma once

#include "wire/describe.hpp"
#include "wire/json.hpp"
#include "wire/json_cursor.hpp"
#include "wire/json_writer.hpp"
#include "wire/representable.hpp"
#include "wire/schema_maker.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The bodies of json.hpp and schema.hpp. Included only where they are instantiated, with LINESIDE_JSON(type).
namespace lineside::wire {

// Where a value stands in the document; spelt out only when something is wrong there.
struct place {
    const place* parent = nullptr;
    std::string_view name;
    std::size_t index = 0;

    [[nodiscard]] std::string text() const {
        if (parent == nullptr)
            return {};
        return parent->text() + '/' + (name.empty() ? std::to_string(index) : std::string(name));
    }
};

[[noreturn]] inline void refuse(const place& at, const std::string& why) {
    const auto path = at.text();
    throw error(errc::invalid_argument, (path.empty() ? "the document" : path) + " " + why, path);
}

class json_reader;

// The members of an object, read one by one and accounted for. Whoever wrote the document has them in our order as a
// rule; what stands in front of the one that is asked for is passed over, and read when its turn comes.
class object_reader {
public:
    object_reader(const json_reader& reader, json_cursor& from, const place& at);

    template <class T>
    void member(std::string_view name, T& to);
    /// Refuses members that nobody asked for, unless they are to be ignored, and those that are there twice.
    void finish();

private:
    struct passed {
        std::string name;
        std::size_t value = 0; // its position
    };

    void proceed() {
        more_ = from_.next_member();
        named_ = false;
    }
    bool take_name();
    // Where a member is: `before` the next one, at `before_`.
    enum class found : std::uint8_t { next, before, nowhere };
    [[nodiscard]] found look_for(std::string_view name);
    void pass();

    const json_reader& reader_;
    json_cursor& from_;
    const place& at_;
    std::size_t begin_ = 0;
    std::size_t before_ = 0;
    std::string room_;
    bool more_ = false;     // there is a member
    bool named_ = false;    // its name was taken
    std::string_view next_; // which is this
    std::vector<passed> passed_;
    std::vector<std::string_view> asked_;
};

class json_reader {
public:
    json_reader(missing_member missing, unknown_member unknown) noexcept : missing_(missing), unknown_(unknown) {}

    [[nodiscard]] bool may_miss() const noexcept { return missing_ == missing_member::defaulted; }
    [[nodiscard]] bool ignores_unknown() const noexcept { return unknown_ == unknown_member::ignored; }

    void read(json_cursor& from, const place& at, std::string& to) const {
        if (const auto read = text(from, at, to); read.data() != to.data())
            to = read;
    }
    void read(json_cursor& from, const place& at, secret& to) const {
        std::string room;
        to = secret(text(from, at, room));
    }
    void read(json_cursor& from, const place& at, bool& to) const {
        if (from.next() != json_cursor::kind::boolean)
            refuse(at, "is not true or false");
        to = from.take_boolean();
    }
    template <std::integral Integer>
    void read(json_cursor& from, const place& at, Integer& to) const {
        const auto n =
            from.next() == json_cursor::kind::number ? from.take_integer<Integer>() : std::optional<Integer>();
        if (!n)
            refuse(at, std::is_signed_v<Integer> ? "is not an integer in range" : "is not a count in range");
        to = *n;
    }
    void read(json_cursor& from, const place& at, double& to) const {
        if (take_null(from)) {
            to = std::numeric_limits<double>::quiet_NaN();
            return;
        }
        if (from.next() != json_cursor::kind::number)
            refuse(at, "is not a number");
        to = from.take_double();
        if (std::isinf(to))
            refuse(at, "is not a number in range");
    }
    void read(json_cursor& from, const place& at, instant& to) const {
        std::string room;
        to = accepted(parse_instant(text(from, at, room)), at);
    }
    void read(json_cursor& from, const place& at, duration& to) const {
        std::int64_t ms = 0;
        read(from, at, ms);
        to = duration(ms);
    }
    void read(json_cursor& from, const place& at, money& to) const {
        std::string room;
        to = accepted(parse_money(text(from, at, room)), at);
    }
    template <class Tag>
    void read(json_cursor& from, const place& at, id<Tag>& to) const {
        std::string room;
        to = id<Tag>(std::string(text(from, at, room)));
    }
    template <described_enum Enum>
    void read(json_cursor& from, const place& at, Enum& to) const {
        std::string room;
        const auto name = text(from, at, room);
        bool known = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto d) {
            if (!known && to_string(d.value) == name) {
                to = d.value;
                known = true;
            }
        });
        if (known)
            return;
        std::string names;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto d) {
            names += names.empty() ? "" : ", ";
            names += to_string(d.value);
        });
        refuse(at, "is none of " + names);
    }
    template <class T>
    void read(json_cursor& from, const place& at, std::optional<T>& to) const {
        if (take_null(from))
            to.reset();
        else
            read(from, at, to.emplace());
    }
    template <class T>
    void read(json_cursor& from, const place& at, shared_value<T>& to) const {
        std::optional<T> value;
        read(from, at, value);
        to = value ? shared_value<T>(*std::move(value)) : shared_value<T>();
    }
    template <class T>
    void read(json_cursor& from, const place& at, std::vector<T>& to) const {
        if (from.next() != json_cursor::kind::array)
            refuse(at, "is not an array");
        to.clear();
        for (bool more = from.enter_array(); more; more = from.next_element()) {
            const auto index = to.size();
            read(from, {&at, {}, index}, to.emplace_back());
        }
    }
    template <described_struct T>
    void read(json_cursor& from, const place& at, T& to) const {
        object_reader object(*this, from, at);
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) { object.member(d.name, to.*d.pointer); });
        if constexpr (adds_currency<T>()) {
            std::string currency;
            object.member("currency", currency);
            set_currency(to, currency);
        } else if constexpr (requires { to.currency; }) {
            set_currency(to, to.currency);
        }
        object.finish();
    }
    void read(json_cursor& from, const place& at, series& to) const {
        object_reader object(*this, from, at);
        object.member("account", to.account);
        object.member("metric", to.metric);
        object.member("unit", to.unit);
        object.member("zone", to.zone);
        object.member("step", to.step);
        object.member("time", to.time);
        object.member("numerator", to.numerator);
        object.member("denominator", to.denominator);
        object.member("offset_s", to.offset_s);
        object.member("open_calls", to.open_calls);
        if (to.metric == metric::charge)
            read_amounts(object, to);
        else
            object.member("value", to.value);
        object.finish();
        const auto size = to.time.size();
        if (to.value.size() != size || to.numerator.size() != size || to.denominator.size() != size ||
            to.offset_s.size() != size || to.open_calls.size() != size)
            refuse(at, "has columns of different lengths");
    }

private:
    static bool take_null(json_cursor& from) {
        const bool is_null = from.next() == json_cursor::kind::null;
        if (is_null)
            from.take_null();
        return is_null;
    }
    // `room` is for what has to be unescaped.
    static std::string_view text(json_cursor& from, const place& at, std::string& room) {
        if (from.next() != json_cursor::kind::string)
            refuse(at, "is not a string");
        return from.take_string(room);
    }
    template <class T>
    static T accepted(result<T> parsed, const place& at) {
        if (!parsed)
            refuse(at, "is wrong: " + parsed.error().details.message);
        return *std::move(parsed);
    }
    // Of all the amounts in it.
    template <class T>
    static void set_currency(T& object, const std::string& currency) {
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
            using type = member_type<T, decltype(d)>;
            if constexpr (std::is_same_v<type, money>)
                (object.*d.pointer).currency = currency;
            else if constexpr (std::is_same_v<type, std::optional<money>>)
                if (auto& amount = object.*d.pointer)
                    amount->currency = currency;
        });
    }
    void read_amounts(object_reader& object, series& to) const {
        std::string currency;
        object.member("currency", currency);
        std::vector<std::optional<money>> amounts;
        object.member("value", amounts);
        for (const auto& m : amounts) {
            to.amount.push_back(m.value_or(money{}));
            to.amount.back().currency = currency;
            to.value.push_back(m ? static_cast<double>(m->units) + m->nanos / 1e9
                                 : std::numeric_limits<double>::quiet_NaN());
        }
    }

    missing_member missing_;
    unknown_member unknown_;
};

template <class T>
void object_reader::member(std::string_view name, T& to) {
    if (!reader_.ignores_unknown())
        asked_.push_back(name);
    std::size_t here = 0;
    const bool at_once = more_ && !named_ && from_.take_name_if(name);
    switch (at_once ? found::next : look_for(name)) {
    case found::next: reader_.read(from_, {&at_, name}, to); return proceed();
    case found::before:
        here = from_.position();
        from_.go_to(before_);
        reader_.read(from_, {&at_, name}, to);
        return from_.go_to(here);
    case found::nowhere:
        if (!is_optional<T> && !reader_.may_miss())
            refuse({&at_, name}, "is missing");
    }
}
template <class T>
void check_representable(const T& value) {
    representable::check(value);
}

template <class T>
void append_json(std::string& out, const T& value, const offset_at& offset) {
    text_writer to(out);
    json_writer(to, offset).value(value);
    to.finish();
}

template <class T>
T parse_json(std::string_view text, missing_member missing, unknown_member unknown) {
    json_cursor from(text);
    T value{};
    try {
        json_reader(missing, unknown).read(from, place{}, value);
        from.finish();
    } catch (const error&) {
        check_json(text); // what is no JSON at all is called so first
        throw;
    }
    return value;
}

#define LINESIDE_JSON(...)                                                                          \
    template void append_json(std::string&, const __VA_ARGS__&, const offset_at&);                  \
    template void check_representable(const __VA_ARGS__&);                                          \
    template __VA_ARGS__ parse_json<__VA_ARGS__>(std::string_view, missing_member, unknown_member); \
    template const schema& schema_of<__VA_ARGS__>();

} // namespace lineside::wire
