#pragma once

#include <lineside/export.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <utility>

namespace lineside {

using error_code = boost::system::error_code;

/// What went wrong, by what the caller can do next. The table behind it is `src/model/errc.def`; values are stable.
enum class errc : int {
    invalid_argument = 1,    ///< the request is wrong: mend it; `diagnostics::field` says where
    unauthenticated = 2,     ///< sign in (again)
    permission_denied = 3,   ///< this principal may not
    not_found = 4,           ///< no such thing, or not yours
    conflict = 5,            ///< it exists already, or somebody else was first
    exhausted = 6,           ///< a limit or quota is used up: later, or ask for more
    precondition_failed = 7, ///< the thing changed since it was read: read it again
    unavailable = 8,         ///< not now: try again
    timed_out = 9,           ///< the deadline passed
    cancelled = 10,          ///< the caller asked to stop
    protocol = 11,           ///< the other side broke the protocol
    storage = 12,            ///< the database failed
    internal = 13,           ///< a defect of Lineside
};

[[nodiscard]] LINESIDE_API const boost::system::error_category& lineside_category() noexcept;
[[nodiscard]] inline error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), lineside_category()}; }

/// What is known about a failure beyond its code. Every member may be empty.
struct diagnostics {
    std::string message;    ///< one sentence for people, naming file, line and field where there are some
    std::string field;      ///< the member of the request that is wrong
    std::string request_id; ///< for the other side's log
    int http_status = 0;    ///< 0 on a portal in the process
    error_code cause;       ///< the code below `errc`: of SQL, a socket, TLS

    bool operator==(const diagnostics&) const = default;
};

/// The exception of the throwing forms. `what()` is the diagnostics' message.
class LINESIDE_API error : public boost::system::system_error {
public:
    error(error_code ec, diagnostics d) : system_error(ec, d.message), diagnostics_(std::move(d)) {}
    /// For a wrong request: the message, and the member it is about.
    error(errc e, std::string message, std::string field = {})
        : error(make_error_code(e), diagnostics{std::move(message), std::move(field), {}, 0, {}}) {}

    [[nodiscard]] const diagnostics& details() const noexcept { return diagnostics_; }
    [[nodiscard]] const char* what() const noexcept override {
        return diagnostics_.message.empty() ? system_error::what() : diagnostics_.message.c_str();
    }

private:
    diagnostics diagnostics_;
};

/// The failure of a function that does no I/O: a code and its diagnostics.
struct failure {
    error_code code;
    diagnostics details;
};
/// `result<T>::value()` of a failure throws `lineside::error`.
[[noreturn]] LINESIDE_API void throw_exception_from_error(const failure& f, const boost::source_location& where);

/// The answer of a function that may fail without I/O.
template <class T>
using result = boost::system::result<T, failure>;

} // namespace lineside

template <>
struct boost::system::is_error_code_enum<lineside::errc> : std::true_type {};
