#pragma once

#include <string>
#include <string_view>

namespace lineside {

/// The key that an engine made for itself: see engine_identity::key. The operator's only document of its kind.
struct engine_key {
    static constexpr std::string_view kind = "engine_key";
    static constexpr std::string_view only = "1";

    std::string id{};
    std::string key{}; ///< base64
};

} // namespace lineside
