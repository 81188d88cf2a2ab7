// The log of live calls: damaged bytes are refused, and whatever is read can be applied and written again.

#include <lineside/error.hpp>

#include "portal/engine/live/live_log.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace lineside;

// The engine checks the keys of accounts against its database.
bool dense(std::uint32_t account) { return account < 1'000; }

void apply(live_entry e) {
    rules::live_calls calls({.most_calls = 1'000, .seed = 1});
    const auto all_dense = [](const auto& list, auto account_of) {
        return std::all_of(list.begin(), list.end(), [&](const auto& x) { return dense(account_of(x)); });
    };
    if (!dense(e.account) || !all_dense(e.events, [](const auto& x) { return x.account; }) ||
        !all_dense(e.calls, [](const auto& x) { return x.call.account; }) ||
        !all_dense(e.kept_calls, [](const auto& x) { return x.call.account; }) ||
        !all_dense(e.state.accounts, [](const auto& x) { return x.account; }))
        return;
    calls.restore(e.state);
    for (const auto& c : e.kept_calls)
        calls.restore(c);
    if (e.what == live_entry::kind::snapshot && e.account != 0)
        for (auto& c : e.calls)
            c.call.account = e.account;
    std::erase_if(e.calls, [](const auto& c) { return c.call.account == 0 || c.call.order.at == absent; });
    std::erase_if(e.events, [](const auto& x) { return x.order.at == absent; });
    calls.apply(e.events, e.now);
    calls.apply_snapshot(0, e.account, e.at, e.calls, e.now);
    if (e.what == live_entry::kind::admission && !e.events.empty() && e.events.front().account != 0)
        calls.admit(e.events.front(), std::nullopt, std::nullopt, e.now);
    std::size_t live = 0;
    for (std::uint32_t a = 0; a < 1'000; ++a)
        live += calls.counts(a).in_use();
    if (live > calls.live())
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        auto e = decode_live_entry(bytes);
        if (e.what <= live_entry::kind::admission) {
            std::string again;
            encode_live_entry(e, again);
            std::string and_again;
            encode_live_entry(decode_live_entry(again), and_again);
            if (again != and_again)
                std::abort();
        }
        apply(std::move(e));
    } catch (const error& e) {
        if (e.code() != errc::storage && e.code() != errc::exhausted)
            std::abort();
    }
    std::vector<rules::live_minute> minutes;
    try {
        decode_live_day(bytes, 1, 0, minutes);
    } catch (const error& e) {
        if (e.code() != errc::storage)
            std::abort();
    }
    return 0;
}
