#include "failure.hpp"

#include "memory.hpp"
#include "write.hpp"

#include <new>

namespace lineside::capi {

namespace {

// What is said when there is no memory to say anything. Nobody owns it.
constinit lineside_error out_of_memory{LINESIDE_EXHAUSTED, 1, "out of memory", "", "", 0, 0, "", ""};

struct row {
    errc value;
    const char* name;
    bool retryable;
};

constexpr row rows[] = {
#define LINESIDE_ERRC(NAME, VALUE, SENTENCE, STATUS, RETRYABLE, ...) {errc::NAME, #NAME, RETRYABLE},
#include "model/errc.def"
#undef LINESIDE_ERRC
};

#define LINESIDE_ERRC(NAME, VALUE, ...) static_assert(static_cast<int>(errc::NAME) == VALUE);
#include "model/errc.def"
#undef LINESIDE_ERRC
static_assert(static_cast<int>(errc::invalid_argument) == LINESIDE_INVALID_ARGUMENT);
static_assert(static_cast<int>(errc::unauthenticated) == LINESIDE_UNAUTHENTICATED);
static_assert(static_cast<int>(errc::permission_denied) == LINESIDE_PERMISSION_DENIED);
static_assert(static_cast<int>(errc::not_found) == LINESIDE_NOT_FOUND);
static_assert(static_cast<int>(errc::conflict) == LINESIDE_CONFLICT);
static_assert(static_cast<int>(errc::exhausted) == LINESIDE_EXHAUSTED);
static_assert(static_cast<int>(errc::precondition_failed) == LINESIDE_PRECONDITION_FAILED);
static_assert(static_cast<int>(errc::unavailable) == LINESIDE_UNAVAILABLE);
static_assert(static_cast<int>(errc::timed_out) == LINESIDE_TIMED_OUT);
static_assert(static_cast<int>(errc::cancelled) == LINESIDE_CANCELLED);
static_assert(static_cast<int>(errc::protocol) == LINESIDE_PROTOCOL);
static_assert(static_cast<int>(errc::storage) == LINESIDE_STORAGE);
static_assert(static_cast<int>(errc::internal) == LINESIDE_INTERNAL);
static_assert(std::size(rows) == LINESIDE_INTERNAL, "lineside.h has all codes");

const row* find(int code) noexcept {
    for (const auto& r : rows)
        if (static_cast<int>(r.value) == code)
            return &r;
    return nullptr;
}

} // namespace

lineside_error* make_failure(const error_code& code, const diagnostics& details) noexcept {
    try {
        const bool ours = code.category() == lineside_category();
        const int value = ours ? code.value() : static_cast<int>(errc::internal);
        const auto message = details.message.empty() ? code.message() : details.message;
        const bool caused = details.cause.failed();
        const auto cause = caused ? details.cause.message() : std::string();
        return make_value<lineside_error>([&](arena& a, lineside_error& e) {
            const auto* known = find(value);
            e.code = value;
            e.retryable = known != nullptr && known->retryable ? 1 : 0;
            e.message = a.text(message);
            e.field = a.text(details.field);
            e.request_id = a.text(details.request_id);
            e.http_status = details.http_status;
            e.cause_code = caused ? details.cause.value() : 0;
            e.cause_category = a.text(caused ? details.cause.category().name() : "");
            e.cause = a.text(cause);
        });
    } catch (...) {
        return &out_of_memory;
    }
}

lineside_error* caught() noexcept {
    try {
        throw;
    } catch (const error& e) {
        return make_failure(e.code(), e.details());
    } catch (const std::bad_alloc&) {
        return &out_of_memory;
    } catch (const std::exception& e) {
        try {
            return make_failure(errc::internal, {e.what(), {}, {}, 0, {}});
        } catch (...) {
            return &out_of_memory;
        }
    } catch (...) {
        return make_failure(errc::internal, {});
    }
}

void refuse(std::string message, std::string field) {
    throw error(errc::invalid_argument, std::move(message), std::move(field));
}

} // namespace lineside::capi

extern "C" {

void lineside_error_free(lineside_error* error) {
    if (error != &lineside::capi::out_of_memory)
        lineside::capi::release(error);
}

const char* lineside_code_name(int32_t code) {
    const auto* known = lineside::capi::find(code);
    return known == nullptr ? nullptr : known->name;
}

} // extern "C"
