#include "store/codec.hpp"

#include <xxhash.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace lineside::store {

namespace {

enum class text_kind : std::uint8_t { constant, dictionary, digits, hexadecimal, uuid, plain, compressed };

constexpr std::size_t most_digits = 18;
constexpr std::size_t most_hex = 128;
constexpr std::size_t uuid_size = 36;

// Values of hexadecimal digits; 16 marks everything else.
constexpr std::array<std::uint8_t, 256> hex_values = [] {
    std::array<std::uint8_t, 256> v{};
    v.fill(16);
    for (std::uint8_t i = 0; i < 10; ++i)
        v[static_cast<std::size_t>('0' + i)] = i;
    for (std::uint8_t i = 0; i < 6; ++i)
        v[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
    return v;
}();

std::uint8_t hex_value(char c) { return hex_values[static_cast<unsigned char>(c)]; }

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_uuid_dash(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

constexpr std::uint64_t each_byte(std::uint64_t v) { return v * 0x0101010101010101ULL; }

std::uint64_t load_word(const char* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, 8);
    return word;
}

// The high bit of every byte of `v` (all below 0x80) that is at least `low` and at most `high`.
constexpr std::uint64_t bytes_between(std::uint64_t v, std::uint8_t low, std::uint8_t high) {
    return (v + each_byte(0x80U - low)) & ~(v + each_byte(0x7fU - high)) & each_byte(0x80);
}

// Eight digits at once, first character in the lowest byte: their nibbles in order, or false.
bool pack_hex_word(std::uint64_t word, std::uint32_t& packed) {
    const std::uint64_t digits = bytes_between(word, '0', '9');
    const std::uint64_t letters = bytes_between(word, 'a', 'f');
    if ((word & each_byte(0x80)) != 0 || (digits | letters) != each_byte(0x80))
        return false;
    const std::uint64_t nibbles = (word & each_byte(0x0f)) + (letters >> 7U) * 9;
    // Pairs of nibbles to bytes, then the four bytes together.
    std::uint64_t pairs = (nibbles << 4U | nibbles >> 8U) & 0x00ff00ff00ff00ffULL;
    pairs = (pairs | pairs >> 8U) & 0x0000ffff0000ffffULL;
    packed = static_cast<std::uint32_t>(pairs | pairs >> 16U);
    return true;
}

// Packs an even or odd number of digits, two a byte; false when one is none.
bool pack_hex(const char* from, std::size_t n, char* to) {
    for (; n >= 8; n -= 8, from += 8, to += 4) {
        std::uint32_t packed = 0;
        if (!pack_hex_word(load_word(from), packed))
            return false;
        std::memcpy(to, &packed, 4);
    }
    unsigned seen = 0;
    for (; n >= 2; n -= 2, from += 2) {
        const unsigned high = hex_value(from[0]);
        const unsigned low = hex_value(from[1]);
        seen |= high | low;
        *to++ = static_cast<char>(high << 4U | low);
    }
    if (n != 0) {
        const unsigned last = hex_value(*from);
        seen |= last;
        *to = static_cast<char>(last << 4U);
    }
    return seen < 16;
}

// The value of eight decimal digits, first character in the lowest byte.
std::uint64_t digits_word(std::uint64_t word) {
    word = (word & each_byte(0x0f)) * 2561 >> 8U;
    word = (word & 0x00ff00ff00ff00ffULL) * 6553601 >> 16U;
    return (word & 0x0000ffff0000ffffULL) * 42949672960001ULL >> 32U;
}

// The value of up to 18 digits; -1 when it is no such text.
std::int64_t digits_value(std::string_view s) {
    if (s.size() > most_digits)
        return -1;
    std::uint64_t v = 0;
    for (; s.size() >= 8; s.remove_prefix(8)) {
        const std::uint64_t word = load_word(s.data());
        if ((word & each_byte(0x80)) != 0 || bytes_between(word, '0', '9') != each_byte(0x80))
            return -1;
        v = v * 100'000'000 + digits_word(word);
    }
    for (const char c : s) {
        const unsigned d = static_cast<unsigned char>(c) - unsigned{'0'};
        if (d > 9)
            return -1;
        v = v * 10 + d;
    }
    return static_cast<std::int64_t>(v);
}

// Whether a sample repeats itself enough for a dictionary to pay.
bool repeats(std::span<const std::string_view> values) {
    constexpr std::size_t sample = 32;
    constexpr std::size_t marks = 512;
    if (values.size() < 8)
        return false;
    std::array<std::uint64_t, marks / 64> seen{};
    const std::size_t n = std::min(sample, values.size());
    const std::size_t stride = values.size() / n;
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const auto v = values[i * stride];
        const std::size_t mark = XXH3_64bits(v.data(), v.size()) % marks;
        const std::uint64_t bit = std::uint64_t{1} << (mark % 64);
        distinct += (seen[mark / 64] & bit) == 0 ? 1 : 0;
        seen[mark / 64] |= bit;
    }
    return distinct * 4 <= n * 3;
}

// Numbers every value by its first appearance; false when there are too many to pay.
bool build_dictionary(std::span<const std::string_view> values, std::vector<std::string_view>& entries,
                      std::span<std::int64_t> codes) {
    const std::size_t slots = std::bit_ceil(values.size() * 2);
    std::vector<std::uint32_t> table(slots, 0); // code + 1
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::size_t slot = XXH3_64bits(values[i].data(), values[i].size()) & (slots - 1);
        while (table[slot] != 0 && entries[table[slot] - 1] != values[i])
            slot = (slot + 1) & (slots - 1);
        if (table[slot] == 0) {
            entries.push_back(values[i]);
            if (entries.size() * 2 > values.size() + 16)
                return false;
            table[slot] = static_cast<std::uint32_t>(entries.size());
        }
        codes[i] = table[slot] - 1;
    }
    return true;
}

