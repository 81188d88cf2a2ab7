#pragma once

#include <lineside/contact.hpp>
#include <lineside/id.hpp>
#include <lineside/page.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// A range of numbers of one width, both ends included: "1000" to "1999". 0100 is not 100.
struct number_range {
    std::string first{};
    std::string last{};

    bool operator==(const number_range&) const = default;
};

/// The operator's rules for internal numbers.
struct numbering {
    std::string range_start = "1000"; ///< where the first block begins; its width is that of blocks added
    std::uint32_t block_size = 1'000;
    std::uint32_t rest_days = 30;         ///< before a released number can be used again
    std::vector<number_range> reserved{}; ///< never given out

    bool operator==(const numbering&) const = default;
};

struct numbering_query {};

struct number_block {
    account_id account{};
    std::string id{};
    number_range range{};
    instant created_at{};
    std::uint64_t extensions = 0; ///< live ones inside

    bool operator==(const number_block&) const = default;
};

/// The next available block.
struct block_addition {
    account_id account{};
    std::optional<std::uint32_t> size{}; ///< unset: the operator's block size
    std::string request_id{};            ///< host-chosen; asking again within 24 h gives the same block
};

struct block_claim {
    account_id account{};
    number_range range{};
    std::string request_id{};
};

enum class release_extensions : std::uint8_t { refuse, release };

[[nodiscard]] LINESIDE_API std::string_view to_string(release_extensions r) noexcept;

struct block_release {
    account_id account{};
    std::string block{};
    release_extensions extensions = release_extensions::refuse; ///< when there are live ones inside
};

/// With its extensions, whose contacts it leaves behind. The operator's.
struct block_transfer {
    account_id account{};
    std::string block{};
    account_id to{};
};

struct block_query {
    account_id account{};
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

struct extension {
    account_id account{};
    std::string number{};
    contact_id contact{}; ///< empty: nobody's in particular
    instant created_at{};

    bool operator==(const extension&) const = default;
};

struct extension_claim {
    account_id account{};
    std::string number{}; ///< empty: the next free one of the account's blocks
    contact_id contact{};
    std::string request_id{};
};

struct extension_key {
    account_id account{};
    std::string number{};
};

struct extension_transfer {
    account_id account{};
    std::string number{};
    contact_id to_contact{};
    std::optional<account_id> to_account{}; ///< the operator's
};

/// By number.
struct extension_query {
    account_id account{};
    std::optional<contact_id> contact{};
    std::string cursor{};
    /// 1 to 5,000.
    std::uint32_t limit = 100;
};

enum class number_state : std::uint8_t { free, yours, taken, outside_blocks, reserved, resting, malformed };

[[nodiscard]] LINESIDE_API std::string_view to_string(number_state s) noexcept;

struct number_owner_query {
    account_id account{}; ///< as whom to ask; the operator may leave it empty
    std::string number{};
};

struct number_owner {
    std::string number{};
    number_state state = number_state::free;
    std::string text{};                  ///< in words
    std::optional<account_id> owner{};   ///< for the operator alone
    std::optional<contact_id> contact{}; ///< where the asker may see it
    std::optional<number_range> block{}; ///< where the asker may see it
    std::optional<instant> free_from{};  ///< of a resting number

    bool operator==(const number_owner&) const = default;
};

struct utilisation_query {
    account_id account{};
};

struct block_utilisation {
    number_range range{};
    std::uint64_t numbers = 0;
    std::uint64_t used = 0;
    std::uint64_t resting = 0;
    std::uint64_t reserved = 0;
    std::uint64_t free = 0;

    bool operator==(const block_utilisation&) const = default;
};

struct utilisation {
    account_id account{};
    std::vector<block_utilisation> blocks{};
    std::uint64_t numbers = 0;
    std::uint64_t used = 0;
    std::uint64_t resting = 0;
    std::uint64_t free = 0;

    bool operator==(const utilisation&) const = default;
};

/// An existing SIP user to be taken over.
struct extension_import_row {
    account_id account{};
    std::string number{};
    contact_id contact{};
};

struct extension_import {
    std::vector<extension_import_row> rows{};
};

struct extension_collision {
    std::uint64_t row = 0; ///< from 0
    account_id account{};
    std::string number{};
    number_state state = number_state::taken;
    std::string text{};

    bool operator==(const extension_collision&) const = default;
};

/// All rows are imported, or, when there are collisions, none.
struct extension_import_report {
    std::uint64_t rows = 0;
    std::uint64_t imported = 0;
    std::vector<extension_collision> collisions{};

    bool operator==(const extension_import_report&) const = default;
};

} // namespace lineside
