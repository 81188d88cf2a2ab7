#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include "described.hpp"
#include "failure.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

// C's requests as C++'s. What is not set keeps the default of the C++ member.
namespace lineside::capi {

/// Where in a request something stands, for messages: "ours.records.format", "calls[3].charge".
struct place {
    const place* outer = nullptr;
    std::string_view name{};
    std::size_t index = absent;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] place element(std::size_t i) const { return {outer, name, i}; }
};

[[noreturn]] void refuse_at(const place& at, const char* what);

/// What a program of any version passed, as this version knows it. Bytes beyond are 0, or something is meant by them.
void copy_sized(const void* from, void* to, std::size_t known, const place& at);
template <class C>
[[nodiscard]] C sized_copy(const C& from, const place& at) {
    C copy;
    copy_sized(&from, &copy, sizeof(C), at);
    return copy;
}

template <class C, class Cpp>
void read(const C& from, Cpp& to, const place& at);

inline void read(const lineside_money& from, money& to, const place&) {
    to = {from.units, from.nanos, from.currency == nullptr ? "" : from.currency};
}

/// What stands by itself: no optional, no list.
template <class From, class To>
void read_member(const From& from, To& to, const place& at) {
    if constexpr (is_text<To>) {
        if (from != nullptr)
            to = To(std::string(from));
    } else if constexpr (std::is_enum_v<To>) {
        if (from == 0)
            return;
        const auto known = enumerator_of<To>(from);
        if (!known)
            refuse_at(at, "there is no such constant");
        to = *known;
    } else if constexpr (std::is_pointer_v<From>) {
        if (from == nullptr)
            return;
        if constexpr (std::is_arithmetic_v<std::remove_pointer_t<From>>) {
            To given{};
            read_member(*from, given, at);
            to = given;
        } else {
            read(*from, to, at);
        }
    } else if (from != From{}) {
        if constexpr (std::is_same_v<To, instant>) {
            static_assert(std::is_same_v<From, std::int64_t>);
            to = instant(duration(from));
        } else if constexpr (std::is_same_v<To, duration>) {
            static_assert(std::is_same_v<From, std::int64_t>);
            to = duration(from);
        } else if constexpr (std::is_same_v<To, bool>) {
            static_assert(std::is_same_v<From, std::int32_t>);
            to = true;
        } else {
            static_assert(std::is_same_v<From, To>);
            to = from;
        }
    }
}

template <class From, class To>
void read_member(const From& from, std::optional<To>& to, const place& at) {
    static_assert(std::is_pointer_v<From> || std::is_enum_v<To>, "0 is no way to say that there is none");
    if (from != From{})
        read_member(from, to.emplace(), at);
}

template <class Element, class To>
void read_list(const Element* from, std::size_t count, std::vector<To>& to, const place& at) {
    if (count != 0 && from == nullptr)
        refuse_at(at, "is NULL, but its count is not 0");
    to.clear();
    to.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (from[i] == Element{})
            refuse_at(at.element(i), "is not set");
        read_member(from[i], to.emplace_back(), at.element(i));
    }
}
template <class Element, class To>
void read_list(const Element* from, std::size_t count, std::optional<std::vector<To>>& to, const place& at) {
    if (from != nullptr || count != 0)
        read_list(from, count, to.emplace(), at);
}

template <class C, class Cpp>
void read_known(const C& from, Cpp& to, const place& at) {
    for_each_member<C, Cpp>([&](auto cpp, auto c) {
        using member = std::remove_cvref_t<decltype(to.*cpp.pointer)>;
        const place here{&at, decltype(cpp)::name};
        if constexpr (is_list<member>) {
            constexpr auto count = count_in(names_of<C>, decltype(cpp)::name);
            static_assert(count != absent, "a list in C has a count beside it");
            read_list(from.*c.pointer, from.*boost::mp11::mp_at_c<members_of<C>, count>::pointer, to.*cpp.pointer,
                      here);
        } else {
            read_member(from.*c.pointer, to.*cpp.pointer, here);
        }
    });
}

template <class C, class Cpp>
void read(const C& from, Cpp& to, const place& at) {
    if constexpr (is_sized<C>)
        read_known(sized_copy(from, at), to, at);
    else
        read_known(from, to, at);
}

} // namespace lineside::capi
