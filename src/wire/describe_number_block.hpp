#pragma once

#include <lineside/number_block.hpp>

#include "wire/describe.hpp"

// Number blocks and extensions, described once: see describe.hpp.
namespace lineside {

BOOST_DESCRIBE_ENUM(number_refusal, malformed, out_of_range, reserved, overlaps_block, resting, exhausted,
                    unknown_block, holds_extension, in_use, taken, already_yours, in_other_block, outside_blocks,
                    wrong_width, duplicate, unknown_extension, no_block, unknown_account, unknown_contact,
                    request_reused)
BOOST_DESCRIBE_ENUM(number_state, free, yours, taken, outside_blocks, reserved, resting, malformed)
BOOST_DESCRIBE_ENUM(release_extensions, refuse, release)
BOOST_DESCRIBE_STRUCT(number_range, (), (first, last))
BOOST_DESCRIBE_STRUCT(numbering, (), (range_start, block_size, rest_days, reserved))
BOOST_DESCRIBE_STRUCT(numbering_query, (), ())
BOOST_DESCRIBE_STRUCT(number_block, (), (account, id, range, created_at, extensions))
BOOST_DESCRIBE_STRUCT(block_addition, (), (account, size, request_id))
BOOST_DESCRIBE_STRUCT(block_claim, (), (account, range, request_id))
BOOST_DESCRIBE_STRUCT(block_release, (), (account, block, extensions))
BOOST_DESCRIBE_STRUCT(block_transfer, (), (account, block, to))
BOOST_DESCRIBE_STRUCT(block_query, (), (account, cursor, limit))
BOOST_DESCRIBE_STRUCT(page<number_block>, (), (items, next))
BOOST_DESCRIBE_STRUCT(extension, (), (account, number, contact, created_at))
BOOST_DESCRIBE_STRUCT(extension_claim, (), (account, number, contact, request_id))
BOOST_DESCRIBE_STRUCT(extension_key, (), (account, number))
BOOST_DESCRIBE_STRUCT(extension_transfer, (), (account, number, to_contact, to_account))
BOOST_DESCRIBE_STRUCT(extension_query, (), (account, contact, cursor, limit))
BOOST_DESCRIBE_STRUCT(page<extension>, (), (items, next))
BOOST_DESCRIBE_STRUCT(number_owner_query, (), (account, number))
BOOST_DESCRIBE_STRUCT(number_owner, (), (number, state, text, owner, contact, block, free_from))
BOOST_DESCRIBE_STRUCT(utilisation_query, (), (account))
BOOST_DESCRIBE_STRUCT(block_utilisation, (), (range, numbers, used, resting, reserved, free))
BOOST_DESCRIBE_STRUCT(utilisation, (), (account, blocks, numbers, used, resting, reserved, free, outside_blocks))
BOOST_DESCRIBE_STRUCT(extension_import_row, (), (account, number, contact))
BOOST_DESCRIBE_STRUCT(extension_import, (), (rows))
BOOST_DESCRIBE_STRUCT(extension_collision, (), (row, account, number, reason, text))
BOOST_DESCRIBE_STRUCT(extension_import_report, (), (rows, imported, collisions))

} // namespace lineside
