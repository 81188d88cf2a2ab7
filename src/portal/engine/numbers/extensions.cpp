#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/numbers/number_requests.hpp"

#include <algorithm>
#include <map>
#include <utility>

// Extensions: the numbers that people use.
namespace lineside {

namespace {

constexpr std::uint32_t most_extensions_a_page = 5'000;
constexpr std::size_t most_import_rows = 100'000;

rules::number number_from(const std::string& text) {
    const auto n = rules::parse_number(text);
    if (!n)
        throw error(make_error_code(errc::invalid_argument),
                    diagnostics{"'" + text.substr(0, 64) + "' is not a number of 1 to 18 digits",
                                "number",
                                {},
                                0,
                                make_error_code(number_refusal::malformed)});
    return *n;
}

bool has_contact(store::snapshot& db, std::uint32_t account, const contact_id& contact) {
    return contact.empty() || find_contact(db, account, contact.value()).has_value();
}

void check_contact(store::snapshot& db, std::uint32_t account, const contact_id& contact, const char* field) {
    if (!has_contact(db, account, contact))
        throw error(make_error_code(errc::not_found),
                    diagnostics{"there is no contact '" + contact.value() + "' in this account",
                                field,
                                {},
                                0,
                                make_error_code(number_refusal::unknown_contact)});
}

extension shown_extension(const account_id& account, const extension_record& e) {
    return {account, std::string(text_of_key(e.id)), contact_id(e.contact), e.created_at};
}

// ---- imports

struct known_account {
    std::uint32_t key = 0; // 0: there is none
    std::map<contact_id, bool> contacts{};
};

/// The rows of an import as the rules see them, and what is wrong with them beyond that.
class import_check {
public:
    import_check(store::snapshot& db, const extension_import& request) {
        if (request.rows.size() > most_import_rows)
            throw error(errc::invalid_argument, "an import has at most 100000 rows", "rows");
        report_.rows = request.rows.size();
        for (std::size_t i = 0; i < request.rows.size(); ++i)
            look_at(db, request, i);
    }

    [[nodiscard]] const std::vector<rules::plan_row>& rows() const noexcept { return rows_; }
    /// In the order of rows, with what the rules found among `rows()`.
    [[nodiscard]] extension_import_report report(store::snapshot& db, const principal& who,
                                                 const extension_import& request,
                                                 const std::vector<rules::plan_collision>& found) {
        for (const auto& c : found)
            add(request, row_numbers_[c.row], c.why.reason, explained(db, who, c.why));
        std::sort(report_.collisions.begin(), report_.collisions.end(),
                  [](const auto& a, const auto& b) { return a.row < b.row; });
        return std::move(report_);
    }

private:
    void look_at(store::snapshot& db, const extension_import& request, std::size_t i) {
        const auto& row = request.rows[i];
        auto [account, is_new] = accounts_.try_emplace(row.account);
        if (is_new)
            if (const auto found = db.find_account(row.account.value()))
                account->second.key = found->key;
        auto& a = account->second;
        if (a.key == 0) {
            add(request, i, number_refusal::unknown_account, "There is no account '" + row.account.value() + "'");
            return;
        }
        const auto [contact, new_contact] = a.contacts.try_emplace(row.contact);
        if (new_contact)
            contact->second = has_contact(db, a.key, row.contact);
        if (!contact->second) {
            add(request, i, number_refusal::unknown_contact,
                "There is no contact '" + row.contact.value() + "' in this account");
            return;
        }
        rows_.push_back({a.key, row.number});
        row_numbers_.push_back(i);
    }
    void add(const extension_import& request, std::size_t i, number_refusal why, std::string text) {
        report_.collisions.push_back({i, request.rows[i].account, request.rows[i].number, why, std::move(text)});
    }

