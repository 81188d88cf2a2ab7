#pragma once

#include <lineside/time.hpp>

#include "rules/one_time_code.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// The code that is on its way to an address of a contact. The state outlives the code: it says when the next may go.
struct verification_record {
    static constexpr std::string_view kind = "verification";

    std::string id{}; ///< "c-.../email"
    std::string to{}; ///< the code proves this address and no other
    std::string salt{};
    std::vector<std::string> digests{}; ///< of the codes that are good
    rules::code_state state{};

    bool operator==(const verification_record&) const = default;
};

} // namespace lineside
