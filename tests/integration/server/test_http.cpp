// HTTP as its users expect it: methods, problem documents, bodies and representations.

#include "integration/server/server_test.hpp"
#include "support/certificate_files.hpp"

#include <string>

namespace lineside::served {
namespace {

LINESIDE_ON_A_SERVER(http);

TEST_P(http, a_failure_is_a_problem_document_that_names_the_field) {
    add_account();
    auto p = problem_of(ask_as_operator(get("/v1/accounts/acme/calls?limit=many")), 400);
    EXPECT_EQ(text_in(p, "code"), "invalid_argument");
    EXPECT_EQ(text_in(p, "field"), "limit");
    p = problem_of(ask_as_operator(get("/v1/accounts/acme/calls?colour=red")), 400);
    EXPECT_EQ(text_in(p, "field"), "colour");
    p = problem_of(ask_as_operator(post("/v1/accounts", R"({"id":"b","currency":7})")), 400);
    EXPECT_EQ(text_in(p, "field"), "currency");
    p = problem_of(ask_as_operator(get("/v1/accounts/atlantis")), 404);
    EXPECT_EQ(text_in(p, "code"), "not_found");
    p = problem_of(ask_as_operator(get("/v1/nothing")), 404);
    EXPECT_EQ(text_in(p, "code"), "not_found");
    p = problem_of(ask_as_operator(post("/v1/accounts", R"({"id":"acme"})")), 409);
    EXPECT_EQ(text_in(p, "code"), "conflict");
}

TEST_P(http, a_failures_words_have_no_markup_and_no_control_characters_of_the_askers) {
    const auto a = ask_as_operator(get("/v1/accounts/acme/calls?%3Cscript%3E%0d%0aX-Evil:%201=1"));
    (void)problem_of(a, 400);
    EXPECT_EQ(a.field("x-evil"), "");
    EXPECT_EQ(a.field("x-content-type-options"), "nosniff");
}

TEST_P(http, a_requests_identifier_is_echoed_where_it_is_a_sane_one) {
    for (const std::string sane : {"a", "7f-3_X.y", "0123456789012345678901234567890123456789012345678901234567890123"})
        EXPECT_EQ(ask(get("/v1/identity").with("X-Request-Id", sane)).field("x-request-id"), sane);
    std::string before;
    for (const std::string odd : {"", "two words", "a,b", "a\"b", "\xc3\xa9",
                                  "01234567890123456789012345678901234567890123456789012345678901234"}) {
        const auto a = ask(get("/v1/identity").with("X-Request-Id", odd));
        const auto mine = a.field("x-request-id");
        EXPECT_NE(mine, odd);
        EXPECT_EQ(mine.size(), 22U);
        EXPECT_NE(mine, before);
        EXPECT_EQ(text_in(problem_of(a, 401), "request_id"), mine);
        before = mine;
    }
}

TEST_P(http, a_path_tells_which_methods_it_has) {
    add_account();
    auto a = ask_as_operator(send_json("DELETE", "/v1/accounts/acme", "{}"));
    (void)problem_of(a, 405);
    EXPECT_EQ(a.field("allow"), "GET, HEAD, PATCH, OPTIONS");
    for (const auto* verb : {"TRACE", "BREW", "PROPFIND"})
        EXPECT_EQ(ask_as_operator({verb, "/v1/identity"}).status, 405U) << verb;
    a = ask({"OPTIONS", "/v1/accounts/acme"});
    EXPECT_EQ(a.status, 204U);
    EXPECT_EQ(a.field("allow"), "GET, HEAD, PATCH, OPTIONS");
    for (const auto* path : {"/v1/live", "/v1/accounts/acme/live"}) {
        a = ask({"OPTIONS", path});
        EXPECT_EQ(a.status, 204U) << path;
        EXPECT_EQ(a.field("allow"), "GET, OPTIONS") << path;
        EXPECT_EQ(ask_as_operator(post(path, "{}")).field("allow"), "GET, OPTIONS") << path;
    }
    a = ask_as_operator(post("/openapi.json", "{}"));
    (void)problem_of(a, 405);
    EXPECT_EQ(a.field("allow"), "GET, HEAD, OPTIONS");
    for (const auto* path :
         {"/v1", "/v1/", "/v1//identity", "/v1/identity/", "/v1/accounts//calls", "/v2/identity", "//"})
        (void)problem_of(ask_as_operator(get(path)), 404);
}

TEST_P(http, head_says_what_get_would_and_has_no_body) {
    add_account();
    auto client = connect();
    for (const auto* path : {"/v1/accounts/acme", "/v1/nothing", "/openapi.json", "/v1/accounts/acme/summary"}) {
        client.send(get(path).by(operator_token).bytes());
        const auto whole = client.read_answer();
        client.send(asked{"HEAD", path}.by(operator_token).bytes());
        const auto head = client.read_answer(true);
        EXPECT_EQ(head.status, whole.status) << path;
        for (const auto* name : {"content-length", "content-type", "etag"})
            EXPECT_EQ(head.field(name), whole.field(name)) << name << " of " << path;
    }
    // A table, too, of which nobody knows the length beforehand.
    client.send(asked{"HEAD", "/v1/accounts/acme/summary"}.by(operator_token).with("Accept", "text/csv").bytes());
    const auto head = client.read_answer(true);
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.field("content-type"), "text/csv; charset=utf-8");
    if (head.field("connection") != "close") {
        client.send(get("/v1/accounts/acme").by(operator_token).bytes());
        EXPECT_EQ(client.read_answer().status, 200U);
    }
}

TEST_P(http, a_body_of_another_kind_is_refused) {
    served.limits.json_bytes = 1'000;
    const std::string body = R"({"id":"acme"})";
    auto kind = [&](const std::string& type) {
        return ask_as_operator({"POST", "/v1/accounts", {{"Content-Type", type}}, body}).status;
    };
    EXPECT_EQ(kind("text/plain"), 415U);
    EXPECT_EQ(kind("application/jsonp"), 415U);
    EXPECT_EQ(kind("multipart/form-data; boundary=x"), 415U);
    EXPECT_EQ(ask_as_operator({"POST", "/v1/accounts", {}, body}).status, 415U);
    EXPECT_EQ(kind("Application/JSON; charset=utf-8"), 200U);
    for (const std::string bad : {"{", "[]", "null", R"({"id":"b","id":"b"})", R"({"id":"b"} x)", R"({"colour":"red"})",
                                  "\xff", R"({"id":"\ud800"})"})
        (void)problem_of(ask_as_operator(post("/v1/accounts", bad)), 400);
    (void)problem_of(ask_as_operator(post("/v1/accounts", R"({"id":")" + std::string(1'000, 'a') + "\"}")), 413);
    auto with_body = get("/v1/accounts");
    with_body.body = "{}";
    (void)problem_of(ask_as_operator(with_body.with("Content-Type", "application/json")), 400);
}

