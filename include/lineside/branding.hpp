#pragma once

#include <lineside/page.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace lineside {

/// How the portal of one domain looks: for partners who sell it under their own name.
struct branding {
    std::string domain{}; ///< `portal.example`, lower case
    std::string name{};
    std::string logo_url{};          ///< https
    std::string text_colour{};       ///< `#rrggbb`
    std::string background_colour{}; ///< likewise; contrast with the text at least 4.5 to 1
    std::string accent_colour{};
    std::string support_name{};
    std::string support_email{};
    std::string support_phone{};
    std::vector<std::string> languages{}; ///< BCP 47, those offered; the first is the default

    bool operator==(const branding&) const = default;
};

struct branding_key {
    std::string domain{};
};

struct branding_query {
    std::string cursor{};
    /// 1 to 1,000.
    std::uint32_t limit = 100;
};

} // namespace lineside
