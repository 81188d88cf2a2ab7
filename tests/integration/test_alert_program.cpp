// `lineside alert`, `webhook` and `work`, run as processes of their own.

#include "support/program_test.hpp"

#include <boost/json/array.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside {
namespace {

std::string text_of(const boost::json::value& v) { return std::string(v.as_string()); }

class alert_program : public test::program_test {
protected:
    // A call a minute from noon on, of which every fifth is answered; each lasts half a minute.
    void import_calls() {
        std::string text = "call_id,account_id,start_time,answer_time,end_time,charge,currency\n";
        for (int i = 0; i < 90; ++i) {
            char at[64];
            std::snprintf(at, sizeof at, "2026-03-02T%02d:%02d:", 12 + i / 60, i % 60);
            const std::string minute = at;
            text += "c" + std::to_string(i) + ",acme," + minute + "00Z," + (i % 5 == 0 ? minute + "10Z" : "") + ',' +
                    minute + "30Z,0.10,EUR\n";
        }
        done({"import", write("calls.csv", text)});
    }
    std::vector<std::string> alert(std::vector<std::string> words) {
        words.insert(words.begin(), "alert");
        words.insert(words.end(), {"--account", "acme"});
        return words;
    }
    std::vector<std::string> webhook(std::vector<std::string> words) {
        words.insert(words.begin(), "webhook");
        words.insert(words.end(), {"--account", "acme"});
        return words;
    }
    std::string created(std::vector<std::string> fields) {
        fields.insert(fields.begin(), "create");
        fields.emplace_back("--json");
        const auto made = done(alert(std::move(fields)));
        return made.status == 0 ? text_of(made.parsed().at("id")) : std::string();
    }

    const std::vector<std::string> low_asr = {"--area", "asr", "--below", "40", "--minimum-samples", "30"};
};

} // namespace

TEST_F(alert_program, help_has_an_example_for_every_command) {
    for (const std::string command : {"alert", "webhook", "work"}) {
        const auto help = run({command, "--help"});
        EXPECT_EQ(help.status, 0);
        EXPECT_TRUE(help.says("\nExample:\n  lineside " + command)) << help.out;
        EXPECT_TRUE(run({"--help"}).says("\n  " + command + ' '));
    }
}

TEST_F(alert_program, a_rule_is_created_shown_changed_and_deleted) {
    done({"account", "create", "acme"});
    const auto id = created({"--area", "asr", "--below", "40", "--reset", "45.5", "--period", "2h", "--minimum-samples",
                             "30", "--repeat", "90m", "--level", "error", "--recipients", "a@example.com,b@example.com",
                             "--quiet", "22:00-07:30@Europe/Madrid"});
    auto r = done(alert({"get", id, "--json"})).parsed();
    EXPECT_EQ(r.at("title"), "asr < 40.00 %") << "its condition, where nobody calls it something";
    EXPECT_EQ(r.at("area"), "asr");
    EXPECT_EQ(r.at("op"), "<");
    EXPECT_EQ(r.at("threshold").to_number<double>(), 40);
    EXPECT_EQ(r.at("reset_threshold").to_number<double>(), 45.5);
    EXPECT_EQ(r.at("minimum_samples").to_number<int>(), 30);
    EXPECT_EQ(r.at("level"), "error");
    EXPECT_EQ(r.at("recipients").as_array().size(), 2U);
    EXPECT_EQ(r.at("quiet").at("from_minute").to_number<int>(), 22 * 60);
    EXPECT_EQ(r.at("quiet").at("to_minute").to_number<int>(), 7 * 60 + 30);
    EXPECT_EQ(r.at("quiet").at("zone"), "Europe/Madrid");
    EXPECT_EQ(r.at("enabled"), true);
    const auto table = done(alert({"list"}));
    for (const auto* cell : {"asr < 40.00 %", "45.50", "2h", "90m", "error", "22:00-07:30@Europe/Madrid",
                             "a@example.com,b@example.com", "on"})
        EXPECT_TRUE(table.says(cell)) << cell << " in " << table.out;

    done(alert({"update", id, "--title", "few answers", "--op", "<=", "--threshold", "35", "--reset", "none", "--quiet",
                "none", "--recipients", "none", "--disabled"}));
    r = done(alert({"get", id, "--json"})).parsed();
    EXPECT_EQ(r.at("title"), "few answers");
    EXPECT_EQ(r.at("op"), "<=");
    EXPECT_EQ(r.at("threshold").to_number<double>(), 35);
    EXPECT_TRUE(r.at("reset_threshold").is_null());
    EXPECT_TRUE(r.at("quiet").is_null());
    EXPECT_TRUE(r.at("recipients").as_array().empty());
    EXPECT_EQ(r.at("enabled"), false);
    EXPECT_EQ(r.at("minimum_samples").to_number<int>(), 30) << "what is not given stays";
    done(alert({"update", id, "--enabled", "--above", "60"}));
    r = done(alert({"get", id, "--json"})).parsed();
    EXPECT_EQ(r.at("op"), ">");
    EXPECT_EQ(r.at("enabled"), true);

    done(alert({"delete", id}));
    EXPECT_EQ(done(alert({"list", "--json"})).out, "[]\n");
    EXPECT_EQ(run(alert({"get", id})).status, 1);
    EXPECT_EQ(run(alert({"delete", id})).status, 1);
}

