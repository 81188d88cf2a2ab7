#pragma once

#include <lineside/error.hpp>
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

/// Why a block or an extension cannot be had, transferred or released. Values and names are stable. The `cause` in the
/// diagnostics of an error is one of these wherever a rule for numbers is behind it.
enum class number_refusal : std::uint8_t {
    malformed = 1,          ///< not 1 to 18 digits; a range: not two of one width, the lower one first
    out_of_range = 2,       ///< there are no such numbers of that width
    reserved = 3,           ///< reserved by the operator
    overlaps_block = 4,     ///< it touches a block
    resting = 5,            ///< released not long ago
    exhausted = 6,          ///< no free block of that size, or no free number, is left
    unknown_block = 7,      ///< the account has no such block
    holds_extension = 8,    ///< somebody else's live extension is inside the range
    in_use = 9,             ///< live extensions are inside the block
    taken = 10,             ///< the extension is another account's
    already_yours = 11,     ///< the extension is the account's already
    in_other_block = 12,    ///< the number is inside another account's block
    outside_blocks = 13,    ///< the account has blocks, and the number is in none of them
    wrong_width = 14,       ///< the account has blocks, all of another number of digits
    duplicate = 15,         ///< the same number stands further up in the list
    unknown_extension = 16, ///< the account has no such live extension
    no_block = 17,          ///< the next free number of an account without a block
    unknown_account = 18,
    unknown_contact = 19,
    request_reused = 20, ///< the request id was another request's
};

/// "holds_extension" ...
[[nodiscard]] LINESIDE_API std::string_view to_string(number_refusal r) noexcept;
/// "lineside.numbers"; messages are the names.
[[nodiscard]] LINESIDE_API const boost::system::error_category& number_category() noexcept;
[[nodiscard]] inline error_code make_error_code(number_refusal r) noexcept {
    return {static_cast<int>(r), number_category()};
}

/// The operator's rules for internal numbers.
struct numbering {
    std::string range_start = "1000"; ///< where the first block begins; its width is that of blocks added
    std::uint32_t block_size = 1'000;
    std::uint32_t rest_days = 30; ///< 0 to 3,650: before a released number can be used again; of releases from now on
    /// Never given out. What is reserved inside a block cannot become an extension; a new block is never laid over it.
    std::vector<number_range> reserved{};

    bool operator==(const numbering&) const = default;
};

struct numbering_query {};

struct number_block {
    account_id account{};
    std::string id{}; ///< its range: "1000-1999"
    number_range range{};
    instant created_at{};
    std::uint64_t extensions = 0; ///< live ones inside

    bool operator==(const number_block&) const = default;
};

/// The next available block.
struct block_addition {
    account_id account{};
    std::optional<std::uint32_t> size{}; ///< unset: the operator's block size
    std::string request_id{}; ///< host-chosen, up to 128 bytes; asking again within 24 h gives the same block
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
    std::string number{}; ///< empty: the lowest free one of the account's blocks
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
    contact_id to_contact{};                ///< of the account that will have it; empty: nobody's in particular
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
    std::optional<contact_id> contact{}; ///< of the asker's own extension; for the operator of anybody's
    std::optional<number_range> block{}; ///< likewise
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
    std::uint64_t numbers = 0; ///< this and what follows: of all blocks
    std::uint64_t used = 0;
    std::uint64_t resting = 0;
    std::uint64_t reserved = 0;
    std::uint64_t free = 0;
    std::uint64_t outside_blocks = 0; ///< live extensions that lie in no block

    bool operator==(const utilisation&) const = default;
};

/// An existing SIP user to be taken over.
struct extension_import_row {
    account_id account{};
    std::string number{};
    contact_id contact{};
};

struct extension_import {
    std::vector<extension_import_row> rows{}; ///< at most 100,000
};

struct extension_collision {
    std::uint64_t row = 0; ///< from 0
    account_id account{};
    std::string number{};
    number_refusal reason = number_refusal::taken;
    std::string text{}; ///< in words

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

template <>
struct boost::system::is_error_code_enum<lineside::number_refusal> : std::true_type {};
