// Call records as bodies of requests.

#include "integration/server/server_test.hpp"
#include "test_paths.hpp"
#include "wire/gzip.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace lineside::served {
namespace {

class uploads_test : public server_test {
protected:
    [[nodiscard]] static asked upload(std::string query, std::string records) {
        return {"POST", "/v1/call-records" + query, {{"Content-Type", "application/octet-stream"}}, std::move(records)};
    }
    [[nodiscard]] std::size_t stored(const account_id& of = acme) { return all_calls(of).size(); }
    [[nodiscard]] static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> all;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at);
            all.push_back(text.substr(at, end - at));
            at = end == std::string::npos ? text.size() : end + 1;
        }
        return all;
    }
    [[nodiscard]] static std::string records(int count, std::string name = "c") {
        std::vector<call> calls;
        for (int i = 0; i < count; ++i)
            calls.push_back(
                answered_call(name + std::to_string(i), at("2026-03-09T00:00:00Z") + seconds(i), seconds(30)));
        return contract::to_csv(calls);
    }
    /// Asks until no stream is in the way: one that was left has to be noticed first.
    [[nodiscard]] raw_answer ask_when_free(const asked& q) {
        for (;;)
            if (auto a = ask_as_operator(q); a.status != 503)
                return a;
    }
};

LINESIDE_ON_A_SERVER_WITH(uploads, uploads_test);
LINESIDE_ON_A_SERVER_WITH(disputes, uploads_test);

