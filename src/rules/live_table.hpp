#pragma once

#include <lineside/call.hpp>

#include "model/call_view.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace lineside::rules {

/// What tells calls apart. `source` is a small number of the caller's for the switch's name.
struct live_key {
    std::uint32_t source = 0;
    std::string_view call_id;
    std::string_view branch;
};

/// Where an event stands among the events of its call: by the source's own numbers where both have one, else by time.
struct event_order {
    static constexpr std::uint64_t unnumbered = ~std::uint64_t{0};

    std::uint64_t sequence = unnumbered;
    std::int64_t at = absent; ///< absent: before everything

    [[nodiscard]] bool after(const event_order& other) const noexcept {
        if (sequence != unnumbered && other.sequence != unnumbered)
            return sequence > other.sequence;
        return at > other.at;
    }
    bool operator==(const event_order&) const = default;
};

enum class live_stage : std::uint8_t {
    heard_of, ///< something was told, but not that it started: whose it is is not known
    live,
    ghost,   ///< over for all that is known, but nobody said so: too old, or missing where it should be listed
    ended,   ///< remembered, so that what comes late changes nothing
    refused, ///< likewise
};

/// A call and what is known of it.
struct live_record {
    // What the next event of a call looks at comes first: four lines of the cache at most.
    std::uint64_t hash = 0;
    std::uint32_t source = 0;
    std::uint16_t call_id_size = 0;
    std::uint16_t branch_size = 0;
    std::uint16_t cli_size = 0;
    std::uint16_t destination_size = 0;
    live_stage stage = live_stage::heard_of;
    call_direction direction = call_direction::unknown;
    std::uint32_t generation = 0; ///< odd while in use; grows with what the record is
    std::uint32_t account = 0;
    std::array<char, 60> short_text;
    std::uint32_t text_room = 0; ///< of long_text
    std::int64_t started = absent;
    std::int64_t answered = absent;
    std::int64_t over = absent;     ///< when its channel became free
    std::int64_t heard = 0;         ///< by the engine's clock: when it was first told of
    std::int64_t evidence = absent; ///< the latest instant at which it is known to have been in progress
    event_order start{};            ///< of the newest start
    event_order end{};              ///< of the newest end; at absent: none
    std::int64_t rate = absent;     ///< billionths a minute
    std::uint32_t currency = 0;     ///< of the rate: three letters in a number, 0: the account's
    std::uint32_t digits = 0;       ///< those beyond `digit_events`, and those only a snapshot told of
    std::vector<std::uint64_t> digit_events;
    std::unique_ptr<char[]> long_text;

    [[nodiscard]] bool has_end() const noexcept { return end.at != absent; }
    [[nodiscard]] const char* text() const noexcept { return text_room != 0 ? long_text.get() : short_text.data(); }
    [[nodiscard]] std::string_view call_id() const noexcept { return {text(), call_id_size}; }
    [[nodiscard]] std::string_view branch() const noexcept { return {text() + call_id_size, branch_size}; }
    [[nodiscard]] std::string_view cli() const noexcept { return {text() + call_id_size + branch_size, cli_size}; }
    [[nodiscard]] std::string_view destination() const noexcept {
        return {text() + call_id_size + branch_size + cli_size, destination_size};
    }
    [[nodiscard]] std::uint32_t digit_count() const noexcept {
        return digits + static_cast<std::uint32_t>(digit_events.size());
    }
    /// Each text is at most 65,535 bytes.
    void set_text(std::string_view call_id, std::string_view branch, std::string_view cli,
                  std::string_view destination);
};

/// Calls by their key: an open hash table of indices into records that never move and are used again, so that in the
/// long run nothing is allocated.
class live_table {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// `seed`: call ids are chosen by strangers, who must not be able to choose collisions.
    explicit live_table(std::uint64_t seed);

    [[nodiscard]] std::uint64_t hash(const live_key& key) const noexcept;
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, const live_key& key) const noexcept;
    /// The key is not in the table. All but the key is as a new record's.
    std::uint32_t insert(std::uint64_t hash, const live_key& key, std::string_view cli, std::string_view destination);
    void erase(std::uint32_t index) noexcept;

    [[nodiscard]] live_record& operator[](std::uint32_t i) noexcept { return chunks_[i / chunk][i % chunk]; }
    [[nodiscard]] const live_record& operator[](std::uint32_t i) const noexcept {
        return chunks_[i / chunk][i % chunk];
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Brings what `find` will look at, first the slot, then the record.
    void prefetch_slot(std::uint64_t hash) const noexcept { __builtin_prefetch(&slots_[place_of(hash)]); }
    void prefetch_record(std::uint64_t hash) const noexcept;
    void prefetch(std::uint32_t index) const noexcept {
        const char* r = reinterpret_cast<const char*>(&(*this)[index]);
        for (std::size_t line = 0; line < sizeof(live_record); line += 64)
            __builtin_prefetch(r + line, 1);
    }

    /// visit(index) for every call; may erase that one.
    template <class Visit>
    void each(Visit visit) {
        for (std::uint32_t i = 0; i < used_; ++i)
            if ((*this)[i].generation % 2 != 0)
                visit(i);
    }
    template <class Visit>
    void each(Visit visit) const {
        for (std::uint32_t i = 0; i < used_; ++i)
            if ((*this)[i].generation % 2 != 0)
                visit(i);
    }

private:
    static constexpr std::uint32_t chunk = 1'024;
    // The upper half of the hash beside the index: most records that are not the one are never looked at.
    struct slot {
        std::uint32_t tag = 0;
        std::uint32_t index = none;
    };

    [[nodiscard]] std::size_t place_of(std::uint64_t hash) const noexcept {
        return static_cast<std::size_t>(hash) & (slots_.size() - 1);
    }
    [[nodiscard]] static std::uint32_t tag_of(std::uint64_t hash) noexcept {
        return static_cast<std::uint32_t>(hash >> 32U);
    }
    void grow();

    std::uint64_t seed_;
    std::vector<slot> slots_;
    std::vector<std::unique_ptr<live_record[]>> chunks_;
    std::vector<std::uint32_t> spare_;
    std::uint32_t used_ = 0; // records that were ever in use
    std::size_t size_ = 0;
};

} // namespace lineside::rules
