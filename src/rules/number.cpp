#include "rules/number.hpp"

namespace lineside::rules {

namespace {

// A range of one number is spoken of as that number.
std::string spoken(const std::optional<number_span>& range) {
    if (!range)
        return "This range";
    return range->first == range->last ? to_string(number{range->width, range->first}) : to_string(*range);
}

} // namespace

std::optional<number> parse_number(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_width)
        return std::nullopt;
    number n{static_cast<std::uint8_t>(text.size()), 0};
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        n.value = n.value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return n;
}

std::string to_string(number n) {
    std::string digits = std::to_string(n.value);
    if (digits.size() < n.width)
        digits.insert(0, n.width - digits.size(), '0');
    return digits;
}

std::string to_string(const number_span& range) {
    return to_string(number{range.width, range.first}) + '-' + to_string(number{range.width, range.last});
}

std::string explain(const refusal& r) {
    const std::string numbers = spoken(r.conflict);
    switch (r.reason) {
    case refusal_reason::malformed:
        return "A number has 1 to 18 digits; a range is two numbers of the same width, the lower one first";
    case refusal_reason::out_of_range:
        return "This needs numbers of more than " + std::to_string(r.conflict ? r.conflict->width : 0) + " digits";
    case refusal_reason::reserved: return numbers + " is reserved and cannot be assigned";
    case refusal_reason::overlaps_block: return numbers + " is already assigned";
    case refusal_reason::resting:
        return numbers + " was released and can be assigned again from " +
               lineside::to_string(r.until.value_or(instant{}));
    case refusal_reason::exhausted:
        return r.conflict ? "No free block of this size is left" : "No free number is left in these blocks";
    case refusal_reason::unknown_block: return numbers + " is not one of this customer's blocks";
    case refusal_reason::holds_extension:
        return "Extension " + numbers + " inside this range is in use by somebody else";
    case refusal_reason::in_use:
        return "Extension " + numbers +
               " inside this block is in use; release it first, or the block with its extensions";
    case refusal_reason::taken: return "Extension " + numbers + " is in use by somebody else";
    case refusal_reason::already_yours: return "Extension " + numbers + " is in use already";
    case refusal_reason::in_other_block: return numbers + " is inside somebody else's number block";
    case refusal_reason::outside_blocks: return numbers + " is outside this customer's number blocks";
    case refusal_reason::wrong_width:
        return numbers + " has " + std::to_string(r.conflict ? r.conflict->width : 0) +
               " digits, which no number block of this customer has";
    case refusal_reason::duplicate: return numbers + " stands in the list more than once";
    case refusal_reason::unknown_extension: return numbers + " is not one of this customer's extensions";
    case refusal_reason::no_block: return "There is no number block to take the next number from: name a number";
    case refusal_reason::unknown_account: return "There is no such account";
    case refusal_reason::unknown_contact: return "There is no such contact in this account";
    case refusal_reason::request_reused: return "This request id belongs to another request";
    }
    return {};
}

errc code_of(refusal_reason r) noexcept {
    switch (r) {
    case refusal_reason::malformed:
    case refusal_reason::out_of_range:
    case refusal_reason::wrong_width:
    case refusal_reason::no_block:
    case refusal_reason::request_reused: return errc::invalid_argument;
    case refusal_reason::exhausted: return errc::exhausted;
    case refusal_reason::unknown_block:
    case refusal_reason::unknown_extension:
    case refusal_reason::unknown_account:
    case refusal_reason::unknown_contact: return errc::not_found;
    case refusal_reason::reserved:
    case refusal_reason::overlaps_block:
    case refusal_reason::resting:
    case refusal_reason::holds_extension:
    case refusal_reason::in_use:
    case refusal_reason::taken:
    case refusal_reason::already_yours:
    case refusal_reason::in_other_block:
    case refusal_reason::outside_blocks:
    case refusal_reason::duplicate: break;
    }
    return errc::conflict;
}

failure to_failure(const refusal& r) {
    return {make_error_code(code_of(r.reason)), diagnostics{explain(r), "range", {}, 0, make_error_code(r.reason)}};
}

void throw_exception_from_error(const refusal& r, const boost::source_location&) {
    const failure f = to_failure(r);
    throw error(f.code, f.details);
}

block_result<number_span> parse_number_span(std::string_view first, std::string_view last) {
    const auto a = parse_number(first);
    const auto b = parse_number(last);
    if (!a || !b || a->width != b->width || a->value > b->value)
        return refusal{};
    return number_span{a->width, a->value, b->value};
}

block_result<number_span> parse_number_span(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos)
        return refusal{};
    return parse_number_span(text.substr(0, dash), text.substr(dash + 1));
}

} // namespace lineside::rules
