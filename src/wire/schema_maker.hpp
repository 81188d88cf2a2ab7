#pragma once

#include <lineside/secret.hpp>

#include "wire/describe.hpp"
#include "wire/json_writer.hpp"
#include "wire/schema.hpp"
#include "wire/text.hpp"

#include <boost/core/type_name.hpp>

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// The bodies of schema.hpp. Included only where they are instantiated, by json_reader.hpp.
namespace lineside::wire {

/// "lineside::page<lineside::call>" is "call_page".
[[nodiscard]] std::string schema_name(std::string_view type);

template <class Member>
void add_member(schema& to, std::string_view name, const Member& initial) {
    std::string text;
    text_writer writer(text);
    const offset_at utc;
    json_writer(writer, utc).value(initial);
    writer.finish();
    if constexpr (is_optional<Member>)
        to.members.push_back({name, &schema_of<typename Member::value_type>(), true, std::move(text)});
    else
        to.members.push_back({name, &schema_of<Member>(), false, std::move(text)});
}

template <class T>
struct schema_maker {
    static schema make() {
        schema s;
        if constexpr (std::is_same_v<T, std::string>) {
            s.kind = value_kind::text;
        } else if constexpr (std::is_same_v<T, secret>) {
            s.kind = value_kind::secret;
        } else if constexpr (std::is_same_v<T, bool>) {
            s.kind = value_kind::boolean;
        } else if constexpr (std::integral<T>) {
            s.kind = value_kind::integer;
            s.least = std::numeric_limits<T>::min();
            s.most = std::numeric_limits<T>::max();
        } else if constexpr (std::is_same_v<T, double>) {
            s.kind = value_kind::number;
        } else if constexpr (std::is_same_v<T, instant>) {
            s.kind = value_kind::instant;
        } else if constexpr (std::is_same_v<T, duration>) {
            s.kind = value_kind::duration;
        } else if constexpr (std::is_same_v<T, money>) {
            s.kind = value_kind::money;
        } else if constexpr (described_enum<T>) {
            s.kind = value_kind::enumeration;
            s.name = schema_name(boost::core::type_name<T>());
            boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
                [&](auto d) { s.spellings.push_back(to_string(d.value)); });
        } else {
            static_assert(described_struct<T>);
            s.kind = value_kind::object;
            s.name = schema_name(boost::core::type_name<T>());
            const T initial{};
            boost::mp11::mp_for_each<members_of<T>>([&](auto d) { add_member(s, d.name, initial.*d.pointer); });
            if constexpr (adds_currency<T>())
                add_member(s, "currency", std::string());
        }
        return s;
    }
};

template <class Tag>
struct schema_maker<id<Tag>> {
    static schema make() {
        schema s;
        s.kind = value_kind::id;
        return s;
    }
};

template <class T>
struct schema_maker<std::vector<T>> {
    static schema make() {
        schema s;
        s.kind = value_kind::array;
        s.element = &schema_of<T>();
        return s;
    }
};

// As json_writer writes a series.
template <>
struct schema_maker<series> {
    static schema make();
};

template <class T>
const schema& schema_of() {
    static const schema made = schema_maker<T>::make();
    return made;
}

} // namespace lineside::wire
