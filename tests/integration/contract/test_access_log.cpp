#include "integration/contract/identity_test.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::contract {
namespace {

class access_log_test : public identity_test {
protected:
    std::vector<access_entry> log_of(portal& p, access_log_query q = {}) {
        std::vector<access_entry> all;
        for (;;) {
            auto page = p.async_list_access_log(q, block);
            EXPECT_LE(page.items.size(), q.limit);
            all.insert(all.end(), page.items.begin(), page.items.end());
            if (page.next.empty())
                return all;
            EXPECT_EQ(page.items.size(), q.limit) << "only the last page may be short";
            q.cursor = page.next;
        }
    }
    std::vector<access_entry> log(const account_id& of = acme) { return log_of(lineside(), {.account = of}); }
    access_log_verdict verdict(const account_id& of = acme) { return lineside().async_verify_access_log({of}, block); }
    std::string exported(portal& p, export_format format, cell_safety safety = cell_safety::formula_safe,
                         time_range range = {}) {
        std::string text;
        export_request request;
        request.what = access_log_query{.account = acme, .range = range};
        request.format = format;
        request.safety = safety;
        request.write = [&](std::string_view piece) { text += piece; };
        (void)p.async_export_data(std::move(request), block);
        return text;
    }
};

const account_id rival{"rival"};

std::vector<std::string> actions_of(const std::vector<access_entry>& log) {
    std::vector<std::string> all;
    for (const auto& e : log)
        all.push_back(e.who + " " + e.action);
    return all;
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

LINESIDE_ON_EVERY_PORTAL_WITH(access_log, access_log_test);

// ---- reading

TEST_P(access_log, is_read_newest_first_page_by_page_without_gaps) {
    add_ann();
    for (int i = 0; i < 5; ++i) {
        clock.advance(minutes(1));
        (void)sign_in();
    }
    for (const std::uint32_t limit : {1U, 2U, 3U, 7U, 100U}) {
        const auto all = log_of(lineside(), {.account = acme, .limit = limit});
        ASSERT_EQ(all.size(), 7U) << limit;
        for (std::size_t i = 0; i < all.size(); ++i)
            EXPECT_EQ(all[i].number, 7 - i) << limit;
    }
}

TEST_P(access_log, a_page_stays_where_it_was_while_entries_are_added) {
    add_ann();
    (void)sign_in();
    const auto first = lineside().async_list_access_log({.account = acme, .limit = 2}, block);
    (void)sign_in();
    const auto second = lineside().async_list_access_log({.account = acme, .cursor = first.next, .limit = 2}, block);
    ASSERT_EQ(second.items.size(), 1U);
    EXPECT_EQ(second.items[0].number, first.items.back().number - 1);
}

TEST_P(access_log, a_range_takes_entries_by_their_time) {
    add_ann();
    clock.advance(hours(1));
    const auto from = clock.now();
    (void)sign_in();
    clock.advance(hours(1));
    const auto to = clock.now();
    (void)sign_in();
    const auto some = log_of(lineside(), {.account = acme, .range = {from, to}, .limit = 1});
    ASSERT_EQ(some.size(), 1U);
    EXPECT_EQ(some[0].at, from);
}

TEST_P(access_log, a_request_that_cannot_be_meant_is_refused_by_name) {
    add_ann();
    const auto field = [&](access_log_query q) {
        q.account = acme;
        return failure_of([&] { return lineside().async_list_access_log(q, block); }, errc::invalid_argument).field;
    };
    EXPECT_EQ(field({.limit = 0}), "limit");
    EXPECT_EQ(field({.limit = 5'001}), "limit");
    EXPECT_EQ(field({.range = {clock.now(), clock.now() - hours(1)}}), "range");
    for (const auto* cursor : {"0", "-1", "x", "1x", "99999999999999999999"})
        EXPECT_EQ(field({.cursor = cursor}), "cursor") << cursor;
}

TEST_P(access_log, of_an_account_that_is_not_there_is_not_found) {
    (void)failure_of([&] { return lineside().async_list_access_log({.account = acme}, block); }, errc::not_found);
    (void)failure_of([&] { return lineside().async_verify_access_log({acme}, block); }, errc::not_found);
}

// ---- who may read it

TEST_P(access_log, shows_a_customer_its_own_account_and_what_the_operator_did_there) {
    const auto ann = add_ann();
    account_update update{.account = acme};
    update.tax = "DE 123";
    (void)lineside().async_update_account(update, block);
    const auto session = as(sign_in().token);
    const auto seen = log_of(*session);
    EXPECT_EQ(actions_of(seen),
              (std::vector<std::string>{"contact " + ann.id.value() + " sign_in", "operator update_account",
                                        "operator create_contact", "operator create_account"}));
    EXPECT_EQ(seen[1].detail, "tax");
    EXPECT_EQ(seen, log()) << "the operator sees the same";
    EXPECT_TRUE(session->async_verify_access_log({}, block).intact);
}

TEST_P(access_log, never_shows_another_account) {
    add_ann();
    (void)lineside().async_create_account({.id = rival}, block);
    (void)add("eve@rival.example", role::administrator, rival);
    const auto eve = as(sign_in({}, elsewhere, "eve@rival.example").token);
    (void)failure_of([&] { return eve->async_list_access_log({.account = acme}, block); }, errc::not_found);
    (void)failure_of([&] { return eve->async_verify_access_log({acme}, block); }, errc::not_found);
    (void)failure_of([&] { return exported(*eve, export_format::csv); }, errc::not_found);
    for (const auto& e : log_of(*eve))
        EXPECT_EQ(e.account, rival) << e.action;
    const auto mine = log();
    EXPECT_TRUE(std::none_of(mine.begin(), mine.end(), [](const access_entry& e) { return e.account != acme; }));
    EXPECT_EQ(mine.size(), 2U) << "who reaches for an account leaves a trace at home, not there";
}

TEST_P(access_log, needs_its_permission) {
    add_ann(role::billing);
    const auto ann = as(sign_in().token);
    (void)failure_of([&] { return ann->async_list_access_log({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return ann->async_verify_access_log({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return exported(*ann, export_format::csv); }, errc::permission_denied);
}

// ---- what is in it

TEST_P(access_log, names_who_was_refused_what_and_from_where) {
    const auto ann = add_ann(role::viewer);
    const auto session = as(sign_in().token, elsewhere);
    (void)failure_of([&] { return session->async_get_balance({}, block); }, errc::permission_denied);
    (void)failure_of([&] { return session->async_get_channels({rival}, block); }, errc::not_found);
    const auto seen = log();
    for (const std::size_t i : {0U, 1U}) {
        EXPECT_EQ(seen[i].outcome, access_outcome::refused);
        EXPECT_EQ(seen[i].who, "contact " + ann.id.value());
        EXPECT_EQ(seen[i].source_ip, elsewhere);
    }
    EXPECT_EQ(seen[0].action, "get_channels");
    EXPECT_EQ(seen[1].action, "get_balance");
    EXPECT_NE(seen[1].detail.find("not permitted"), std::string::npos);
}

TEST_P(access_log, keeps_what_fails_in_an_operation_out_and_what_is_done_in) {
    add_ann();
    const auto before = log().size();
    (void)failure_of(
        [&] {
            return lineside().async_create_payment({.account = acme, .total = {0, 0, "EUR"}}, block);
        },
        errc::invalid_argument);
    EXPECT_EQ(log().size(), before) << "nothing happened, so there is nothing to tell";
    (void)lineside().async_create_payment({.account = acme, .total = {5, 0, "EUR"}}, block);
    EXPECT_EQ(log().size(), before + 1);
}

TEST_P(access_log, a_text_from_outside_cannot_break_out_of_its_line) {
    add_ann();
    auto request = attempt(good_password);
    request.user_agent = "Firefox\r\n2026-03-10 operator create_key\t\x1b[2J\x7f\u0085\u2028\xff end";
    (void)lineside().async_sign_in(std::move(request), block);
    const auto seen = log().front();
    EXPECT_EQ(seen.user_agent,
              "Firefox\\x0d\\x0a2026-03-10 operator create_key\\x09\\x1b[2J\\x7f\\x85\\u2028\ufffd end");
    for (const auto format : {export_format::csv, export_format::tsv})
        EXPECT_EQ(lines_in(exported(lineside(), format)), log().size() + 1);
    EXPECT_TRUE(verdict().intact);
}

TEST_P(access_log, a_text_without_end_is_cut_between_two_characters) {
    add_ann();
    auto request = attempt(good_password);
    request.user_agent = "x";
    for (int i = 0; i < 1'000; ++i)
        request.user_agent += "ü";
    (void)lineside().async_sign_in(std::move(request), block);
    const auto seen = log().front().user_agent;
    EXPECT_EQ(seen.size(), 511U);
    EXPECT_TRUE(seen.ends_with("ü"));
}

TEST_P(access_log, holds_no_secret_of_any_kind) {
    const auto ann = add_ann();
    std::vector<std::string> secrets{std::string(good_password), std::string(other_password)};
    settings.delivery.texter = {};
    const auto keep = [&](const secret& s) { secrets.emplace_back(s.reveal()); };

    const auto grant = sign_in();
    keep(grant.token);
    const auto session = as(grant.token);
    const auto factor = enrol(*session);
    keep(factor.key);
    for (const auto& code : factor.codes.codes)
        keep(code);
    const auto renewed = session->async_renew_recovery_codes(with_password(code_of(factor.key)), block);
    for (const auto& code : renewed.codes)
        keep(code);
    clock.advance(minutes(1));
    secrets.push_back(code_of(factor.key));
    (void)sign_in(code_of(factor.key));
    (void)refused(errc::unauthenticated, "quite the wrong password");
    secrets.emplace_back("quite the wrong password");
    (void)refused(errc::unauthenticated, "typed into the wrong field", {}, elsewhere, "hunter2@nowhere.example");
    secrets.emplace_back("hunter2");

    api_key_create k;
    k.account = acme;
    k.name = "nightly";
    k.scopes = {permission::view_summary};
    auto key = lineside().async_create_key(std::move(k), block);
    keep(key.text);
    keep(lineside().async_rotate_key({acme, key.key.id, hours(1), {}}, block).text);
    (void)session->async_send_verification({}, block);
    const auto& text = mails.back().text;
    for (std::size_t i = 0; i + 6 <= text.size(); ++i)
        if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i),
                        text.begin() + static_cast<std::ptrdiff_t>(i + 6), [](char c) { return c >= '0' && c <= '9'; }))
            secrets.push_back(text.substr(i, 6));
    ask_reset();
    const auto token = mailed_token();
    keep(token);
    clock.advance(minutes(1));
    (void)lineside().async_reset_password(answer(token, other_password, code_of(factor.key)), block);
    (void)lineside().async_create_payment(
        {.account = acme, .total = {5, 0, "EUR"}, .description = "deposit # the boss's nephew"}, block);
    secrets.emplace_back("nephew");
    // A credential that nobody knows, and one that was known.
    const secret unknown("a token that was never given");
    (void)failure_of([&] { return as(unknown)->async_who_am_i({}, block); }, errc::unauthenticated);
    keep(unknown);
    (void)failure_of([&] { return as(grant.token)->async_who_am_i({}, block); }, errc::unauthenticated);

    ASSERT_GE(secrets.size(), 30U);
    std::string everything = exported(lineside(), export_format::ndjson, cell_safety::raw);
    for (const auto& e : log({}))
        everything += e.who + e.user_agent + e.action + e.target + e.detail + "\n";
    EXPECT_NE(everything.find(ann.id.value()), std::string::npos);
    for (const auto& s : secrets) {
        ASSERT_FALSE(s.empty());
        EXPECT_EQ(everything.find(s), std::string::npos) << s;
    }
}

// ---- that it stays

TEST_P(access_log, what_was_written_stays_as_it_was) {
    add_ann();
    (void)sign_in();
    const auto before = log();
    const auto ann = before.at(1).target;
    (void)lineside().async_set_password({acme, contact_id(ann), secret(other_password)}, block);
    set_status({.account = acme, .id = contact_id(ann)}, contact_status::disabled);
    clock.set(clock.now() - days(400)); // a clock that was set back
    set_status({.account = acme, .id = contact_id(ann)}, contact_status::active);
    reopen();
    const auto after = log();
    ASSERT_EQ(after.size(), before.size() + 3);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin() + 3));
    EXPECT_TRUE(verdict().intact);
}

TEST_P(access_log, each_hash_is_of_its_own_and_the_newest_is_the_verdicts_head) {
    add_ann();
    for (int i = 0; i < 4; ++i)
        (void)sign_in();
    std::set<std::string> hashes;
    for (const auto& e : log()) {
        EXPECT_EQ(e.hash.size(), 64U);
        hashes.insert(e.hash);
    }
    EXPECT_EQ(hashes.size(), log().size());
    const auto v = verdict();
    EXPECT_EQ(v.account, acme);
    EXPECT_EQ(v.entries, log().size());
    EXPECT_TRUE(v.intact);
    EXPECT_FALSE(v.first_broken.has_value());
    EXPECT_EQ(v.head, log().front().hash);
}

TEST_P(access_log, the_operators_own_begins_empty_and_is_a_chain_too) {
    const auto empty = verdict({});
    EXPECT_TRUE(empty.intact);
    EXPECT_EQ(empty.entries, 0U);
    EXPECT_EQ(empty.head, "");
    (void)refused(errc::unauthenticated, good_password, {}, home, "nobody@nowhere.example");
    EXPECT_EQ(verdict({}).entries, 1U);
    EXPECT_TRUE(verdict({}).intact);
    EXPECT_EQ(log({}).front().action, "sign_in");
    EXPECT_TRUE(log({}).front().account.empty());
}

// ---- export

TEST_P(access_log, an_export_has_every_entry_with_its_zone) {
    add_ann();
    for (int i = 0; i < 3; ++i)
        (void)sign_in();
    const auto csv = exported(lineside(), export_format::csv);
    EXPECT_TRUE(csv.starts_with("zone,number,at,account,who,source_ip,user_agent,action,target,outcome,detail,hash\n"))
        << csv.substr(0, 120);
    EXPECT_EQ(lines_in(csv), log().size() + 1);
    for (const auto& e : log())
        EXPECT_NE(csv.find("UTC," + std::to_string(e.number) + ',' + to_string(e.at) + ",acme,"), std::string::npos);
    const auto rows = exported(lineside(), export_format::ndjson);
    EXPECT_EQ(lines_in(rows), log().size());
    const auto one =
        exported(lineside(), export_format::ndjson, cell_safety::raw, {clock.now() + hours(1), clock.now() + hours(2)});
    EXPECT_EQ(one, "");
}

TEST_P(access_log, an_export_disarms_what_a_spreadsheet_would_run) {
    add_ann();
    auto request = attempt(good_password);
    request.user_agent = "=HYPERLINK(\"http://evil.example\")";
    (void)lineside().async_sign_in(std::move(request), block);
    EXPECT_NE(exported(lineside(), export_format::csv).find("\"'=HYPERLINK(\"\"http"), std::string::npos);
    EXPECT_NE(exported(lineside(), export_format::csv, cell_safety::raw).find(",\"=HYPERLINK(\"\"http"),
              std::string::npos);
}

} // namespace lineside::contract
