#include "support/random_value.hpp"
#include "wire/describe_access_log.hpp"
#include "wire/describe_alert.hpp"
#include "wire/describe_channel.hpp"
#include "wire/describe_contact.hpp"
#include "wire/describe_dashboard.hpp"
#include "wire/describe_identity.hpp"
#include "wire/describe_money.hpp"
#include "wire/describe_number_block.hpp"
#include "wire/describe_parameters.hpp"
#include "wire/describe_review.hpp"
#include "wire/json.hpp"
#include "wire/request.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

using namespace lineside;

namespace {

template <class T>
std::string json_of(const T& value) {
    std::string text;
    wire::append_json(text, value);
    return text;
}

// What a server makes of a message.
template <class Operation>
wire::parameters_t<Operation> received(const wire::http_parts& parts) {
    const std::string_view target = parts.target;
    const auto path = target.substr(0, target.find('?'));
    const auto match = wire::find_route(Operation::verb, path);
    EXPECT_EQ(match.found, &wire::route_of<Operation>()) << target;
    const auto query = path.size() == target.size() ? std::string_view() : target.substr(path.size() + 1);
    return wire::read_request<Operation>(match.parameters, query, parts.body.value_or(""));
}

template <class Operation>
wire::parameters_t<Operation> read(std::string_view path, std::string_view query, std::string_view body = {}) {
    return wire::read_request<Operation>(wire::find_route(Operation::verb, path).parameters, query, body);
}

struct complaint {
    std::string field;
    std::string message;
};

complaint complaint_of(const std::function<void()>& reading) {
    try {
        reading();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_argument);
        return {e.details().field, e.details().message};
    }
    ADD_FAILURE() << "it was accepted";
    return {};
}

template <class Operation>
void expect_round_trips() {
    const auto& r = wire::route_of<Operation>();
    const auto controls = r.body == wire::request_body::json && r.path_parameters.empty()
                              ? test::control_characters::some
                              : test::control_characters::none;
    for (unsigned seed = 0; seed < 200; ++seed) {
        test::random_values random(seed, controls);
        const auto sent = random.make<wire::parameters_t<Operation>>();
        const auto parts = wire::write_request<Operation>(sent);
        ASSERT_EQ(json_of(received<Operation>(parts)), json_of(sent))
            << r.name << ' ' << parts.target << ' ' << parts.body.value_or("");
        if (r.body == wire::request_body::none || r.body == wire::request_body::records)
            ASSERT_FALSE(parts.body) << r.name;
        else
            ASSERT_EQ(parts.target.find('?'), std::string::npos) << r.name;
    }
}

} // namespace

TEST(request, of_every_operation_arrives_as_it_was_sent) {
#define LINESIDE_OPERATION(NAME, ...) expect_round_trips<operation::NAME>();
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
}

TEST(request, reads_as_people_write_it) {
    call_query q{.account = account_id("acme")};
    q.range.from = instant(std::chrono::hours(24));
    q.range.to = instant(std::chrono::hours(48));
    q.number = "+49 30";
    const auto parts = wire::write_request<operation::query_calls>(q);
    EXPECT_EQ(parts.target, "/v1/accounts/acme/calls?from=1970-01-02T00:00:00.000Z&to=1970-01-03T00:00:00.000Z&number="
                            "%2B49%2030");
    EXPECT_FALSE(parts.body);

    const auto update = wire::write_request<operation::update_account>(
        {.account = account_id("acme"), .name = "Acme", .debit_limit = money{10, 0, "EUR"}});
    EXPECT_EQ(update.target, "/v1/accounts/acme");
    EXPECT_EQ(update.body, R"({"name":"Acme","debit_limit":"10.00","currency":"EUR"})");
}

TEST(request, names_what_is_wrong_in_a_query) {
    const auto asked = [](std::string_view query) {
        return complaint_of([&] { (void)read<operation::query_calls>("/v1/accounts/acme/calls", query); });
    };
    EXPECT_EQ(asked("colour=red").field, "colour");
    EXPECT_EQ(asked("colour=red").message, "colour is not known");
    EXPECT_EQ(asked("limit=5&limit=6").message, "limit stands there twice");
    EXPECT_EQ(asked("limit=5&limit=5").field, "limit");
    EXPECT_EQ(asked("limit").message, "limit has no value");
    EXPECT_EQ(asked("limit=").field, "limit");
    EXPECT_EQ(asked("limit=-1").message, "limit is not a count in range");
    EXPECT_EQ(asked("limit=1e2").field, "limit");
    EXPECT_EQ(asked("limit=4294967296").message, "limit is not a count in range");
    EXPECT_EQ(asked("number=%4").message, "number has a % without two hexadecimal digits");
    EXPECT_EQ(asked("number=%zz").field, "number");
    EXPECT_EQ(asked("number=%0A").message, "number has a control character");
    EXPECT_EQ(asked("number=%7F").field, "number");
    EXPECT_EQ(asked("number=%C3").message, "number is not UTF-8");
    EXPECT_EQ(asked("%FF=1").field, "the query");
    EXPECT_EQ(asked("from=2026-01-01").field, "to");
    EXPECT_EQ(asked("to=2026-01-01").field, "from");
    EXPECT_EQ(asked("from=yesterday&to=2026-01-01").field, "from");
    EXPECT_EQ(asked("from=yesterday&to=2026-01-01").message.substr(0, 14), "from is wrong:");
    EXPECT_EQ(asked("filter=some").field, "filter");
    EXPECT_EQ(asked("range=2026").field, "range") << "a range is its ends";
    EXPECT_EQ(asked("account=acme").field, "account") << "it is in the path";
    EXPECT_EQ(asked("=5").message, "\"\" is not known");
}

