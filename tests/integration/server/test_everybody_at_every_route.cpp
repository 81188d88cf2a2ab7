// Every route against everybody who could come: generated from the table of operations, so a new one is asked for, too.

#include "integration/contract/every_operation.hpp"
#include "integration/server/server_test.hpp"
#include "wire/request.hpp"

#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lineside::served {
namespace {

/// A request of an operation as its verb, path and body.
struct wire_row {
    std::string name;
    operation::access access;
    bool names_account = false;
    asked (*request)(const estate&) = nullptr;
};

asked as_form(asked q, const std::string& json) {
    q.fields = {{"Content-Type", "multipart/form-data; boundary=frontier"}};
    q.body =
        "--frontier\r\nContent-Disposition: form-data; name=\"request\"\r\nContent-Type: application/json\r\n\r\n" +
        json + "\r\n--frontier\r\nContent-Disposition: form-data; name=\"theirs\"; filename=\"theirs.csv\"\r\n\r\n" +
        contract::to_csv({failed_call("theirs", contract::estate_hours.from + hours(1))}) + "\r\n--frontier--\r\n";
    return q;
}

template <class Operation>
asked request_of(const estate& about) {
    contract::asking names(about, contract::naming::account_named);
    auto request = contract::request_for(Operation{}, names);
    const auto& r = wire::route_of<Operation>();
    const auto parts = [&] {
        if constexpr (std::is_same_v<typename Operation::request, wire::parameters_t<Operation>>)
            return wire::write_request<Operation>(request);
        else
            return wire::write_request<Operation>(wire::parameters_of(request));
    }();
    asked q{std::string(r.verb), parts.target};
    switch (r.body) {
    case wire::request_body::none: break;
    case wire::request_body::json:
        q.fields = {{"Content-Type", "application/json"}};
        q.body = parts.body.value_or("");
        break;
    case wire::request_body::records:
        if constexpr (std::is_same_v<Operation, operation::import_records>) {
            auto c = failed_call(names.fresh("record"), contract::estate_hours.from + hours(3));
            c.account_id = about.account;
            q.body = contract::to_csv({std::move(c)});
        }
        break;
    case wire::request_body::form: return as_form(std::move(q), parts.body.value());
    }
    return q;
}

template <class Operation>
wire_row row_of() {
    const estate any;
    contract::asking names(any, contract::naming::account_named);
    (void)contract::request_for(Operation{}, names);
    return {std::string(Operation::name), Operation::access, names.names_account, &request_of<Operation>};
}

const std::vector<wire_row>& every_route() {
    static const std::vector<wire_row> rows = {
#define LINESIDE_OPERATION(NAME, ...) row_of<operation::NAME>(),
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    };
    return rows;
}

class everybody_test : public server_test {
protected:
    /// One connection serves all, as a client's does, unless the server ends it.
    raw_answer ask_on(std::optional<raw_client>& client, const asked& q) {
        if (!client)
            client.emplace(connect());
        client->send(q.bytes());
        auto a = client->read_answer();
        if (a.field("connection") == "close")
            client.reset();
        return a;
    }
    void expect(std::optional<raw_client>& client, const asked& q, unsigned status) {
        const auto a = ask_on(client, q);
        EXPECT_EQ(a.status, status) << q.verb << ' ' << q.target << ": " << a.body;
        EXPECT_EQ(a.body.find("Falcon"), std::string::npos) << a.body;
        if (status >= 400 && a.status == status)
            (void)problem_of(a, status);
    }
};

LINESIDE_ON_A_SERVER_WITH(everybody, everybody_test);

TEST_P(everybody, who_shows_nothing_gets_what_is_anyones) {
    const auto falcon = settle("falcon");
    const auto before = picture(falcon.account);
    std::optional<raw_client> client;
    for (const auto& r : every_route()) {
        SCOPED_TRACE(r.name);
        const auto q = r.request(falcon);
        if (r.access.audience != operation::audience::anyone) {
            expect(client, q, 401);
            continue;
        }
        const auto a = ask_on(client, q);
        EXPECT_LT(a.status, 500U) << a.body;
        EXPECT_NE(a.status, 404U) << a.body;
        EXPECT_EQ(a.body.find("Falcon"), std::string::npos) << a.body;
    }
    EXPECT_EQ(picture(falcon.account), before);
}

TEST_P(everybody, a_credential_that_is_none_any_more_opens_nothing) {
    const auto falcon = settle("falcon");
    const auto everything = permission_set::everything().list();
    std::map<std::string, std::string> ended;
    const auto text = [](const secret& s) { return std::string(s.reveal()); };
    ended["a session that was idle"] = token_of(falcon.account, role::administrator);
    ended["an expired key"] = text(key_text(falcon.account, everything, clock.now() + minutes(10)));
    clock.advance(minutes(31));
    ended["a session that signed out"] = token_of(falcon.account, role::administrator);
    EXPECT_EQ(ask(asked{"DELETE", "/v1/sessions"}.by(ended["a session that signed out"])).status, 200U);
    const auto bob = add("bob@falcon.example", role::administrator, falcon.account);
    ended["a disabled contact"] = text(grant_of("bob@falcon.example").token);
    contact_update disable{.account = falcon.account, .contact = bob.id};
    disable.status = contact_status::disabled;
    (void)lineside().async_update_contact(disable, block);
    ended["a revoked key"] = text(key_text(falcon.account, everything));
    const auto key = object_of(ask(get("/v1/identity").by(ended["a revoked key"])).body);
    (void)lineside().async_revoke_key({falcon.account, text_in(key, "key")}, block);
    ended["a token that never was"] = "NobodyHasThisTokenNobodyHasThisTokenNobodyHa";
    ended["the operator's, nearly"] = std::string(operator_token) + "x";
    ended["half of the operator's"] = std::string(operator_token).substr(0, 32);

    const auto before = picture(falcon.account);
    std::optional<raw_client> client;
    for (const auto& [what, token] : ended)
        for (const auto& r : every_route()) {
            SCOPED_TRACE(what + " at " + r.name);
            expect(client, r.request(falcon).by(token), 401);
        }
    EXPECT_EQ(picture(falcon.account), before);
}

TEST_P(everybody, another_account_is_as_if_it_were_not_there) {
    const auto falcon = settle("falcon");
    const account_id own{"hawk"};
    (void)lineside().async_create_account({.id = own, .name = "Hawk", .currency = "EUR"}, block);
    const std::map<std::string, std::string> strangers = {
        {"an administrator", token_of(own, role::administrator)},
        {"a key", std::string(key_text(own, permission_set::everything().list()).reveal())},
    };
    const auto before = picture(falcon.account);
    std::optional<raw_client> client;
    for (const auto& [what, token] : strangers)
        for (const auto& r : every_route()) {
            SCOPED_TRACE(what + " at " + r.name);
            const auto q = r.request(falcon).by(token);
            switch (r.access.audience) {
            case operation::audience::anyone: continue;
            case operation::audience::operators: expect(client, q, 403); continue;
            case operation::audience::signed_in:
            case operation::audience::permitted: break;
            }
            if (r.names_account)
                expect(client, q, 404);
        }
    for (const auto& [what, token] : strangers) {
        expect(client, get("/v1/accounts/falcon/live?topics=channels").by(token), 404);
        for (const auto* accept : {"text/csv", "application/x-ndjson"}) // no table of it either
            for (const auto* rows :
                 {"calls", "summary", "access-log", "series?from=2026-03-09T00:00:00Z&to=2026-03-10T00:00:00Z"})
                expect(client, get(std::string("/v1/accounts/falcon/") + rows).by(token).with("Accept", accept), 404);
    }
    EXPECT_EQ(picture(falcon.account), before);
}

TEST_P(everybody, a_right_that_is_missing_is_said_and_nothing_done) {
    const auto falcon = settle("falcon");
    auto none = person("none@falcon.example", role::viewer, falcon.account);
    none.denials = permission_set::everything().list();
    (void)add(std::move(none));
    const auto token = std::string(grant_of("none@falcon.example").token.reveal());
    const auto before = picture(falcon.account);
    std::optional<raw_client> client;
    for (const auto& r : every_route()) {
        SCOPED_TRACE(r.name);
        if (r.access.audience == operation::audience::permitted || r.access.audience == operation::audience::operators)
            expect(client, r.request(falcon).by(token), 403);
    }
    EXPECT_EQ(picture(falcon.account), before);
}

// The path says which account is meant, and nothing else does.
TEST_P(everybody, a_body_cannot_name_another_account_than_the_path) {
    const auto falcon = settle("falcon");
    const account_id own{"hawk"};
    (void)lineside().async_create_account({.id = own, .name = "Hawk", .currency = "EUR"}, block);
    const auto token = token_of(own, role::administrator);
    const auto before = picture(falcon.account);
    std::optional<raw_client> client;
    const std::string contact = R"({"account":"falcon","name":"New","email":"new@hawk.example"})";
    expect(client, post("/v1/accounts/hawk/contacts", contact).by(token), 400);
    expect(client, post("/v1/accounts/~/contacts", contact).by(token), 400);
    expect(client, get("/v1/accounts/hawk/contacts?account=falcon").by(token), 400);
    expect(client, get("/v1/identity").by(token).with("X-Account", "falcon").with("Lineside-Account", "falcon"), 200);
    EXPECT_EQ(picture(falcon.account), before);
    // What is the operator's to set does not come along with what is not.
    const auto given =
        ask(post("/v1/accounts/~/contacts", R"({"name":"New","email":"new@hawk.example","status":"active","id":"c-1"})")
                .by(token));
    (void)problem_of(given, 400);
    (void)problem_of(ask(send_json("PATCH", "/v1/profile", R"({"role":"administrator"})").by(token)), 400);
}

} // namespace
} // namespace lineside::served