    std::map<account_id, known_account> accounts_;
    std::vector<rules::plan_row> rows_;
    std::vector<std::size_t> row_numbers_; // of rows_ in the request
    extension_import_report report_;
};

// ---- whose a number is

number_state state_of(const rules::number_facts& f, std::uint32_t asker, bool asker_has_blocks) {
    if (f.user != rules::nobody)
        return f.user == asker ? number_state::yours : number_state::taken;
    if (f.reserved)
        return number_state::reserved;
    // An operator who asks for nobody in particular sees blocks as they are; a customer, somebody else's as taken.
    if (asker != rules::nobody && f.block_owner != asker) {
        if (f.block_owner != rules::nobody)
            return number_state::taken;
        if (asker_has_blocks)
            return number_state::outside_blocks;
    }
    return f.rests_until ? number_state::resting : number_state::free;
}

std::string words_for(const number_owner& n) {
    switch (n.state) {
    case number_state::free: return n.number + " is free";
    case number_state::yours: return n.number + " is one of your extensions";
    case number_state::taken: return n.number + " is not free";
    case number_state::outside_blocks: return n.number + " is outside your number blocks";
    case number_state::reserved: return n.number + " is reserved";
    case number_state::resting:
        return n.number + " was released and is free again from " + to_string(n.free_from.value_or(instant{}));
    case number_state::malformed: break;
    }
    return "This is not a number of 1 to 18 digits";
}

} // namespace

kept_answer<extension> desk::claim_extension(extension_claim request) {
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto account = account_named(c.tx(), request.account);
        const std::string asked = "claim_extension " + request.number + ' ' + request.contact.value();
        if (const auto given = answered_before(c, account.key, request.request_id, asked, now_)) {
            const auto n = number_from(*given);
            check(c.tx(), who_, c.plan().check_extension_of(account.key, n), "request_id");
            return keep(c.tx(), shown_extension(account.value.id,
                                                find<extension_record>(c.tx(), account.key, key_of(n)).value()));
        }
        check_contact(c.tx(), account.key, request.contact, "contact");
        rules::number n;
        if (request.number.empty()) {
            const auto next = c.search([&](rules::number_plan& p) { return p.next_extension(account.key, now_); });
            check(c.tx(), who_, next ? std::nullopt : std::optional(next.error()), "number");
            n = *next;
        } else {
            n = number_from(request.number);
            check(c.tx(), who_, c.plan().check_extension(account.key, n, now_), "number");
        }
        const extension_record e{key_of(n), request.contact.value(), now_};
        put(c.tx(), account.key, e);
        note(c.tx(), account.key,
             {.action = "claim_extension", .target = rules::to_string(n), .detail = request.contact.value()});
        remember_answer(c, account.key, request.request_id, asked, rules::to_string(n), now_);
        c.then([key = account.key, n, now = now_](rules::number_plan& p) { p.claim_extension(key, n, now).value(); });
        return keep(c.tx(), shown_extension(account.value.id, e));
    });
}

acknowledged desk::release_extension(extension_key request) {
    const auto n = number_from(request.number);
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto account = account_named(c.tx(), request.account);
        check(c.tx(), who_, c.plan().check_extension_of(account.key, n), "number");
        erase<extension_record>(c.tx(), account.key, key_of(n));
        put_rest(c, key_of(n), now_);
        note(c.tx(), account.key, {.action = "release_extension", .target = request.number});
        c.then([key = account.key, n, now = now_, rest = rest_of(c.settings())](rules::number_plan& p) {
            p.release_extension(key, n, now, rest).value();
        });
        return acknowledged{};
    });
}

kept_answer<extension> desk::transfer_extension(extension_transfer request) {
    const auto n = number_from(request.number);
    const bool leaves = request.to_account && *request.to_account != request.account;
    if (leaves && !who_.is_operator())
        throw error(errc::permission_denied, "extensions go to other accounts by the operator alone", "to_account");
    return core_.numbers->change(now_, [&](number_change& c) {
        const auto from = account_named(c.tx(), request.account);
        const auto to = leaves ? c.tx().find_account(request.to_account->value()) : std::optional(from);
        if (!to)
            throw error(errc::not_found, "there is no account '" + request.to_account->value() + "'", "to_account");
        check(c.tx(), who_, c.plan().check_extension_transfer(from.key, n, to->key), "number");
        check_contact(c.tx(), to->key, request.to_contact, "to_contact");
        auto e = find<extension_record>(c.tx(), from.key, key_of(n)).value();
        e.contact = request.to_contact.value();
        if (leaves)
            erase<extension_record>(c.tx(), from.key, e.id);
        put(c.tx(), to->key, e);
        note(c.tx(), from.key,
             {.action = "transfer_extension", .target = request.number, .detail = leaves ? "given away" : e.contact});
        if (leaves) {
            note(c.tx(), to->key, {.action = "transfer_extension", .target = request.number, .detail = "received"});
            c.then([a = from.key, n, b = to->key](rules::number_plan& p) { p.transfer_extension(a, n, b).value(); });
        }
        return keep(c.tx(), shown_extension(to->value.id, e));
    });
}

