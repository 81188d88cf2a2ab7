#pragma once

#include <lineside/access_log.hpp>
#include <lineside/alert.hpp>
#include <lineside/contact.hpp>
#include <lineside/id.hpp>
#include <lineside/series.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lineside {

struct review_query {
    account_id account{};
    std::optional<instant> at{}; ///< the seven days that end here; unset: now. Never in the future
    std::string language{};      ///< BCP 47; empty: the asker's, of the operator the account's
};

struct sign_in_anomaly {
    instant at{};
    std::string who{};    ///< as the access log names it: "contact c-1"; empty: several
    std::string code{};   ///< stable: "new_network", "new_program", "failed_burst", "failed_codes"
    std::string source{}; ///< the address, network or program; empty: not known
    std::string text{};   ///< in the review's language

    bool operator==(const sign_in_anomaly&) const = default;
};

/// 24 hours of calls, by their start; calls in progress are left out.
struct review_day {
    instant start{};
    std::uint64_t attempts = 0;
    std::uint64_t answered = 0;
    std::optional<double> asr{};   ///< %; unset: no attempts, or a source does not record failed ones
    std::optional<double> acd_s{}; ///< unset: none was answered

    bool operator==(const review_day&) const = default;
};

/// A metric that moved against the week before.
struct metric_move {
    lineside::metric metric = metric::asr;
    std::string destination{}; ///< leading digits; empty: all calls
    std::optional<double> before{};
    std::optional<double> now{};
    std::uint64_t calls = 0; ///< of this week

    bool operator==(const metric_move&) const = default;
};

struct expiring_thing {
    std::string what{}; ///< "api_key"; "api_key_secret": the one before the last rotation
    std::string id{};
    std::string name{};
    instant at{};

    bool operator==(const expiring_thing&) const = default;
};

/// One week of one account, to be read in two minutes. Each part is what the asker could look up elsewhere: it is unset
/// without the permission named beside it.
struct review {
    account_id account{};
    time_range week{};
    std::string zone{};     ///< the account's, of times in the page
    std::string language{}; ///< of texts and the page
    // view_access_log
    std::optional<std::uint64_t> sign_ins{};
    std::optional<std::uint64_t> failed_sign_ins{};
    std::optional<std::vector<sign_in_anomaly>> anomalies{}; ///< in order of time; at most 100
    /// Of permissions, people and keys, newest first; at most 100.
    std::optional<std::vector<access_entry>> changes{};
    std::optional<access_log_verdict> log{}; ///< whether the log of all time is what was written
    // view_graphs; destinations view_calls too
    std::optional<std::vector<review_day>> days{}; ///< 14: of the week before and of the week
    std::optional<std::vector<metric_move>> movers{};
    // view_alerts; and what shows the values of their area
    std::optional<std::vector<alert_event>> alerts{}; ///< newest first; at most 100
    // view_contacts
    std::optional<std::vector<contact>> unverified{}; ///< active ones; at most 100
    // manage_keys
    std::optional<std::vector<expiring_thing>>
        expiring{};     ///< within 30 days of the week's end, soonest first; at most 100
    std::string html{}; ///< the same as a page that needs nothing else

    bool operator==(const review&) const = default;
};

} // namespace lineside
