#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace lineside {

/// A host-chosen identifier that cannot be mistaken for another kind. 1 to 128 bytes of UTF-8 without control
/// characters where an operation creates one; compared byte by byte.
template <class Tag>
class id {
public:
    id() = default;
    explicit id(std::string value) noexcept : value_(std::move(value)) {}

    [[nodiscard]] const std::string& value() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

    auto operator<=>(const id&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const id& x) { return out << x.value_; }

private:
    std::string value_;
};

/// The customer's account at the operator: the tenant.
using account_id = id<struct account_id_tag>;
/// A person at a customer.
using contact_id = id<struct contact_id_tag>;

} // namespace lineside

template <class Tag>
struct std::hash<lineside::id<Tag>> {
    std::size_t operator()(const lineside::id<Tag>& x) const noexcept { return std::hash<std::string>{}(x.value()); }
};
