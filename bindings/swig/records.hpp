#pragma once

#include <lineside_abi.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <unordered_map>

// The structures of lineside.h as tables, so that a language converts any of them with one function each way.
namespace lineside::bindings {

/// What a member says.
enum class meaning : std::uint8_t { text, truth, number, time, length, constant, money, range, record, bytes };
/// How it stands in its structure. `pointed`: NULL is unset, or the default. `listed`: with a count beside it. `column`:
/// without gaps in memory, all of one length.
enum class holding : std::uint8_t { in_place, pointed, listed, column };
/// Of numbers, times, lengths, truths and constants.
enum class width : std::uint8_t { none, i32, i64, u16, u32, u64, f64 };

template <class T>
constexpr width width_of() {
    using number = std::remove_cv_t<std::remove_pointer_t<T>>;
    if (std::is_same_v<number, double>)
        return width::f64;
    if (!std::is_integral_v<number> || std::is_same_v<number, char>)
        return width::none;
    if (std::is_signed_v<number>)
        return sizeof(number) == sizeof(std::int64_t) ? width::i64 : width::i32;
    return sizeof(number) == sizeof(std::uint16_t)   ? width::u16
           : sizeof(number) == sizeof(std::uint32_t) ? width::u32
                                                     : width::u64;
}

struct member {
    const char* name;
    meaning says;
    width bits;
    holding held;
    bool unset; ///< NULL of a list or text, 0 of a constant, is "unset"
    std::uint16_t offset;
    std::uint16_t count_offset; ///< of a list, a column or bytes
    std::int16_t of;            ///< which enumeration or record
};

struct record_type {
    const char* name;
    std::size_t size;
    bool sized; ///< it begins with its struct_size
    const member* first;
    const member* last;
};

/// The n-th of an enumeration has the value n + 1.
struct constant {
    const char* name; ///< "day"
    const char* text; ///< "1d": what people read and write
};

struct enumeration_type {
    const char* name;
    const char* (*text)(std::int32_t constant); ///< null: the library has no texts for its constants
    const constant* first;
    const constant* last;
};

constexpr std::int16_t nowhere = -1;

namespace enumeration {
enum : std::int16_t {
#define LINESIDE_ENUMERATION(NAME, ...) NAME,
#define LINESIDE_RECORD(...)
#define LINESIDE_REVISION(NAME)
#define LINESIDE_OPERATION(...)
#define LINESIDE_COMMAND(...)
#include "records.def"
#undef LINESIDE_ENUMERATION
#undef LINESIDE_RECORD
    count
};
} // namespace enumeration

namespace record {
enum : std::int16_t {
#define LINESIDE_ENUMERATION(...)
#define LINESIDE_RECORD(NAME, ...) NAME,
#include "records.def"
#undef LINESIDE_RECORD
    count
};
} // namespace record

// The last member of each table is none, so that none is empty.
#define LINESIDE_MEMBER(RECORD, NAME, MEANING, HOLDING, UNSET, COUNT, OF)  \
    member{#NAME,                                                          \
           meaning::MEANING,                                               \
           width_of<decltype(lineside_##RECORD::NAME)>(),                  \
           holding::HOLDING,                                               \
           UNSET,                                                          \
           static_cast<std::uint16_t>(offsetof(lineside_##RECORD, NAME)),  \
           static_cast<std::uint16_t>(offsetof(lineside_##RECORD, COUNT)), \
           OF},
#define LINESIDE_RECORD(NAME, SIZED, ...) inline constexpr member NAME##_members[] = {__VA_ARGS__ member{}};
#include "records.def"
#undef LINESIDE_RECORD
#define LINESIDE_RECORD(NAME, SIZED, ...)                              \
    record_type{#NAME, sizeof(lineside_##NAME), SIZED, NAME##_members, \
                NAME##_members + sizeof(NAME##_members) / sizeof(member) - 1},
inline constexpr std::array<record_type, record::count> records{{
#include "records.def"
}};
#undef LINESIDE_RECORD
#undef LINESIDE_MEMBER
#undef LINESIDE_ENUMERATION

#define LINESIDE_RECORD(...)
#define LINESIDE_CONSTANT(NAME, TEXT) constant{#NAME, TEXT},
#define LINESIDE_ENUMERATION(NAME, TEXTS, ...) inline constexpr constant NAME##_constants[] = {__VA_ARGS__};
#include "records.def"
#undef LINESIDE_ENUMERATION
#define LINESIDE_ENUMERATION(NAME, TEXTS, ...) \
    enumeration_type{#NAME, TEXTS, NAME##_constants, NAME##_constants + sizeof(NAME##_constants) / sizeof(constant)},
inline constexpr std::array<enumeration_type, enumeration::count> enumerations{{
#include "records.def"
}};
#undef LINESIDE_CONSTANT
#undef LINESIDE_ENUMERATION
#undef LINESIDE_RECORD
#undef LINESIDE_REVISION
#undef LINESIDE_OPERATION
#undef LINESIDE_COMMAND

/// Null: there is none of that name.
[[nodiscard]] inline const record_type* find_record(std::string_view name) {
    static const auto by_name = [] {
        std::unordered_map<std::string_view, const record_type*> all;
        for (const auto& r : records)
            all.emplace(r.name, &r);
        return all;
    }();
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
}

/// The value of a constant by its text or its name; 0: there is none.
[[nodiscard]] constexpr std::int32_t find_constant(std::int16_t of, std::string_view text) {
    const auto& e = enumerations[static_cast<std::size_t>(of)];
    for (const auto* c = e.first; c != e.last; ++c)
        if (text == c->text || text == c->name)
            return static_cast<std::int32_t>(c - e.first) + 1;
    return 0;
}

/// How far the items of a list or column are from each other; of structures there are pointers.
[[nodiscard]] constexpr std::size_t item_size(const member& m) {
    switch (m.bits) {
    case width::i32: return sizeof(std::int32_t);
    case width::u16: return sizeof(std::uint16_t);
    case width::u32: return sizeof(std::uint32_t);
    default: break;
    }
    return m.says == meaning::money ? sizeof(lineside_money) : sizeof(std::int64_t);
}

/// What stands at a member, as a T.
template <class T>
[[nodiscard]] const T& at(const void* structure, std::size_t offset) {
    return *reinterpret_cast<const T*>(static_cast<const char*>(structure) + offset);
}

} // namespace lineside::bindings
