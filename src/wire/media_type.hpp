#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lineside::wire {

/// What bodies are.
enum class media_type : std::uint8_t { json, ndjson, csv, tsv, problem, event_stream };

/// "application/json" ...
[[nodiscard]] std::string_view to_string(media_type m) noexcept;

/// The type that an Accept header likes best of those offered (RFC 9110 12.5.1): by the most specific range that fits,
/// then its weight, then the order of the offer. Nothing where it accepts none. Ranges that are malformed are not looked
/// at, nor are parameters but the weight; a header without any range accepts everything.
[[nodiscard]] std::optional<media_type> negotiate(std::string_view accept, std::span<const media_type> offered);

/// Whether a Content-Type says this type, with whatever parameters.
[[nodiscard]] bool is_content_type(std::string_view content_type, std::string_view type) noexcept;

} // namespace lineside::wire
