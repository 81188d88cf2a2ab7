// What somebody else's program does with Lineside: opens an engine, stores a call, asks for a number.
#include <lineside/lineside.hpp>

#include <iostream>

int main() {
    std::cout << "lineside " << lineside::version << '\n';
    try {
        lineside::engine engine(lineside::engine_options{});
        lineside::call call;
        call.source = "consumer";
        call.call_id = "1";
        call.account_id = lineside::account_id("acme");
        call.start_time = lineside::parse_instant("2026-03-01T12:00:00Z").value();
        call.answer_time = call.start_time + std::chrono::seconds(5);
        call.end_time = call.start_time + std::chrono::seconds(65);
        call.duration_ms = std::chrono::seconds(60);
        call.outcome = lineside::call_outcome::answered;
        engine.async_import_calls({{call}}, lineside::block);

        lineside::summary_query query;
        query.account = call.account_id;
        query.at = call.start_time;
        const auto row = engine.async_query_summary(query, lineside::block).rows.back();
        std::cout << row.attempts << " attempts, " << row.talk_s << " s\n";
        return row.attempts == 1 && row.talk_s == 60 ? 0 : 1;
    } catch (const lineside::error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