void encode_lengths(std::span<const std::string_view> values, byte_writer& to) {
    std::vector<std::int64_t> lengths(values.size());
    std::transform(values.begin(), values.end(), lengths.begin(),
                   [](auto s) { return static_cast<std::int64_t>(s.size()); });
    encode_column(lengths, to);
}

std::vector<std::int64_t> decode_lengths(byte_reader& from, std::size_t n, std::size_t most) {
    std::vector<std::int64_t> lengths(n);
    decode_column(from, lengths);
    for (const std::int64_t v : lengths)
        if (v < 0 || static_cast<std::uint64_t>(v) > most)
            throw_damaged("text length");
    return lengths;
}

// Each of the special kinds tries its luck and leaves `to` as it was when a value does not fit.
bool try_digits(std::span<const std::string_view> values, byte_writer& to) {
    std::vector<std::int64_t> numbers(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        numbers[i] = digits_value(values[i]);
        if (numbers[i] < 0)
            return false;
    }
    to.byte(static_cast<std::uint8_t>(text_kind::digits));
    encode_lengths(values, to);
    encode_column(numbers, to);
    return true;
}

bool try_hexadecimal(std::span<const std::string_view> values, byte_writer& to) {
    const std::size_t width = values.front().size();
    if (width == 0 || width > most_hex || hex_value(values.front().front()) > 15)
        return false;
    std::string& bytes = to.buffer();
    const std::size_t before = bytes.size();
    to.byte(static_cast<std::uint8_t>(text_kind::hexadecimal));
    to.varint(width);
    std::size_t at = bytes.size();
    const std::size_t packed = (width + 1) / 2;
    bytes.resize(at + values.size() * packed);
    for (const auto v : values) {
        if (v.size() != width || !pack_hex(v.data(), width, bytes.data() + at)) {
            bytes.resize(before);
            return false;
        }
        at += packed;
    }
    return true;
}

