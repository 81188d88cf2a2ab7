#include "memory.hpp"

#include <lineside.h>

#include "failure.hpp"
#include "read.hpp"

#include <string.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace lineside::capi {

namespace {

struct alignas(std::max_align_t) header {
    std::size_t size;
    wiping wipe;
};

// The one thing that all of a process shares: who gives memory, and how much of it is out.
constinit lineside_allocator source{};
constinit std::atomic<std::size_t> blocks_out{0};

} // namespace

void* allocate(std::size_t size, wiping wipe) {
    if (size > std::numeric_limits<std::size_t>::max() - sizeof(header))
        throw std::bad_alloc();
    const auto whole = size + sizeof(header);
    void* memory = source.allocate != nullptr ? source.allocate(source.context, whole) : std::malloc(whole);
    if (memory == nullptr)
        throw std::bad_alloc();
    ++blocks_out;
    return ::new (memory) header{whole, wipe} + 1;
}

void release(void* memory) noexcept {
    if (memory == nullptr)
        return;
    auto* block = static_cast<header*>(memory) - 1;
    if (block->wipe == wiping::needed)
        ::explicit_bzero(block, block->size);
    if (source.release != nullptr)
        source.release(source.context, block);
    else
        std::free(block);
    --blocks_out;
}

char* copy_text(std::string_view text) {
    auto* copy = static_cast<char*>(allocate(text.size() + 1));
    if (!text.empty())
        std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return copy;
}

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

lineside_error* lineside_set_allocator(const lineside_allocator* allocator) {
    return guard([&] {
        const auto wanted =
            allocator == nullptr ? lineside_allocator{} : sized_copy(*allocator, {nullptr, "allocator"});
        if ((wanted.allocate == nullptr) != (wanted.release == nullptr))
            throw error(errc::invalid_argument, "memory is allocated and released by the same host",
                        wanted.allocate == nullptr ? "allocator.allocate" : "allocator.release");
        if (blocks_out != 0)
            throw error(errc::conflict, "memory of the present allocator is still in use");
        source = wanted;
    });
}

void lineside_text_free(char* text) { release(text); }

} // extern "C"
