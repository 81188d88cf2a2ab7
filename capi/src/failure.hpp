#pragma once

#include <lineside.h>
#include <lineside/error.hpp>

#include <string>

// Failures as C sees them.
namespace lineside::capi {

/// What a function of C returns: null is success.
using outcome = lineside_error*;

/// Never null: where there is no memory for it, it says that.
[[nodiscard]] lineside_error* make_failure(const error_code& code, const diagnostics& details) noexcept;

/// The exception that is being handled.
[[nodiscard]] lineside_error* caught() noexcept;

/// Runs `body`; null unless it throws. Nothing else stands between C++ and C.
template <class Body>
[[nodiscard]] lineside_error* guard(Body&& body) noexcept {
    try {
        body();
        return nullptr;
    } catch (...) {
        return caught();
    }
}

[[noreturn]] void refuse(std::string message, std::string field);

/// A parameter that has to be there.
template <class T>
T& needed(T* parameter, const char* name) {
    if (parameter == nullptr)
        refuse(std::string(name) + " is NULL", name);
    return *parameter;
}

/// Where an answer goes: there is none until it is written.
template <class T>
T*& emptied(T** out) {
    needed(out, "out") = nullptr;
    return *out;
}

} // namespace lineside::capi
