// Imports and says on its output how far it has come, so that a test can kill it there.
//
//   import_helper records DATABASE FILE CALLS_A_BATCH         a '.' for each piece read, a '|' before the last commit
//   import_helper values DATABASE FIRST LAST CALLS_A_BATCH    an 'a' for each batch that is acknowledged
//   import_helper live DATABASE FIRST LAST EVENTS_A_BATCH     the same, of events of live calls
#include "helpers/import_helper.hpp"

#include <lineside/engine.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

namespace {

using namespace lineside;

void say(char c) {
    if (::write(STDOUT_FILENO, &c, 1) != 1)
        std::_Exit(3);
}

class telling_source final : public byte_source {
public:
    explicit telling_source(std::shared_ptr<byte_source> from) : from_(std::move(from)) {}

    std::size_t read(std::span<char> to) override {
        const auto n = from_->read(to);
        say(n > 0 ? '.' : '|');
        return n;
    }

private:
    std::shared_ptr<byte_source> from_;
};

int import_records(const std::string& database, const std::string& file, std::size_t calls_a_batch) {
    engine_options options;
    options.database = database;
    options.storage.import_batch_calls = calls_a_batch;
    engine e(std::move(options));
    import_request request;
    request.input = std::make_shared<telling_source>(open_file(file).value());
    request.name = "calls.csv";
    (void)e.async_import_records(std::move(request), block);
    return 0;
}

int import_values(const std::string& database, std::size_t first, std::size_t last, std::size_t calls_a_batch) {
    engine_options options;
    options.database = database;
    options.storage.journal_calls = calls_a_batch * 7; // is moved into columns again and again
    options.clock = [] { return test::helper_now; };
    engine e(std::move(options));
    for (auto batch = first; batch < last; ++batch) {
        (void)e.async_import_calls({test::helper_batch(batch, calls_a_batch), attempt_coverage::all_attempts}, block);
        say('a');
    }
    return 0;
}

int report_events(const std::string& database, std::size_t first, std::size_t last, std::size_t events) {
    engine_options options;
    options.database = database;
    options.clock = [] { return test::helper_now; };
    engine e(std::move(options));
    for (auto batch = first; batch < last; ++batch) {
        (void)e.async_report_call_events({test::helper_events(batch, events)}, block);
        say('a');
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const auto number = [&](int i) { return std::stoul(argv[i]); };
        if (argc == 5 && argv[1] == std::string("records"))
            return import_records(argv[2], argv[3], number(4));
        if (argc == 6 && argv[1] == std::string("values"))
            return import_values(argv[2], number(3), number(4), number(5));
        if (argc == 6 && argv[1] == std::string("live"))
            return report_events(argv[2], number(3), number(4), number(5));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    return 2;
}
