#include "wire/table_rows.hpp"

namespace lineside::wire {

// A quote that is doubled inside a cell ends the inside and begins it again, with nothing in between.
void row_counter::count(std::string_view piece) noexcept {
    for (const char c : piece) {
        if (c == '"' && quotes_)
            inside_ = !inside_;
        else if (c == '\n' && !inside_)
            ++lines_;
    }
}

} // namespace lineside::wire
