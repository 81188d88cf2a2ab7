#pragma once

#include <lineside/export.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace lineside {

/// A password, token or key: moves but is not copied, is wiped when it dies, and has no way into a stream, a log or an
/// error message. Whoever takes its text out with `reveal` answers for it.
class LINESIDE_API secret {
public:
    secret() = default;
    /// Takes the text over; short texts live inside their string object, so the caller's own is wiped too.
    explicit secret(std::string&& text) noexcept;
    /// Copies.
    explicit secret(std::string_view text) : text_(text) {}
    explicit secret(const char* text) : text_(text) {}
    secret(secret&& other) noexcept;
    secret& operator=(secret&& other) noexcept;
    secret(const secret&) = delete;
    secret& operator=(const secret&) = delete;
    ~secret();

    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    /// Another one with the same text.
    [[nodiscard]] secret copy() const { return secret(reveal()); }
    /// In a time that depends on the lengths only.
    friend LINESIDE_API bool operator==(const secret& a, const secret& b) noexcept;

private:
    void wipe() noexcept;

    std::string text_;
};

} // namespace lineside
