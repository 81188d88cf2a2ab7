#pragma once

#include <lineside/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

/// What people are told about an operation: the comment above its row in operations.def, which the build compiles in.
struct operation_notes {
    struct failing {
        errc code{};
        std::string when; ///< in words; may be empty
    };

    std::string name;
    std::string section; ///< "Calls and their numbers"
    std::string summary; ///< its first sentence, up to a semicolon
    std::string text;    ///< all of it but the errors
    std::vector<failing> errors;
};

/// In the order of operations.def.
[[nodiscard]] std::span<const operation_notes> notes_of_operations();

/// Reads the text of a table like operations.def.
[[nodiscard]] std::vector<operation_notes> read_operation_notes(std::string_view table);

} // namespace lineside::wire
