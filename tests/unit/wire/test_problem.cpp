#include <lineside/call_refusal.hpp>
#include <lineside/number_block.hpp>

#include "wire/problem.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace lineside;

namespace {

std::string document_of(const failure& problem) {
    std::string text;
    wire::append_problem(text, problem);
    return text;
}

constexpr errc all[] = {
#define LINESIDE_ERRC(name, ...) errc::name,
#include "model/errc.def"
#undef LINESIDE_ERRC
};

} // namespace

TEST(problem, is_a_document_of_what_is_known) {
    EXPECT_EQ(document_of({errc::not_found, {}}),
              R"({"type":"urn:lineside:error:not_found","title":"not found","status":404,"code":"not_found"})");
    EXPECT_EQ(document_of({errc::invalid_argument, {"limit is wrong", "limit", "r-1", 413, {}}}),
              R"({"type":"urn:lineside:error:invalid_argument","title":"the request is wrong","status":413,)"
              R"("detail":"limit is wrong","code":"invalid_argument","field":"limit","request_id":"r-1"})");
}

TEST(problem, of_every_code_comes_back_as_it_was) {
    for (const auto code : all) {
        const failure sent{code, {"a \"b\" \u6c34", "/rows/3/asr", "r-1", wire::http_status_of(code), {}}};
        const auto back = wire::parse_problem(wire::http_status_of(code), document_of(sent));
        EXPECT_EQ(back.code, sent.code);
        EXPECT_EQ(back.details, sent.details);
    }
}

TEST(problem, says_which_rule_is_behind_it_and_no_other_cause) {
    for (const error_code cause : {make_error_code(number_refusal::taken), make_error_code(call_refusal::key_reused),
                                   make_error_code(call_refusal::key_running)}) {
        const failure refused{errc::conflict, {"", "", "", 409, cause}};
        EXPECT_EQ(wire::parse_problem(409, document_of(refused)).details.cause, cause);
    }
    const failure sql{errc::storage, {"", "", "", 500, error_code(11, boost::system::generic_category())}};
    EXPECT_EQ(document_of(sql), document_of({errc::storage, {"", "", "", 500, {}}}));
}

TEST(problem, with_a_code_that_is_not_ours_is_a_defect) {
    const failure foreign{error_code(2, boost::system::generic_category()), {}};
    EXPECT_EQ(document_of(foreign), document_of({errc::internal, {}}));
    EXPECT_EQ(wire::http_status_of(foreign.code), 500);
}

TEST(problem, of_others_goes_by_its_status) {
    const auto code_of = [](int status, std::string_view body) {
        const auto problem = wire::parse_problem(status, body);
        EXPECT_EQ(problem.details.http_status, status);
        EXPECT_FALSE(problem.details.message.empty());
        return problem.code;
    };
    EXPECT_EQ(code_of(401, ""), errc::unauthenticated);
    EXPECT_EQ(code_of(404, "<html>nginx</html>"), errc::not_found);
    EXPECT_EQ(code_of(502, "{"), errc::protocol);
    EXPECT_EQ(code_of(503, "[]"), errc::unavailable);
    EXPECT_EQ(code_of(500, "null"), errc::internal);
    EXPECT_EQ(code_of(413, R"({"code":7,"detail":[]})"), errc::invalid_argument);
    EXPECT_EQ(code_of(422, R"({"code":"newer"})"), errc::invalid_argument);
    EXPECT_EQ(code_of(409, R"({"type":"urn:lineside:error:exhausted"})"), errc::exhausted);
    EXPECT_EQ(code_of(409, R"({"type":"urn:lineside:error:newer"})"), errc::conflict);
    EXPECT_EQ(code_of(408, ""), errc::timed_out);
    EXPECT_EQ(code_of(407, ""), errc::unauthenticated);
    EXPECT_EQ(code_of(410, ""), errc::not_found);
    EXPECT_EQ(code_of(421, ""), errc::unavailable);
    EXPECT_EQ(code_of(425, ""), errc::unavailable);
    EXPECT_EQ(code_of(428, ""), errc::precondition_failed);
    EXPECT_EQ(code_of(418, ""), errc::invalid_argument);
    EXPECT_EQ(code_of(507, ""), errc::unavailable);
    EXPECT_EQ(code_of(302, ""), errc::protocol);
    EXPECT_EQ(code_of(600, ""), errc::protocol);
    EXPECT_EQ(wire::parse_problem(503, R"({"title":"Down for repair"})").details.message, "Down for repair");
    EXPECT_EQ(wire::parse_problem(404, "").details.message, "the server answered 404: not found");
}