// Depth is a stack's, width a table's: neither is the asker's to choose.
TEST_P(http, a_body_that_is_all_brackets_is_refused) {
    for (const auto* open : {"[", "{\"a\":"}) {
        std::string deep;
        while (deep.size() < 500'000)
            deep += open;
        (void)problem_of(ask_as_operator(post("/v1/accounts", deep)), 400);
    }
    EXPECT_EQ(ask_as_operator(get("/v1/identity")).status, 200U);
}

TEST_P(http, an_answer_that_nobody_accepts_is_not_made) {
    add_account();
    const auto kind = [&](const std::string& path, const std::string& accept) {
        return ask_as_operator(get(path).with("Accept", accept)).status;
    };
    (void)problem_of(ask_as_operator(get("/v1/accounts/acme").with("Accept", "image/png")), 406);
    EXPECT_EQ(kind("/v1/accounts/acme", "text/csv"), 406U);
    EXPECT_EQ(kind("/v1/accounts/acme", "application/json;q=0"), 406U);
    EXPECT_EQ(kind("/v1/accounts/acme", "*/*"), 200U);
    EXPECT_EQ(kind("/v1/accounts/acme", "text/html, application/*;q=0.1"), 200U);
    // Nothing is done for one that cannot be told of it.
    EXPECT_EQ(ask_as_operator(post("/v1/accounts", R"({"id":"b"})").with("Accept", "text/csv")).status, 406U);
    EXPECT_EQ(ask_as_operator(get("/v1/accounts/b")).status, 404U);
}

TEST_P(http, every_answer_tells_browsers_to_guess_and_keep_nothing) {
    add_account();
    for (const auto* path : {"/v1/accounts/acme", "/v1/accounts/nobody", "/v1/nothing"}) {
        const auto a = ask_as_operator(get(path));
        EXPECT_EQ(a.field("x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(a.field("referrer-policy"), "no-referrer") << path;
        EXPECT_EQ(a.field("cache-control"), "no-store") << path;
        EXPECT_EQ(a.field("server"), "") << path;
        EXPECT_EQ(a.field("strict-transport-security"), "") << "in plain HTTP it means nothing";
    }
    auto client = connect();
    client.send("GET / HTTP/1.1\r\n\r\n");
    const auto refused = client.read_answer();
    (void)problem_of(refused, 400);
    EXPECT_EQ(refused.field("cache-control"), "no-store");
    EXPECT_EQ(refused.field("x-content-type-options"), "nosniff");
    EXPECT_EQ(refused.field("connection"), "close");
}

TEST_P(http, over_tls_a_browser_is_told_to_stay_there) {
    const test::certificate_files files;
    served.tls = server_tls{files.certificate(), files.key(), {}};
    raw_client client(front().port(), test::raw_tls{.ca_file = files.authority()});
    client.send(get("/v1/identity").by(operator_token).bytes());
    EXPECT_EQ(client.read_answer().field("strict-transport-security"), "max-age=31536000; includeSubDomains");
}

TEST_P(http, a_credential_that_is_no_bearer_token_is_none) {
    const auto basic = ask(get("/v1/identity").with("Authorization", "Basic b3BlcmF0b3I6"));
    (void)problem_of(basic, 401);
    EXPECT_TRUE(basic.field("www-authenticate").starts_with("Bearer realm=\"lineside\""));
    EXPECT_EQ(ask(get("/v1/identity").with("Authorization", "Bearer")).status, 401U);
    EXPECT_EQ(ask(get("/v1/identity").with("Authorization", "Bearer ")).status, 401U);
    EXPECT_EQ(ask(get("/v1/identity").by(operator_token).by(operator_token)).status, 401U);
    EXPECT_EQ(ask(get("/v1/identity").with("Authorization", std::string("bearer ") + operator_token)).status, 200U);
    // Nor is one that stands in the query, where logs would keep it.
    EXPECT_EQ(ask(get(std::string("/v1/identity?access_token=") + "x")).status, 401U);
    EXPECT_EQ(ask(get("/v1/identity").with("Cookie", std::string("__Host-lineside=") + operator_token)).status, 401U)
        << "the operator is no browser";
}

TEST_P(http, the_operators_token_is_a_server_option_and_nothing_else_is_the_operator) {
    served.operator_token = {};
    EXPECT_EQ(ask_as_operator(get("/v1/accounts")).status, 401U);
    EXPECT_EQ(ask(get("/v1/accounts").with("Authorization", "Bearer ")).status, 401U);
    EXPECT_EQ(ask(get("/v1/accounts")).status, 401U);
}

TEST_P(http, an_options_mistake_is_named) {
    const auto refused = [&](auto change) {
        server_options o;
        change(o);
        return contract::failure_of([&] { return server(lineside(), std::move(o)).port(); }, errc::invalid_argument)
            .field;
    };
    EXPECT_EQ(refused([](auto& o) { o.operator_token = secret("short"); }), "operator_token");
    EXPECT_EQ(refused([](auto& o) { o.listen = "0.0.0.0:0"; }), "listen");
    EXPECT_EQ(refused([](auto& o) { o.listen = "127.0.0.1"; }), "listen");
    EXPECT_EQ(refused([](auto& o) { o.listen = "::1:0"; }), "listen");
    EXPECT_EQ(refused([](auto& o) { o.trusted_proxies = {"10.0.0.0/33"}; }), "trusted_proxies");
    EXPECT_EQ(refused([](auto& o) { o.threads = 0; }), "threads");
    EXPECT_EQ(refused([](auto& o) { o.limits.streams = 65; }), "limits.streams");
    EXPECT_EQ(refused([](auto& o) { o.limits.requests_per_second = 0; }), "limits.requests_per_second");
    EXPECT_EQ(refused([](auto& o) { o.admin = "nowhere"; }), "admin");
}

} // namespace
} // namespace lineside::served
