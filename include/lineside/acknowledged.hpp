#pragma once

namespace lineside {

/// The answer of an operation that has nothing else to say: it is done.
struct acknowledged {
    bool operator==(const acknowledged&) const = default;
};

} // namespace lineside