bool try_uuid(std::span<const std::string_view> values, byte_writer& to) {
    std::string& bytes = to.buffer();
    const std::size_t before = bytes.size();
    to.byte(static_cast<std::uint8_t>(text_kind::uuid));
    std::size_t at = bytes.size();
    bytes.resize(at + values.size() * 16);
    for (const auto v : values) {
        char* out = bytes.data() + at;
        const bool shape = v.size() == uuid_size && v[8] == '-' && v[13] == '-' && v[18] == '-' && v[23] == '-';
        if (!shape || !pack_hex(v.data(), 8, out) || !pack_hex(v.data() + 9, 4, out + 4) ||
            !pack_hex(v.data() + 14, 4, out + 6) || !pack_hex(v.data() + 19, 4, out + 8) ||
            !pack_hex(v.data() + 24, 12, out + 10)) {
            bytes.resize(before);
            return false;
        }
        at += 16;
    }
    return true;
}

void encode_plain(std::span<const std::string_view> values, byte_writer& to) {
    std::string all;
    for (const auto v : values)
        all.append(v);
    std::string packed;
    if (all.size() >= 64) {
        packed.resize(ZSTD_compressBound(all.size()));
        const std::size_t n = ZSTD_compress(packed.data(), packed.size(), all.data(), all.size(), 1);
        packed.resize(ZSTD_isError(n) != 0U ? 0 : n);
    }
    const bool smaller = !packed.empty() && packed.size() + packed.size() / 8 < all.size();
    to.byte(static_cast<std::uint8_t>(smaller ? text_kind::compressed : text_kind::plain));
    encode_lengths(values, to);
    to.varint(smaller ? packed.size() : all.size());
    to.bytes(smaller ? packed : all);
}

constexpr std::size_t most_text = std::size_t{1} << 20U;

// Lays `lengths` texts over heap[at...] once it has its final size.
void cut(std::span<const std::int64_t> lengths, std::string_view from, std::span<std::string_view> to) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < to.size(); ++i) {
        const auto n = static_cast<std::size_t>(lengths[i]);
        if (n > from.size() - at)
            throw_damaged("text heap");
        to[i] = from.substr(at, n);
        at += n;
    }
}

void decode_plain(byte_reader& from, std::span<std::string_view> to, std::string& heap, bool compressed) {
    const auto lengths = decode_lengths(from, to.size(), most_text);
    const auto stored = from.bytes(from.varint());
    if (!compressed) {
        cut(lengths, stored, to);
        return;
    }
    std::size_t total = 0;
    for (const std::int64_t n : lengths)
        total += static_cast<std::size_t>(n);
    // Before any memory is asked for: damaged lengths add up to anything.
    if (ZSTD_getFrameContentSize(stored.data(), stored.size()) != total)
        throw_damaged("compressed texts");
    heap.resize(total);
    if (ZSTD_decompress(heap.data(), total, stored.data(), stored.size()) != total)
        throw_damaged("compressed texts");
    cut(lengths, heap, to);
}

void decode_digits(byte_reader& from, std::span<std::string_view> to, std::string& heap) {
    const auto lengths = decode_lengths(from, to.size(), most_digits);
    std::vector<std::int64_t> numbers(to.size());
    decode_column(from, numbers);
    std::size_t total = 0;
    for (const std::int64_t n : lengths)
        total += static_cast<std::size_t>(n);
    heap.resize(total);
    std::size_t at = 0;
    for (std::size_t i = 0; i < to.size(); ++i) {
        auto v = static_cast<std::uint64_t>(numbers[i]);
        const auto n = static_cast<std::size_t>(lengths[i]);
        for (std::size_t k = n; k-- > 0; v /= 10)
            heap[at + k] = static_cast<char>('0' + v % 10);
        at += n;
    }
    cut(lengths, heap, to);
}

