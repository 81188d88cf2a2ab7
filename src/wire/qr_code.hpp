#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// A QR code (ISO/IEC 18004, error correction M): rows of modules, without the quiet zone.
struct qr_code {
    std::size_t side = 0;
    std::vector<bool> dark{}; ///< side x side, row by row
};

/// Errors: invalid_argument (longer than a QR code can be, about 2,300 bytes, or empty, or with a zero byte).
[[nodiscard]] qr_code make_qr_code(std::string_view text);

/// Modules around a code that have to stay light.
inline constexpr std::size_t qr_quiet_zone = 4;

/// A picture of its own: dark on white with the quiet zone, sized by whoever shows it.
[[nodiscard]] std::string to_svg(const qr_code& qr);

/// PNG (ISO/IEC 15948), one bit a pixel, `scale` pixels a module, with the quiet zone.
[[nodiscard]] std::string to_png(const qr_code& qr, std::size_t scale = 6);

} // namespace lineside::wire