page<extension> desk::list_extensions(extension_query request) {
    if (request.limit < 1 || request.limit > most_extensions_a_page)
        throw error(errc::invalid_argument, "a page has 1 to 5000 extensions", "limit");
    const auto db = core_.db->read();
    const auto account = account_named(*db, request.account);
    page<extension> answer;
    std::string last;
    each<extension_record>(*db, account.key, {request.cursor, {}}, store::scan_order::ascending,
                           [&](const extension_record& e) {
                               if (request.contact && request.contact->value() != e.contact)
                                   return true;
                               if (answer.items.size() == request.limit) {
                                   answer.next = last;
                                   return false;
                               }
                               answer.items.push_back(shown_extension(account.value.id, e));
                               last = e.id;
                               return true;
                           });
    return answer;
}

number_owner desk::get_number_owner(number_owner_query request) {
    number_owner answer;
    answer.number = request.number;
    const auto n = rules::parse_number(request.number);
    std::uint32_t asker = rules::nobody;
    if (!request.account.empty() || !who_.is_operator())
        asker = account_named(request.account)->key;
    if (!n) {
        answer.state = number_state::malformed;
        answer.text = words_for(answer);
        return answer;
    }
    rules::number_facts facts;
    core_.numbers->read([&](const rules::number_plan& p, const numbering&) {
        facts = p.facts_of(*n, now_);
        answer.state = state_of(facts, asker, !p.blocks().blocks_of(asker).empty());
    });
    if (answer.state == number_state::resting)
        answer.free_from = facts.rests_until;
    answer.text = words_for(answer);
    const auto sees = [&](std::uint32_t owner) {
        return owner != rules::nobody && (who_.is_operator() || owner == asker);
    };
    const auto db = core_.db->read();
    if (const auto holder = facts.user != rules::nobody ? facts.user : facts.block_owner;
        holder != rules::nobody && who_.is_operator())
        answer.owner = db->account_by_key(holder).value.id;
    if (sees(facts.block_owner))
        answer.block = shown(*facts.block);
    if (sees(facts.user))
        if (const auto e = find<extension_record>(*db, facts.user, key_of(*n)); e && !e->contact.empty())
            answer.contact = contact_id(e->contact);
    return answer;
}

extension_import_report desk::check_extensions(extension_import request) {
    import_check rows(*core_.db->read(), request);
    const auto found = core_.numbers->read(
        [&](const rules::number_plan& p, const numbering&) { return p.check_import(rows.rows(), now_); });
    return rows.report(*core_.db->read(), who_, request, found);
}

kept_answer<extension_import_report> desk::import_extensions(extension_import request) {
    return core_.numbers->change(now_, [&](number_change& c) {
        import_check rows(c.tx(), request);
        auto report = rows.report(c.tx(), who_, request, c.plan().check_import(rows.rows(), now_));
        if (!report.collisions.empty())
            return keep(c.tx(), std::move(report));
        std::map<std::uint32_t, std::size_t> counts;
        // Rows without a collision are all of them, in order. Their numbers as values: the texts are the request's.
        std::vector<std::pair<std::uint32_t, rules::number>> taken;
        for (std::size_t i = 0; i < request.rows.size(); ++i) {
            const auto owner = rows.rows()[i].owner;
            const auto n = number_from(request.rows[i].number);
            put(c.tx(), owner, extension_record{key_of(n), request.rows[i].contact.value(), now_});
            taken.emplace_back(owner, n);
            ++counts[owner];
        }
        for (const auto& [account, count] : counts)
            note(c.tx(), account, {.action = "import_extensions", .detail = std::to_string(count) + " extensions"});
        c.then([taken = std::move(taken), now = now_](rules::number_plan& p) {
            for (const auto& [owner, n] : taken)
                p.claim_extension(owner, n, now).value();
        });
        report.imported = report.rows;
        return keep(c.tx(), std::move(report));
    });
}

} // namespace lineside
