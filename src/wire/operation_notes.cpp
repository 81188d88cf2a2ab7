#include "wire/operation_notes.hpp"

#include "wire/problem.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace lineside::wire {

extern const std::string_view operations_text;

namespace {

std::string_view next_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" .");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" .") - first + 1);
}

std::optional<errc> errc_named(std::string_view name) {
    for (auto code = errc::invalid_argument; code <= errc::internal;
         code = static_cast<errc>(static_cast<int>(code) + 1))
        if (to_string(code) == name)
            return code;
    return std::nullopt;
}

// "not_found, conflict (the id is taken), and what `write` throws": the last is no code.
std::vector<operation_notes::failing> errors_in(std::string_view list) {
    std::vector<operation_notes::failing> errors;
    const auto add = [&](std::string_view element) {
        const auto text = trimmed(element);
        const auto open = text.find(" (");
        if (const auto code = errc_named(text.substr(0, open)))
            errors.push_back({*code, std::string(open == text.npos || !text.ends_with(')')
                                                     ? std::string_view()
                                                     : text.substr(open + 2, text.size() - open - 3))});
    };
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        depth += list[i] == '(' ? 1 : list[i] == ')' ? -1 : 0;
        if (list[i] == ',' && depth == 0) {
            add(list.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    add(list.substr(begin));
    return errors;
}

void read_comment(operation_notes& to, std::string_view comment) {
    constexpr std::string_view errors = "Errors: ";
    const auto at = comment.find(errors);
    const auto text = comment.substr(0, at);
    to.text = text.substr(0, text.find_last_not_of(' ') + 1);
    to.summary = trimmed(text.substr(0, std::min(text.find(". "), text.find("; "))));
    if (at != comment.npos)
        to.errors = errors_in(comment.substr(at + errors.size()));
}

} // namespace

std::vector<operation_notes> read_operation_notes(std::string_view table) {
    constexpr std::string_view section_mark = "// --- ";
    constexpr std::string_view row_mark = "LINESIDE_OPERATION(";
    std::vector<operation_notes> all;
    std::string section;
    std::string comment;
    while (!table.empty()) {
        const auto line = next_line(table);
        if (line.starts_with("///")) {
            comment += comment.empty() ? "" : " ";
            comment += line.substr(std::min(line.size(), line.find_first_not_of("/ ")));
        } else if (line.starts_with(section_mark)) {
            section = line.substr(section_mark.size());
        } else if (line.starts_with(row_mark)) {
            auto& notes = all.emplace_back();
            notes.name = line.substr(row_mark.size(), line.find(',') - row_mark.size());
            notes.section = section;
            read_comment(notes, comment);
            comment.clear();
        } else if (!line.empty() && line.front() != ' ') {
            comment.clear();
        }
    }
    return all;
}

std::span<const operation_notes> notes_of_operations() {
    static const auto all = read_operation_notes(operations_text);
    return all;
}

} // namespace lineside::wire
