// serve_and_proxy: a server over an engine, a client of it, and a server over that client: a proxy, for free.
#include <lineside/lineside.hpp>

#include <cstdio>

using namespace lineside;

namespace {

const char* const key = "made-at-random-and-kept-secret-32b";

server_options guarded() {
    server_options o; // 127.0.0.1, a free port
    o.operator_token = secret(key);
    return o;
}

client_options of(const server& s) {
    client_options o;
    o.base_url = s.url();
    o.token = secret(key);
    return o;
}

// Whatever is written for a portal does not notice where it is.
void show(const char* where, portal& p) {
    std::printf("%s: %s\n", where, p.async_get_account({account_id("harbour")}, block).name.c_str());
}

} // namespace

int main() {
    try {
        engine near({.database = "sqlite::memory:"});
        (void)near.async_create_account({.id = account_id("harbour"), .name = "Harbour Lines"}, block);
        show("here", near);

        server front(near, guarded());
        client far(of(front));
        show("over HTTP", far);

        server proxy(far, guarded());
        client farther(of(proxy));
        show("through a proxy", farther);

        // A failure is the same failure everywhere.
        try {
            (void)farther.async_get_account({account_id("nobody")}, block);
        } catch (const error& e) {
            std::printf("%s\n", e.code().message().c_str());
        }
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
