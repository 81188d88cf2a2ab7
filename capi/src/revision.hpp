#pragma once

#include <lineside/revision.hpp>

#include "failure.hpp"
#include "read.hpp"

#include <cstring>

namespace lineside::capi {

/// Of a value as C sees it: of what it would be in a request.
template <class Cpp, class C>
[[nodiscard]] lineside_error* write_revision(const C* seen, char* out) noexcept {
    return guard([&] {
        *(&needed(out, "out")) = '\0';
        Cpp value;
        read(needed(seen, "seen"), value, {});
        const auto revision = revision_of(value);
        if (revision.size() >= LINESIDE_REVISION_SIZE)
            throw error(errc::internal, "a revision is longer than its place");
        std::memcpy(out, revision.c_str(), revision.size() + 1);
    });
}

} // namespace lineside::capi