std::string fixture(const std::string& name) {
    std::ifstream in(std::string(LINESIDE_FIXTURES) + "/conformance/" + name, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_FALSE(text.empty()) << name;
    return text;
}

TEST_P(uploads, every_format_comes_in_each_way_a_body_can_come) {
    const std::string names[] = {
        "lineside.csv",         "lineside.ndjson", "asterisk.csv",    "asterisk-custom.csv", "freeswitch-csv.csv",
        "freeswitch-json.json", "kamailio.csv",    "kamailio.json",   "opensips.csv",        "yeti.csv",
        "yeti.csv.gz",          "connexcs.csv",    "connexcs-api.csv"};
    for (const auto& name : names) {
        SCOPED_TRACE(name);
        const auto query = "?name=" + name + "&time_zone=UTC&source=" + name +
                           (name.starts_with("yeti") ? "&account_from=customer_acc_external_id" : "");
        const auto text = fixture(name);
        std::uint64_t imported = 40;
        for (const auto& body : {text, name.ends_with(".gz") ? text : wire::gzip(text)}) {
            const auto q = upload(query, body).by(operator_token);
            auto report = object_of(ask(q).body);
            EXPECT_EQ(report["imported"], imported) << boost::json::value(report);
            EXPECT_EQ(report["rejected"], 0);
            imported = 0; // from then on they are there
            auto client = connect();
            client.send(in_chunks(q, body, 1'000));
            report = object_of(client.read_answer().body);
            EXPECT_EQ(report["duplicates"], 40) << boost::json::value(report);
            const auto events = ask(q.with("Accept", "application/x-ndjson"));
            EXPECT_EQ(events.field("content-type"), "application/x-ndjson");
            const auto last = object_of(lines(events.body).back());
            ASSERT_TRUE(last.contains("report")) << events.body;
            EXPECT_EQ(last.at("report").at("duplicates"), 40);
        }
    }
}

TEST_P(uploads, rows_that_are_no_calls_are_told_one_by_one) {
    auto text = records(3);
    text += "broken,,acme,yesterday\n";
    const auto report = object_of(ask_as_operator(upload("?format=lineside&name=march.csv", text)).body);
    EXPECT_EQ(report.at("imported"), 3);
    EXPECT_EQ(report.at("rejected"), 1);
    const auto events =
        ask_as_operator(upload("?format=lineside&name=march.csv", text).with("Accept", "application/x-ndjson"));
    bool told = false;
    for (const auto& line : lines(events.body)) {
        const auto event = object_of(line);
        if (!event.contains("rejected"))
            continue;
        told = true;
        const auto& row = event.at("rejected").as_object();
        EXPECT_EQ(text_in(row, "file"), "march.csv");
        EXPECT_EQ(row.at("line"), 5);
        EXPECT_NE(text_in(row, "reason"), "");
    }
    EXPECT_TRUE(told) << events.body;
}

TEST_P(uploads, strict_mode_stops_at_the_first_bad_row_and_says_so) {
    const auto text = records(3) + "broken,,acme,yesterday\n" + records(20'000, "d");
    const auto q = upload("?format=lineside&mode=strict", text);
    const auto p = problem_of(ask_as_operator(q), 400);
    EXPECT_EQ(text_in(p, "code"), "invalid_argument");
    const auto events = ask_as_operator(q.with("Accept", "application/x-ndjson"));
    if (events.status == 200) { // something was told before
        EXPECT_TRUE(object_of(lines(events.body).back()).contains("problem")) << events.body;
    } else {
        (void)problem_of(events, 400);
    }
    EXPECT_EQ(ask_as_operator(get("/v1/identity")).status, 200U);
}

TEST_P(uploads, what_is_no_upload_is_refused) {
    EXPECT_EQ(text_in(problem_of(ask_as_operator(upload("?format=telepathy", "x")), 400), "field"), "format");
    EXPECT_EQ(text_in(problem_of(ask_as_operator(upload("?colour=red", "x")), 400), "field"), "colour");
    (void)problem_of(ask_as_operator(upload("", "this is no format at all")), 400);
    (void)problem_of(ask_as_operator(upload("", "")), 400);
    (void)problem_of(ask_as_operator(upload("?format=lineside", records(3)).with("Accept", "image/png")), 406);
}

TEST_P(uploads, an_upload_over_the_limit_is_refused) {
    served.limits.upload_bytes = 100'000;
    add_account();
    const auto long_one = records(2'000);
    ASSERT_GT(long_one.size(), 100'000U);
    (void)problem_of(ask_as_operator(upload("?format=lineside", long_one)), 413);
    EXPECT_EQ(stored(), 0U) << "it said beforehand how long it is";
    auto client = connect();
    client.send(in_chunks(upload("?format=lineside", "").by(operator_token), long_one, 10'000));
    (void)problem_of(client.read_answer(), 413);
}

TEST_P(uploads, nobodys_upload_is_not_read) {
    auto client = connect();
    auto q = upload("?format=lineside", "");
    q.body.reset();
    client.send(q.with("Content-Length", "1000000000").bytes());
    (void)problem_of(client.read_answer(), 401);
    auto another = connect();
    another.send(q.with("Content-Length", "1000000000").by("NobodyHasThisTokenNobodyHasThisTokenNobodyHa").bytes());
    (void)problem_of(another.read_answer(), 401);
    auto expecting = connect();
    expecting.send(q.with("Content-Length", "1000000000").with("Expect", "100-continue").bytes());
    (void)problem_of(expecting.read_answer(), 401);
}

TEST_P(uploads, a_client_that_leaves_in_the_middle_leaves_what_is_stored_and_a_server_that_goes_on) {
    served.limits.streams = 1;
    add_account();
    const auto text = records(30'000);
    for (const auto* accept : {"application/json", "application/x-ndjson"}) {
        for (int i = 0; i < 3; ++i) {
            auto client = connect();
            auto q = upload("?format=lineside", "").by(operator_token).with("Accept", accept);
            q.body.reset();
            (void)client.try_send(q.with("Content-Length", std::to_string(text.size())).bytes());
            (void)client.try_send(std::string_view(text).substr(0, text.size() / 2));
        }
        // Its one thread is free again, so nothing waits for those who left.
        const auto a = ask_when_free(upload("?format=lineside", records(1, accept)));
        EXPECT_EQ(a.status, 200U) << a.body;
    }
    const auto whole = ask_when_free(upload("?format=lineside", text));
    EXPECT_EQ(whole.status, 200U) << whole.body;
    EXPECT_EQ(stored(), 30'002U) << "what had been stored was counted once";
}

TEST_P(uploads, there_are_no_more_at_a_time_than_there_are_threads_for) {
    served.limits.streams = 1;
    add_account();
    const auto text = records(10);
    auto slow = connect();
    auto q = upload("?format=lineside", "").by(operator_token).with("Expect", "100-continue");
    q.body.reset();
    slow.send(q.with("Content-Length", std::to_string(text.size())).bytes());
    EXPECT_EQ(slow.read_answer().status, 100U); // it runs
    const auto refused = ask_as_operator(upload("?format=lineside", text));
    EXPECT_EQ(text_in(problem_of(refused, 503), "code"), "unavailable");
    EXPECT_NE(refused.field("retry-after"), "");
    EXPECT_EQ(ask_as_operator(get("/v1/accounts/acme")).status, 200U) << "what is no stream goes on";
    slow.send(text);
    EXPECT_EQ(slow.read_answer().status, 200U);
    EXPECT_EQ(ask_when_free(upload("?format=lineside", text)).status, 200U);
}

// ---- disputes

struct part {
    std::string name;
    std::string body;
};

asked form(const std::vector<part>& parts) {
    std::string body;
    for (const auto& p : parts)
        body += "--frontier\r\nContent-Disposition: form-data; name=\"" + p.name + "\"\r\n\r\n" + p.body + "\r\n";
    return {"POST",
            "/v1/accounts/acme/disputes",
            {{"Content-Type", "multipart/form-data; boundary=frontier"}},
            body + "--frontier--\r\n"};
}

const std::string dispute = R"({"range":{"from":"2026-03-09T00:00:00Z","to":"2026-03-10T00:00:00Z"},)"
                            R"("theirs":{"records":{"format":"lineside"}}})";

TEST_P(disputes, the_other_sides_records_come_as_a_part_of_a_form) {
    (void)import_text(records(10));
    const auto a = ask_as_operator(form({{"request", dispute}, {"theirs", records(7)}}));
    EXPECT_EQ(a.status, 200U) << a.body;
    const auto report = object_of(a.body);
    EXPECT_NE(a.body.find("10"), std::string::npos);
    // The same from the engine, but for the time.
    const auto events =
        ask_as_operator(form({{"request", dispute}, {"theirs", records(7)}}).with("Accept", "application/x-ndjson"));
    EXPECT_EQ(object_of(lines(events.body).back()).at("report"), boost::json::value(report));
    // The order of the parts is the client's.
    EXPECT_EQ(ask_as_operator(form({{"theirs", records(7)}, {"request", dispute}})).body, a.body);
}

TEST_P(disputes, a_form_that_is_none_is_refused_by_the_name_of_the_part) {
    add_account();
    const auto field = [&](const std::vector<part>& parts) {
        return text_in(problem_of(ask_as_operator(form(parts)), 400), "field");
    };
    EXPECT_EQ(field({{"request", dispute}}), "theirs");
    EXPECT_EQ(field({{"request", dispute}, {"theirs", records(1)}, {"ours", records(1)}}), "ours");
    EXPECT_EQ(field({{"request", dispute}, {"hers", records(1)}}), "request");
    (void)field({{"request", "{"}, {"theirs", records(1)}});
    (void)field({});
    auto q = form({{"request", dispute}, {"theirs", records(1)}});
    q.body = q.body->substr(0, q.body->size() - 20);
    (void)problem_of(ask_as_operator(q), 400);
    q.fields = {{"Content-Type", "application/json"}};
    (void)problem_of(ask_as_operator(q), 415);
    q.fields = {{"Content-Type", "multipart/form-data"}};
    (void)problem_of(ask_as_operator(q), 400);
}

} // namespace
} // namespace lineside::served
