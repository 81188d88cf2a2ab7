#pragma once

#include "cli/session.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::cli {

/// What `lineside NOUN VERB [OPERAND]...` does.
struct verb {
    std::string_view name;
    std::size_t least = 0; ///< operands behind it
    std::size_t most = 0;
    exit_status (*run)(session& s, std::span<const std::string> operands) = nullptr;
};

/// Runs the verb that the first operand names. Throws usage_error.
inline exit_status run_verb(session& s, std::span<const verb> verbs) {
    const auto& words = s.args().operands();
    if (words.empty())
        throw usage_error("which verb? See --help");
    std::vector<std::string_view> known;
    for (const auto& v : verbs) {
        known.push_back(v.name);
        if (v.name != words.front())
            continue;
        const std::span<const std::string> operands(words.data() + 1, words.size() - 1);
        if (operands.size() < v.least)
            throw usage_error("'" + words.front() + "' needs an operand more; see --help");
        if (operands.size() > v.most)
            throw usage_error("'" + operands[v.most] + "' is one operand too many");
        return v.run(s, operands);
    }
    throw usage_error("unknown verb '" + words.front() + "'" + suggestion(words.front(), known));
}

} // namespace lineside::cli
