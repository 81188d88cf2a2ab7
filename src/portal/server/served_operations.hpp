#pragma once

#include <lineside/portal.hpp>

#include "wire/routes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lineside {

/// What is known about who asks, beside the credential.
struct visitor {
    std::string address{}; ///< as far as trusted proxies tell
    std::string user_agent{};
    enum class word : std::uint8_t { checked, trusted };
    word on_sources = word::checked; ///< trusted: where a sign-in comes from is what its request says
    enum class token_in : std::uint8_t { answer, cookie };
    token_in session = token_in::answer; ///< where the token of a new session goes
};

struct served_answer {
    std::string json{};
    secret cookie{}; ///< the token of a new session, where it does not stand in the answer
};

/// A request that was read, and can be put to a portal.
class served_operation {
public:
    virtual ~served_operation() = default;
    /// `done` is called as the portal calls its handlers.
    virtual void start(portal& p, call_options options, detail::completion<served_answer> done) = 0;
    /// The same question as a table; nothing where its answer is none.
    [[nodiscard]] virtual std::optional<export_request> as_table() const { return std::nullopt; }
};

/// Reads a request of the table's row `r`. Throws `lineside::error` (invalid_argument).
/// Not for rows whose body or answer is a stream.
[[nodiscard]] std::unique_ptr<served_operation> read_operation(const wire::route& r, const wire::path_parameters& path,
                                                               std::string_view query, std::string_view body,
                                                               const visitor& who);

/// Whether the operation of the row looks at `If-Match`.
[[nodiscard]] bool looks_at_revision(const wire::route& r);

} // namespace lineside
