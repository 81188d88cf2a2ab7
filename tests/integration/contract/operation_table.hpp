#pragma once

#include "integration/contract/every_operation.hpp"

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

// The table of operations as values, to be asked one by one.
namespace lineside::contract {

/// How an operation ended: an answer as text, or a failure.
struct outcome {
    std::optional<errc> failed{};
    std::string text{}; ///< the answer, or the failure's message
    std::string field{};
    error_code cause{};

    bool operator==(const outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const outcome& o);

/// A row of operations.def with its request.
struct row {
    std::string name;
    operation::access access;
    bool names_account = false;
    bool names_thing = false;
    bool narrows = false;
    bool has_cursor = false;
    std::function<outcome(portal&, const estate&, naming, const std::string& cursor)> run;

    [[nodiscard]] outcome ask(portal& p, const estate& about, naming how = naming::account_named,
                              const std::string& cursor = {}) const {
        return run(p, about, how, cursor);
    }
};

/// All of them, in the order of operations.def.
[[nodiscard]] const std::vector<row>& table();

[[nodiscard]] inline bool is_for(const row& r, operation::audience who) { return r.access.audience == who; }

/// The text without the names that somebody was asked for by.
[[nodiscard]] std::string without_names(std::string text, const estate& e);
/// Nobody's: of the same kind, and not there.
[[nodiscard]] estate not_there();

} // namespace lineside::contract
