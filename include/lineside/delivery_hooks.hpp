#pragma once

#include <lineside/alert.hpp>
#include <lineside/id.hpp>

#include <functional>
#include <string>

namespace lineside {

struct mail {
    std::string to{};
    std::string subject{};
    std::string text{};
    account_id account{};
};

struct text_message {
    std::string to{}; ///< E.164
    std::string text{};
    account_id account{};
};

/// How the engine reaches people. Called outside of every transaction, on the thread of the operation; what they throw
/// makes the operation fail with `unavailable`, and it can be tried again.
struct delivery_hooks {
    std::function<void(const mail&)> mailer{};
    std::function<void(const text_message&)> texter{};
    std::function<void(const alert_event&)> on_alert{};
};

} // namespace lineside
