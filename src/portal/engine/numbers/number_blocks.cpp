#include "portal/engine/desk.hpp"
#include "portal/engine/numbers/number_requests.hpp"

#include <utility>

// The operator's rules for numbers, and blocks.
namespace lineside {

namespace {

constexpr std::uint32_t most_blocks_a_page = 1'000;
constexpr std::uint32_t longest_rest = 3'650; // days
constexpr std::size_t most_reserved = 10'000;

rules::number_span range_of(const number_range& r, std::string_view field) {
    const auto range = rules::parse_number_span(r.first, r.last);
    if (range.has_error())
        throw error(errc::invalid_argument,
                    rules::explain(range.error()) + ": '" + r.first.substr(0, 32) + "' to '" + r.last.substr(0, 32) +
                        "'",
                    std::string(field));
    return *range;
}

// Of a block's id, as which there may be anything; what is no range is nobody's block.
rules::number_span block_named(const std::string& id) {
    const auto range = rules::parse_number_span(id);
    if (range.has_error())
        throw error(make_error_code(errc::not_found), diagnostics{"there is no block '" + id.substr(0, 64) + "'",
                                                                  "block",
                                                                  {},
                                                                  0,
                                                                  make_error_code(number_refusal::unknown_block)});
    return *range;
}

rules::block_grid grid_of(const numbering& n, std::uint64_t size) {
    return {rules::parse_number(n.range_start).value_or(rules::number{}), size};
}

number_block shown_block(const account_id& account, const rules::number_span& range, instant created,
                         std::uint64_t extensions) {
    return {account, rules::to_string(range), shown(range), created, extensions};
}

// The block that an earlier request with the same id was given, if it is still there.
number_block block_given(number_change& c, const principal& who, const store::account_row& account,
                         const std::string& id) {
    const auto range = block_named(id);
    const auto record = find<block_record>(c.tx(), account.key, key_of(range));
    check(c.tx(), who, record ? std::nullopt : c.plan().check_transfer(account.key, range), "request_id");
    return shown_block(account.value.id, range, record->created_at, c.plan().extensions_in(range));
}

number_block give_block(number_change& c, const store::account_row& account, const rules::number_span& range,
                        instant now) {
    put(c.tx(), account.key, block_record{key_of(range), now});
    c.then([key = account.key, range, now](rules::number_plan& p) { (void)p.claim_block(key, range, now).value(); });
    return shown_block(account.value.id, range, now, c.plan().extensions_in(range));
}

std::vector<rules::number> extensions_inside(const rules::number_plan& plan, const rules::number_span& block) {
    std::vector<rules::number> all;
    plan.each_extension(block, [&](rules::number n) {
        all.push_back(n);
        return false;
    });
    return all;
}

std::string with_extensions(const rules::number_span& block, std::size_t count) {
    return rules::to_string(block) + (count == 0 ? "" : " with " + std::to_string(count) + " extensions");
}

} // namespace

numbering desk::set_numbering(numbering request) {
    if (!rules::parse_number(request.range_start))
        throw error(errc::invalid_argument, "a range starts at a number of 1 to 18 digits", "range_start");
    if (request.rest_days > longest_rest)
        throw error(errc::invalid_argument, "numbers rest for at most 3650 days", "rest_days");
    if (request.reserved.size() > most_reserved)
        throw error(errc::invalid_argument, "at most 10000 ranges can be reserved", "reserved");
    if (const auto why = rules::number_blocks().next(grid_of(request, request.block_size), now_,
                                                     [](const auto&) { return std::optional<std::uint64_t>(); });
        why.has_error())
        throw error(errc::invalid_argument, "no block of this size fits from this start", "block_size");
    std::vector<rules::number_span> reserved;
    for (const auto& r : request.reserved)
        reserved.push_back(range_of(r, "reserved"));
    return core_.numbers->change(now_, [&](number_change& c) {
        check_unchanged([&] { return c.settings(); });
        check(c.tx(), who_, c.plan().check_reserved(reserved), "reserved");
        put(c.tx(), 0, numbering_record{.rules = request});
        note(c.tx(), 0,
             {.action = "set_numbering",
              .target = request.range_start,
              .detail = "blocks of " + std::to_string(request.block_size) + ", rest " +
                        std::to_string(request.rest_days) + " days, " + std::to_string(reserved.size()) + " reserved"});
        c.then_settings(request);
        c.then([reserved](rules::number_plan& p) { (void)p.set_reserved(reserved).value(); });
        return request;
    });
}

numbering desk::get_numbering(numbering_query /*request*/) {
    return core_.numbers->read([](const rules::number_plan&, const numbering& n) { return n; });
}

kept_answer<number_block> desk::add_block(block_addition request) {
    if (request.size == 0U)
        throw error(errc::invalid_argument, "a block has at least one number", "size");
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto account = account_named(c.tx(), request.account);
        const std::string asked = "add_block" + (request.size ? ' ' + std::to_string(*request.size) : "");
        if (const auto given = answered_before(c, account.key, request.request_id, asked, now_))
            return keep(c.tx(), block_given(c, who_, account, *given));
        const auto range = c.search([&](rules::number_plan& p) {
            return p.next_block(account.key, grid_of(c.settings(), request.size.value_or(c.settings().block_size)),
                                now_);
        });
        check(c.tx(), who_, range ? std::nullopt : std::optional(range.error()), "size");
        note(c.tx(), account.key, {.action = "add_block", .target = rules::to_string(*range)});
        remember_answer(c, account.key, request.request_id, asked, rules::to_string(*range), now_);
        return keep(c.tx(), give_block(c, account, *range, now_));
    });
}

