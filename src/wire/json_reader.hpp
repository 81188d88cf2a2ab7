#pragma once

#include "wire/describe.hpp"
#include "wire/json.hpp"
#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"
#include "wire/representable.hpp"
#include "wire/schema_maker.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

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

namespace json = boost::json;

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

// The members of an object, read one by one and accounted for.
class object_reader {
public:
    object_reader(const json_reader& reader, const json::value& from, const place& at);

    template <class T>
    void member(std::string_view name, T& to);
    /// Refuses members that nobody asked for, unless they are to be ignored.
    void finish() const;

private:
    [[nodiscard]] const json::value* find(std::string_view name) const;

    const json_reader& reader_;
    const json::object& object_;
    const place& at_;
    std::vector<std::string_view> asked_;
    std::size_t found_ = 0;
};

class json_reader {
public:
    json_reader(missing_member missing, unknown_member unknown) noexcept : missing_(missing), unknown_(unknown) {}

    [[nodiscard]] bool may_miss() const noexcept { return missing_ == missing_member::defaulted; }
    [[nodiscard]] bool ignores_unknown() const noexcept { return unknown_ == unknown_member::ignored; }

    void read(const json::value& from, const place& at, std::string& to) const { to = text(from, at); }
    void read(const json::value& from, const place& at, secret& to) const { to = secret(text(from, at)); }
    void read(const json::value& from, const place& at, bool& to) const {
        if (!from.is_bool())
            refuse(at, "is not true or false");
        to = from.get_bool();
    }
    template <std::integral Integer>
    void read(const json::value& from, const place& at, Integer& to) const {
        error_code ec;
        to = from.to_number<Integer>(ec);
        if (ec)
            refuse(at, std::is_signed_v<Integer> ? "is not an integer in range" : "is not a count in range");
    }
    void read(const json::value& from, const place& at, double& to) const {
        error_code ec;
        to = from.is_null() ? std::numeric_limits<double>::quiet_NaN() : from.to_number<double>(ec);
        if (ec)
            refuse(at, "is not a number");
        if (std::isinf(to))
            refuse(at, "is not a number in range");
    }
    void read(const json::value& from, const place& at, instant& to) const {
        to = accepted(parse_instant(text(from, at)), at);
    }
    void read(const json::value& from, const place& at, duration& to) const {
        std::int64_t ms = 0;
        read(from, at, ms);
        to = duration(ms);
    }
    void read(const json::value& from, const place& at, money& to) const {
        to = accepted(parse_money(text(from, at)), at);
    }
    template <class Tag>
    void read(const json::value& from, const place& at, id<Tag>& to) const {
        to = id<Tag>(std::string(text(from, at)));
    }
    template <described_enum Enum>
    void read(const json::value& from, const place& at, Enum& to) const {
        const auto name = text(from, at);
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
    void read(const json::value& from, const place& at, std::optional<T>& to) const {
        if (from.is_null())
            to.reset();
        else
            read(from, at, to.emplace());
    }
    template <class T>
    void read(const json::value& from, const place& at, shared_value<T>& to) const {
        std::optional<T> value;
        read(from, at, value);
        to = value ? shared_value<T>(*std::move(value)) : shared_value<T>();
    }
    template <class T>
    void read(const json::value& from, const place& at, std::vector<T>& to) const {
        if (!from.is_array())
            refuse(at, "is not an array");
        const auto& list = from.get_array();
        to.resize(list.size());
        for (std::size_t i = 0; i < list.size(); ++i)
            read(list[i], {&at, {}, i}, to[i]);
    }
    template <described_struct T>
    void read(const json::value& from, const place& at, T& to) const {
        object_reader object(*this, from, at);
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) { object.member(d.name, to.*d.pointer); });
        std::string currency;
        if constexpr (adds_currency<T>())
            object.member("currency", currency);
        else if constexpr (requires { to.currency; })
            currency = to.currency;
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) { set_currency(to.*d.pointer, currency); });
        object.finish();
    }
    void read(const json::value& from, const place& at, series& to) const {
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
    static std::string_view text(const json::value& from, const place& at) {
        if (!from.is_string())
            refuse(at, "is not a string");
        return from.get_string();
    }
    template <class T>
    static T accepted(result<T> parsed, const place& at) {
        if (!parsed)
            refuse(at, "is wrong: " + parsed.error().details.message);
        return *std::move(parsed);
    }
    template <class T>
    static void set_currency(T& member, const std::string& currency) {
        if constexpr (std::is_same_v<T, money>)
            member.currency = currency;
        else if constexpr (std::is_same_v<T, std::optional<money>>)
            if (member)
                member->currency = currency;
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

inline object_reader::object_reader(const json_reader& reader, const json::value& from, const place& at)
    : reader_(reader),
      object_(from.is_object() ? from.get_object() : (refuse(at, "is not an object"), from.get_object())),
      at_(at) {}

template <class T>
void object_reader::member(std::string_view name, T& to) {
    if (!reader_.ignores_unknown())
        asked_.push_back(name);
    if (const auto* found = find(name)) {
        ++found_;
        reader_.read(*found, {&at_, name}, to);
    } else if (!is_optional<T> && !reader_.may_miss()) {
        refuse({&at_, name}, "is missing");
    }
}

// Mostly it is the one behind the last: whoever wrote the document has them in our order.
inline const json::value* object_reader::find(std::string_view name) const {
    if (found_ < object_.size() && std::string_view(object_.begin()[found_].key()) == name)
        return &object_.begin()[found_].value();
    return object_.if_contains(name);
}

inline void object_reader::finish() const {
    if (found_ == object_.size() || reader_.ignores_unknown())
        return;
    for (const auto& member : object_)
        if (std::find(asked_.begin(), asked_.end(), std::string_view(member.key())) == asked_.end())
            refuse({&at_, member.key()}, "is not known");
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
T read_document(const json::value& document, missing_member missing, unknown_member unknown) {
    T value{};
    json_reader(missing, unknown).read(document, place{}, value);
    return value;
}

template <class T>
T parse_json(std::string_view text, missing_member missing, unknown_member unknown) {
    unsigned char room[4'096]; // most documents fit in
    json::monotonic_resource memory(room, sizeof room);
    return read_document<T>(parse_document(text, &memory), missing, unknown);
}

#define LINESIDE_JSON(...)                                                                               \
    template void append_json(std::string&, const __VA_ARGS__&, const offset_at&);                       \
    template void check_representable(const __VA_ARGS__&);                                               \
    template __VA_ARGS__ read_document<__VA_ARGS__>(const json::value&, missing_member, unknown_member); \
    template __VA_ARGS__ parse_json<__VA_ARGS__>(std::string_view, missing_member, unknown_member);      \
    template const schema& schema_of<__VA_ARGS__>();

} // namespace lineside::wire
