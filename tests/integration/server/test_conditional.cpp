// Entity tags: what a client has already is not sent again, and what it has not seen is not overwritten (RFC 9110 13).

#include "integration/server/server_test.hpp"
#include "wire/gzip.hpp"

#include <zlib.h>

#include <string>

namespace lineside::served {
namespace {

class conditional_test : public server_test {
protected:
    static constexpr const char* one = "/v1/accounts/acme";

    [[nodiscard]] raw_answer rename(const std::string& name, const asked& more = {}) {
        auto q = send_json("PATCH", one, R"({"name":")" + name + "\"}");
        q.fields.insert(q.fields.end(), more.fields.begin(), more.fields.end());
        return ask_as_operator(q);
    }
    [[nodiscard]] std::string name_now() { return lineside().async_get_account(acme, block).name; }
};

LINESIDE_ON_A_SERVER_WITH(conditional, conditional_test);

std::string unpacked(const std::string& packed) {
    z_stream z{};
    EXPECT_EQ(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
    std::string text(1U << 20U, '\0');
    auto in = packed;
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(text.data());
    z.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
    text.resize(z.total_out);
    inflateEnd(&z);
    return text;
}

TEST_P(conditional, what_a_client_has_already_is_not_sent_again) {
    add_account();
    const auto first = ask_as_operator(get(one));
    const auto tag = first.field("etag");
    ASSERT_GT(tag.size(), 2U);
    for (const auto& seen : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        const auto a = ask_as_operator(get(one).with("If-None-Match", seen));
        EXPECT_EQ(a.status, 304U) << seen;
        EXPECT_EQ(a.body, "");
        EXPECT_EQ(a.field("etag"), tag);
        EXPECT_EQ(a.field("vary"), "Accept, Accept-Encoding");
    }
    EXPECT_EQ(ask_as_operator(get(one).with("If-None-Match", "\"other\"").with("If-None-Match", tag)).status, 304U);
    for (const auto* other : {"\"other\"", "", "\"\"", "W/\"other\""})
        EXPECT_EQ(ask_as_operator(get(one).with("If-None-Match", other)).status, 200U) << other;
    EXPECT_EQ(rename("Two").status, 200U);
    const auto again = ask_as_operator(get(one).with("If-None-Match", tag));
    EXPECT_EQ(again.status, 200U);
    EXPECT_NE(again.field("etag"), tag);
}

TEST_P(conditional, an_update_of_what_was_seen_goes_through_and_any_other_does_not) {
    add_account();
    const auto before = ask_as_operator(get(one)).field("etag");
    const auto changed = rename("Two", asked{}.with("If-Match", before));
    EXPECT_EQ(changed.status, 200U);
    EXPECT_EQ(changed.field("etag"), ask_as_operator(get(one)).field("etag"))
        << "the answer's tag is the next update's";
    const auto p = problem_of(rename("Three", asked{}.with("If-Match", before)), 412);
    EXPECT_EQ(text_in(p, "code"), "precondition_failed");
    EXPECT_EQ(name_now(), "Two");
    EXPECT_EQ(rename("Three", asked{}.with("If-Match", "W/" + changed.field("etag"))).status, 412U) << "a weak one";
    EXPECT_EQ(
        text_in(problem_of(rename("Three", asked{}.with("If-Match", "\"a\", " + changed.field("etag"))), 400), "field"),
        "If-Match");
    EXPECT_EQ(rename("Three", asked{}.with("If-Match", "")).status, 400U);
    EXPECT_EQ(name_now(), "Two");
    EXPECT_EQ(rename("Three", asked{}.with("If-Match", "*")).status, 200U);
    EXPECT_EQ(rename("Four").status, 200U) << "nothing is required here";
}

TEST_P(conditional, a_server_may_require_that_updates_say_what_they_saw) {
    served.updates = server_options::preconditions::required;
    add_account();
    const auto p = problem_of(rename("Two"), 428);
    EXPECT_EQ(text_in(p, "code"), "precondition_failed");
    EXPECT_EQ(name_now(), "acme");
    EXPECT_EQ(rename("Two", asked{}.with("If-Match", ask_as_operator(get(one)).field("etag"))).status, 200U);
    EXPECT_EQ(ask_as_operator(post("/v1/accounts", R"({"id":"b"})")).status, 200U)
        << "what makes something has seen nothing";
    EXPECT_EQ(ask_as_operator(get(one)).status, 200U);
}

TEST_P(conditional, a_long_answer_is_packed_for_those_who_unpack) {
    add_account();
    const std::string list = "/v1/accounts/acme/contacts";
    for (int i = 0; i < 20; ++i)
        (void)add("robin" + std::to_string(i) + "@acme.example");
    const auto plain = ask_as_operator(get(list));
    EXPECT_EQ(plain.field("content-encoding"), "");
    EXPECT_EQ(plain.field("vary"), "Accept, Accept-Encoding");
    for (const auto* accepted : {"gzip", "GZIP;q=0.5", "br, *", "deflate, gzip;q=1.0"}) {
        const auto packed = ask_as_operator(get(list).with("Accept-Encoding", accepted));
        EXPECT_EQ(packed.field("content-encoding"), "gzip") << accepted;
        EXPECT_LT(packed.body.size(), plain.body.size());
        EXPECT_EQ(unpacked(packed.body), plain.body);
        EXPECT_NE(packed.field("etag"), plain.field("etag")) << "they are not the same bytes";
        const auto again =
            ask_as_operator(get(list).with("Accept-Encoding", accepted).with("If-None-Match", packed.field("etag")));
        EXPECT_EQ(again.status, 304U);
        EXPECT_EQ(again.field("etag"), packed.field("etag"));
    }
    for (const auto* accepted :
         {"", "identity", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "gzip;q=0, *", "br", "gzipped"})
        EXPECT_EQ(ask_as_operator(get(list).with("Accept-Encoding", accepted)).field("content-encoding"), "")
            << accepted;
    EXPECT_EQ(ask_as_operator(get(one).with("Accept-Encoding", "gzip")).field("content-encoding"), "") << "a short one";
}

TEST_P(conditional, the_tag_of_the_packed_form_is_as_good_for_an_update) {
    numbering long_one;
    for (int i = 100; i < 200; ++i)
        long_one.reserved.push_back({std::to_string(i) + "000", std::to_string(i) + "009"});
    (void)lineside().async_set_numbering(long_one, block);
    const auto packed = ask_as_operator(get("/v1/numbering").with("Accept-Encoding", "gzip"));
    ASSERT_EQ(packed.field("content-encoding"), "gzip");
    const auto change =
        send_json("PUT", "/v1/numbering", R"({"block_size":10})").with("If-Match", packed.field("etag"));
    EXPECT_EQ(ask_as_operator(change).status, 200U);
    EXPECT_EQ(ask_as_operator(change).status, 412U) << "it is not what was seen any more";
}

} // namespace
} // namespace lineside::served
