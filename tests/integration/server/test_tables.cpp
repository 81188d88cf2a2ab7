// Rows as tables, and pages of them.

#include "integration/server/server_test.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace lineside::served {
namespace {

class tables_test : public server_test {
protected:
    void fill(int calls = 50) {
        std::vector<call> made;
        for (int i = 0; i < calls; ++i)
            made.push_back(contract::charged(
                answered_call("c" + std::to_string(i), at("2026-03-09T00:00:00Z") + minutes(20 * i), seconds(60 + i)),
                "0.10"));
        made.front().hangup_cause = "=1+1"; // which a spreadsheet would compute
        import(std::move(made));
    }
    /// The same rows from `export_data`, asked for by the engine itself.
    [[nodiscard]] std::string exported(export_request r, export_format f) {
        std::string text;
        r.format = f;
        r.write = [&](std::string_view piece) { text += piece; };
        (void)lineside().async_export_data(std::move(r), block);
        return text;
    }
};

LINESIDE_ON_A_SERVER_WITH(tables, tables_test);

TEST_P(tables, what_has_rows_can_be_had_as_a_table_with_the_rows_of_an_export) {
    fill();
    struct form {
        const char* accept;
        const char* type;
        export_format format;
    };
    constexpr form forms[] = {
        {"text/csv", "text/csv; charset=utf-8", export_format::csv},
        {"text/tab-separated-values", "text/tab-separated-values; charset=utf-8", export_format::tsv},
        {"application/x-ndjson", "application/x-ndjson", export_format::ndjson}};
    const time_range range{at("2026-03-09T00:00:00Z"), at("2026-03-10T00:00:00Z")};
    const std::string within = "from=2026-03-09T00:00:00Z&to=2026-03-10T00:00:00Z";
    export_request calls;
    call_query cq{.account = acme};
    cq.range = range;
    calls.what = cq;
    export_request series;
    series_query sq{.account = acme, .range = range};
    sq.metric = metric::attempts;
    series.what = sq;
    export_request summary;
    auto& rows = summary.what.emplace<summary_export>();
    rows.account = acme;
    rows.range = range;
    for (const auto& f : forms) {
        const auto want = [&](const std::string& path, export_request like) {
            const auto a = ask_as_operator(get("/v1/accounts/acme/" + path).with("Accept", f.accept));
            EXPECT_EQ(a.status, 200U) << a.body;
            EXPECT_EQ(a.field("content-type"), f.type);
            EXPECT_EQ(a.body, exported(std::move(like), f.format)) << path << " as " << f.accept;
            EXPECT_GT(a.body.size(), 100U) << path;
            EXPECT_EQ(a.field("x-content-type-options"), "nosniff");
            EXPECT_EQ(a.field("cache-control"), "no-store");
        };
        want("calls?" + within, calls);
        want("series?metric=attempts&" + within, series);
        want("summary?" + within, summary);
    }
    const auto csv = ask_as_operator(get("/v1/accounts/acme/calls").with("Accept", "text/csv")).body;
    EXPECT_EQ(csv.find(",=1+1"), std::string::npos) << "no spreadsheet computes what a switch wrote";
}

TEST_P(tables, an_export_is_a_table_as_its_request_says) {
    fill();
    const auto a = ask_as_operator(post("/v1/export", R"({"what":{"calls":{"account":"acme"}},"format":"ndjson"})"));
    EXPECT_EQ(a.status, 200U) << a.body;
    EXPECT_EQ(a.field("content-type"), "application/x-ndjson");
    export_request like;
    like.what = call_query{.account = acme};
    EXPECT_EQ(a.body, exported(std::move(like), export_format::ndjson));
    EXPECT_EQ(ask_as_operator(post("/v1/export", R"({"what":{}})")).status, 400U);
    EXPECT_EQ(ask_as_operator(post("/v1/export", R"({"what":{"calls":{},"series":{}}})")).status, 400U);
    EXPECT_EQ(ask_as_operator({"POST", "/v1/export", {}, "{}"}).status, 415U);
}

// What is wrong is said before the first row, so that it is a problem and no table.
TEST_P(tables, a_table_of_nothing_is_a_problem_and_no_table) {
    fill();
    (void)problem_of(ask_as_operator(get("/v1/accounts/atlantis/calls").with("Accept", "text/csv")), 404);
    (void)problem_of(
        ask_as_operator(get("/v1/accounts/acme/calls?from=2026-03-09T00:00:00Z").with("Accept", "text/csv")), 400);
    const auto none = ask_as_operator(
        get("/v1/accounts/acme/calls?from=2020-03-09T00:00:00Z&to=2020-03-10T00:00:00Z").with("Accept", "text/csv"));
    EXPECT_EQ(none.status, 200U);
    EXPECT_EQ(std::count(none.body.begin(), none.body.end(), '\n'), 1) << "the header row";
}

TEST_P(tables, a_client_that_leaves_in_the_middle_of_a_table_leaves_the_server_well) {
    served.limits.streams = 1;
    fill(5'000);
    for (int i = 0; i < 5; ++i) {
        auto client = connect();
        client.send(get("/v1/accounts/acme/calls").with("Accept", "application/x-ndjson").by(operator_token).bytes());
        const auto status = client.read(12).substr(0, 12);
        EXPECT_TRUE(status == "HTTP/1.1 200" || status == "HTTP/1.1 503") << status; // the one before may still go on
    }
    // The one thread of streams is free again as soon as it has noticed.
    raw_answer a;
    do
        a = ask_as_operator(
            get("/v1/accounts/acme/series?metric=attempts&from=2026-03-09T00:00:00Z&to=2026-03-10T00:00:00Z")
                .with("Accept", "text/csv"));
    while (a.status == 503);
    EXPECT_EQ(a.status, 200U);
}

TEST_P(tables, a_cursor_is_good_for_its_own_list_of_its_own_account_only) {
    fill();
    const account_id other{"bluefin"};
    add_account(other);
    for (const auto& account : {acme, other})
        for (int i = 0; i < 3; ++i)
            (void)add("c" + std::to_string(i) + "@" + account.value() + ".example", role::viewer, account);
    const auto page = object_of(ask_as_operator(get("/v1/accounts/acme/contacts?limit=1")).body);
    const auto cursor = text_in(page, "next");
    ASSERT_NE(cursor, "");
    const auto next = [&](const std::string& path) { return ask_as_operator(get(path + "?limit=1&cursor=" + cursor)); };
    EXPECT_EQ(next("/v1/accounts/acme/contacts").status, 200U);
    EXPECT_EQ(text_in(problem_of(next("/v1/accounts/bluefin/contacts"), 400), "field"), "cursor");
    EXPECT_EQ(text_in(problem_of(next("/v1/accounts/acme/calls"), 400), "field"), "cursor");
    const auto hers = token_of(other, role::administrator);
    (void)problem_of(ask(get("/v1/accounts/~/contacts?cursor=" + cursor).by(hers)), 400);
}

} // namespace
} // namespace lineside::served