TEST_F(alert_program, a_balance_may_be_below_a_negative_number) {
    done({"account", "create", "acme"});
    const auto id = created({"--area", "balance", "--below", "-12.50"});
    EXPECT_TRUE(done(alert({"list"})).says("balance < -12.50"));
    EXPECT_EQ(done(alert({"get", id, "--json"})).parsed().at("threshold").to_number<double>(), -12.5);
}

TEST_F(alert_program, what_cannot_be_meant_is_refused) {
    done({"account", "create", "acme"});
    const auto id = created(low_asr);
    const std::vector<std::string> wrong[] = {
        {"create"},
        {"create", "--area", "asr"},
        {"create", "--below", "40"},
        {"create", "--area", "asr", "--threshold", "40"},
        {"create", "--area", "everything", "--below", "40"},
        {"create", "--area", "asr", "--below", "forty"},
        {"create", "--area", "asr", "--below", "nan"},
        {"create", "--area", "asr", "--below", "40", "--above", "50"},
        {"create", "--area", "asr", "--below", "40", "--threshold", "50"},
        {"create", "--area", "asr", "--op", "!=", "--threshold", "50"},
        {"create", "--area", "asr", "--below", "40", "--period", "2 hours"},
        {"create", "--area", "asr", "--below", "40", "--period", "h"},
        {"create", "--area", "asr", "--below", "40", "--repeat", "-1h"},
        {"create", "--area", "asr", "--below", "40", "--level", "none"},
        {"create", "--area", "asr", "--below", "40", "--quiet", "22-7"},
        {"create", "--area", "asr", "--below", "40", "--quiet", "22:00-24:00"},
        {"create", "--area", "asr", "--below", "40", "--quiet", "22:00-07:00@Mars/Base"},
        {"create", "--area", "asr", "--below", "40", "--enabled", "--disabled"},
        {"update", id},
        {"update"},
        {"backtest", id},
        {"backtest", id, "--from", "2026-03-02"},
        {"backtest", "--from", "2026-03-02", "--to", "2026-03-03"},
        {"history", "--limit", "0"},
        {"remove", id},
    };
    for (const auto& words : wrong)
        EXPECT_EQ(run(alert(words)).status, 2) << words.front() << ' ' << words.back();
    EXPECT_EQ(run({"alert", "list"}).status, 2) << "whose?";
    // The engine's word: it ends with 1.
    const std::vector<std::string> refused[] = {
        {"create", "--area", "asr", "--below", "101"},
        {"create", "--area", "asr", "--below", "40", "--title", "x", "--reset", "39"},
        {"create", "--area", "asr", "--below", "40", "--period", "90s"},
        {"create", "--area", "asr", "--below", "40", "--title", "x", "--recipients", "nobody"},
        {"get", "ar-none"},
        {"update", "ar-none", "--below", "3"},
        {"test", "ar-none"},
    };
    for (const auto& words : refused)
        EXPECT_EQ(run(alert(words)).status, 1) << words.front() << ' ' << words.back();
    EXPECT_EQ(done(alert({"list", "--json"})).parsed().as_array().size(), 1U) << "nothing of it was done";
}