TEST(request, of_a_query_reads_what_browsers_and_people_write) {
    const auto q = read<operation::query_calls>(
        "/v1/accounts/~/calls",
        "&from=2026-01-01T00:00:00+02:00&to=2026-01-02&number=a+b%2Bc&limit=7&order=newest_first&");
    EXPECT_TRUE(q.account.empty());
    EXPECT_EQ(to_string(q.range.from), "2025-12-31T22:00:00.000Z");
    EXPECT_EQ(q.number, "a b+c");
    EXPECT_EQ(q.limit, 7U);
    EXPECT_EQ(q.order, call_order::newest_first);
}

TEST(request, names_what_is_wrong_in_a_body) {
    const auto asked = [](std::string_view body) {
        return complaint_of([&] { (void)read<operation::import_extensions>("/v1/extensions", {}, body); });
    };
    EXPECT_EQ(asked(R"({"rows":[{},{},{},{"number":7}]})").field, "/rows/3/number");
    EXPECT_EQ(asked(R"({"rows":[{},{},{},{"number":7}]})").message, "/rows/3/number is not a string");
    EXPECT_EQ(asked(R"({"rows":7})").field, "rows");
    EXPECT_EQ(asked(R"({"rows":7})").message, "rows is not an array");
    EXPECT_EQ(asked(R"({"colour":7})").message, "colour is not known");
    EXPECT_EQ(asked(R"({"rows":[],"rows":[]})").message, "the document has \"rows\" twice in an object");
    EXPECT_EQ(asked(R"({"rows":[{"number":"1","number":"1"}]})").message,
              "the document has \"number\" twice in an object");
    EXPECT_EQ(asked("[]").message, "the document is not an object");
    EXPECT_EQ(asked("{").message.substr(0, 25), "the document is not JSON:");
    EXPECT_EQ(asked("{} {}").message.substr(0, 25), "the document is not JSON:");
    EXPECT_EQ(asked("\"\xC3\"").message.substr(0, 25), "the document is not JSON:");
    const auto queried =
        complaint_of([] { (void)read<operation::import_extensions>("/v1/extensions", "rows=1", "{}"); });
    EXPECT_EQ(queried.field, "rows") << "a member of the body stands in no query";
}

