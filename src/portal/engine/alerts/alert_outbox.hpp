#pragma once

#include <lineside/alert.hpp>

#include "portal/engine/alerts/alert_records.hpp"
#include "portal/engine/engine_core.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Telling people what happened: written down in the transaction of what happened, carried out afterwards. A kill between
// the two loses nothing; in the middle of an attempt it makes it happen twice, with the same id.
namespace lineside {

/// Appends to the account's history; sets the event's number.
void append_event(store::transaction& tx, std::uint32_t account, alert_event& e);

/// What is to be told about an event to everybody who wants to know. Gives the id of the delivery that is for the host's
/// callback, where there is one.
std::optional<std::string> put_deliveries(store::transaction& tx, engine_core& core, const store::account_row& account,
                                          const alert_event& e, const std::vector<std::string>& recipients,
                                          instant now);

/// The mail about an event.
struct alert_mail {
    std::string subject{};
    std::string text{};
};
[[nodiscard]] alert_mail mail_about(const alert_event& e, const account& to);

/// Puts a waiting delivery into the index at its time, or takes it out.
void put_due(store::transaction& tx, std::uint32_t account, const delivery_record& d);
void erase_due(store::transaction& tx, std::uint32_t account, const delivery_record& d);

/// Gives up the waiting deliveries of a webhook.
void bury_deliveries(store::transaction& tx, std::uint32_t account, const std::string& webhook, const char* why);

/// Whether an account has deliveries that are too old to be kept.
[[nodiscard]] bool has_old_deliveries(store::snapshot& db, std::uint32_t account, instant now);
/// A few of the oldest that are too old, or too many.
void forget_old_deliveries(store::transaction& tx, std::uint32_t account, instant now);

/// Waiting deliveries whose time has come, also by a clock that was ahead; the oldest first.
[[nodiscard]] std::vector<due_record> due_deliveries(store::snapshot& db, instant now);
struct due_outlook {
    std::uint64_t waiting = 0;
    std::optional<instant> next{}; ///< when the first of them is due
};
[[nodiscard]] due_outlook outlook_of(store::snapshot& db);

enum class attempt_result : std::uint8_t {
    delivered,
    failed,
    not_ours, ///< it is not there, not waiting, or somebody else is at it
};

/// Attempts one delivery, outside of every transaction, and writes down what came of it. What the host's hooks throw is
/// a failure like any other. Errors: cancelled, timed_out (nothing is written down: it is tried again), storage.
attempt_result attempt_delivery(engine_core& core, std::uint32_t account, const std::string& id, const stopper& stop);

} // namespace lineside