TEST_F(alert_program, a_backtest_draws_when_it_would_have_fired) {
    import_calls();
    std::vector<std::string> words = {"backtest", "--from", "2026-03-02", "--to", "2026-03-03"};
    words.insert(words.end(), low_asr.begin(), low_asr.end());
    const auto page = done(alert(words));
    EXPECT_TRUE(page.says("asr < 40.00 % over 1h: 1440 looks, told once\n")) << page.out;
    EXPECT_TRUE(page.says("·█░")) << page.out;
    EXPECT_TRUE(page.says("2026-03-02 00:00 ")) << page.out;
    EXPECT_TRUE(page.says("2026-03-02 12:30:00")) << page.out;
    EXPECT_TRUE(page.says("ASR is 20.00 % (6 of 30 calls answered), below 40.00 %")) << page.out;

    words.emplace_back("--json");
    auto b = done(alert(words)).parsed();
    EXPECT_EQ(b.at("evaluations").to_number<int>(), 1'440);
    EXPECT_EQ(b.at("fired").to_number<int>(), 1);
    EXPECT_EQ(b.at("held_back").to_number<int>(), 0);
    ASSERT_EQ(b.at("events").as_array().size(), 1U);
    EXPECT_TRUE(text_of(b.at("events").as_array()[0].at("at")).starts_with("2026-03-02T12:30:00"));

    words.insert(words.end(), {"--quiet", "12:15-13:00"});
    b = done(alert(words)).parsed();
    EXPECT_EQ(b.at("fired").to_number<int>(), 1);
    EXPECT_EQ(b.at("held_back").to_number<int>(), 1);
    ASSERT_EQ(b.at("events").as_array().size(), 2U);
    EXPECT_TRUE(text_of(b.at("events").as_array()[1].at("at")).starts_with("2026-03-02T13:00:00"));
    EXPECT_EQ(done(alert({"list", "--json"})).out, "[]\n") << "nothing is stored";
}

TEST_F(alert_program, a_stored_rule_is_tried_as_it_is_and_as_it_might_be) {
    import_calls();
    const auto id = created(low_asr);
    const auto fired = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"backtest", id, "--from", "2026-03-02", "--to", "2026-03-03", "--json"});
        return done(alert(more)).parsed().at("fired").to_number<int>();
    };
    EXPECT_EQ(fired({}), 1);
    EXPECT_EQ(fired({"--below", "10"}), 0);
    EXPECT_EQ(fired({"--repeat", "30m"}), 4) << "12:30, 13:00, 13:30, 14:00";
    EXPECT_TRUE(done(alert({"list"})).says("asr < 40.00 %")) << "it stays as it was stored";
}

TEST_F(alert_program, a_test_says_what_a_rule_sees_and_sends_only_when_told_to) {
    import_calls();
    const auto id = created(low_asr);
    const auto text = done(alert({"test", id}));
    EXPECT_TRUE(text.says("It would not fire now: 0 calls of the 30 it takes\nTo: -\n")) << text.out;
    auto t = done(alert({"test", id, "--json"})).parsed();
    EXPECT_EQ(t.at("would_fire"), false);
    EXPECT_EQ(done(alert({"history", "--json"})).out, "[]\n");

    done(alert({"test", id, "--send"}));
    const auto events = done(alert({"history", id, "--json"})).parsed();
    ASSERT_EQ(events.as_array().size(), 1U);
    EXPECT_EQ(events.as_array()[0].at("kind"), "tested");
    EXPECT_TRUE(done(alert({"history"})).says("tested"));
    EXPECT_EQ(done(alert({"history", "--from", "2026-03-02", "--to", "2026-03-03", "--json"})).out, "[]\n");
}

