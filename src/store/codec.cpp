#include "store/codec.hpp"

#include <lineside/error.hpp>

#include "model/call_view.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace lineside::store {

namespace {

constexpr std::size_t block_size = 128;

// ---- bits -----------------------------------------------------------------------------------------------------------

// Values of `width` bits, least significant first, padded to whole bytes.
void pack(std::span<const std::uint64_t> values, unsigned width, std::string& to) {
    if (width == 0)
        return;
    const std::size_t bytes = (values.size() * width + 7) / 8;
    const std::size_t at = to.size();
    to.resize(at + bytes + 8); // room for whole words; cut back below
    char* out = to.data() + at;
    std::uint64_t word = 0;
    unsigned used = 0;
    for (const std::uint64_t v : values) {
        word |= v << used;
        used += width;
        if (used >= 64) {
            std::memcpy(out, &word, 8);
            out += 8;
            used -= 64;
            word = used == 0 ? 0 : v >> (width - used);
        }
    }
    std::memcpy(out, &word, 8);
    to.resize(at + bytes);
}

void unpack(std::string_view from, unsigned width, std::span<std::uint64_t> to) {
    if (width == 0) {
        std::fill(to.begin(), to.end(), 0);
        return;
    }
    const std::uint64_t mask = width == 64 ? ~0ULL : (1ULL << width) - 1;
    const char* const base = from.data();
    const std::size_t size = from.size();
    std::size_t bit = 0;
    for (std::size_t i = 0; i < to.size(); ++i, bit += width) {
        const std::size_t at = bit >> 3U;
        const unsigned shift = bit & 7U;
        std::uint64_t low = 0;
        if (at + 8 <= size) [[likely]] {
            std::memcpy(&low, base + at, 8);
        } else {
            std::memcpy(&low, base + at, size - at);
        }
        std::uint64_t v = low >> shift;
        if (shift + width > 64)
            v |= static_cast<std::uint64_t>(static_cast<unsigned char>(base[at + 8])) << (64 - shift);
        to[i] = v & mask;
    }
}

unsigned width_of(std::uint64_t v) { return static_cast<unsigned>(std::bit_width(v)); }

// A run of unknown length in blocks of their own width. The reader knows the length.
class block_packer {
public:
    explicit block_packer(byte_writer& to) : to_(to) {}

    void push(std::uint64_t v) { push_if(v, true); }
    // Without a branch on `there`: which values a source reports is as good as random.
    void push_if(std::uint64_t v, bool there) {
        block_[used_] = v;
        used_ += there ? 1 : 0;
        if (used_ == block_size)
            flush();
    }
    void flush() {
        if (used_ == 0)
            return;
        const std::span block(block_.data(), used_);
        std::uint64_t base = block.front();
        for (const std::uint64_t v : block)
            base = std::min(base, v);
        std::uint64_t bits = 0;
        for (auto& v : block) {
            v -= base;
            bits |= v;
        }
        const unsigned width = width_of(bits);
        to_.byte(static_cast<std::uint8_t>(width));
        to_.varint(base);
        pack(block, width, to_.buffer());
        used_ = 0;
    }

private:
    byte_writer& to_;
    std::array<std::uint64_t, block_size> block_{};
    std::size_t used_ = 0;
};

class block_unpacker {
public:
    block_unpacker(byte_reader& from, std::size_t values) : from_(from), left_(values) {}

    /// The next 128 values, or what is left: of the values asked for, none twice.
    [[nodiscard]] std::span<const std::uint64_t> next_block() {
        const std::size_t n = std::min(block_size, left_);
        if (n == 0)
            throw_damaged("column length");
        left_ -= n;
        const unsigned width = from_.byte();
        if (width > 64)
            throw_damaged("column width");
        const std::uint64_t base = from_.varint();
        const std::span block(block_.data(), n);
        unpack(from_.bytes((n * width + 7) / 8), width, block);
        for (auto& v : block)
            v += base;
        return block;
    }
    /// One by one; not to be mixed with blocks.
    [[nodiscard]] std::uint64_t next() {
        if (rest_.empty())
            rest_ = next_block();
        const std::uint64_t v = rest_.front();
        rest_ = rest_.subspan(1);
        return v;
    }

private:
    byte_reader& from_;
    std::size_t left_;
    std::array<std::uint64_t, block_size> block_;
    std::span<const std::uint64_t> rest_;
};

// ---- integer columns ------------------------------------------------------------------------------------------------

enum class column_kind : std::uint8_t { constant, dense, with_absent };

constexpr std::array<std::int64_t, 19> powers_of_ten = [] {
    std::array<std::int64_t, 19> p{};
    p[0] = 1;
    for (std::size_t i = 1; i < p.size(); ++i)
        p[i] = p[i - 1] * 10;
    return p;
}();

// The largest power of ten that divides every present value: amounts are rarely given to the last of nine decimals.
unsigned common_power(std::span<const std::int64_t> values) {
    unsigned power = 18;
    for (const std::int64_t v : values) {
        if (v == absent)
            continue;
        while (v % powers_of_ten[power] != 0)
            --power;
        if (power == 0)
            break;
    }
    return power;
}

// What the encoding of a column depends on, found in one pass.
struct column_facts {
    std::int64_t low = std::numeric_limits<std::int64_t>::max(); // of the present values
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    std::size_t missing = 0;

    explicit column_facts(std::span<const std::int64_t> values) {
        // `absent` is the lowest integer: it never is the highest, and leaves `low` alone once it is made the highest.
        for (const std::int64_t v : values) {
            const bool there = v != absent;
            missing += there ? 0 : 1;
            low = std::min(low, there ? v : std::numeric_limits<std::int64_t>::max());
            high = std::max(high, v);
        }
    }
};

} // namespace

