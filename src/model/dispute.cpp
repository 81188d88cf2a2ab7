#include <lineside/dispute.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<duration_rounding> duration_roundings[] = {
    {duration_rounding::exact, "exact"},
    {duration_rounding::up_to_seconds, "up_to_seconds"},
    {duration_rounding::increments, "increments"},
};
constexpr name_of<charge_rounding> charge_roundings[] = {
    {charge_rounding::exact, "exact"},
    {charge_rounding::up, "up"},
    {charge_rounding::half_up, "half_up"},
    {charge_rounding::down, "down"},
};
constexpr name_of<dispute_population> populations[] = {
    {dispute_population::automatic, "automatic"},
    {dispute_population::all, "all"},
    {dispute_population::answered, "answered"},
};
constexpr name_of<difference_class> classes[] = {
    {difference_class::missing_in_ours, "missing_in_ours"},
    {difference_class::missing_in_theirs, "missing_in_theirs"},
    {difference_class::length, "length"},
    {difference_class::rating, "rating"},
    {difference_class::length_and_rating, "length_and_rating"},
    {difference_class::rounding, "rounding"},
};

} // namespace

std::string_view to_string(duration_rounding r) noexcept { return find_name(duration_roundings, r); }
std::string_view to_string(charge_rounding r) noexcept { return find_name(charge_roundings, r); }
std::string_view to_string(dispute_population p) noexcept { return find_name(populations, p); }
std::string_view to_string(difference_class c) noexcept { return find_name(classes, c); }

} // namespace lineside
