#pragma once

#include <string>
#include <vector>

namespace lineside {

/// One page of a list. Ask again with `next` as the query's cursor for the following page.
template <class T>
struct page {
    std::vector<T> items;
    /// Opaque; empty on the last page. Stays valid while rows are added: a page never repeats or skips a row that
    /// was there when the first page was read.
    std::string next;

    [[nodiscard]] bool is_last() const noexcept { return next.empty(); }
    bool operator==(const page&) const = default;
};

} // namespace lineside
