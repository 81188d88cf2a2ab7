#pragma once

#include <lineside/dispute.hpp>

#include "rules/call_matching.hpp"
#include "rules/call_set.hpp"
#include "rules/rollup.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lineside::rules {

/// Which documented rule explains a difference: one of length, one of money, or both. 0: none.
enum rounding_rule : std::uint8_t {
    by_increments = 1, ///< or up to full seconds
    within_length = 2,
    length_rules = 3,
    within_charge = 4,
    by_decimals = 8,
    by_length = 12, ///< the charge follows a length that a rule explains
    charge_rules = 12,
};

/// A call that differs.
struct difference {
    std::uint32_t ours = matching::none;   ///< index, or none
    std::uint32_t theirs = matching::none; ///< index, or none
    difference_class kind = difference_class::rounding;
    std::uint8_t rule = 0;     ///< of `rounding`
    std::uint8_t repeated = 0; ///< only on one side, where another call is the same in number, start and length
};

struct dispute_options {
    dispute_tolerance tolerance{};
    dispute_population population = dispute_population::automatic;
    time_range range{};     ///< empty: all
    std::string currency{}; ///< of all charges
};

/// Throws `lineside::error` (invalid_argument, naming the member) for a tolerance that is none.
void check_tolerance(const dispute_tolerance& t);

/// How two sets of calls differ. Pure: the same sets give the same answer. Keeps 12 bytes a call that differs.
class comparison {
public:
    /// The sets must outlive the comparison. `check` is called now and then and may throw.
    comparison(const call_set& ours, const call_set& theirs, dispute_options options,
               const std::function<void()>& check);

    /// All but the inputs, the account and the calls by name.
    [[nodiscard]] const dispute_report& report() const noexcept { return report_; }
    /// In the order of time, each once.
    [[nodiscard]] const std::vector<difference>& differences() const noexcept { return differences_; }
    [[nodiscard]] dispute_amount amount_of(const difference& d) const;
    /// "120 s against 61 s; 0.0240 against 0.0122".
    [[nodiscard]] std::string text_of(const difference& d) const;
    /// Calls out of range, or not answered where only answered ones count.
    [[nodiscard]] std::uint64_t ours_not_compared() const noexcept { return ours_not_compared_; }
    [[nodiscard]] std::uint64_t theirs_not_compared() const noexcept { return theirs_not_compared_; }

private:
    struct side_sums {
        std::uint64_t calls = 0;
        std::uint64_t answered = 0;
        std::int64_t talk = 0;
        std::int64_t billed = 0;
        nanos128 charge = 0;

        void add(const compared_call& c);
        void merge(const side_sums& other);
    };
    struct class_sums {
        difference_class kind = difference_class::rounding;
        std::uint8_t rule = 0;
        std::uint64_t count = 0;
        std::int64_t calls = 0;
        std::int64_t billed = 0;
        nanos128 charge = 0;

        void merge(const class_sums& other);
    };
    struct period_sums {
        side_sums ours;
        side_sums theirs;
        std::vector<class_sums> classes;

        void add(const class_sums& of_class);
        void merge(const period_sums& other);
    };
    using hours = std::map<std::int64_t, period_sums>; // by their start

    [[nodiscard]] hours find_differences(const std::function<void()>& check);
    [[nodiscard]] std::optional<difference> classify(std::uint32_t i, std::uint32_t j) const;
    [[nodiscard]] std::uint8_t length_rule(const compared_call& a, const compared_call& b) const;
    [[nodiscard]] bool rounds_to(const compared_call& from, std::int64_t to) const;
    [[nodiscard]] std::uint8_t charge_rule(const compared_call& a, const compared_call& b) const;
    [[nodiscard]] bool charge_follows(const compared_call& a, const compared_call& b) const;
    [[nodiscard]] class_sums sums_of(const difference& d) const;
    [[nodiscard]] std::int64_t time_of(const difference& d) const;
    void mark_repeated();
    void fill_report(const hours& by_hour);
    [[nodiscard]] dispute_totals shown(const side_sums& s, bool reports_charges) const;
    [[nodiscard]] dispute_class_total shown(const class_sums& s) const;
    [[nodiscard]] dispute_period shown(std::int64_t start, const period_sums& p) const;
    [[nodiscard]] std::optional<money> shown_charge(nanos128 amount, bool reported) const;
    [[nodiscard]] std::string rule_name(std::uint8_t rule) const;

    const call_set& ours_;
    const call_set& theirs_;
    const dispute_options options_;
    const bool money_; // compared at all
    const bool answered_only_;
    const std::int64_t tolerated_; // nanos a call
    matching matched_;
    std::vector<difference> differences_;
    dispute_report report_;
    std::uint64_t ours_not_compared_ = 0;
    std::uint64_t theirs_not_compared_ = 0;
};

/// A billed length: at least `first` seconds, then steps of `next` seconds. 0 stays 0.
[[nodiscard]] std::int64_t rounded_up(std::int64_t ms, std::int64_t first_s, std::int64_t next_s) noexcept;

/// An amount with so many decimals.
[[nodiscard]] std::int64_t rounded_to(std::int64_t nanos, std::uint32_t decimals, charge_rounding mode) noexcept;

} // namespace lineside::rules
