#pragma once

#include <lineside/branding.hpp>
#include <lineside/layout.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lineside {

/// How a contact arranged its dashboard; none is kept of the default.
struct layout_record {
    static constexpr std::string_view kind = "layout";

    std::string id{}; ///< the contact's
    std::vector<widget> widgets{};
};

/// The operator's.
struct branding_record {
    static constexpr std::string_view kind = "branding";

    std::string id{}; ///< the domain
    branding look{};
};

} // namespace lineside
