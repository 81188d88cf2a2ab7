#pragma once

#include <lineside/delivery_hooks.hpp>

namespace lineside {

/// Hand something to the host that carries it to people: outside of every transaction, since nobody knows how long it
/// takes. Errors: unavailable (the host gave no such hook, or its hook threw; what it threw stays with it, for it may
/// hold what was to be sent).
void send(const delivery_hooks& hooks, const mail& m);
void send(const delivery_hooks& hooks, const text_message& m);

} // namespace lineside