void throw_damaged(std::string_view what) {
    throw error(errc::storage, "the database holds damaged bytes: " + std::string(what));
}

void byte_writer::varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7U)
        byte(static_cast<std::uint8_t>(v | 0x80U));
    byte(static_cast<std::uint8_t>(v));
}

void byte_writer::signed_varint(std::int64_t v) {
    varint((static_cast<std::uint64_t>(v) << 1U) ^ static_cast<std::uint64_t>(v >> 63U));
}

std::uint8_t byte_reader::byte() {
    if (from_.empty())
        throw_damaged("too short");
    const auto v = static_cast<std::uint8_t>(from_.front());
    from_.remove_prefix(1);
    return v;
}

std::uint64_t byte_reader::varint() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint8_t b = byte();
        v |= static_cast<std::uint64_t>(b & 0x7fU) << shift;
        if (b < 0x80)
            return v;
    }
    throw_damaged("number too long");
}

std::int64_t byte_reader::signed_varint() {
    const std::uint64_t v = varint();
    return static_cast<std::int64_t>((v >> 1U) ^ (0 - (v & 1U)));
}

std::string_view byte_reader::bytes(std::size_t n) {
    if (n > from_.size())
        throw_damaged("too short");
    const auto v = from_.substr(0, n);
    from_.remove_prefix(n);
    return v;
}

void encode_column(std::span<const std::int64_t> values, byte_writer& to) {
    if (values.empty())
        return;
    // Most columns hold one value: compared with itself one place on, at the speed of memory.
    if (std::memcmp(values.data(), values.data() + 1, (values.size() - 1) * sizeof(std::int64_t)) == 0) {
        to.byte(static_cast<std::uint8_t>(column_kind::constant));
        to.signed_varint(values.front());
        return;
    }
    const column_facts facts(values);
    constexpr std::int64_t worth_scaling = 100'000;
    const unsigned power = facts.high >= worth_scaling ? common_power(values) : 0;
    to.byte(static_cast<std::uint8_t>(facts.missing == 0 ? column_kind::dense : column_kind::with_absent));
    to.byte(static_cast<std::uint8_t>(power));
    if (facts.missing > 0) {
        std::string& bytes = to.buffer();
        const std::size_t at = bytes.size();
        bytes.resize(at + (values.size() + 7) / 8);
        for (std::size_t i = 0; i < values.size(); ++i)
            bytes[at + i / 8] = static_cast<char>(bytes[at + i / 8] | (values[i] != absent ? 1 : 0) << (i % 8));
    }
    to.signed_varint(facts.low);
    // Differences to the smallest value, in unsigned arithmetic: any 64-bit range fits.
    const auto base = static_cast<std::uint64_t>(facts.low);
    const auto divisor = static_cast<std::uint64_t>(powers_of_ten[power]);
    block_packer blocks(to);
    if (divisor == 1) {
        for (const std::int64_t v : values)
            blocks.push_if(static_cast<std::uint64_t>(v) - base, v != absent);
    } else {
        for (const std::int64_t v : values)
            blocks.push_if((static_cast<std::uint64_t>(v) - base) / divisor, v != absent);
    }
    blocks.flush();
}

void decode_column(byte_reader& from, std::span<std::int64_t> to) {
    if (to.empty())
        return;
    const auto kind = static_cast<column_kind>(from.byte());
    if (kind == column_kind::constant) {
        std::fill(to.begin(), to.end(), from.signed_varint());
        return;
    }
    if (kind != column_kind::dense && kind != column_kind::with_absent)
        throw_damaged("column kind");
    const unsigned power = from.byte();
    if (power >= powers_of_ten.size())
        throw_damaged("column scale");
    std::string_view present;
    std::size_t n = to.size();
    if (kind == column_kind::with_absent) {
        present = from.bytes((to.size() + 7) / 8);
        n = 0;
        for (const char c : present)
            n += static_cast<std::size_t>(std::popcount(static_cast<unsigned char>(c)));
        if (n > to.size())
            throw_damaged("column presence");
    }
    const auto base = static_cast<std::uint64_t>(from.signed_varint());
    const auto factor = static_cast<std::uint64_t>(powers_of_ten[power]);
    block_unpacker blocks(from, n);
    if (kind == column_kind::dense) {
        for (auto out = to.begin(); out != to.end();)
            for (const std::uint64_t v : blocks.next_block())
                *out++ = static_cast<std::int64_t>(base + v * factor);
        return;
    }
    for (std::size_t i = 0; i < to.size(); ++i) {
        const bool there = (static_cast<unsigned char>(present[i / 8]) >> (i % 8) & 1U) != 0;
        to[i] = there ? static_cast<std::int64_t>(base + blocks.next() * factor) : absent;
    }
}

void encode_ascending(std::span<const std::int64_t> values, byte_writer& to) {
    if (values.empty())
        return;
    to.signed_varint(values.front());
    block_packer blocks(to);
    for (std::size_t i = 1; i < values.size(); ++i)
        blocks.push(static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(values[i - 1]));
    blocks.flush();
}

void decode_ascending(byte_reader& from, std::span<std::int64_t> to) {
    if (to.empty())
        return;
    to[0] = from.signed_varint();
    block_unpacker blocks(from, to.size() - 1);
    auto last = static_cast<std::uint64_t>(to[0]);
    for (auto out = to.begin() + 1; out != to.end();)
        for (const std::uint64_t v : blocks.next_block())
            *out++ = static_cast<std::int64_t>(last += v);
}

} // namespace lineside::store
