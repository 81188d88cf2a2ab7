#include "wire/describe_number_block.hpp"
#include "wire/json_reader.hpp"

namespace lineside::wire {

LINESIDE_JSON(numbering)
LINESIDE_JSON(numbering_query)
LINESIDE_JSON(number_block)
LINESIDE_JSON(std::vector<number_block>)
LINESIDE_JSON(block_addition)
LINESIDE_JSON(block_claim)
LINESIDE_JSON(block_release)
LINESIDE_JSON(block_transfer)
LINESIDE_JSON(block_query)
LINESIDE_JSON(page<number_block>)
LINESIDE_JSON(extension)
LINESIDE_JSON(std::vector<extension>)
LINESIDE_JSON(extension_claim)
LINESIDE_JSON(extension_key)
LINESIDE_JSON(extension_transfer)
LINESIDE_JSON(extension_query)
LINESIDE_JSON(page<extension>)
LINESIDE_JSON(number_owner_query)
LINESIDE_JSON(number_owner)
LINESIDE_JSON(utilisation_query)
LINESIDE_JSON(utilisation)
LINESIDE_JSON(extension_import)
LINESIDE_JSON(extension_import_report)

} // namespace lineside::wire
