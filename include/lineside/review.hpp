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
    std::optional<instant> at{}; ///< the week that ends here; unset: now
    std::string language{};      ///< BCP 47; empty: the asker's
};

struct sign_in_anomaly {
    instant at{};
    std::string who{};
    std::string code{}; ///< stable: "new_network", "new_program", "failed_burst", "failed_codes"
    std::string text{};

    bool operator==(const sign_in_anomaly&) const = default;
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
    std::string what{};
    std::string id{};
    instant at{};

    bool operator==(const expiring_thing&) const = default;
};

/// One week of one account, to be read in two minutes.
struct review {
    account_id account{};
    time_range week{};
    std::uint64_t sign_ins = 0;
    std::uint64_t failed_sign_ins = 0;
    std::vector<sign_in_anomaly> anomalies{};
    std::vector<access_entry> changes{}; ///< of permissions, people and keys; at most 100
    std::vector<alert_event> alerts{};   ///< at most 100
    std::vector<metric_move> movers{};
    std::vector<contact> unverified{};
    std::vector<expiring_thing> expiring{};
    std::string html{}; ///< the same as a page that needs nothing else

    bool operator==(const review&) const = default;
};

} // namespace lineside
