#include "portal/engine/desk.hpp"

#include <charconv>
#include <utility>

// What happened to an account, and whether somebody changed what the log says of it.
namespace lineside {

namespace {

constexpr std::uint32_t most_entries_a_page = 5'000;

std::uint64_t read_cursor(const std::string& text) {
    std::uint64_t number = 0;
    if (text.empty())
        return number;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number == 0)
        throw error(errc::invalid_argument, "the cursor is not of this query", "cursor");
    return number;
}

} // namespace

page<access_entry> desk::list_access_log(access_log_query request) {
    if (request.limit < 1 || request.limit > most_entries_a_page)
        throw error(errc::invalid_argument, "limit is " + std::to_string(request.limit) + "; expected 1 to 5000",
                    "limit");
    if (request.range != time_range{} && request.range.empty())
        throw error(errc::invalid_argument, "the range is empty", "range");
    const auto before = read_cursor(request.cursor);
    const auto db = core_.db->read();
    const auto account = request.account.empty() ? 0 : account_named(*db, request.account).key;
    page<access_entry> answer;
    // What comes after entry 1 needs no look.
    if (before == 1)
        return answer;
    each_access_entry(*db, account, request.range, before, stop_, [&](access_entry e) {
        if (answer.items.size() == request.limit) {
            answer.next = std::to_string(answer.items.back().number);
            return false;
        }
        answer.items.push_back(std::move(e));
        return true;
    });
    return answer;
}

access_log_verdict desk::verify_access_log(access_log_check request) {
    const auto db = core_.db->read();
    const auto account = request.account.empty() ? 0 : account_named(*db, request.account).key;
    auto verdict = check_chain(*db, account, request.account, stop_);
    verdict.account = request.account;
    return verdict;
}

} // namespace lineside
