#include "rules/phc.hpp"

#include "rules/base64.hpp"

#include <charconv>

namespace lineside::rules {

namespace {

constexpr std::uint32_t most_memory_kib = 1U << 20U;
constexpr std::uint32_t most_passes = 64;
constexpr std::uint32_t most_lanes = 16;
constexpr std::uint32_t kib_per_lane = 8;
constexpr std::size_t least_salt = 8;
constexpr std::size_t least_hash = 16;
constexpr std::size_t longest = 64;

std::string unpadded(std::string_view bytes) { return to_base64(bytes, base64_alphabet::standard, padding::absent); }

// Takes `before` and a number away from the front of the text.
bool take(std::string_view& text, std::string_view before, std::uint32_t& number) {
    if (!text.starts_with(before))
        return false;
    text.remove_prefix(before.size());
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{})
        return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return true;
}

} // namespace

bool is_possible(const argon2_cost& c) {
    return c.lanes >= 1 && c.lanes <= most_lanes && c.passes >= 1 && c.passes <= most_passes &&
           c.memory_kib >= kib_per_lane * c.lanes && c.memory_kib <= most_memory_kib;
}

std::string to_string(const phc& p) {
    return "$argon2id$v=19$m=" + std::to_string(p.cost.memory_kib) + ",t=" + std::to_string(p.cost.passes) +
           ",p=" + std::to_string(p.cost.lanes) + '$' + unpadded(p.salt) + '$' + unpadded(p.hash);
}

std::optional<phc> parse_phc(std::string_view text) {
    phc p;
    auto rest = text;
    if (!take(rest, "$argon2id$v=19$m=", p.cost.memory_kib) || !take(rest, ",t=", p.cost.passes) ||
        !take(rest, ",p=", p.cost.lanes) || !is_possible(p.cost) || !rest.starts_with('$'))
        return std::nullopt;
    rest.remove_prefix(1);
    const auto dollar = rest.find('$');
    if (dollar == std::string_view::npos)
        return std::nullopt;
    auto salt = parse_base64(rest.substr(0, dollar), base64_alphabet::standard, padding::absent);
    auto hash = parse_base64(rest.substr(dollar + 1), base64_alphabet::standard, padding::absent);
    if (!salt || salt->size() < least_salt || salt->size() > longest)
        return std::nullopt;
    if (!hash || hash->size() < least_hash || hash->size() > longest)
        return std::nullopt;
    p.salt = *std::move(salt);
    p.hash = *std::move(hash);
    // Numbers with leading zeros say the same, but it is not what was written.
    if (to_string(p) != text)
        return std::nullopt;
    return p;
}

bool needs_rehash(const phc& p, const argon2_cost& wanted) {
    return p.cost.memory_kib < wanted.memory_kib || p.cost.passes < wanted.passes || p.cost.lanes < wanted.lanes ||
           p.salt.size() < salt_size || p.hash.size() < hash_size;
}

} // namespace lineside::rules
