#include "store/identity.hpp"

#include "store/codec.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>

namespace lineside::store {

namespace {

constexpr std::size_t first_layer_calls = std::size_t{1} << 20U;
constexpr std::size_t layer_growth = 4;
constexpr std::size_t bits_a_call = 24;
constexpr std::size_t bits_a_block = 512;
constexpr unsigned probes = 10;

// The index of a block: multiply-shift over the upper half of the hash.
template <class Blocks>
std::size_t block_index(const Blocks& blocks, std::uint64_t hash) {
    return static_cast<std::size_t>(((hash >> 32U) * blocks.size()) >> 32U);
}

// Bit positions within a block: nine bits each out of the mixed hash. Stops where visit(word, bit) says false; whether it
// never did.
template <class Visit>
bool each_probe(std::uint64_t hash, Visit visit) {
    std::uint64_t mixed = print_of(hash) * 0x9e3779b97f4a7c15ULL; // what a stored entry still knows of the hash
    for (unsigned i = 0; i < probes; ++i) {
        const auto bit = static_cast<unsigned>(mixed >> 55U);
        if (!visit(bit >> 6U, std::uint64_t{1} << (bit & 63U)))
            return false;
        mixed = mixed * 0xbf58476d1ce4e5b9ULL + 0x94d049bb133111ebULL;
    }
    return true;
}

} // namespace

std::uint64_t hash_text(std::string_view text) noexcept { return XXH3_64bits(text.data(), text.size()); }

std::uint64_t hash_identity(std::uint32_t source, std::string_view call_id, std::string_view branch) noexcept {
    const std::uint64_t id = XXH3_64bits_withSeed(call_id.data(), call_id.size(), source);
    return branch.empty() ? id : XXH3_64bits_withSeed(branch.data(), branch.size(), id);
}

void sort_by_hash(std::vector<identity_entry>& entries) {
    constexpr unsigned digit_bits = 10;
    constexpr std::size_t digits = std::size_t{1} << digit_bits;
    if (entries.size() < 4 * digits) {
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
        return;
    }
    // By the stored 40 bits in four passes of ten, then the few that have those in common.
    std::vector<identity_entry> other(entries.size());
    for (unsigned shift = 24; shift < 64; shift += digit_bits) {
        std::array<std::uint32_t, digits> offsets{};
        for (const auto& e : entries)
            ++offsets[e.hash >> shift & (digits - 1)];
        std::uint32_t sum = 0;
        for (auto& o : offsets)
            sum += std::exchange(o, sum);
        for (const auto& e : entries)
            other[offsets[e.hash >> shift & (digits - 1)]++] = e;
        entries.swap(other);
    }
    for (auto first = entries.begin(); first != entries.end();) {
        const auto last = std::find_if(first + 1, entries.end(), [print = print_of(first->hash)](const auto& e) {
            return print_of(e.hash) != print;
        });
        if (last - first > 1)
            std::sort(first, last, [](const auto& a, const auto& b) { return a.hash < b.hash; });
        first = last;
    }
}

void encode_identities(std::span<const identity_entry> entries, std::string& to) {
    byte_writer out(to);
    out.varint(entries.size());
    std::vector<std::int64_t> column(entries.size());
    const auto put = [&](auto get) { std::transform(entries.begin(), entries.end(), column.begin(), get); };
    put([](const identity_entry& e) { return static_cast<std::int64_t>(print_of(e.hash)); });
    encode_ascending(column, out);
    put([](const identity_entry& e) { return static_cast<std::int64_t>(e.account); });
    encode_column(column, out);
    put([](const identity_entry& e) { return static_cast<std::int64_t>(e.day); });
    encode_column(column, out);
}

void decode_identities(std::string_view bytes, std::vector<identity_entry>& to) {
    byte_reader from(bytes);
    const std::uint64_t n = from.varint();
    if (n > bytes.size() * 128)
        throw_damaged("identity part");
    const std::size_t at = to.size();
    to.resize(at + n);
    const auto added = std::span(to).subspan(at);
    std::vector<std::int64_t> column(n);
    decode_ascending(from, column);
    for (std::size_t i = 0; i < n; ++i)
        added[i].hash = static_cast<std::uint64_t>(column[i]) << 24U;
    decode_column(from, column);
    for (std::size_t i = 0; i < n; ++i)
        added[i].account = static_cast<std::uint32_t>(column[i]);
    decode_column(from, column);
    for (std::size_t i = 0; i < n; ++i)
        added[i].day = static_cast<day_number>(column[i]);
}

bool identity_filter::may_contain(std::uint64_t hash) const noexcept {
    for (const auto& l : layers_) {
        const auto& words = l.blocks[block_index(l.blocks, hash)].words;
        if (each_probe(hash, [&](unsigned word, std::uint64_t bit) { return (words[word] & bit) != 0; }))
            return true;
    }
    return false;
}

void identity_filter::prefetch(std::uint64_t hash) const noexcept {
    for (const auto& l : layers_)
        __builtin_prefetch(&l.blocks[block_index(l.blocks, hash)]);
}

void identity_filter::insert(std::uint64_t hash) {
    if (layers_.empty() || layers_.back().left == 0)
        reserve(layers_.empty() ? first_layer_calls
                                : layers_.back().blocks.size() * bits_a_block / bits_a_call * layer_growth);
    auto& l = layers_.back();
    --l.left;
    auto& words = l.blocks[block_index(l.blocks, hash)].words;
    each_probe(hash, [&](unsigned word, std::uint64_t bit) {
        words[word] |= bit;
        return true;
    });
}

void identity_filter::reserve(std::size_t calls) {
    calls = std::max(calls, first_layer_calls);
    layers_.push_back({std::vector<block>(calls * bits_a_call / bits_a_block), calls});
}

void identity_filter::clear() { layers_.clear(); }

std::size_t identity_filter::size_bytes() const noexcept {
    std::size_t n = 0;
    for (const auto& l : layers_)
        n += l.blocks.size() * sizeof(block);
    return n;
}

} // namespace lineside::store
