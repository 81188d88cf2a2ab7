#pragma once

#include <lineside/alert.hpp>
#include <lineside/permission.hpp>
#include <lineside/webhook.hpp>

#include "rules/alerting.hpp"
#include "rules/checklist.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Alerts and what is on its way, as the database keeps them.
namespace lineside {

struct alert_rule_record {
    static constexpr std::string_view kind = "alert_rule";

    std::string id{}; ///< "ar-..."
    alert_rule rule{};
    std::uint64_t revision = 1;
    std::optional<instant> tested_at{}; ///< when a test was sent last
};

/// What a rule remembers, under the rule's id. Written when it changes, which is seldom.
struct alert_state_record {
    static constexpr std::string_view kind = "alert_state";

    std::string id{};
    rules::alert_state state{};
};

struct webhook_record {
    static constexpr std::string_view kind = "webhook";

    std::string id{}; ///< "wh-..."
    std::string url{};
    std::vector<std::string> events{};
    std::string signing_secret{}; ///< sealed
    bool enabled = true;
    bool sees_balance = false; ///< what whoever made it may see
    bool sees_spend = false;
    instant created_at{};
};

/// The outbox: written in the transaction of what it tells, and kept for a while afterwards.
struct delivery_record {
    static constexpr std::string_view kind = "delivery";

    std::string id{}; ///< "msg-..."
    delivery_channel channel = delivery_channel::webhook;
    std::string webhook{};
    std::string to{};
    std::string event{};
    std::string subject{}; ///< of mails
    std::string body{};
    alert_area area = alert_area::asr; ///< what it speaks of
    delivery_status status = delivery_status::waiting;
    std::uint32_t attempts = 0;
    instant created_at{};
    std::optional<instant> next_attempt_at{}; ///< while waiting; the operator's `due_record` says the same
    std::string last_failure{};
    std::optional<instant> replayed_at{};
};

/// How many deliveries of an account are kept.
struct outbox_record {
    static constexpr std::string_view kind = "outbox";
    static constexpr std::string_view only = "1";

    std::string id{only};
    std::uint64_t deliveries = 0;
};

/// The operator's index of waiting deliveries: ids begin with the time they are due and so sort by it.
struct due_record {
    static constexpr std::string_view kind = "due_delivery";

    std::string id{};
    std::uint32_t account = 0; ///< key
    std::string delivery{};
};

/// The stream of an account's history. Entries are `alert_event`, whose number is the entry's.
inline constexpr std::string_view alert_stream = "alerts";
inline constexpr std::uint64_t most_alert_events = 100'000; ///< of an account; the oldest go

inline constexpr std::size_t most_alert_rules = 200;     ///< of an account
inline constexpr std::size_t most_webhooks = 20;         ///< of an account
inline constexpr std::uint64_t most_deliveries = 50'000; ///< of an account; the oldest go

[[nodiscard]] std::string event_body(const alert_event& e);
[[nodiscard]] alert_event event_from(std::string_view body);
/// "alert.fired" ...
[[nodiscard]] std::string event_name(alert_event_kind k);

/// As the portal shows them.
[[nodiscard]] alert_rule shown(const alert_rule_record& r, const account_id& account);
[[nodiscard]] webhook shown(const webhook_record& r, const account_id& account);
[[nodiscard]] delivery shown(const delivery_record& r, const account_id& account);

/// What shows an area's values beyond alerts; unset: nothing but them. Whoever lacks it sees no rule, event or delivery of
/// the area and makes none.
[[nodiscard]] std::optional<permission> needed_for(alert_area a) noexcept;
[[nodiscard]] bool may_see(const permission_set& may, alert_area a) noexcept;

/// Rules that fired and have not been reset since, as far as they may be seen.
[[nodiscard]] rules::alert_facts firing_alerts_of(store::snapshot& db, std::uint32_t account,
                                                  const permission_set& may);

} // namespace lineside
