#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

// The memory of what is handed to C: all of it comes from here, so that a host can say where it lies, and a test can make
// each allocation fail.
namespace lineside::capi {

/// Whether a block is wiped before it is given back.
enum class wiping : bool { unneeded, needed };

/// Memory for any type. Throws std::bad_alloc.
[[nodiscard]] void* allocate(std::size_t size, wiping wipe = wiping::unneeded);
/// Null is nothing.
void release(void* memory) noexcept;

/// A text of its own, with a zero byte at its end. Throws std::bad_alloc.
[[nodiscard]] char* copy_text(std::string_view text);

template <class T, class... Args>
[[nodiscard]] T* make(Args&&... args) {
    void* memory = allocate(sizeof(T));
    try {
        return ::new (memory) T{std::forward<Args>(args)...};
    } catch (...) {
        release(memory);
        throw;
    }
}

template <class T>
void destroy(T* made) noexcept {
    if (made == nullptr)
        return;
    made->~T();
    release(made);
}

/// For the library's own containers and shared states of C's handles.
template <class T>
struct allocator {
    using value_type = T;

    allocator() = default;
    template <class U>
    allocator(const allocator<U>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t n) {
        if (n > std::numeric_limits<std::size_t>::max() / sizeof(T))
            throw std::bad_alloc();
        return static_cast<T*>(capi::allocate(n * sizeof(T)));
    }
    void deallocate(T* memory, std::size_t) noexcept { release(memory); }

    template <class U>
    bool operator==(const allocator<U>&) const noexcept {
        return true;
    }
};

} // namespace lineside::capi
