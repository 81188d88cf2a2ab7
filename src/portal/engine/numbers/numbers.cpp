#include "portal/engine/numbers/numbers.hpp"

#include "portal/engine/records.hpp"

#include <algorithm>

namespace lineside {

namespace {

constexpr std::size_t most_erased = 256; // documents that have ended, by one change

std::string with_width(std::uint8_t width, std::string text) {
    return (width < 10 ? "0" : "") + std::to_string(width) + ':' + std::move(text);
}

[[noreturn]] void contradiction(std::string_view key) {
    throw error(errc::storage, "the number blocks in the database contradict each other at " + std::string(key));
}

void restore_range(rules::number_plan& plan, std::string_view key, const rules::tenure& held) {
    const auto range = rules::parse_number_span(text_of_key(key));
    if (range.has_error() || plan.restore_range({*range, held}).has_error())
        contradiction(key);
}

template <class T>
std::optional<instant> end_of(store::snapshot& db, std::uint32_t account, const std::string& id) {
    const auto record = find<T>(db, account, id);
    return record ? std::optional(record->until) : std::nullopt;
}

} // namespace

std::string key_of(rules::number n) { return with_width(n.width, rules::to_string(n)); }

std::string key_of(const rules::number_span& range) { return with_width(range.width, rules::to_string(range)); }

std::string_view text_of_key(std::string_view key) noexcept { return key.substr(std::min<std::size_t>(3, key.size())); }

void number_registry::refresh(store::transaction& tx) {
    if (stale_)
        load(tx);
}

void number_registry::load(store::snapshot& db) {
    rules::number_plan plan;
    std::set<number_change::end> ends;
    // What is asked of a document beyond its id is parsed where it is asked: there may be very many.
    db.scan_all_records(block_record::kind, [&](const store::stored_record& r) {
        restore_range(plan, r.id, {rules::range_use::block, r.account, {}});
        return true;
    });
    db.scan_all_records(extension_record::kind, [&](const store::stored_record& r) {
        const auto n = rules::parse_number(text_of_key(r.id));
        if (!n || plan.restore_extension(r.account, *n).has_error())
            contradiction(r.id);
        return true;
    });
    std::vector<rules::number_holding> rests;
    each_of_all<number_rest_record>(db, [&](std::uint32_t account, const number_rest_record& r) {
        ends.emplace(r.until, account, number_rest_record::kind, r.id);
        const auto range = rules::parse_number_span(text_of_key(r.id));
        if (const auto n = rules::parse_number(text_of_key(r.id)))
            plan.restore_rest(*n, r.until);
        else if (range)
            rests.push_back({*range, {rules::range_use::resting, rules::nobody, r.until}});
        else
            contradiction(r.id);
        return true;
    });
    // What lies over newer blocks and rests is over itself and waits to be erased.
    std::sort(rests.begin(), rests.end(), [](const auto& a, const auto& b) { return a.held.until > b.held.until; });
    for (const auto& r : rests)
        (void)plan.restore_range(r);
    each_of_all<number_request_record>(db, [&](std::uint32_t account, const number_request_record& r) {
        ends.emplace(r.until, account, number_request_record::kind, r.id);
        return true;
    });
    numbering settings;
    if (auto kept = find<numbering_record>(db, 0, numbering_record::kind))
        settings = std::move(kept->rules);
    std::vector<rules::number_span> reserved;
    for (const auto& r : settings.reserved)
        if (const auto range = rules::parse_number_span(r.first, r.last))
            reserved.push_back(*range);
    if (plan.set_reserved(reserved).has_error())
        contradiction("the reserved ranges");

    ends_ = std::move(ends);
    const std::unique_lock alone(access_);
    plan_ = std::move(plan);
    settings_ = std::move(settings);
    stale_ = false;
}

std::vector<number_change::end> number_registry::erase_ended(store::transaction& tx, instant now) {
    std::vector<number_change::end> ended;
    for (auto e = ends_.begin(); e != ends_.end() && std::get<instant>(*e) <= now && ended.size() < most_erased; ++e) {
        const auto& [until, account, kind, id] = *e;
        // It may have been written anew since.
        const auto kept_until = kind == number_rest_record::kind ? end_of<number_rest_record>(tx, account, id)
                                                                 : end_of<number_request_record>(tx, account, id);
        if (kept_until && *kept_until <= now)
            tx.erase_record(account, kind, id);
        ended.push_back(*e);
    }
    return ended;
}

void number_registry::commit(store::transaction& tx) {
    try {
        tx.commit();
    } catch (...) {
        // Whether it took place only the database knows.
        stale_ = true;
        throw;
    }
}

// The change is durable, so nothing may be thrown any more; what cannot be done here is read from the documents.
void number_registry::finish(number_change& c, const std::vector<number_change::end>& ended) noexcept {
    const std::unique_lock alone(access_);
    try {
        for (const auto& e : ended)
            ends_.erase(e);
        ends_.insert(c.ends_.begin(), c.ends_.end());
        for (const auto& step : c.steps_)
            step(plan_);
        if (c.new_settings_)
            settings_ = *std::move(c.new_settings_);
    } catch (...) {
        stale_ = true;
    }
}

} // namespace lineside
