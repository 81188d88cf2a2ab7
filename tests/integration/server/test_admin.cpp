// The listener for those who run the server.

#include "integration/server/server_test.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

namespace lineside::served {
namespace {

class admin_test : public server_test {
protected:
    admin_test() { served.admin = "127.0.0.1:0"; }

    /// A request is counted when its answer is out: draining waits for that.
    void stop_counting() { front().drain(std::chrono::minutes(1)); }
    raw_answer ask_admin(const asked& q) {
        raw_client client(front().admin_port());
        client.send(q.bytes());
        return client.read_answer(q.verb == "HEAD");
    }
};

LINESIDE_ON_A_SERVER_WITH(admin, admin_test);

/// The text exposition format, version 0.0.4, read as strictly as it is written down.
class exposition {
public:
    explicit exposition(const std::string& text) {
        EXPECT_TRUE(text.ends_with('\n'));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("# "))
                take_comment(line);
            else
                take_sample(line);
        for (const auto& [name, kind] : kinds_) {
            EXPECT_TRUE(helped_.contains(name)) << name;
            if (kind == "histogram")
                check_histogram(name);
        }
    }

    /// "name{label=\"value\"}" as it stands there.
    std::map<std::string, double> samples;

private:
    static bool is_name(const std::string& text) {
        return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
               std::all_of(text.begin(), text.end(),
                           [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == ':'; });
    }
    void take_comment(const std::string& line) {
        std::istringstream words(line);
        std::string hash;
        std::string what;
        std::string name;
        std::string kind;
        words >> hash >> what >> name >> kind;
        EXPECT_TRUE(is_name(name)) << line;
        if (what == "HELP") {
            EXPECT_TRUE(helped_.insert(name).second) << "twice: " << line;
            return;
        }
        EXPECT_EQ(what, "TYPE") << line;
        EXPECT_TRUE((std::set<std::string>{"counter", "gauge", "histogram"}.contains(kind))) << line;
        EXPECT_TRUE(kinds_.emplace(name, kind).second) << "twice: " << line;
        if (kind == "counter") {
            EXPECT_TRUE(name.ends_with("_total")) << line;
        }
        family_ = name;
    }
    void take_sample(const std::string& line) {
        const auto space = line.rfind(' ');
        ASSERT_NE(space, std::string::npos) << line;
        const auto series = line.substr(0, space);
        std::size_t read = 0;
        const double value = std::stod(line.substr(space + 1), &read);
        EXPECT_EQ(read, line.size() - space - 1) << line;
        EXPECT_GE(value, 0) << line;
        EXPECT_TRUE(samples.emplace(series, value).second) << "twice: " << line;
        const auto brace = series.find('{');
        const auto name = series.substr(0, brace);
        EXPECT_TRUE(is_name(name)) << line;
        // All of a family stand together, under its type.
        std::set<std::string> of_family = {family_};
        if (kinds_[family_] == "histogram")
            of_family = {family_ + "_bucket", family_ + "_sum", family_ + "_count"};
        EXPECT_TRUE(of_family.contains(name)) << line << " stands under " << family_;
        if (brace == std::string::npos)
            return;
        EXPECT_EQ(series.back(), '}') << line;
        std::set<std::string> labels;
        auto rest = series.substr(brace + 1, series.size() - brace - 2);
        while (!rest.empty()) {
            const auto equals = rest.find("=\"");
            ASSERT_NE(equals, std::string::npos) << line;
            const auto label = rest.substr(0, equals);
            EXPECT_TRUE(is_name(label) && labels.insert(label).second) << line;
            const auto end = rest.find('"', equals + 2);
            ASSERT_NE(end, std::string::npos) << line;
            EXPECT_EQ(rest.substr(equals + 2, end - equals - 2).find_first_of("\\\n"), std::string::npos) << line;
            rest.erase(0, end + 1);
            if (!rest.empty()) {
                ASSERT_EQ(rest[0], ',') << line;
                rest.erase(0, 1);
                EXPECT_FALSE(rest.empty()) << line;
            }
        }
    }
    void check_histogram(const std::string& name) const {
        std::map<std::string, double> last;
        std::map<std::string, double> infinite;
        for (const auto& [series, value] : samples) {
            if (!series.starts_with(name + "_bucket{"))
                continue;
            const auto le = series.find(",le=\"");
            ASSERT_NE(le, std::string::npos) << series;
            const auto labels = series.substr(name.size() + 8, le - name.size() - 8);
            if (series.find("le=\"+Inf\"") != std::string::npos)
                infinite[labels] = value;
            last[labels] = std::max(last[labels], value);
        }
        for (const auto& [labels, most] : last) {
            EXPECT_TRUE(infinite.contains(labels)) << labels;
            EXPECT_EQ(infinite.at(labels), most) << labels;
            EXPECT_EQ(samples.at(name + "_count{" + labels + "}"), most) << labels;
            EXPECT_TRUE(samples.contains(name + "_sum{" + labels + "}")) << labels;
        }
    }

