#include "wire/json_reader.hpp"

// Accounts, calls and their numbers; other nouns have a file of their own.
namespace lineside::wire {

LINESIDE_JSON(std::string)
LINESIDE_JSON(acknowledged)
LINESIDE_JSON(account_id)
LINESIDE_JSON(account)
LINESIDE_JSON(account_query)
LINESIDE_JSON(account_update)
LINESIDE_JSON(std::vector<account>)
LINESIDE_JSON(page<account>)
LINESIDE_JSON(call)
LINESIDE_JSON(page<call>)
LINESIDE_JSON(call_batch)
LINESIDE_JSON(call_query)
LINESIDE_JSON(rejected_row)
LINESIDE_JSON(import_progress)
LINESIDE_JSON(import_report)
LINESIDE_JSON(series_query)
LINESIDE_JSON(series)
LINESIDE_JSON(summary_query)
LINESIDE_JSON(summary)
LINESIDE_JSON(statistics_query)
LINESIDE_JSON(selection_statistics)
LINESIDE_JSON(explain_query)
LINESIDE_JSON(explanation)
LINESIDE_JSON(export_report)

} // namespace lineside::wire
