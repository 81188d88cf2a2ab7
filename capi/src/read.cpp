#include "read.hpp"

namespace lineside::capi {

std::string place::text() const {
    auto path = outer == nullptr ? std::string() : outer->text();
    if (!path.empty() && !name.empty())
        path += '.';
    path += name;
    if (index != absent)
        path += '[' + std::to_string(index) + ']';
    return path;
}

void refuse_at(const place& at, const char* what) {
    auto where = at.text();
    refuse(where + ": " + what, where);
}

void copy_sized(const void* from, void* to, std::size_t known, const place& at) {
    std::size_t size = 0;
    std::memcpy(&size, from, sizeof size);
    if (size < sizeof size)
        refuse_at({&at, "struct_size"}, "is not the size of the structure");
    std::memset(to, 0, known);
    std::memcpy(to, from, std::min(size, known));
    const auto* bytes = static_cast<const unsigned char*>(from);
    if (size > known && std::any_of(bytes + known, bytes + size, [](unsigned char b) { return b != 0; }))
        refuse_at({&at, "struct_size"}, "a member is set that this version of Lineside does not know");
}

} // namespace lineside::capi
