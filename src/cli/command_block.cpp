#include "cli/output.hpp"
#include "cli/shown.hpp"
#include "cli/verbs.hpp"

#include <limits>
#include <utility>
#include <vector>

// Number blocks and the rules they follow.
namespace lineside::cli {

namespace {

constexpr option block_options[] = {
    {"--account", "ID", "whose block; every verb but settings needs it"},
    {"--size", "N", "add: numbers in the block; settings: numbers in a block unless said"},
    {"--with-extensions", "", "release: the live extensions inside as well"},
    {"--to", "ID", "transfer: the account that gets it"},
    {"--request-id", "TEXT", "add, claim: asking again within a day gives the same block"},
    {"--start", "N", "settings: where the first block begins"},
    {"--rest-days", "N", "settings: before a released number is used again"},
    {"--reserve", "RANGES", "settings: never given out, as 110-119,911; 'none' for none"},
    {"--json", "", "as JSON"},
};

account_id needed_account(const arguments& args, std::string_view option = "--account") {
    if (!args.has(option))
        throw usage_error("this needs " + std::string(option) + " ID");
    return account_id(text_of(args, option));
}

std::uint32_t count_of(const arguments& args, std::string_view option) {
    return static_cast<std::uint32_t>(number_of(args, option, 0, std::numeric_limits<std::uint32_t>::max()));
}

number_range range_from(std::string_view text) {
    const auto dash = text.find('-');
    return {std::string(text.substr(0, dash)),
            std::string(dash == std::string_view::npos ? text : text.substr(dash + 1))};
}

std::string shown_range(const number_range& r) { return r.first == r.last ? r.first : r.first + '-' + r.last; }

exit_status print_blocks(session& s, const std::vector<number_block>& blocks) {
    table t;
    t.add_column("block", alignment::left);
    t.add_column("account", alignment::left);
    t.add_column("extensions", alignment::right);
    t.add_column("since UTC", alignment::left);
    for (const auto& b : blocks)
        t.add_row({b.id, b.account.value(), std::to_string(b.extensions), shown_time(b.created_at, {})});
    if (form_of(s.args()) == output_form::json)
        print_json(blocks);
    else
        print(t);
    return exit_status::done;
}

exit_status print_block(session& s, const number_block& b) {
    if (form_of(s.args()) != output_form::json)
        return print_blocks(s, {b});
    print_json(b);
    return exit_status::done;
}

exit_status run_list(session& s, std::span<const std::string> /*operands*/) {
    std::vector<number_block> all;
    block_query query{.account = needed_account(s.args()), .cursor = {}, .limit = 1'000};
    do {
        auto page = s.open().async_list_blocks(query, s.options(), block);
        all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return print_blocks(s, all);
}

exit_status run_add(session& s, std::span<const std::string> /*operands*/) {
    block_addition request;
    request.account = needed_account(s.args());
    if (s.args().has("--size"))
        request.size = count_of(s.args(), "--size");
    request.request_id = text_of(s.args(), "--request-id");
    return print_block(s, s.open().async_add_block(request, s.options(), block));
}

exit_status run_claim(session& s, std::span<const std::string> operands) {
    const block_claim request{needed_account(s.args()), range_from(operands[0]), text_of(s.args(), "--request-id")};
    return print_block(s, s.open().async_claim_block(request, s.options(), block));
}

exit_status run_release(session& s, std::span<const std::string> operands) {
    const block_release request{needed_account(s.args()), operands[0],
                                s.args().has("--with-extensions") ? release_extensions::release
                                                                  : release_extensions::refuse};
    (void)s.open().async_release_block(request, s.options(), block);
    return exit_status::done;
}

exit_status run_transfer(session& s, std::span<const std::string> operands) {
    const block_transfer request{needed_account(s.args()), operands[0], needed_account(s.args(), "--to")};
    return print_block(s, s.open().async_transfer_block(request, s.options(), block));
}

exit_status run_usage(session& s, std::span<const std::string> /*operands*/) {
    const auto u = s.open().async_get_utilisation({needed_account(s.args())}, s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(u);
        return exit_status::done;
    }
    table t;
    t.add_column("block", alignment::left);
    for (const auto heading : {"numbers", "used", "resting", "reserved", "free"})
        t.add_column(heading, alignment::right);
    const auto row = [&](std::string name, const auto& x) {
        t.add_row({std::move(name), std::to_string(x.numbers), std::to_string(x.used), std::to_string(x.resting),
                   std::to_string(x.reserved), std::to_string(x.free)});
    };
    for (const auto& b : u.blocks)
        row(shown_range(b.range), b);
    row("all", u);
    t.add_row({"outside", "-", std::to_string(u.outside_blocks), "-", "-", "-"});
    print(t);
    return exit_status::done;
}

std::vector<number_range> ranges_from(std::string_view text) {
    std::vector<number_range> all;
    while (!text.empty() && text != "none") {
        const auto comma = text.find(',');
        all.push_back(range_from(text.substr(0, comma)));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return all;
}

exit_status run_settings(session& s, std::span<const std::string> /*operands*/) {
    const auto& args = s.args();
    auto& p = s.open(database_file::may_be_created);
    auto n = p.async_get_numbering({}, s.options(), block);
    const auto before = n;
    if (args.has("--start"))
        n.range_start = text_of(args, "--start");
    if (args.has("--size"))
        n.block_size = count_of(args, "--size");
    if (args.has("--rest-days"))
        n.rest_days = count_of(args, "--rest-days");
    if (const auto ranges = args.find("--reserve"))
        n.reserved = ranges_from(*ranges);
    if (n != before)
        n = p.async_set_numbering(n, s.options(), block);
    if (form_of(args) == output_form::json) {
        print_json(n);
        return exit_status::done;
    }
    std::string reserved;
    for (const auto& r : n.reserved)
        reserved += (reserved.empty() ? "" : ",") + shown_range(r);
    table t;
    for (const auto heading : {"start", "block size", "rest days", "reserved"})
        t.add_column(heading, alignment::left);
    t.add_row({n.range_start, std::to_string(n.block_size), std::to_string(n.rest_days),
               reserved.empty() ? "none" : reserved});
    print(t);
    return exit_status::done;
}

constexpr verb verbs[] = {
    {"list", 0, 0, run_list},         {"add", 0, 0, run_add},           {"claim", 1, 1, run_claim},
    {"release", 1, 1, run_release},   {"transfer", 1, 1, run_transfer}, {"usage", 0, 0, run_usage},
    {"settings", 0, 0, run_settings},
};

} // namespace

command block_command() {
    return {{"block", "list|add|claim|release|transfer|usage|settings [RANGE]",
             "Number blocks of an account: 'add' assigns the next available one, 'claim' the RANGE 1000-1999.",
             block_options, "lineside block add --account acct-0001"},
            [](session& s) { return run_verb(s, verbs); }};
}

} // namespace lineside::cli
