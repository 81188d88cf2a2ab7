#pragma once

#include <lineside/portal.hpp>

#include <utility>

namespace lineside {

/// A portal's operations as one overloaded function, for code that is generic over them:
/// `async_ask(operation::get_account{}, p, id, {}, block)` is `p.async_get_account(id, block)`.
#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                                 \
    template <class Token>                                                                             \
    auto async_ask(operation::NAME, portal& p, REQUEST request, call_options options, Token&& token) { \
        return p.async_##NAME(std::move(request), std::move(options), std::forward<Token>(token));     \
    }
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace lineside
