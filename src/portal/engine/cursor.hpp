#pragma once

#include <lineside/secret.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside {

/// Where a page ended, as the asker gets it: the position, and the engine's word that it is one of this very query. So
/// nobody makes one up, changes one, or carries one to another operation, account, filter or order.
///
/// Thread-safe.
class cursor_signer {
public:
    /// Signs with the first key and knows what any of them signed.
    explicit cursor_signer(std::vector<secret> keys) : keys_(std::move(keys)) {}

    /// `query` says which list it is of, but for the page. An empty position is the end, and an empty cursor.
    [[nodiscard]] std::string sign(std::string_view query, std::string_view position) const;
    /// The position. Errors: invalid_argument (not one of this query).
    [[nodiscard]] std::string open(std::string_view query, std::string_view cursor) const;

private:
    std::vector<secret> keys_;
};

} // namespace lineside
