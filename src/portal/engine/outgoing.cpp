#include "portal/engine/outgoing.hpp"

#include <lineside/error.hpp>

namespace lineside {

namespace {

template <class Hook, class Message>
void hand_over(const Hook& hook, const Message& message, const char* none, const char* failed) {
    if (!hook)
        throw error(errc::unavailable, none);
    try {
        hook(message);
    } catch (...) {
        throw error(errc::unavailable, failed);
    }
}

} // namespace

void send(const delivery_hooks& hooks, const mail& m) {
    hand_over(hooks.mailer, m, "this portal sends no mail", "the mail could not be sent");
}

void send(const delivery_hooks& hooks, const text_message& m) {
    hand_over(hooks.texter, m, "this portal sends no text messages", "the text message could not be sent");
}

} // namespace lineside
