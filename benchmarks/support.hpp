#pragma once

#include <lineside/call.hpp>
#include <lineside/engine.hpp>

#include "cdr/reader.hpp"
#include "rules/rollup.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the programs of the jobs share.
namespace lineside::bench {

class stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    }

private:
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Prints the line of JSON that benchmarks/run reads.
inline void report(std::initializer_list<std::pair<const char*, double>> numbers) {
    const char* before = "{";
    for (const auto& [name, value] : numbers) {
        std::printf("%s\"%s\": %.9g", before, name, value);
        before = ", ";
    }
    std::printf("}\n");
}

/// Lengths of many short operations, in microseconds.
class latencies {
public:
    latencies() = default;
    explicit latencies(std::vector<double> us) : us_(std::move(us)) {}

    template <class Operation>
    void measure(Operation operation) {
        const stopwatch watch;
        operation();
        us_.push_back(watch.seconds() * 1e6);
    }
    [[nodiscard]] double at(double part) {
        const auto place = us_.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(us_.size() - 1));
        std::nth_element(us_.begin(), place, us_.end());
        return *place;
    }

private:
    std::vector<double> us_;
};

/// Hands every call of an input on; the benchmarks' inputs have no bad rows.
class call_sink final : public cdr::sink {
public:
    explicit call_sink(std::function<void(const call_view&)> take) : take_(std::move(take)) {}
    void on_call(const call_view& call, std::uint32_t) override { take_(call); }
    void on_rejected(rejected_row row) override { throw std::runtime_error("rejected: " + row.reason); }
    void on_note(std::string) override {}

private:
    std::function<void(const call_view&)> take_;
};

/// Feeds a Lineside CSV to its reader.
inline void read_calls(const std::string& path, const std::function<void(const call_view&)>& take) {
    call_sink sink(take);
    cdr::reader_options options;
    options.name = path;
    const auto reader = cdr::make_reader(record_format::lineside, std::move(options), sink);
    const auto file = open_file(path).value();
    cdr::decoded_input input(*file);
    for (auto bytes = input.next(); !bytes.empty(); bytes = input.next())
        reader->feed(bytes);
    reader->finish();
}

inline rules::call_facts facts_of(const call_view& c) {
    return {c.start, c.end, c.talk, c.billed, c.pdd, c.charge, c.dtmf_digits, c.outcome, true};
}

inline std::vector<account_id> accounts_of(portal& p) {
    std::vector<account_id> ids;
    account_query query;
    query.limit = 1'000;
    do {
        auto page = p.async_list_accounts(query, block);
        for (auto& account : page.items)
            ids.push_back(std::move(account.id));
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return ids;
}

/// The time the generated calls begin, and the range of their 31 days.
inline constexpr instant first_day{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
inline constexpr time_range month{first_day, first_day + std::chrono::days(31)};

/// The rival's database, with no more around it than a careful C program would have.
class sqlite {
public:
    explicit sqlite(const std::string& path) { check(sqlite3_open(path.c_str(), &db_)); }
    sqlite(const sqlite&) = delete;
    sqlite& operator=(const sqlite&) = delete;
    ~sqlite() { sqlite3_close_v2(db_); }

    void execute(const std::string& sql) { check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }
    void check(int answer) const {
        if (answer != SQLITE_OK && answer != SQLITE_DONE && answer != SQLITE_ROW)
            throw std::runtime_error(std::string("sqlite: ") + sqlite3_errmsg(db_));
    }

    class statement {
    public:
        statement(sqlite& db, const std::string& sql) : db_(db) {
            db.check(sqlite3_prepare_v3(db.db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
        }
        statement(const statement&) = delete;
        statement& operator=(const statement&) = delete;
        ~statement() { sqlite3_finalize(statement_); }

        /// Binds and runs to the end; `row` sees each row.
        template <class Row>
        void run(std::initializer_list<std::int64_t> values, Row row) {
            int place = 0;
            for (const auto value : values)
                db_.check(sqlite3_bind_int64(statement_, ++place, value));
            for (int answer = sqlite3_step(statement_); answer != SQLITE_DONE; answer = sqlite3_step(statement_)) {
                db_.check(answer);
                row(statement_);
            }
            db_.check(sqlite3_reset(statement_));
        }
        void run(std::initializer_list<std::int64_t> values) {
            run(values, [](sqlite3_stmt*) {});
        }

    private:
        sqlite& db_;
        sqlite3_stmt* statement_ = nullptr;
    };

private:
    sqlite3* db_ = nullptr;
};

} // namespace lineside::bench
