#pragma once

#include <lineside/error.hpp>

#include <span>
#include <string>
#include <string_view>

namespace lineside::rules {

/// Reads a language tag of RFC 5646 (BCP 47), well-formed, in its usual case: `PT-br` as `pt-BR`, `ZH-hANS-cn` as
/// `zh-Hans-CN`. Whether such a language exists is not asked; the irregular tags of before 2006 are not read.
/// Errors: invalid_argument.
[[nodiscard]] result<std::string> parse_language(std::string_view text);

/// The offered tag that serves a reader of `wanted` best: the same one, else the one without its last parts (RFC 4647,
/// 3.4), else another of the same language and script, the first that is offered. Empty: none is of that language.
/// All in the usual case.
[[nodiscard]] std::string_view best_language(std::string_view wanted, std::span<const std::string_view> offered);

} // namespace lineside::rules