    std::set<std::string> helped_;
    std::map<std::string, std::string> kinds_;
    std::string family_;
};

TEST_P(admin, health_is_that_it_runs_and_readiness_that_it_serves) {
    EXPECT_EQ(ask_admin(get("/healthz")).status, 200U);
    EXPECT_EQ(ask_admin(get("/readyz")).status, 200U);
    EXPECT_EQ(ask_admin(asked{"HEAD", "/readyz"}).status, 200U);
    EXPECT_EQ(ask_admin(get("/readyz?verbose")).status, 200U);
    EXPECT_EQ(ask_admin(get("/nothing")).status, 404U);
    EXPECT_EQ(ask_admin({"POST", "/healthz"}).status, 405U);
    front().drain(std::chrono::milliseconds(0));
    const auto a = ask_admin(get("/readyz"));
    EXPECT_EQ(a.status, 503U);
    EXPECT_EQ(a.body, "draining\n");
    EXPECT_EQ(ask_admin(get("/healthz")).status, 200U) << "it still runs";
}

TEST_P(admin, the_metrics_are_what_prometheus_reads_and_count_what_was_served) {
    add_account();
    for (int i = 0; i < 3; ++i)
        (void)ask_as_operator(get("/v1/accounts/acme"));
    (void)ask(get("/v1/accounts/acme"));
    (void)ask_as_operator(get("/v1/nothing"));
    auto bad = connect();
    bad.send("GET / HTTP/1.1\r\n\r\n");
    (void)bad.read_answer();
    stop_counting();
    const auto a = ask_admin(get("/metrics"));
    EXPECT_EQ(a.field("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const exposition read(a.body);
    EXPECT_EQ(read.samples.at(R"(lineside_requests_total{operation="get_account",status="200"})"), 3);
    EXPECT_EQ(read.samples.at(R"(lineside_requests_total{operation="get_account",status="401"})"), 1);
    EXPECT_EQ(read.samples.at(R"(lineside_requests_total{operation="none",status="404"})"), 1);
    EXPECT_EQ(read.samples.at(R"(lineside_request_seconds_count{operation="get_account"})"), 4);
    EXPECT_EQ(read.samples.at("lineside_bad_requests_total"), 1);
    EXPECT_EQ(read.samples.at("lineside_connections_total"), 6);
}

TEST_P(admin, the_last_requests_are_lines_that_nobody_can_fake) {
    add_account();
    (void)ask_as_operator(get("/v1/accounts/acme?secret=1")
                              .with("User-Agent", "evil\" 200 0 \\ \xc2\x9b\x31m end")
                              .with("X-Request-Id", "id-1"));
    stop_counting();
    const auto a = ask_admin(get("/access-log"));
    EXPECT_EQ(std::count(a.body.begin(), a.body.end(), '\n'), 1) << a.body;
    EXPECT_NE(a.body.find(R"("GET /v1/accounts/acme" 400 )"), std::string::npos) << a.body;
    EXPECT_EQ(a.body.find("secret"), std::string::npos) << "queries have no place in logs";
    EXPECT_NE(a.body.find(R"("evil\" 200 0 \\ \xc2\x9b1m end" "id-1" get_account )"), std::string::npos) << a.body;
    EXPECT_EQ(a.body.find(operator_token), std::string::npos);
}

TEST_P(admin, it_is_not_to_be_had_where_the_public_is) {
    for (const auto* path : {"/healthz", "/readyz", "/metrics", "/access-log"})
        EXPECT_EQ(ask_as_operator(get(path)).status, 404U) << path;
    EXPECT_EQ(ask_admin(get("/v1/identity").by(operator_token)).status, 404U);
}

} // namespace
} // namespace lineside::served
