#include "portal/engine/cursor.hpp"

#include <lineside/error.hpp>

#include "rules/base64.hpp"
#include "rules/mac.hpp"

#include <algorithm>
#include <cstddef>

namespace lineside {

namespace {

constexpr std::size_t signature_bytes = 16;

std::string signature_of(const secret& key, std::string_view query, std::string_view position) {
    return rules::mac_of(key.reveal(), {query, position}).substr(0, signature_bytes);
}

} // namespace

std::string cursor_signer::sign(std::string_view query, std::string_view position) const {
    if (position.empty())
        return {};
    return rules::to_base64(std::string(position) + signature_of(keys_.front(), query, position),
                            rules::base64_alphabet::url, rules::padding::absent);
}

std::string cursor_signer::open(std::string_view query, std::string_view cursor) const {
    if (cursor.empty())
        return {};
    auto bytes = rules::parse_base64(cursor, rules::base64_alphabet::url, rules::padding::absent);
    if (bytes && bytes->size() > signature_bytes) {
        const auto signature = bytes->substr(bytes->size() - signature_bytes);
        bytes->resize(bytes->size() - signature_bytes);
        if (std::any_of(keys_.begin(), keys_.end(), [&](const secret& key) {
                return rules::same_bytes(signature_of(key, query, *bytes), signature);
            }))
            return *std::move(bytes);
    }
    throw error(errc::invalid_argument, "the cursor is not of this query", "cursor");
}

} // namespace lineside
