#include <lineside/number_block.hpp>

#include "model/names.hpp"

#include <string>

namespace lineside {

namespace {

constexpr name_of<number_refusal> refusals[] = {
    {number_refusal::malformed, "malformed"},
    {number_refusal::out_of_range, "out_of_range"},
    {number_refusal::reserved, "reserved"},
    {number_refusal::overlaps_block, "overlaps_block"},
    {number_refusal::resting, "resting"},
    {number_refusal::exhausted, "exhausted"},
    {number_refusal::unknown_block, "unknown_block"},
    {number_refusal::holds_extension, "holds_extension"},
    {number_refusal::in_use, "in_use"},
    {number_refusal::taken, "taken"},
    {number_refusal::already_yours, "already_yours"},
    {number_refusal::in_other_block, "in_other_block"},
    {number_refusal::outside_blocks, "outside_blocks"},
    {number_refusal::wrong_width, "wrong_width"},
    {number_refusal::duplicate, "duplicate"},
    {number_refusal::unknown_extension, "unknown_extension"},
    {number_refusal::no_block, "no_block"},
    {number_refusal::unknown_account, "unknown_account"},
    {number_refusal::unknown_contact, "unknown_contact"},
    {number_refusal::request_reused, "request_reused"},
};
constexpr name_of<number_state> states[] = {
    {number_state::free, "free"},           {number_state::yours, "yours"},
    {number_state::taken, "taken"},         {number_state::outside_blocks, "outside_blocks"},
    {number_state::reserved, "reserved"},   {number_state::resting, "resting"},
    {number_state::malformed, "malformed"},
};
constexpr name_of<release_extensions> releases[] = {
    {release_extensions::refuse, "refuse"},
    {release_extensions::release, "release"},
};

class category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "lineside.numbers"; }
    [[nodiscard]] std::string message(int value) const override {
        return std::string(to_string(static_cast<number_refusal>(value)));
    }
};

} // namespace

std::string_view to_string(number_refusal r) noexcept { return find_name(refusals, r); }

std::string_view to_string(number_state s) noexcept { return find_name(states, s); }

std::string_view to_string(release_extensions r) noexcept { return find_name(releases, r); }

const boost::system::error_category& number_category() noexcept {
    static const category numbers;
    return numbers;
}

} // namespace lineside
