#pragma once

#include <lineside/access_log.hpp>
#include <lineside/account.hpp>
#include <lineside/acknowledged.hpp>
#include <lineside/alert.hpp>
#include <lineside/api_key.hpp>
#include <lineside/balance.hpp>
#include <lineside/branding.hpp>
#include <lineside/call.hpp>
#include <lineside/call_import.hpp>
#include <lineside/channel.hpp>
#include <lineside/checklist.hpp>
#include <lineside/contact.hpp>
#include <lineside/data_export.hpp>
#include <lineside/dispute.hpp>
#include <lineside/explanation.hpp>
#include <lineside/layout.hpp>
#include <lineside/number_block.hpp>
#include <lineside/page.hpp>
#include <lineside/payment.hpp>
#include <lineside/permission.hpp>
#include <lineside/review.hpp>
#include <lineside/series.hpp>
#include <lineside/session.hpp>
#include <lineside/summary.hpp>
#include <lineside/two_factor.hpp>
#include <lineside/verification.hpp>
#include <lineside/webhook.hpp>

#include <cstdint>
#include <string_view>

/// The rows of operations.def as types: `operation::get_account::request` and so on.
namespace lineside::operation {

enum class audience : std::uint8_t {
    anyone,    ///< no credential needed
    signed_in, ///< any contact or key, about itself, and the operator
    permitted, ///< whoever has the permission
    operators,
};

struct access {
    operation::audience audience = audience::operators;
    permission needs{}; ///< where permitted
};

/// How a call that may not have reached the other side can be repeated.
enum class retry_class : std::uint8_t {
    safe,       ///< changes nothing
    idempotent, ///< a second time comes to the same
    keyed,      ///< only with the key that tells the other side that it is the same call
};

inline constexpr access anyone{audience::anyone};
inline constexpr access signed_in{audience::signed_in};
inline constexpr access operators{audience::operators};
constexpr access may(permission p) { return {audience::permitted, p}; }

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ACCESS, RETRY, VERB, PATH) \
    struct NAME {                                                            \
        using request = REQUEST;                                             \
        using answer = ANSWER;                                               \
        static constexpr std::string_view name = #NAME;                      \
        static constexpr operation::access access = ACCESS;                  \
        static constexpr retry_class retry = retry_class::RETRY;             \
        static constexpr std::string_view verb = #VERB;                      \
        static constexpr std::string_view path = PATH;                       \
    };
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace lineside::operation