TEST(request, refuses_bombs) {
    const auto asked = [](const std::string& body) {
        return complaint_of([&] { (void)read<operation::create_alert_rule>("/v1/accounts/a/alert-rules", {}, body); });
    };
    const std::string deep(100'000, '[');
    EXPECT_EQ(asked(deep).message.substr(0, 25), "the document is not JSON:");
    EXPECT_EQ(asked(R"({"title":)" + std::string(32, '[') + std::string(32, ']') + "}").message.substr(0, 25),
              "the document is not JSON:");
    EXPECT_EQ(asked(R"({"threshold":1e999})").message, "threshold is not a number in range");
    EXPECT_EQ(asked(R"({"threshold":)" + std::string(100'000, '9') + "}").field, "threshold");
    EXPECT_EQ(asked(R"({"sample_period":1e30})").field, "sample_period");
    EXPECT_EQ(asked(R"({"minimum_samples":1.5})").field, "minimum_samples");
}

TEST(request, has_a_body_only_where_one_belongs) {
    const auto queried = complaint_of([] { (void)read<operation::query_calls>("/v1/accounts/acme/calls", {}, "{}"); });
    EXPECT_EQ(queried.message, "no body belongs to this request");
    const auto asked = complaint_of([] { (void)read<operation::get_account>("/v1/accounts/acme", {}, "{}"); });
    EXPECT_EQ(asked.message, "no body belongs to this request");
    const auto with_query = complaint_of([] { (void)read<operation::get_account>("/v1/accounts/acme", "a=b"); });
    EXPECT_EQ(with_query.field, "a");

    const payment_key key{.account = account_id("acme"), .payment = "p-1"};
    const auto parts = wire::write_request<operation::complete_payment>(key);
    EXPECT_EQ(parts.target, "/v1/accounts/acme/payments/p-1/completion");
    EXPECT_FALSE(parts.body) << "all of it is in the path";
    const auto path = "/v1/accounts/acme/payments/p-1/completion";
    EXPECT_EQ(read<operation::complete_payment>(path, {}, "{}").payment, "p-1");
}

TEST(request, may_say_in_the_body_what_the_path_says_but_not_otherwise) {
    const auto path = "/v1/accounts/acme/alert-rules/r-1";
    const auto rule = read<operation::update_alert_rule>(path, {}, R"({"account":"acme","id":"r-1","title":"ASR"})");
    EXPECT_EQ(rule.id, "r-1");
    EXPECT_EQ(rule.title, "ASR");
    const auto other =
        complaint_of([&] { (void)read<operation::update_alert_rule>(path, {}, R"({"account":"other"})"); });
    EXPECT_EQ(other.field, "account");
    EXPECT_EQ(other.message, "account is another one than in the path");
    EXPECT_EQ(complaint_of([&] { (void)read<operation::update_alert_rule>(path, {}, R"({"id":null})"); }).field, "id");

    const auto statistics = [](std::string_view body) {
        return read<operation::query_statistics>("/v1/accounts/acme/statistics", {}, body);
    };
    EXPECT_EQ(statistics(R"({"column":"asr"})").summary.account, account_id("acme"));
    EXPECT_EQ(statistics(R"({"summary":{"account":"acme","period":"daily"}})").summary.period, summary_period::daily);
    EXPECT_EQ(complaint_of([&] { (void)statistics(R"({"summary":{"account":"other"}})"); }).field, "account");
    EXPECT_EQ(complaint_of([&] { (void)statistics(R"({"summary":[]})"); }).message, "summary is not an object");
    EXPECT_EQ(complaint_of([&] { (void)statistics(R"({"summary":{"period":"never"}})"); }).field, "/summary/period");
}

TEST(request, keeps_ids_whole_in_a_path) {
    for (const auto* id : {"", "~", "~~", "~x", ".", "..", "...", ".x", "~.", "a/b", "a?b", "a%b", "%2F", "a b", "a+b",
                           "\u6c34", "a:b", "{account}"}) {
        const auto parts = wire::write_request<operation::get_account>(account_id(id));
        EXPECT_EQ(received<operation::get_account>(parts), account_id(id)) << parts.target;
        EXPECT_EQ(std::count(parts.target.begin(), parts.target.end(), '/'), 3) << parts.target;
    }
    const auto target_of = [](std::string id) {
        return wire::write_request<operation::get_account>(account_id(std::move(id))).target;
    };
    EXPECT_EQ(target_of(""), "/v1/accounts/~");
    EXPECT_EQ(target_of("~x"), "/v1/accounts/~~x");
    EXPECT_EQ(target_of(".."), "/v1/accounts/~..");
    EXPECT_EQ(target_of("a/b"), "/v1/accounts/a%2Fb");
}

TEST(request, with_control_characters_where_they_cannot_stand_is_not_written) {
    EXPECT_EQ(complaint_of([] { (void)wire::write_request<operation::get_account>(account_id("a\nb")); }).field,
              "account");
    const call_query q{.account = account_id("acme"), .number = "\x7F"};
    EXPECT_EQ(complaint_of([&] { (void)wire::write_request<operation::query_calls>(q); }).field, "number");
}

TEST(request, for_an_export_is_of_exactly_one_table) {
    const auto table = [](std::string_view body) { return read<operation::export_data>("/v1/export", {}, body); };
    const auto request = wire::request_of(
        table(R"({"what":{"calls":{"account":"acme","number":"49"}},"format":"tsv","header":"omitted"})"));
    EXPECT_EQ(std::get<call_query>(request.what).number, "49");
    EXPECT_EQ(request.format, export_format::tsv);
    EXPECT_EQ(request.header, header_row::omitted);
    EXPECT_EQ(complaint_of([&] { (void)wire::request_of(table("{}")); }).field, "what");
    EXPECT_EQ(complaint_of([&] { (void)wire::request_of(table(R"({"what":{"calls":{},"summary":{}}})")); }).field,
              "what");
    for (const auto* one : {"summary", "calls", "series", "access_log"}) {
        const auto body = std::string(R"({"what":{")") + one + R"(":{}}})";
        const auto back = json_of(wire::parameters_of(wire::request_of(table(body))));
        EXPECT_EQ(back, json_of(table(body))) << one;
    }
}

TEST(request, that_holds_streams_keeps_everything_else) {
    test::random_values random(7, test::control_characters::none);
    for (int i = 0; i < 50; ++i) {
        const auto upload = random.make<wire::record_upload>();
        EXPECT_EQ(json_of(wire::parameters_of(wire::request_of(upload))), json_of(upload));
        auto dispute = random.make<wire::dispute_parameters>();
        auto request = wire::request_of(dispute);
        EXPECT_FALSE(request.write_evidence);
        if (dispute.evidence)
            request.write_evidence = [](std::string_view) {};
        EXPECT_EQ(json_of(wire::parameters_of(request)), json_of(dispute));
    }
}
