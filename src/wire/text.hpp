#pragma once

#include <lineside/money.hpp>
#include <lineside/time.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lineside::wire {

/// The length of the well-formed UTF-8 sequence at the front of `text`, or 0 (Unicode 15, table 3-7).
[[nodiscard]] std::size_t sequence_length(std::string_view text);

/// An offset added to them stays within years of four digits.
inline constexpr instant first_written{std::chrono::sys_days(std::chrono::year(1) / 1 / 1)};
inline constexpr instant last_written{std::chrono::sys_days(std::chrono::year(9'999) / 1 / 1) -
                                      std::chrono::milliseconds(1)};

/// Puts values as text behind a string. It collects them in a buffer of its own, because a string checks and grows on
/// every append; `finish` hands over the rest.
class text_writer {
public:
    explicit text_writer(std::string& out) noexcept : out_(out) {}
    text_writer(const text_writer&) = delete;
    text_writer& operator=(const text_writer&) = delete;

    void put(char c) {
        room(1);
        *at_++ = c;
    }
    void put(std::string_view text) {
        if (text.size() > buffer_.size() / 2) {
            finish();
            out_.append(text);
            return;
        }
        room(text.size());
        at_ += text.copy(at_, text.size());
    }
    template <std::integral Integer>
    void integer(Integer n) {
        room(24);
        at_ = std::to_chars(at_, buffer_.end(), n).ptr;
    }
    /// The shortest text that reads back as the same number, which is finite.
    void decimal(double number);
    /// As `to_string(t)` and `to_string(t, offset)` write it.
    /// Times before `first_written` or after `last_written` as one of these.
    void time(instant t);
    void time(instant t, std::chrono::seconds offset);
    /// As `to_string(m)` writes it.
    void amount(const money& m);

    void finish() {
        out_.append(buffer_.data(), at_);
        at_ = buffer_.data();
    }

private:
    void room(std::size_t n) {
        if (static_cast<std::size_t>(buffer_.end() - at_) < n)
            finish();
    }
    void two(unsigned n);
    void civil(instant t);

    std::string& out_;
    std::array<char, 1024> buffer_;
    char* at_ = buffer_.data();
};

} // namespace lineside::wire
