#include <lineside/permission.hpp>

#include "described.hpp"
#include "failure.hpp"
#include "wire/describe_access_log.hpp"
#include "wire/describe_alert.hpp"
#include "wire/describe_channel.hpp"
#include "wire/describe_contact.hpp"
#include "wire/describe_dashboard.hpp"
#include "wire/describe_dispute.hpp"
#include "wire/describe_identity.hpp"
#include "wire/describe_money.hpp"
#include "wire/describe_number_block.hpp"
#include "wire/describe_watch.hpp"

#include <vector>

namespace lineside::capi {

// Each constant is its enumerator's, and no enumerator is without one.
#define LINESIDE_C_ENUMERATION(NAME, COUNT) \
    static_assert(count_of<lineside::NAME>() == (COUNT), "lineside_" #NAME " has another number of constants");
#define LINESIDE_C_CONSTANT(NAME, ENUMERATOR, CONSTANT)                  \
    static_assert(constant_of(lineside::NAME::ENUMERATOR) == (CONSTANT), \
                  #CONSTANT " is not the place of its enumerator");      \
    static_assert((lineside::NAME::ENUMERATOR) == enumerator_of<lineside::NAME>(CONSTANT));
#include "constants.def"
#undef LINESIDE_C_ENUMERATION
#undef LINESIDE_C_CONSTANT

namespace {

/// The names are literals, so they end with a zero byte.
template <class E>
const char* name_of(std::int32_t constant) noexcept {
    const auto known = enumerator_of<E>(constant);
    return known ? to_string(*known).data() : nullptr;
}

std::vector<std::int32_t> constants_of(const permission_set& permissions) {
    std::vector<std::int32_t> all;
    for (const auto p : permissions.list())
        all.push_back(constant_of(p));
    return all;
}

} // namespace

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

#define LINESIDE_C_ENUMERATION(NAME, COUNT) \
    const char* lineside_##NAME##_name(int32_t value) { return name_of<lineside::NAME>(value); }
#define LINESIDE_C_CONSTANT(...)
#include "constants.def"
#undef LINESIDE_C_ENUMERATION
#undef LINESIDE_C_CONSTANT

const char* lineside_metric_unit(int32_t value) {
    const auto known = enumerator_of<metric>(value);
    return known ? unit_of(*known).data() : nullptr;
}

lineside_error* lineside_role_permissions(int32_t value, const int32_t** permissions, size_t* count) {
    return guard([&] {
        needed(permissions, "permissions") = nullptr;
        needed(count, "count") = 0;
        const auto known = enumerator_of<role>(value);
        if (!known)
            refuse("there is no such role", "role");
        static const std::array<std::vector<std::int32_t>, count_of<role>()> lists = [] {
            std::array<std::vector<std::int32_t>, count_of<role>()> all;
            for (std::size_t i = 0; i < all.size(); ++i)
                all[i] = constants_of(permissions_of(static_cast<role>(i)));
            return all;
        }();
        const auto& list = lists[static_cast<std::size_t>(*known)];
        *permissions = list.data();
        *count = list.size();
    });
}

} // extern "C"
