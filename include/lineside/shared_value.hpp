#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace lineside {

/// A value, or none, that many may hold at once: copies share it, and nobody can change it.
///
/// Thread safety: of `const std::shared_ptr`.
template <class T>
class shared_value {
public:
    using value_type = T;

    shared_value() = default;
    shared_value(T value) : held_(std::make_shared<const held>(std::move(value))) {}

    [[nodiscard]] bool has_value() const noexcept { return held_ != nullptr; }
    explicit operator bool() const noexcept { return has_value(); }
    /// Only where there is one.
    [[nodiscard]] const T& operator*() const noexcept { return held_->value; }
    [[nodiscard]] const T* operator->() const noexcept { return &held_->value; }
    void reset() noexcept { held_.reset(); }

    /// The value as text, which is made by `make(value)` for whoever asks first and shared like the value: for those who
    /// write the same to many. Everybody has to ask for the same text. Only where there is a value.
    template <class Make>
    [[nodiscard]] const std::string& text(Make make) const {
        std::call_once(held_->once, [&] { held_->text = make(held_->value); });
        return held_->text;
    }

    /// Of the values.
    friend bool operator==(const shared_value& a, const shared_value& b) {
        return a.held_ == b.held_ || (a.has_value() && b.has_value() && *a == *b);
    }

private:
    struct held {
        explicit held(T v) : value(std::move(v)) {}

        const T value;
        mutable std::once_flag once{};
        mutable std::string text{};
    };

    std::shared_ptr<const held> held_;
};

} // namespace lineside
