#pragma once

#include <lineside/id.hpp>
#include <lineside/money.hpp>
#include <lineside/secret.hpp>
#include <lineside/series.hpp>
#include <lineside/shared_value.hpp>

#include "described.hpp"
#include "memory.hpp"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>

// C++ values as C's: each in one block, with all it points to.
namespace lineside::capi {

/// Gives out pieces of one block. Without a block it only measures: what it gives out is then null.
class arena {
public:
    arena() = default;
    explicit arena(void* block) : block_(static_cast<char*>(block)) {}

    template <class T>
    [[nodiscard]] T* take(std::size_t n = 1) {
        used_ = (used_ + alignof(T) - 1) / alignof(T) * alignof(T);
        auto* piece = block_ != nullptr ? reinterpret_cast<T*>(block_ + used_) : nullptr;
        used_ += n * sizeof(T[1]); // as an array: the size of a pointer would look like a slip
        return piece;
    }
    [[nodiscard]] const char* text(std::string_view text) {
        auto* copy = take<char>(text.size() + 1);
        if (copy != nullptr) {
            if (!text.empty())
                std::memcpy(copy, text.data(), text.size());
            copy[text.size()] = '\0';
        }
        return copy;
    }
    template <class T>
    [[nodiscard]] const T* one(const T& value) {
        auto* piece = take<T>();
        if (piece != nullptr)
            *piece = value;
        return piece;
    }
    [[nodiscard]] std::size_t used() const noexcept { return used_; }

private:
    char* block_ = nullptr;
    std::size_t used_ = 0;
};

/// A value of type C with what `fill(arena, value)` puts into it and beside it: called twice, to measure and to write.
template <class C, class Fill>
[[nodiscard]] C* make_value(Fill fill, wiping wipe = wiping::unneeded) {
    arena measure;
    C unused{};
    (void)measure.take<C>();
    fill(measure, unused);
    void* block = allocate(measure.used(), wipe);
    arena pieces(block);
    auto* value = ::new (pieces.take<C>()) C{};
    fill(pieces, *value);
    return value;
}

[[nodiscard]] inline std::string_view view(const std::string& s) noexcept { return s; }
[[nodiscard]] inline std::string_view view(const secret& s) noexcept { return s.reveal(); }
template <class Tag>
[[nodiscard]] std::string_view view(const id<Tag>& s) noexcept {
    return s.value();
}

/// Numbers, instants and lengths of time as C's numbers.
template <class To, class From>
[[nodiscard]] To number_of(const From& from) {
    if constexpr (std::is_same_v<From, bool>) {
        static_assert(std::is_same_v<To, std::int32_t>);
        return from ? 1 : 0;
    } else if constexpr (std::is_same_v<From, instant>) {
        static_assert(std::is_same_v<To, std::int64_t>);
        return from.time_since_epoch().count();
    } else if constexpr (std::is_same_v<From, duration>) {
        static_assert(std::is_same_v<To, std::int64_t>);
        return from.count();
    } else {
        static_assert(std::is_same_v<To, From>);
        return from;
    }
}

template <class C, class Cpp>
void write(arena& a, const Cpp& from, C& to);

inline void write(arena& a, const money& from, lineside_money& to) {
    to = {from.units, from.nanos, a.text(from.currency)};
}

/// What stands by itself in a member: no optional, no list.
template <class From, class To>
void write_member(arena& a, const From& from, To& to) {
    if constexpr (is_text<From>) {
        to = a.text(view(from));
    } else if constexpr (std::is_enum_v<From>) {
        to = constant_of(from);
    } else if constexpr (std::is_pointer_v<To>) {
        using target = std::remove_const_t<std::remove_pointer_t<To>>;
        auto* piece = a.take<target>();
        target local{};
        if constexpr (std::is_arithmetic_v<target>)
            local = number_of<target>(from);
        else
            write(a, from, local);
        if (piece != nullptr)
            *piece = local;
        to = piece;
    } else {
        to = number_of<To>(from);
    }
}

template <class From, class To>
void write_member(arena& a, const std::optional<From>& from, To& to) {
    static_assert(std::is_pointer_v<To> || std::is_enum_v<From>, "0 is no way to say that there is none");
    if (from)
        write_member(a, *from, to);
    else
        to = {};
}
template <class From, class To>
void write_member(arena& a, const shared_value<From>& from, To& to) {
    if (from)
        write_member(a, *from, to);
    else
        to = nullptr;
}

/// A list is never null, also where it is empty.
template <class From, class Element>
void write_list(arena& a, const std::vector<From>& from, const Element*& to, std::size_t& count) {
    auto* list = a.take<Element>(from.empty() ? 1 : from.size());
    count = from.size();
    if (from.empty() && list != nullptr)
        *list = {};
    for (std::size_t i = 0; i < from.size(); ++i) {
        Element element{};
        write_member(a, from[i], element);
        if (list != nullptr)
            list[i] = element;
    }
    to = list;
}
template <class From, class Element>
void write_list(arena& a, const std::optional<std::vector<From>>& from, const Element*& to, std::size_t& count) {
    to = nullptr;
    count = 0;
    if (from)
        write_list(a, *from, to, count);
}

template <class C, class Cpp>
void write(arena& a, const Cpp& from, C& to) {
    if constexpr (is_sized<C>)
        to.struct_size = sizeof(C);
    for_each_member<C, Cpp>([&](auto cpp, auto c) {
        using member = std::remove_cvref_t<decltype(from.*cpp.pointer)>;
        if constexpr (is_list<member>) {
            constexpr auto count = count_in(names_of<C>, decltype(cpp)::name);
            static_assert(count != absent, "a list in C has a count beside it");
            write_list(a, from.*cpp.pointer, to.*c.pointer, to.*boost::mp11::mp_at_c<members_of<C>, count>::pointer);
        } else {
            write_member(a, from.*cpp.pointer, to.*c.pointer);
        }
    });
}

void write(arena& a, const series& from, lineside_series& to);

/// Whether a value holds secrets, somewhere in it.
template <class T>
consteval bool holds_secrets() {
    if constexpr (std::is_same_v<T, secret>) {
        return true;
    } else if constexpr (requires { typename T::value_type; } && !is_text<T>) {
        return holds_secrets<typename T::value_type>();
    } else if constexpr (boost::describe::has_describe_members<T>::value) {
        bool any = false;
        boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
            any = any || holds_secrets<std::remove_cvref_t<decltype(std::declval<T&>().*decltype(d)::pointer)>>();
        });
        return any;
    } else {
        return false;
    }
}

template <class C, class Cpp>
[[nodiscard]] C* value_of(const Cpp& from) {
    return make_value<C>([&](arena& a, C& to) { write(a, from, to); },
                         holds_secrets<Cpp>() ? wiping::needed : wiping::unneeded);
}

} // namespace lineside::capi
