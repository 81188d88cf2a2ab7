#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::store {

/// Appends to a string: the one buffer a segment, rollup or identity part is built in.
class byte_writer {
public:
    explicit byte_writer(std::string& to) : to_(to) {}

    void byte(std::uint8_t v) { to_.push_back(static_cast<char>(v)); }
    void varint(std::uint64_t v);
    void signed_varint(std::int64_t v);
    void bytes(std::string_view v) { to_.append(v); }
    [[nodiscard]] std::string& buffer() noexcept { return to_; }

private:
    std::string& to_;
};

/// Reads what byte_writer wrote. Every step is bounds-checked: damaged bytes throw `lineside::error` (storage) and
/// never read outside.
class byte_reader {
public:
    explicit byte_reader(std::string_view from) : from_(from) {}

    [[nodiscard]] std::uint8_t byte();
    [[nodiscard]] std::uint64_t varint();
    [[nodiscard]] std::int64_t signed_varint();
    [[nodiscard]] std::string_view bytes(std::size_t n);
    [[nodiscard]] bool done() const noexcept { return from_.empty(); }

private:
    std::string_view from_;
};

[[noreturn]] void throw_damaged(std::string_view what);

/// A column of integers: frame of reference and bit-packing in blocks of 128, a shared power of ten taken out, and
/// `absent` (model/call_view.hpp) kept as absent. A column of one repeated value takes a few bytes.
void encode_column(std::span<const std::int64_t> values, byte_writer& to);
/// `to` has exactly as many elements as were encoded.
void decode_column(byte_reader& from, std::span<std::int64_t> to);

/// Ascending integers: encoded by their differences.
void encode_ascending(std::span<const std::int64_t> values, byte_writer& to);
void decode_ascending(byte_reader& from, std::span<std::int64_t> to);

/// A column of texts. Picks the tightest of: one repeated value, dictionary, digits, hexadecimal, UUID, plain bytes
/// (compressed where that helps). Lossless for every byte string.
void encode_texts(std::span<const std::string_view> values, byte_writer& to);
/// The views lie in `heap`, which is extended as needed and must outlive them; call with a heap that is not shared
/// between columns that are decoded separately.
void decode_texts(byte_reader& from, std::span<std::string_view> to, std::string& heap);

} // namespace lineside::store
