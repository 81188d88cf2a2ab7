#pragma once

#include <lineside/export.hpp>

#include <string>

namespace lineside {

struct account;
struct alert_rule;
struct branding;
struct contact;
struct layout;
struct numbering;

/// What a value looked like, for `call_options::if_match`: 22 characters of base64url, equal for equal values and, as
/// far as anybody can tell, for no others.
[[nodiscard]] LINESIDE_API std::string revision_of(const account& seen);
[[nodiscard]] LINESIDE_API std::string revision_of(const contact& seen);
[[nodiscard]] LINESIDE_API std::string revision_of(const layout& seen);
[[nodiscard]] LINESIDE_API std::string revision_of(const branding& seen);
[[nodiscard]] LINESIDE_API std::string revision_of(const numbering& seen);
[[nodiscard]] LINESIDE_API std::string revision_of(const alert_rule& seen);

} // namespace lineside
