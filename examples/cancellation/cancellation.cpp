// cancellation: many questions at once, an import that is stopped in the middle, and one that goes on from there.
#include <lineside/lineside.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <stop_token>

using namespace lineside;
namespace asio = boost::asio;

int main(int, char** argv) {
    try {
        engine_options small;
        small.storage.import_batch_calls = 50; // a transaction each, so that there is a middle
        asio::io_context context;
        engine portal(context, std::move(small));
        const auto records = [&] {
            import_request r;
            r.input = open_file(argv[1]).value();
            return r;
        };

        // Progress arrives on the thread that imports; a stop request ends it after the transaction it is in.
        std::stop_source stop;
        call_options stoppable;
        stoppable.stop = stop.get_token();
        import_request first = records();
        first.on_progress = [&](const import_progress& p) {
            if (p.rows > 0)
                stop.request_stop();
        };
        try {
            (void)portal.async_import_records(std::move(first), stoppable, block);
        } catch (const error& e) {
            std::printf("%s\n", e.code().message().c_str());
        }

        // The same file again: what is stored is recognised, the rest is added.
        const import_report rest = portal.async_import_records(records(), block);
        std::printf("%llu rows, none twice\n", static_cast<unsigned long long>(rest.imported + rest.duplicates));

        // Coroutines: each co_await is one call, and all of them are under way together.
        std::size_t answers = 0;
        for (const metric m : {metric::asr, metric::acd, metric::attempts})
            asio::co_spawn(
                context,
                [&, m]() -> asio::awaitable<void> {
                    series_query q{.account = account_id("harbour"), .metric = m, .step = time_step::day};
                    q.range = {parse_instant("2026-03-10").value(), parse_instant("2026-03-11").value()};
                    answers += (co_await portal.async_query_series(q)).time.size();
                },
                asio::detached);
        context.run();
        std::printf("%zu answers\n", answers);
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