void decode_nibbles(byte_reader& from, std::span<std::string_view> to, std::string& heap, std::size_t width,
                    bool uuid) {
    heap.resize(to.size() * width);
    char* out = heap.data();
    const std::size_t bytes = uuid ? 16 : (width + 1) / 2;
    for (std::size_t k = 0; k < to.size(); ++k) {
        const auto packed = from.bytes(bytes);
        std::size_t nibble = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (uuid && is_uuid_dash(i)) {
                out[i] = '-';
                continue;
            }
            const auto b = static_cast<unsigned char>(packed[nibble / 2]);
            out[i] = hex_digits[nibble % 2 == 0 ? b >> 4U : b & 15U];
            ++nibble;
        }
        to[k] = {out, width};
        out += width;
    }
}

} // namespace

namespace {

// A dictionary's entries are not kept in a dictionary of their own.
enum class nesting : std::uint8_t { column, dictionary };

void encode_texts_in(std::span<const std::string_view> values, byte_writer& to, nesting in) {
    if (values.empty())
        return;
    const auto first = values.front();
    // Most columns hold one value, mostly the empty one: no call of memcmp for that.
    const auto is_first = [&](std::string_view s) {
        return s.size() == first.size() && (s.empty() || std::memcmp(s.data(), first.data(), s.size()) == 0);
    };
    if (std::all_of(values.begin(), values.end(), is_first)) {
        to.byte(static_cast<std::uint8_t>(text_kind::constant));
        to.varint(first.size());
        to.bytes(first);
        return;
    }
    if (in == nesting::column && repeats(values)) {
        std::vector<std::string_view> entries;
        std::vector<std::int64_t> codes(values.size());
        if (build_dictionary(values, entries, codes)) {
            to.byte(static_cast<std::uint8_t>(text_kind::dictionary));
            to.varint(entries.size());
            encode_texts_in(entries, to, nesting::dictionary);
            encode_column(codes, to);
            return;
        }
    }
    if (!try_digits(values, to) && !try_uuid(values, to) && !try_hexadecimal(values, to))
        encode_plain(values, to);
}

void decode_texts_in(byte_reader& from, std::span<std::string_view> to, std::string& heap, nesting in) {
    if (to.empty())
        return;
    switch (static_cast<text_kind>(from.byte())) {
    case text_kind::constant: std::fill(to.begin(), to.end(), from.bytes(from.varint())); return;
    case text_kind::dictionary: {
        const std::uint64_t n = from.varint();
        if (n == 0 || n > to.size() || in == nesting::dictionary)
            throw_damaged("dictionary size");
        std::vector<std::string_view> entries(n);
        decode_texts_in(from, entries, heap, nesting::dictionary);
        std::vector<std::int64_t> codes(to.size());
        decode_column(from, codes);
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (codes[i] < 0 || static_cast<std::uint64_t>(codes[i]) >= n)
                throw_damaged("dictionary code");
            to[i] = entries[static_cast<std::size_t>(codes[i])];
        }
        return;
    }
    case text_kind::digits: decode_digits(from, to, heap); return;
    case text_kind::hexadecimal: {
        const std::uint64_t width = from.varint();
        if (width == 0 || width > most_hex)
            throw_damaged("hexadecimal width");
        decode_nibbles(from, to, heap, width, false);
        return;
    }
    case text_kind::uuid: decode_nibbles(from, to, heap, uuid_size, true); return;
    case text_kind::plain: decode_plain(from, to, heap, false); return;
    case text_kind::compressed: decode_plain(from, to, heap, true); return;
    }
    throw_damaged("text kind");
}

} // namespace

void encode_texts(std::span<const std::string_view> values, byte_writer& to) {
    encode_texts_in(values, to, nesting::column);
}

void decode_texts(byte_reader& from, std::span<std::string_view> to, std::string& heap) {
    decode_texts_in(from, to, heap, nesting::column);
}

} // namespace lineside::store
