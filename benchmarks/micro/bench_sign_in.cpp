// Signing in: what it costs beside the password's hash, which is slow on purpose, and what a session costs a request.

#include <lineside/engine.hpp>

#include "rules/password_hash.hpp"

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

namespace {

using namespace lineside;

constexpr std::string_view password = "vbxr jhqp fmtw zgdk";

// A portal with one contact, on a file in a folder of its own.
class house {
public:
    house() {
        std::string pattern = (std::filesystem::temp_directory_path() / "lineside-XXXXXX").string();
        if (::mkdtemp(pattern.data()) != nullptr)
            folder_ = pattern;
        engine_options o;
        o.database = "sqlite:" + (folder_ / "people.db").string();
        o.identity.attempts_per_source = 1'000'000'000;
        engine_ = std::make_unique<engine>(std::move(o));
        account a;
        a.id = account_id("acme");
        (void)engine_->async_create_account(a, block);
        contact_create c;
        c.account = a.id;
        c.name = "Ann Smithers";
        c.email = "ann@acme.example";
        c.role = role::administrator;
        c.password = secret(password);
        (void)engine_->async_create_contact(std::move(c), block);
    }
    house(const house&) = delete;
    house& operator=(const house&) = delete;
    ~house() {
        engine_.reset();
        std::filesystem::remove_all(folder_);
    }

    [[nodiscard]] portal& door() { return *engine_; }
    [[nodiscard]] static sign_in_request attempt(std::string email) {
        sign_in_request r;
        r.email = std::move(email);
        r.password = secret(password);
        return r;
    }

private:
    std::filesystem::path folder_;
    std::unique_ptr<engine> engine_;
};

void floor_one_password_hash(benchmark::State& state) {
    const engine_identity defaults;
    const rules::argon2_cost cost{defaults.password_memory_kib, defaults.password_passes, 1};
    const auto kept = rules::hash_password(password, "0123456789abcdef", cost);
    for (auto _ : state)
        benchmark::DoNotOptimize(rules::is_password(password, kept));
}
BENCHMARK(floor_one_password_hash)->Unit(benchmark::kMillisecond);

void sign_in(benchmark::State& state) {
    house h;
    for (auto _ : state) {
        const auto grant = h.door().async_sign_in(house::attempt("ann@acme.example"), block);
        state.PauseTiming();
        (void)h.door().as({grant.token.copy(), {}, {}})->async_sign_out({}, block);
        state.ResumeTiming();
    }
}
BENCHMARK(sign_in)->Unit(benchmark::kMillisecond);

// Takes as long, so that nobody learns which logins there are.
void sign_in_of_nobody(benchmark::State& state) {
    house h;
    int n = 0;
    for (auto _ : state) {
        try { // each time another one: who fails again and again is told to wait
            (void)h.door().async_sign_in(house::attempt("nobody" + std::to_string(++n) + "@acme.example"), block);
        } catch (const error& e) {
            benchmark::DoNotOptimize(e);
        }
    }
}
BENCHMARK(sign_in_of_nobody)->Unit(benchmark::kMillisecond);

void request_of_the_operator(benchmark::State& state) {
    house h;
    for (auto _ : state)
        benchmark::DoNotOptimize(h.door().async_get_account(account_id("acme"), block));
}
BENCHMARK(request_of_the_operator)->Unit(benchmark::kMicrosecond);

void request_with_a_session(benchmark::State& state) {
    house h;
    const auto grant = h.door().async_sign_in(house::attempt("ann@acme.example"), block);
    const auto mine = h.door().as({grant.token.copy(), {}, {}});
    for (auto _ : state)
        benchmark::DoNotOptimize(mine->async_get_account(account_id("acme"), block));
}
BENCHMARK(request_with_a_session)->Unit(benchmark::kMicrosecond);

} // namespace
