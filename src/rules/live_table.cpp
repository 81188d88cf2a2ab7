#include "rules/live_table.hpp"

#include <cstring>

namespace lineside::rules {

namespace {

__extension__ using wide = unsigned __int128;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
    const wide product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Odd numbers without a pattern: fractional digits of square roots.
constexpr std::uint64_t root_2 = 0x6a09e667f3bcc909;
constexpr std::uint64_t root_3 = 0xbb67ae8584caa73b;
constexpr std::uint64_t root_5 = 0x3c6ef372fe94f82b;

std::uint64_t load(const char* from, std::size_t bytes) noexcept {
    std::uint64_t word = 0;
    if (bytes != 0)
        std::memcpy(&word, from, bytes);
    return word;
}

std::uint64_t hash_text(std::uint64_t h, std::string_view text) noexcept {
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 16; at += 16, left -= 16)
        h = fold(h ^ load(at, 8) ^ root_3, load(at + 8, 8) ^ root_5 ^ (h >> 32U));
    if (left >= 8) // two words that may overlap
        return fold(h ^ load(at, 8) ^ root_3, load(at + left - 8, 8) ^ root_5 ^ text.size());
    return fold(h ^ load(at, left) ^ root_3, root_5 ^ text.size());
}

char* make_room(live_record& r, std::size_t bytes) {
    if (bytes <= r.short_text.size() && r.text_room == 0)
        return r.short_text.data();
    if (bytes > r.text_room) {
        r.long_text = std::make_unique<char[]>(bytes);
        r.text_room = static_cast<std::uint32_t>(bytes);
    }
    return r.long_text.get();
}

} // namespace

void live_record::set_text(std::string_view call_id, std::string_view branch, std::string_view cli,
                           std::string_view destination) {
    char* to = make_room(*this, call_id.size() + branch.size() + cli.size() + destination.size());
    for (const auto text : {call_id, branch, cli, destination}) {
        if (!text.empty())
            std::memcpy(to, text.data(), text.size());
        to += text.size();
    }
    call_id_size = static_cast<std::uint16_t>(call_id.size());
    branch_size = static_cast<std::uint16_t>(branch.size());
    cli_size = static_cast<std::uint16_t>(cli.size());
    destination_size = static_cast<std::uint16_t>(destination.size());
}

live_table::live_table(std::uint64_t seed) : seed_(seed), slots_(1'024) {}

std::uint64_t live_table::hash(const live_key& key) const noexcept {
    std::uint64_t h = fold(seed_ ^ root_2, key.source + root_3);
    h = hash_text(h, key.call_id);
    if (!key.branch.empty())
        h = hash_text(h, key.branch);
    return h;
}

std::uint32_t live_table::find(std::uint64_t hash, const live_key& key) const noexcept {
    for (std::size_t place = place_of(hash);; place = (place + 1) & (slots_.size() - 1)) {
        const slot s = slots_[place];
        if (s.index == none)
            return none;
        if (s.tag != tag_of(hash))
            continue;
        const auto& r = (*this)[s.index];
        if (r.hash == hash && r.source == key.source && r.call_id() == key.call_id && r.branch() == key.branch)
            return s.index;
    }
}

void live_table::prefetch_record(std::uint64_t hash) const noexcept {
    if (const slot s = slots_[place_of(hash)]; s.index != none)
        prefetch(s.index);
}

std::uint32_t live_table::insert(std::uint64_t hash, const live_key& key, std::string_view cli,
                                 std::string_view destination) {
    if ((size_ + 1) * 2 > slots_.size())
        grow();
    if (spare_.empty() && used_ % chunk == 0) {
        spare_.reserve((chunks_.size() + 1) * chunk); // so that erase never allocates
        chunks_.push_back(std::make_unique<live_record[]>(chunk));
    }
    const std::uint32_t index = spare_.empty() ? used_ : spare_.back();
    auto& r = (*this)[index];
    r.set_text(key.call_id, key.branch, cli, destination);
    if (spare_.empty())
        ++used_;
    else
        spare_.pop_back();
    r.hash = hash;
    r.source = key.source;
    ++r.generation; // odd: in use
    std::size_t place = place_of(hash);
    while (slots_[place].index != none)
        place = (place + 1) & (slots_.size() - 1);
    slots_[place] = {tag_of(hash), index};
    ++size_;
    return index;
}

void live_table::erase(std::uint32_t index) noexcept {
    auto& r = (*this)[index];
    std::size_t hole = place_of(r.hash);
    while (slots_[hole].index != index)
        hole = (hole + 1) & (slots_.size() - 1);
    // What was pushed on by this slot moves back, so that no search ends too early.
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t next = (hole + 1) & mask; slots_[next].index != none; next = (next + 1) & mask) {
        const std::size_t home = place_of((*this)[slots_[next].index].hash);
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            slots_[hole] = slots_[next];
            hole = next;
        }
    }
    slots_[hole] = {};
    --size_;

    r.stage = live_stage::heard_of;
    r.direction = call_direction::unknown;
    r.account = r.currency = r.digits = 0;
    r.started = r.answered = r.over = r.evidence = r.rate = absent;
    r.heard = 0;
    r.start = r.end = {};
    r.digit_events.clear();
    ++r.generation; // even: spare
    spare_.push_back(index);
}

void live_table::grow() {
    std::vector<slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const slot s : old) {
        if (s.index == none)
            continue;
        std::size_t place = place_of((*this)[s.index].hash);
        while (slots_[place].index != none)
            place = (place + 1) & (slots_.size() - 1);
        slots_[place] = s;
    }
}

} // namespace lineside::rules
