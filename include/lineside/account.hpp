#pragma once

#include <lineside/id.hpp>
#include <lineside/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace lineside {

/// A customer of the operator. Created by the operator, or on first sight of its id in call records.
struct account {
    account_id id{};
    /// Company name; the id where nobody gave one.
    std::string name{};
    /// ISO 4217, fixed once set: at creation, or by the first record that states one.
    std::string currency{};
    /// IANA zone of graphs and call lists; never moves Summary rows. "UTC" by default.
    std::string time_zone = "UTC";
    /// Configured channels; unset is "no limit configured", 0 is a real limit.
    std::optional<std::uint32_t> channel_limit{};
    /// Set by the engine.
    instant created_at{};

    bool operator==(const account&) const = default;
};

/// Which accounts to list, in the order of their ids.
struct account_query {
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

} // namespace lineside
