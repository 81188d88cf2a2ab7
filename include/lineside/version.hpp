#pragma once

#include <string_view>

// The build reads the version from these three lines; there is no second copy.
#define LINESIDE_VERSION_MAJOR 0
#define LINESIDE_VERSION_MINOR 1
#define LINESIDE_VERSION_PATCH 0

#define LINESIDE_DETAIL_STRING_(x) #x
#define LINESIDE_DETAIL_STRING(x) LINESIDE_DETAIL_STRING_(x)

/// `"major.minor.patch"` as a string literal.
#define LINESIDE_VERSION_STRING                    \
    LINESIDE_DETAIL_STRING(LINESIDE_VERSION_MAJOR) \
    "." LINESIDE_DETAIL_STRING(LINESIDE_VERSION_MINOR) "." LINESIDE_DETAIL_STRING(LINESIDE_VERSION_PATCH)

namespace lineside {

/// The version of the headers a program was compiled with. While the major version is 0 a new minor version may
/// change the API; afterwards only a new major version may.
inline constexpr int version_major = LINESIDE_VERSION_MAJOR;
inline constexpr int version_minor = LINESIDE_VERSION_MINOR;
inline constexpr int version_patch = LINESIDE_VERSION_PATCH;

/// The same as text, for example `"0.1.0"`.
inline constexpr std::string_view version = LINESIDE_VERSION_STRING;

} // namespace lineside
