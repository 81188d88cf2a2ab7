// number_block: internal numbers for a customer, asked for twice as after a lost answer, and given out once.
#include <lineside/lineside.hpp>

#include <cstdio>

using namespace lineside;

int main() {
    try {
        engine portal({.database = "sqlite::memory:"});
        const account_id harbour("harbour");
        for (const char* id : {"harbour", "quay"})
            (void)portal.async_create_account({.id = account_id(id)}, block);

        // The key is made before the first attempt and kept with what the block is for.
        call_options once;
        once.idempotency_key = "harbour-front-desk-0001";
        const number_block first = portal.async_add_block({.account = harbour, .size = 100}, once, block);
        const number_block again = portal.async_add_block({.account = harbour, .size = 100}, once, block);
        std::printf("%s, and asked again %s\n", first.id.c_str(), again.id.c_str());

        const extension desk = portal.async_claim_extension({.account = harbour}, block);
        std::printf("extension %s\n", desk.number.c_str());

        // What cannot be had says why, in words and by a stable name.
        try {
            (void)portal.async_claim_block({.account = account_id("quay"), .range = {"1050", "1059"}}, block);
        } catch (const error& e) {
            std::printf("%s: %s\n", e.details().cause.message().c_str(), e.what());
        }
        const utilisation use = portal.async_get_utilisation({harbour}, block);
        std::printf("%llu of %llu in use\n", static_cast<unsigned long long>(use.used),
                    static_cast<unsigned long long>(use.numbers));
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
