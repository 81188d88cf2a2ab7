#include <lineside/session.hpp>

#include "model/names.hpp"

namespace lineside {

namespace {

constexpr name_of<sign_out_scope> scopes[] = {
    {sign_out_scope::current, "current"},
    {sign_out_scope::others, "others"},
    {sign_out_scope::all, "all"},
    {sign_out_scope::one, "one"},
};

} // namespace

std::string_view to_string(sign_out_scope s) noexcept { return find_name(scopes, s); }

} // namespace lineside
