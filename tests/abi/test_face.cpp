#include <lineside_abi.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>

// lineside_abi.hpp as a C++17 program uses it: nothing of the C++20 library.
namespace abi = lineside::abi;

namespace {

void check(bool holds, const char* what) {
    if (holds)
        return;
    std::fprintf(stderr, "not so: %s\n", what);
    std::exit(1);
}

abi::portal engine_with_account() {
    auto engine = abi::portal::open_engine();
    lineside_account account = LINESIDE_INIT(lineside_account);
    account.id = "acme";
    const auto made = engine.account_create(&account);
    check(std::strcmp(made->id, "acme") == 0, "an account is made");
    check(abi::revision_of(made.get()).size() == LINESIDE_REVISION_SIZE - 1, "it has a revision");
    return engine;
}

void failures_are_exceptions(const abi::portal& engine) {
    try {
        (void)engine.account_get("nobody");
        check(false, "an unknown account throws");
    } catch (const abi::error& e) {
        check(e.code() == LINESIDE_NOT_FOUND && !e.retryable(), "and says so");
    }
}

void answers_come_through_a_queue(const abi::portal& engine) {
    const abi::queue queue;
    engine.account_get_async("acme", queue, 9);
    auto done = queue.next();
    check(static_cast<bool>(done) && done.tag() == 9, "a call completes");
    const auto account = done.take<lineside_account>();
    check(std::strcmp(account->id, "acme") == 0, "with its answer");
    check(!queue.next(0), "once");
    engine.account_get_async("nobody", queue, 10);
    auto failed = queue.next();
    try {
        failed.check();
        check(false, "a failure throws");
    } catch (const abi::error& e) {
        check(e.code() == LINESIDE_NOT_FOUND, "what the call threw");
    }
}

void tables_come_as_text(const abi::portal& engine) {
    lineside_data_export_request request = LINESIDE_INIT(lineside_data_export_request);
    lineside_export_subject what = LINESIDE_INIT(lineside_export_subject);
    lineside_summary_export rows = LINESIDE_INIT(lineside_summary_export);
    what.summary = &rows;
    request.what = &what;
    check(engine.data_export_text(&request).find("acme") != std::string::npos, "a table is one text");
}

void a_portal_is_served() {
    const auto engine = engine_with_account();
    lineside_server_options options = LINESIDE_INIT(lineside_server_options);
    options.operator_token = "operator-token-of-at-least-32-bytes";
    const abi::server server(engine, &options);
    const auto client = abi::portal::open_client(server.url(), options.operator_token);
    check(std::strcmp(client.account_get("acme")->id, "acme") == 0, "a client reaches it");
}

} // namespace

void live_lists_and_webhooks_are_values() {
    lineside_live_call call = LINESIDE_INIT(lineside_live_call);
    call.call_id = "1";
    const lineside_live_call* all[] = {&call};
    lineside_live_call_changes started{};
    started.calls = all;
    started.calls_count = 1;
    lineside_watch_update update{};
    update.kind = LINESIDE_WATCH_KIND_SNAPSHOT;
    update.live_calls = &started;
    abi::value<lineside_live_call_changes> calls;
    abi::value<lineside_summary_changes> hours;
    abi::apply(&update, calls);
    abi::apply(&update, hours);
    check(calls->calls_count == 1 && hours->rows_count == 0, "a list follows its updates");

    const std::string body("a\0b", 3);
    const std::string secret = "whsec_" + std::string(32, 'A');
    const auto signature = abi::webhook_sign(secret.c_str(), "1", 5'000, body);
    check(abi::webhook_verify(secret.c_str(), "1", "5", signature.c_str(), body, 6'000) == 5'000,
          "a webhook is signed");
}

int main() {
    const auto engine = engine_with_account();
    failures_are_exceptions(engine);
    answers_come_through_a_queue(engine);
    tables_come_as_text(engine);
    a_portal_is_served();
    live_lists_and_webhooks_are_values();
    check(abi::time_text(abi::parse_time("2026-03-02T12:00:00Z")) == "2026-03-02T12:00:00.000Z", "time is text");
}