TEST_F(alert_program, a_webhook_shows_its_secret_once) {
    done({"account", "create", "acme"});
    const auto made = done(webhook({"create", "https://hooks.example.com/x", "--events", "alert.fired"}));
    EXPECT_TRUE(made.out.starts_with("whsec_")) << made.out;
    EXPECT_EQ(made.out.find('\n'), made.out.size() - 1) << "one line, to be piped into a file";
    const auto secret = made.out.substr(0, made.out.size() - 1);
    const auto all = done(webhook({"list", "--json"})).parsed();
    ASSERT_EQ(all.as_array().size(), 1U);
    EXPECT_EQ(all.as_array()[0].at("url"), "https://hooks.example.com/x");
    EXPECT_EQ(all.as_array()[0].at("events").as_array()[0], "alert.fired");
    for (const auto& said : {done(webhook({"list"})), done(webhook({"list", "--json"})), done(webhook({"deliveries"}))})
        EXPECT_FALSE(said.says(secret));
    const auto other = done(webhook({"create", "https://hooks.example.com/y", "--json"})).parsed();
    EXPECT_TRUE(text_of(other.at("signing_secret")).starts_with("whsec_"));
    EXPECT_TRUE(done(webhook({"list"})).says("https://hooks.example.com/y  all"));

    done(webhook({"delete", text_of(other.at("webhook").at("id"))}));
    EXPECT_EQ(done(webhook({"list", "--json"})).parsed().as_array().size(), 1U);
    EXPECT_EQ(run(webhook({"delete", "wh-none"})).status, 1);
    for (const auto* bad : {"http://hooks.example.com/", "https://10.0.0.1/", "https://user@example.com/"})
        EXPECT_EQ(run(webhook({"create", bad})).status, 1) << bad;
    EXPECT_EQ(run(webhook({"create", "https://hooks.example.com/", "--events", "alert.lost"})).status, 1);
    EXPECT_EQ(run(webhook({"create"})).status, 2);
    EXPECT_EQ(run({"webhook", "list"}).status, 2);
}

TEST_F(alert_program, work_makes_the_deliveries_that_are_due) {
    import_calls();
    const auto id = created(low_asr);
    // A name for this machine: no delivery leaves it, and none goes to it.
    done(webhook({"create", "https://localhost/hook"}));
    EXPECT_EQ(done({"work", "--json"}).parsed().at("failed").to_number<int>(), 0);
    done(alert({"test", id, "--send"}));
    auto deliveries = done(webhook({"deliveries", "--json"})).parsed();
    const auto waiting = [&] {
        for (const auto& d : deliveries.as_array())
            if (d.at("channel") == "webhook")
                return d;
        ADD_FAILURE() << "no delivery to the webhook";
        return boost::json::value();
    };
    EXPECT_EQ(waiting().at("status"), "waiting");
    EXPECT_EQ(waiting().at("attempts").to_number<int>(), 0);

    const auto report = done({"work", "--deliveries", "10", "--json"}).parsed();
    EXPECT_EQ(report.at("failed").to_number<int>(), 1);
    EXPECT_EQ(report.at("waiting").to_number<int>(), 1);
    EXPECT_FALSE(report.at("next_due").is_null());
    deliveries = done(webhook({"deliveries", "--status", "waiting", "--json"})).parsed();
    EXPECT_EQ(waiting().at("attempts").to_number<int>(), 1);
    EXPECT_FALSE(text_of(waiting().at("last_failure")).empty());
    EXPECT_TRUE(done(webhook({"deliveries"})).says("https://localhost/hook"));
    EXPECT_EQ(done(webhook({"deliveries", "--status", "dead", "--json"})).out, "[]\n");
    EXPECT_EQ(done(webhook({"replay", text_of(waiting().at("id")), "--json"})).parsed().at("status"), "waiting")
        << "it is on its way already";

    EXPECT_TRUE(done({"work"}).says("evaluated  fired  delivered  failed  waiting  next UTC"));
    EXPECT_EQ(run(webhook({"replay", "msg-none"})).status, 1);
    EXPECT_EQ(run(webhook({"deliveries", "--status", "lost"})).status, 2);
    EXPECT_EQ(run({"work", "--deliveries", "0"}).status, 2);
    EXPECT_EQ(run({"work", "now"}).status, 2);
}

} // namespace lineside
