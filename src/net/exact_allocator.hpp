#pragma once

#include <cstddef>
#include <memory>

namespace lineside::net {

/// For what waits for long: a block of the size that was asked for. Asio's own allocator hands out the block of whatever
/// ended before, however big that was, which then stays with the one who waits.
template <class T = void>
struct exact_allocator {
    using value_type = T;

    exact_allocator() = default;
    template <class Other>
    exact_allocator(const exact_allocator<Other>& /*of*/) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) const { return std::allocator<T>().allocate(count); }
    void deallocate(T* at, std::size_t count) const noexcept { std::allocator<T>().deallocate(at, count); }
    bool operator==(const exact_allocator& /*other*/) const = default;
};

} // namespace lineside::net
