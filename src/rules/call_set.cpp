#include "rules/call_set.hpp"

#include <lineside/error.hpp>

#include <algorithm>
#include <cstring>
#include <functional>

namespace lineside::rules {

namespace {

constexpr std::size_t told_apart_by = 7; // digits
constexpr std::size_t packed_digits = 18;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

// Without what surrounds it: `"Name" <sip:0301234567@host;user=phone>`.
std::string_view user_part(std::string_view number) noexcept {
    if (const auto open = number.find('<'); open != std::string_view::npos)
        number.remove_prefix(open + 1);
    for (const std::string_view scheme : {"sips:", "sip:", "tel:"})
        if (starts_with(number, scheme)) {
            number.remove_prefix(scheme.size());
            break;
        }
    return number.substr(0, number.find_first_of("@;>"));
}

number_digits without_leading_zeros(const char* text, std::size_t size) noexcept {
    number_digits to;
    std::size_t zeros = 0;
    while (zeros < size && size - zeros > told_apart_by && text[zeros] == '0')
        ++zeros;
    to.size = size - zeros;
    std::memcpy(to.text.data(), text + zeros, to.size);
    return to;
}

} // namespace

bool number_digits::tells_nobody() const noexcept {
    if (!is_name)
        return size < 2 || view().find_first_not_of('0') == std::string_view::npos;
    constexpr std::string_view nobodies[] = {"anonymous",  "unknown",     "private",
                                             "restricted", "unavailable", "withheld"};
    return std::find(std::begin(nobodies), std::end(nobodies), view()) != std::end(nobodies);
}

number_digits digits_of(std::string_view number) noexcept {
    const auto user = user_part(number);
    if (std::any_of(user.begin(), user.end(), is_letter)) {
        number_digits name;
        name.is_name = true;
        for (const char c : user)
            if (name.size < name.text.size())
                name.text[name.size++] = lower(c);
        return name;
    }
    std::array<char, std::tuple_size_v<decltype(number_digits::text)>> digits{};
    std::size_t size = 0;
    // Of too long a text the end says most.
    for (std::size_t i = 0; i < user.size(); ++i) {
        if (!is_digit(user[i]))
            continue;
        if (size == digits.size()) {
            std::copy(digits.begin() + 1, digits.end(), digits.begin());
            --size;
        }
        digits[size++] = user[i];
    }
    return without_leading_zeros(digits.data(), size);
}

bool correspond(const number_digits& a, const number_digits& b) noexcept {
    if (a.is_name || b.is_name || a.size < told_apart_by || b.size < told_apart_by)
        return a.is_name == b.is_name && a.view() == b.view() && a.size > 0;
    const auto common = std::min(a.size, b.size);
    return a.view().substr(a.size - common) == b.view().substr(b.size - common);
}

std::uint32_t ending_of(const number_digits& number) noexcept {
    if (number.size == 0)
        return 0;
    if (number.is_name)
        return 0x700'0000U | (static_cast<std::uint32_t>(std::hash<std::string_view>{}(number.view())) & 0xff'ffffU);
    const auto digits = std::min(number.size, told_apart_by);
    std::uint32_t value = 0;
    for (const char c : number.view().substr(number.size - digits))
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    // 010 is not 10: short numbers carry their length.
    return digits == told_apart_by ? value : static_cast<std::uint32_t>(digits) << 24U | value;
}

void call_set::add(const call_view& call) {
    if (size_ == UINT32_MAX)
        throw error(errc::exhausted, "too many calls to compare at once");
    if ((size_ >> block_bits) == blocks_.size())
        blocks_.push_back(std::make_unique<compared_call[]>(block_size));
    auto& c = blocks_[size_ >> block_bits][size_ & (block_size - 1)];
    c.start = call.start;
    c.talk = call.talk;
    c.billed = call.billed == absent ? call.talk : call.billed;
    c.charge = call.charge;
    c.callee = packed(call.destination);
    c.caller = packed(call.cli);
    c.id = kept(call.call_id);
    c.ring = compared_call::no_ring;
    if (call.answer != absent && call.answer >= call.start)
        c.ring =
            static_cast<std::uint32_t>(std::min<std::int64_t>(call.answer - call.start, compared_call::no_ring - 1));
    c.outcome = call.outcome;
    ++size_;
    unanswered_ += c.answered() ? 0 : 1;
    if (c.charge != absent) {
        ++charged_;
        while (charge_step_ > 1 && c.charge % charge_step_ != 0)
            charge_step_ /= 10;
    }
}

std::string_view call_set::id_of(const compared_call& c) const noexcept {
    const auto length = static_cast<std::size_t>(c.id & 0xffffU);
    const auto at = static_cast<std::size_t>(c.id >> 16U);
    return length == 0 ? std::string_view() : std::string_view(ids_[at / text_block].get() + at % text_block, length);
}

std::int64_t call_set::charge_step() const noexcept {
    constexpr std::uint64_t enough = 20;
    constexpr std::int64_t four_decimals = 100'000;
    return charged_ < enough ? std::min(charge_step_, four_decimals) : charge_step_;
}

std::uint64_t call_set::kept(std::string_view id) {
    id = id.substr(0, 0xffff);
    if (id.empty())
        return 0;
    if (ids_used_ + id.size() > text_block) {
        ids_.push_back(std::make_unique<char[]>(text_block));
        ids_used_ = 0;
    }
    std::memcpy(ids_.back().get() + ids_used_, id.data(), id.size());
    const std::uint64_t at = (ids_.size() - 1) * text_block + ids_used_;
    ids_used_ += id.size();
    return at << 16U | id.size();
}

// Up to 18 digits behind a 1, which keeps leading zeros: less than 2^61.
std::uint64_t call_set::packed(std::string_view number) {
    if (number.empty())
        return 0;
    const bool plus = number.front() == '+';
    const auto digits = number.substr(plus ? 1 : 0);
    if (!digits.empty() && digits.size() <= packed_digits && std::all_of(digits.begin(), digits.end(), is_digit)) {
        std::uint64_t value = 1;
        for (const char c : digits)
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
        return value | (plus ? with_plus : 0);
    }
    const auto [at, fresh] = pooled_.try_emplace(std::string(number), pool_.size());
    if (fresh)
        pool_.push_back(&at->first);
    return in_pool | at->second;
}

std::string call_set::number(std::uint64_t packed) const {
    if ((packed & in_pool) != 0)
        return *pool_[packed & ~in_pool];
    const auto value = packed & ~with_plus;
    if (value == 0)
        return {};
    auto text = std::to_string(value);
    if ((packed & with_plus) != 0)
        text.front() = '+';
    else
        text.erase(0, 1);
    return text;
}

number_digits call_set::digits(std::uint64_t packed) const noexcept {
    if ((packed & in_pool) != 0)
        return digits_of(*pool_[packed & ~in_pool]);
    std::array<char, 20> text{};
    std::size_t begin = text.size();
    for (auto value = packed & ~with_plus; value > 1; value /= 10)
        text[--begin] = static_cast<char>('0' + value % 10);
    return without_leading_zeros(text.data() + begin, text.size() - begin);
}

} // namespace lineside::rules
