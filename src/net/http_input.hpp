#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace lineside::net {

/// Bytes that have come and are not done with.
class http_input {
public:
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    void consume(std::size_t size) noexcept {
        begin_ += size;
        if (begin_ == end_)
            begin_ = end_ = 0;
    }

    /// Room behind them for at least so many more. Moves them.
    [[nodiscard]] std::span<char> prepare(std::size_t least) {
        if (capacity_ - end_ < least) {
            const auto size = end_ - begin_;
            if (capacity_ - size < least) {
                const auto capacity = std::max(capacity_ * 2, size + least);
                std::unique_ptr<char[]> more(new char[capacity]);
                if (size > 0)
                    std::memcpy(more.get(), bytes_.get() + begin_, size);
                bytes_ = std::move(more);
                capacity_ = capacity;
            } else {
                std::memmove(bytes_.get(), bytes_.get() + begin_, size);
            }
            begin_ = 0;
            end_ = size;
        }
        return {bytes_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t size) noexcept { end_ += size; }

    /// Keeps no more than so much where it is empty.
    void shrink(std::size_t most) noexcept {
        if (!empty() || capacity_ <= most)
            return;
        bytes_.reset();
        capacity_ = 0;
    }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace lineside::net
