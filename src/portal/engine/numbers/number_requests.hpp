#pragma once

#include "portal/engine/identity/principal.hpp"
#include "portal/engine/numbers/numbers.hpp"
#include "portal/engine/records.hpp"

#include <optional>
#include <string>
#include <string_view>

// What the operations on blocks and on extensions have in common.
namespace lineside {

/// The sentence, and for the operator also whose it is.
[[nodiscard]] std::string explained(store::snapshot& db, const principal& who, const rules::refusal& why);
[[noreturn]] void refuse(store::snapshot& db, const principal& who, const rules::refusal& why, std::string field);
/// Throws where there is something to refuse.
inline void check(store::snapshot& db, const principal& who, const std::optional<rules::refusal>& why,
                  std::string_view field) {
    if (why)
        refuse(db, who, *why, std::string(field));
}

[[nodiscard]] inline number_range shown(const rules::number_span& r) {
    return {rules::to_string(rules::number{r.width, r.first}), rules::to_string(rules::number{r.width, r.last})};
}

/// The answer to this request where it was made before. Errors: invalid_argument (no id, or another request's).
[[nodiscard]] std::optional<std::string> answered_before(number_change& c, std::uint32_t account,
                                                         const std::string& request_id, std::string_view asked,
                                                         instant now);
void remember_answer(number_change& c, std::uint32_t account, const std::string& request_id, std::string asked,
                     std::string answer, instant now);

/// Leaves what was released to rest, under the settings of now.
void put_rest(number_change& c, std::string id, instant now);
[[nodiscard]] inline duration rest_of(const numbering& settings) { return std::chrono::days(settings.rest_days); }

} // namespace lineside
