#pragma once

#include <lineside/operation.hpp>

#include <string>
#include <string_view>

namespace lineside {

/// Whether the body of an operation looks at `call_options::if_match`: where it replaces or removes what has a revision
/// (`lineside/revision.hpp`).
template <class Operation>
inline constexpr bool has_revision = false;

/// `revision_of` what has this JSON.
[[nodiscard]] std::string revision_of_json(std::string_view text);

template <>
inline constexpr bool has_revision<operation::update_account> = true;
template <>
inline constexpr bool has_revision<operation::update_contact> = true;
template <>
inline constexpr bool has_revision<operation::update_profile> = true;
template <>
inline constexpr bool has_revision<operation::set_preferences> = true;
template <>
inline constexpr bool has_revision<operation::set_layout> = true;
template <>
inline constexpr bool has_revision<operation::reset_layout> = true;
template <>
inline constexpr bool has_revision<operation::set_branding> = true;
template <>
inline constexpr bool has_revision<operation::set_numbering> = true;
template <>
inline constexpr bool has_revision<operation::update_alert_rule> = true;
template <>
inline constexpr bool has_revision<operation::delete_alert_rule> = true;

} // namespace lineside