kept_answer<number_block> desk::claim_block(block_claim request) {
    const auto range = range_of(request.range, "range");
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto account = account_named(c.tx(), request.account);
        const std::string asked = "claim_block " + rules::to_string(range);
        if (const auto given = answered_before(c, account.key, request.request_id, asked, now_))
            return keep(c.tx(), block_given(c, who_, account, *given));
        check(c.tx(), who_, c.plan().check_block(account.key, range, now_), "range");
        note(c.tx(), account.key, {.action = "claim_block", .target = rules::to_string(range)});
        remember_answer(c, account.key, request.request_id, asked, rules::to_string(range), now_);
        return keep(c.tx(), give_block(c, account, range, now_));
    });
}

acknowledged desk::release_block(block_release request) {
    const auto range = block_named(request.block);
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto account = account_named(c.tx(), request.account);
        check(c.tx(), who_, c.plan().check_release(account.key, range, request.extensions), "block");
        const auto inside = extensions_inside(c.plan(), range);
        for (const auto n : inside)
            erase<extension_record>(c.tx(), account.key, key_of(n));
        erase<block_record>(c.tx(), account.key, key_of(range));
        put_rest(c, key_of(range), now_);
        note(c.tx(), account.key, {.action = "release_block", .target = with_extensions(range, inside.size())});
        c.then([key = account.key, range, now = now_, rest = rest_of(c.settings())](rules::number_plan& p) {
            p.release_block(key, range, release_extensions::release, now, rest).value();
        });
        return acknowledged{};
    });
}

kept_answer<number_block> desk::transfer_block(block_transfer request) {
    const auto range = block_named(request.block);
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto from = account_named(c.tx(), request.account);
        const auto to = c.tx().find_account(request.to.value());
        if (!to)
            throw error(errc::not_found, "there is no account '" + request.to.value() + "'", "to");
        check(c.tx(), who_, c.plan().check_transfer(from.key, range), "block");
        const auto inside = extensions_inside(c.plan(), range);
        const auto record = find<block_record>(c.tx(), from.key, key_of(range)).value();
        if (from.key != to->key) {
            for (const auto n : inside) {
                auto e = find<extension_record>(c.tx(), from.key, key_of(n)).value();
                e.contact.clear();
                erase<extension_record>(c.tx(), from.key, e.id);
                put(c.tx(), to->key, e);
            }
            erase<block_record>(c.tx(), from.key, record.id);
            put(c.tx(), to->key, record);
            // Neither learns who the other is.
            note(c.tx(), from.key,
                 {.action = "transfer_block", .target = with_extensions(range, inside.size()), .detail = "given away"});
            note(c.tx(), to->key,
                 {.action = "transfer_block", .target = with_extensions(range, inside.size()), .detail = "received"});
            c.then(
                [a = from.key, b = to->key, range](rules::number_plan& p) { p.transfer_block(a, range, b).value(); });
        }
        return keep(c.tx(), shown_block(to->value.id, range, record.created_at, inside.size()));
    });
}

page<number_block> desk::list_blocks(block_query request) {
    if (request.limit < 1 || request.limit > most_blocks_a_page)
        throw error(errc::invalid_argument, "a page has 1 to 1000 blocks", "limit");
    page<number_block> answer;
    {
        const auto db = core_.db->read();
        const auto account = account_named(*db, request.account);
        std::string last;
        each<block_record>(
            *db, account.key, {request.cursor, {}}, store::scan_order::ascending, [&](const block_record& b) {
                if (answer.items.size() == request.limit) {
                    answer.next = last;
                    return false;
                }
                answer.items.push_back(
                    shown_block(account.value.id, block_named(std::string(text_of_key(b.id))), b.created_at, 0));
                last = b.id;
                return true;
            });
    }
    core_.numbers->read([&](const rules::number_plan& p, const numbering&) {
        for (auto& b : answer.items)
            b.extensions = p.extensions_in(block_named(b.id));
    });
    return answer;
}

utilisation desk::get_utilisation(utilisation_query request) {
    const auto key = account_named(request.account)->key;
    return core_.numbers->read([&](const rules::number_plan& p, const numbering&) {
        utilisation u;
        u.account = request.account;
        for (const auto& range : p.blocks().blocks_of(key)) {
            const auto b = p.usage_of(range, now_);
            u.blocks.push_back({shown(range), b.numbers, b.used, b.resting, b.reserved, b.free});
            u.numbers += b.numbers;
            u.used += b.used;
            u.resting += b.resting;
            u.reserved += b.reserved;
            u.free += b.free;
        }
        u.outside_blocks = p.extensions_of(key) - u.used;
        return u;
    });
}

} // namespace lineside
