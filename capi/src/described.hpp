#pragma once

#include <lineside.h>
#include <lineside/id.hpp>
#include <lineside/secret.hpp>

#include "wire/describe.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// The structures of lineside.h, described as the C++ types are, so that members meet by their names: what read.hpp and
// write.hpp share. A member on one side that the other lacks does not compile.
#define LINESIDE_C_STRUCTURE(NAME, ...) BOOST_DESCRIBE_STRUCT(NAME, (), (__VA_ARGS__))
#include "structures.def"
#undef LINESIDE_C_STRUCTURE

namespace lineside::capi {

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_list<std::optional<std::vector<T>>> = true;

/// Members that have no counterpart on the other side, because their meaning is given by hand.
template <class T>
inline constexpr std::array<std::string_view, 0> apart{};

inline constexpr std::size_t absent = static_cast<std::size_t>(-1);

template <class... D>
constexpr auto names_in(boost::mp11::mp_list<D...>) {
    return std::array<std::string_view, sizeof...(D)>{D::name...};
}
template <class T>
inline constexpr auto names_of = names_in(boost::mp11::mp_rename<members_of<T>, boost::mp11::mp_list>{});

template <std::size_t N>
constexpr std::size_t index_in(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == name)
            return i;
    return absent;
}

/// The count that stands beside a list.
constexpr bool is_count_of(std::string_view member, std::string_view list) {
    constexpr std::string_view suffix = "_count";
    return member.size() == list.size() + suffix.size() && member.substr(0, list.size()) == list &&
           member.substr(list.size()) == suffix;
}
template <std::size_t N>
constexpr std::size_t count_in(const std::array<std::string_view, N>& names, std::string_view list) {
    for (std::size_t i = 0; i < N; ++i)
        if (is_count_of(names[i], list))
            return i;
    return absent;
}

template <class C>
inline constexpr bool is_sized = index_in(names_of<C>, "struct_size") != absent;

/// Whether every member of C says something of Cpp, or how large C is, or stands apart.
template <class C, class Cpp>
consteval bool says_nothing_else() {
    for (const auto name : names_of<C>) {
        bool known =
            name == "struct_size" || index_in(names_of<Cpp>, name) != absent || index_in(apart<C>, name) != absent;
        for (const auto list : names_of<Cpp>)
            known = known || is_count_of(name, list);
        if (!known)
            return false;
    }
    return true;
}

/// Calls `visit(descriptor in Cpp, descriptor in C)` for each member, but for those that stand apart.
template <class C, class Cpp, class Visit>
void for_each_member(Visit visit) {
    static_assert(says_nothing_else<C, Cpp>(), "a member in C that the C++ type does not have");
    boost::mp11::mp_for_each<members_of<Cpp>>([&](auto cpp) {
        using descriptor = decltype(cpp);
        constexpr auto at = index_in(names_of<C>, descriptor::name);
        if constexpr (at != absent && index_in(apart<C>, descriptor::name) == absent) {
            visit(cpp, boost::mp11::mp_at_c<members_of<C>, at>{});
        } else {
            static_assert(index_in(apart<Cpp>, descriptor::name) != absent ||
                              index_in(apart<C>, descriptor::name) != absent,
                          "a member of the C++ type that C does not have");
        }
    });
}

template <class T>
inline constexpr bool is_text = false;
template <>
inline constexpr bool is_text<std::string> = true;
template <>
inline constexpr bool is_text<secret> = true;
template <class Tag>
inline constexpr bool is_text<id<Tag>> = true;

/// Enumerators that are not described, because they are members: how many there are.
template <class E>
inline constexpr int undescribed = 0;

template <class E>
consteval int least_value() {
    if constexpr (undescribed<E> != 0) {
        return 0;
    } else {
        int least = 1;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
            [&](auto d) { least = std::min(least, static_cast<int>(d.value)); });
        return least;
    }
}
template <class E>
consteval int count_of() {
    if constexpr (undescribed<E> != 0)
        return undescribed<E>;
    else
        return static_cast<int>(boost::mp11::mp_size<boost::describe::describe_enumerators<E>>::value);
}

/// C's constants begin at 1, whatever the enumeration begins at; constants.cpp checks them all.
template <class E>
[[nodiscard]] constexpr std::int32_t constant_of(E value) noexcept {
    return static_cast<std::int32_t>(value) - least_value<E>() + 1;
}
template <class E>
[[nodiscard]] constexpr std::optional<E> enumerator_of(std::int32_t constant) noexcept {
    if (constant < 1 || constant > count_of<E>())
        return std::nullopt;
    return static_cast<E>(constant - 1 + least_value<E>());
}

} // namespace lineside::capi
