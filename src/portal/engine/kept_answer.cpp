#include "portal/engine/kept_answer.hpp"

#include <lineside/call_refusal.hpp>
#include <lineside/error.hpp>

#include "portal/engine/records.hpp"
#include "rules/base64.hpp"
#include "rules/mac.hpp"
#include "rules/sealing.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace lineside {

namespace {

constexpr duration memory = std::chrono::hours(24);
constexpr std::size_t longest_key = 255;
constexpr std::size_t forgotten_a_call = 4; // so that each call clears away more than it leaves
constexpr std::size_t forgotten_a_turn = 1'000;

// Which of them end first: the operator's index, whose ids are a time, an account's key and the record's id.
constexpr std::string_view end_kind = "kept_answer_end";
constexpr std::size_t time_digits = 15;

std::string encoded(std::string_view bytes) {
    return rules::to_base64(bytes, rules::base64_alphabet::url, rules::padding::absent);
}
std::optional<std::string> decoded(std::string_view text) {
    return rules::parse_base64(text, rules::base64_alphabet::url, rules::padding::absent);
}

std::string time_text(instant t) {
    auto digits = std::to_string(std::max<std::int64_t>(t.time_since_epoch().count(), 0));
    digits.insert(0, time_digits - std::min(digits.size(), time_digits), '0');
    return digits;
}

std::string end_id(instant until, std::uint32_t account, std::string_view id) {
    return time_text(until) + '/' + std::to_string(account) + '/' + std::string(id);
}

std::vector<std::string> ended_by(store::snapshot& db, instant now, std::size_t most) {
    std::vector<std::string> ids;
    const auto next = time_text(now + duration(1));
    db.scan_records(0, end_kind, {{}, next}, store::scan_order::ascending, [&](const store::stored_record& r) {
        ids.emplace_back(r.id);
        return ids.size() < most;
    });
    return ids;
}

void forget_ended(store::transaction& tx, const std::vector<std::string>& ends, instant now) {
    for (const auto& end : ends) {
        const auto rest = std::string_view(end).substr(time_digits + 1);
        std::uint32_t account = 0;
        std::from_chars(rest.data(), rest.data() + rest.size(), account);
        const auto id = rest.substr(rest.find('/') + 1);
        // A later answer may have taken its place.
        if (const auto kept = find<kept_answer_record>(tx, account, id); kept && kept->until <= now)
            (void)erase<kept_answer_record>(tx, account, id);
        (void)tx.erase_record(0, end_kind, end);
    }
}

// Whose key it is. Nobody is many: there a key is of this request alone, and from this source, so that strangers neither
// meet nor learn by a key whether what they guess is right.
std::string owner_of(const principal& who, std::string_view operation, const secret& request) {
    switch (who.kind) {
    case principal::kind::contact: return rules::framed({"contact", who.account.value(), who.contact});
    case principal::kind::key: return rules::framed({"key", who.account.value(), who.key});
    case principal::kind::operators: return rules::framed({"operator", who.key});
    case principal::kind::nobody: break;
    }
    return rules::framed({"nobody", who.source_ip, operation, request.reveal()});
}

} // namespace

void check_idempotency_key(std::string_view key) {
    if (key.size() > longest_key || !std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
        throw error(errc::invalid_argument, "an idempotency key is 1 to 255 visible ASCII characters",
                    "idempotency_key");
}

// ---- one call

keyed_call::~keyed_call() {
    if (keeper_ == nullptr)
        return;
    const std::lock_guard turn(keeper_->mutex_);
    keeper_->running_.erase(places_.front().id);
}

std::optional<secret> keyed_call::answered_before(store::snapshot& db) const {
    for (const auto& at : places_) {
        const auto kept = find<kept_answer_record>(db, account_, at.id);
        if (!kept || kept->until <= at_)
            continue;
        if (!rules::same_bytes(kept->request, at.request))
            throw error(make_error_code(errc::invalid_argument),
                        diagnostics{"this idempotency key was used for another request",
                                    "idempotency_key",
                                    {},
                                    0,
                                    make_error_code(call_refusal::key_reused)});
        auto text = rules::open_sealed(at.sealing.reveal(), at.bound_to, decoded(kept->answer).value_or(std::string()));
        if (!text) // unreachable: the request's digest, which fits, is of the same key
            throw error(errc::storage, "an answer that was kept cannot be read");
        return secret(*std::move(text));
    }
    return std::nullopt;
}

void keyed_call::put(store::transaction& tx, const secret& answer) const {
    forget_ended(tx, ended_by(tx, at_, forgotten_a_call), at_);
    const auto& at = places_.front();
    const kept_answer_record r{at.id, at_ + memory, at.request,
                               encoded(rules::seal(at.sealing.reveal(), random_bytes(rules::sealing_nonce_size),
                                                   at.bound_to, answer.reveal()))};
    lineside::put(tx, account_, r);
    tx.put_record(0, end_kind, end_id(r.until, account_, r.id), {});
}

void keyed_call::forget(store::transaction& tx) const {
    if (keeper_ == nullptr)
        return;
    (void)erase<kept_answer_record>(tx, account_, places_.front().id);
    (void)tx.erase_record(0, end_kind, end_id(at_ + memory, account_, places_.front().id));
}

// ---- all of them

keyed_call answer_keeper::begin_call(const principal& who, std::string_view operation, std::string_view key,
                                     const secret& request, instant now) {
    const secret owner(owner_of(who, operation, request));
    keyed_call call;
    call.account_ = who.account_key;
    call.at_ = now;
    for (const auto& k : keys_) {
        const secret own(rules::mac_of(k.reveal(), {owner.reveal(), key}));
        keyed_call::place at;
        at.id = encoded(rules::mac_of(own.reveal(), {"id"}));
        at.request = encoded(rules::mac_of(own.reveal(), {"request", operation, request.reveal()}));
        at.bound_to = rules::framed({operation, at.id, at.request});
        at.sealing = secret(rules::mac_of(own.reveal(), {"sealing"}));
        call.places_.push_back(std::move(at));
    }
    {
        const std::lock_guard turn(mutex_);
        if (!running_.insert(call.places_.front().id).second)
            throw error(make_error_code(errc::conflict),
                        diagnostics{"the first call with this idempotency key is still running; try again when it ends",
                                    "idempotency_key",
                                    {},
                                    0,
                                    make_error_code(call_refusal::key_running)});
    }
    call.keeper_ = this; // from here on it is let go when it ends
    return call;
}

void answer_keeper::forget_old(store::store& db, instant now, const stopper& stop) {
    while (!ended_by(*db.read(), now, 1).empty()) {
        stop.check();
        const auto tx = db.write();
        forget_ended(*tx, ended_by(*tx, now, forgotten_a_turn), now);
        tx->commit();
    }
}

} // namespace lineside
