// `lineside serve`, and the program against it: run as processes of their own.

#include "support/certificate_files.hpp"
#include "support/program_test.hpp"

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace lineside {
namespace {

class serve_program : public test::program_test {
protected:
    using child = std::unique_ptr<test::child_process>;

    // With what it complains about among what it says, and without settings from outside.
    child start(std::vector<std::string> words) {
        words.insert(words.begin(), {"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", "/usr/bin/env", "-u", "LINESIDE_SERVER",
                                     "-u", "LINESIDE_TOKEN", "LINESIDE_CA_FILE=" + ca_file, LINESIDE_CLI_PATH});
        return std::make_unique<test::child_process>(std::move(words));
    }
    static std::string line_of(test::child_process& from) {
        std::string line;
        for (int c = from.read_byte(); c >= 0 && c != '\n'; c = from.read_byte())
            line += static_cast<char>(c);
        return line;
    }
    static outcome end_of(test::child_process& program) {
        outcome o;
        program.close_input();
        o.out = program.read_rest();
        o.status = program.wait();
        return o;
    }

    child serve(std::vector<std::string> more = {}) {
        std::vector<std::string> words{"--db", path("portal.db"), "serve", "--listen", "127.0.0.1:0"};
        words.insert(words.end(), {"--operator-token-file", token_file});
        words.insert(words.end(), more.begin(), more.end());
        auto server = start(std::move(words));
        url = line_of(*server);
        EXPECT_TRUE(url.starts_with("http")) << url;
        return server;
    }
    child start_far(std::vector<std::string> words) {
        words.insert(words.begin(), {"--server", url, "--token-file", token_file});
        return start(std::move(words));
    }
    outcome far(std::vector<std::string> words, const std::string& input = {}) {
        const auto program = start_far(std::move(words));
        program->write(input);
        return end_of(*program);
    }
    outcome far_done(std::vector<std::string> words, const std::string& input = {}) {
        const auto command = words.front();
        auto o = far(std::move(words), input);
        EXPECT_EQ(o.status, 0) << command << ": " << o.out;
        return o;
    }
    std::string write_secret(const std::string& name, const std::string& text) {
        auto file = write(name, text + '\n');
        using std::filesystem::perms;
        std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
        return file;
    }
    std::string generated(std::uint64_t calls) {
        return done({"generate", "--calls", std::to_string(calls), "--accounts", "1", "--days", "2", "--seed", "7"})
            .out;
    }
    std::int64_t channels_in_use() {
        return far_done({"channel", "status", "--account", "acme", "--json"}).parsed().at("in_use").as_int64();
    }
    static std::int64_t member(const boost::json::value& of, const char* name) { return of.at(name).as_int64(); }

    std::string url;
    std::string ca_file;
    std::string token_file = write_secret("token", std::string(43, 't'));
};

TEST_F(serve_program, answers_every_kind_of_command_from_far_away) {
    const auto server = serve();
    EXPECT_TRUE(url.starts_with("http://127.0.0.1:")) << url;
    far_done({"account", "create", "acme", "--name", "Acme", "--currency", "EUR"});
    EXPECT_TRUE(far_done({"accounts"}).says("Acme"));

    const auto calls = generated(2'000);
    const auto report = far_done({"import", "-", "--json"}, calls);
    EXPECT_EQ(member(report.parsed(), "imported"), 2'000) << report.out;
    const auto months =
        far_done({"summary", "--account", "acct-0001", "--period", "monthly", "--at", "2026-03-31", "--json"}).parsed();
    EXPECT_EQ(member(months.at("rows").as_array().back(), "attempts"), 2'000);

    // The same numbers as near, from the same file.
    const auto far_table =
        far_done({"summary", "--account", "acct-0001", "--period", "daily", "--at", "2026-03-05", "--csv"}).out;
    server->send(SIGTERM);
    EXPECT_EQ(end_of(*server).status, 0);
    EXPECT_EQ(done({"summary", "--account", "acct-0001", "--period", "daily", "--at", "2026-03-05", "--csv"}).out,
              far_table);
    EXPECT_EQ(far({"accounts"}).status, 1); // nobody is there
}

TEST_F(serve_program, a_watch_sees_what_a_simulation_does_and_all_its_calls_end) {
    const auto server = serve();
    far_done({"account", "create", "acme", "--currency", "EUR", "--channels", "60"});
    const auto watcher = start_far({"watch", "--account", "acme", "--topics", "channels", "--count", "2", "--json"});
    const auto first = boost::json::parse(line_of(*watcher));
    EXPECT_EQ(first.at("kind").as_string(), "snapshot");
    EXPECT_EQ(member(first.at("channels"), "in_use"), 0);

    const auto made =
        far_done({"simulate", "--account", "acme", "--rate", "50", "--seconds", "1", "--seed", "1", "--json"}).parsed();
    EXPECT_GT(member(made, "started"), 10);
    EXPECT_EQ(member(made, "ended"), member(made, "started"));
    EXPECT_EQ(channels_in_use(), 0);

    const auto seen = end_of(*watcher);
    EXPECT_EQ(seen.status, 0);
    EXPECT_EQ(seen.parsed().at("kind").as_string(), "change") << seen.out;
    EXPECT_GT(member(seen.parsed().at("channels"), "in_use"), 0) << seen.out;

    const auto line = far_done({"watch", "--account", "acme", "--topics", "channels,balance", "--count", "2"}).out;
    EXPECT_NE(line.find(" channels 0 of 60, ringing 0\n"), std::string::npos) << line;
    EXPECT_NE(line.find(" balance 0.00 EUR, available 0.00 EUR\n"), std::string::npos) << line;
}

TEST_F(serve_program, an_interrupted_simulation_leaves_no_call_and_an_interrupted_watch_is_no_failure) {
    const auto server = serve();
    far_done({"account", "create", "acme"});
    const auto watcher = start_far({"watch", "--account", "acme", "--json"});
    (void)line_of(*watcher);
    const auto simulation = start_far({"simulate", "--account", "acme", "--rate", "50", "--seed", "1", "--json"});
    EXPECT_GT(member(boost::json::parse(line_of(*watcher)).at("channels"), "in_use"), 0);
    simulation->send(SIGINT);
    const auto made = end_of(*simulation);
    EXPECT_EQ(made.status, 0) << made.out;
    EXPECT_GT(member(made.parsed(), "started"), 0);
    EXPECT_EQ(member(made.parsed(), "ended"), member(made.parsed(), "started"));
    EXPECT_EQ(channels_in_use(), 0);

    watcher->send(SIGINT);
    EXPECT_EQ(end_of(*watcher).status, 0);
}

TEST_F(serve_program, a_watch_of_what_does_not_change_is_interrupted_too) {
    const auto server = serve();
    far_done({"account", "create", "acme"});
    const auto watcher = start_far({"watch", "--account", "acme"});
    (void)line_of(*watcher);
    watcher->send(SIGINT);
    EXPECT_EQ(end_of(*watcher).status, 0);
}

TEST_F(serve_program, a_watch_goes_on_behind_a_position) {
    const auto server = serve();
    far_done({"account", "create", "acme"});
    const auto first = far_done({"watch", "--account", "acme", "--count", "1", "--json"}).parsed();
    const std::string position(first.at("position").as_string());
    far_done({"channel", "admit", "--account", "acme", "--source", "pbx", "--call-id", "a"});
    const auto next = far_done({"watch", "--account", "acme", "--count", "1", "--json", "--resume", position}).parsed();
    EXPECT_EQ(next.at("kind").as_string(), "change");
    EXPECT_EQ(member(next.at("channels"), "in_use"), 1);
}

TEST_F(serve_program, a_simulation_of_an_account_that_is_not_there_makes_none) {
    const auto server = serve();
    const auto refused = far({"simulate", "--account", "nobody", "--seconds", "1"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_TRUE(refused.says("nobody")) << refused.out;
    EXPECT_TRUE(far_done({"accounts", "--json"}).parsed().as_array().empty());
    EXPECT_EQ(far({"simulate", "--account", "nobody", "--rate", "0"}).status, 2);
    EXPECT_EQ(far({"simulate", "--account", "nobody", "--rate", "1.0001"}).status, 2);
    EXPECT_EQ(far({"simulate", "--seconds", "1"}).status, 2);
    EXPECT_EQ(far({"watch", "--account", "nobody", "--topics", "weather"}).status, 2);
    EXPECT_EQ(far({"watch", "--account", "nobody"}).status, 1);
}

TEST_F(serve_program, simulation_and_watch_work_on_a_database_of_ones_own) {
    done({"account", "create", "acme"});
    const auto made =
        done({"simulate", "--account", "acme", "--rate", "50", "--seconds", "1", "--seed", "1", "--json"}).parsed();
    EXPECT_GT(member(made, "started"), 10);
    EXPECT_EQ(member(made, "ended"), member(made, "started"));
    const auto seen = done({"watch", "--account", "acme", "--count", "1", "--json"}).parsed();
    EXPECT_EQ(member(seen.at("channels"), "in_use"), 0);
    EXPECT_GT(member(seen.at("channels"), "peak_today"), 0);
}

TEST_F(serve_program, the_end_lets_an_upload_that_has_begun_finish) {
    const auto server = serve();
    const auto rows = generated(100'000);
    const auto upload = start_far({"import", "-", "--json"});
    // More than pipe and sockets hold, so the server is reading it.
    const auto most = rows.find('\n', rows.size() - 1'000);
    ASSERT_GT(most, std::size_t{12} << 20U);
    ASSERT_TRUE(upload->write(std::string_view(rows).substr(0, most)));
    server->send(SIGTERM);
    // New ones are turned away as soon as it has heard of it.
    while (far({"accounts"}).status == 0) {
    }
    ASSERT_TRUE(upload->write(std::string_view(rows).substr(most)));
    const auto report = end_of(*upload);
    EXPECT_EQ(report.status, 0) << report.out;
    EXPECT_EQ(member(report.parsed(), "imported"), 100'000) << report.out;
    EXPECT_EQ(end_of(*server).status, 0);
}

TEST_F(serve_program, sighup_reads_the_certificate_again) {
    const test::certificate_files files;
    ca_file = files.authority();
    const auto server = serve({"--tls-cert", files.certificate(), "--tls-key", files.key()});
    EXPECT_TRUE(url.starts_with("https://127.0.0.1:")) << url;
    far_done({"accounts"});

    files.renew({.names = {"IP:127.0.0.1"}}); // by another authority, in the same files
    EXPECT_EQ(far({"accounts"}).status, 1);
    server->send(SIGHUP);
    EXPECT_EQ(line_of(*server), "lineside: the certificate was read again");
    far_done({"accounts"});

    std::ofstream(files.key()) << "no key\n";
    server->send(SIGHUP);
    EXPECT_TRUE(line_of(*server).starts_with("lineside: the certificate stays as it was: "));
    far_done({"accounts"});
    server->send(SIGTERM);
    EXPECT_EQ(end_of(*server).status, 0);
}

TEST_F(serve_program, a_second_server_of_a_database_is_refused) {
    const auto server = serve();
    const auto second = start({"--db", path("portal.db"), "serve", "--listen", "127.0.0.1:0"});
    const auto refused = end_of(*second);
    EXPECT_EQ(refused.status, 1);
    EXPECT_TRUE(refused.says("in use by another engine")) << refused.out;
    far_done({"accounts"});
}

TEST_F(serve_program, an_address_in_use_is_named) {
    const auto server = serve();
    const auto address = url.substr(std::string("http://").size());
    const auto port = address.substr(address.find(':') + 1);
    const auto second = start({"--db", path("other.db"), "serve", "--listen", address});
    const auto refused = end_of(*second);
    EXPECT_EQ(refused.status, 1);
    EXPECT_TRUE(refused.says("port " + port + ": Address already in use")) << refused.out;
}

TEST_F(serve_program, a_wrong_token_is_refused_and_so_is_none) {
    const auto server = serve();
    token_file = write_secret("wrong", std::string(43, 'w'));
    const auto wrong = far({"accounts"});
    EXPECT_EQ(wrong.status, 1);
    EXPECT_TRUE(wrong.says("lineside: ")) << wrong.out;
    EXPECT_TRUE(wrong.says("unauthenticated") || wrong.says("credential") || wrong.says("token")) << wrong.out;
    token_file = write("open_to_all", std::string(43, 't'));
    std::filesystem::permissions(token_file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    const auto open = far({"accounts"});
    EXPECT_EQ(open.status, 1);
    EXPECT_TRUE(open.says("chmod 600")) << open.out;
    const auto nobody = start({"--server", url, "accounts"});
    const auto refused = end_of(*nobody);
    EXPECT_EQ(refused.status, 1);
    EXPECT_TRUE(refused.says("sign in")) << refused.out;
}

} // namespace
} // namespace lineside
