#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lineside::cli {

enum class ink : std::uint8_t { plain, bold, dim, cyan, green, yellow, magenta, red };

/// Colours text with ANSI escapes, or leaves it as it is.
class painter {
public:
    explicit painter(bool colour = false) noexcept : colour_(colour) {}

    [[nodiscard]] std::string operator()(ink with, std::string_view text) const {
        if (!colour_ || with == ink::plain || text.empty())
            return std::string(text);
        return std::string(escape(with)).append(text).append("\033[0m");
    }

private:
    static constexpr std::string_view escape(ink with) noexcept {
        switch (with) {
        case ink::bold: return "\033[1m";
        case ink::dim: return "\033[2m";
        case ink::cyan: return "\033[36m";
        case ink::green: return "\033[32m";
        case ink::yellow: return "\033[33m";
        case ink::magenta: return "\033[35m";
        case ink::red: return "\033[31m";
        case ink::plain: break;
        }
        return "";
    }

    bool colour_;
};

} // namespace lineside::cli
