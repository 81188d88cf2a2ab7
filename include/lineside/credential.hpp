#pragma once

#include <lineside/secret.hpp>

#include <string>

namespace lineside {

/// What a caller shows to be somebody: the token of a session or an API key, and where they call from.
struct credential {
    secret token{};
    std::string source_ip{};  ///< for the access log and IP allow-lists; empty: not known
    std::string user_agent{}; ///< for the access log
};

} // namespace lineside
