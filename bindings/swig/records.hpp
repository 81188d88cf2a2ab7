#pragma once

#include <lineside_abi.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

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

struct enumeration_type {
    const char* name;
    const char* (*text)(std::int32_t constant); ///< null: its constants have no names
};

constexpr std::int16_t nowhere = -1;

namespace enumeration {
enum : std::int16_t {
#define LINESIDE_ENUMERATION(NAME, TEXT) NAME,
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

#define LINESIDE_ENUMERATION(NAME, TEXT) enumeration_type{#NAME, TEXT},
#define LINESIDE_RECORD(...)
inline constexpr std::array<enumeration_type, enumeration::count> enumerations{{
#include "records.def"
}};
#undef LINESIDE_ENUMERATION
#undef LINESIDE_RECORD
#undef LINESIDE_REVISION
#undef LINESIDE_OPERATION
#undef LINESIDE_COMMAND

/// Null: there is none of that name.
[[nodiscard]] constexpr const record_type* find_record(std::string_view name) {
    for (const auto& r : records)
        if (name == r.name)
            return &r;
    return nullptr;
}

/// What stands at a member, as a T.
template <class T>
[[nodiscard]] const T& at(const void* structure, std::size_t offset) {
    return *reinterpret_cast<const T*>(static_cast<const char*>(structure) + offset);
}

} // namespace lineside::bindings
