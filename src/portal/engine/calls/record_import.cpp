#include "portal/engine/calls/record_import.hpp"

#include <lineside/error.hpp>

#include "cdr/reader.hpp"
#include "portal/engine/calls/record_stream.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>

namespace lineside {

namespace {

using clock = std::chrono::steady_clock;
using account_names = std::set<std::string, std::less<>>;

constexpr auto progress_interval = std::chrono::milliseconds(50);

// Three buffers: one is filled, one is ready, one is committed. The thread that fills makes segments of the calls as
// well, and the committing one helps when it has nothing to write: so both always have work. The committing thread
// starts with the first full buffer, so small inputs need none.
class batch_pipeline {
public:
    /// `accounts`: see `import_records`.
    batch_pipeline(ledger& to, std::int64_t run, std::size_t batch_calls, account_names* accounts)
        : to_(to),
          run_(run),
          batch_calls_(batch_calls),
          accounts_(accounts) {}
    batch_pipeline(const batch_pipeline&) = delete;
    batch_pipeline& operator=(const batch_pipeline&) = delete;
    ~batch_pipeline() {
        {
            const std::lock_guard guard(mutex_);
            closing_ = true;
        }
        changed_.notify_all();
    }

    void add(const call_view& call, std::uint32_t source, bool attempts_known) {
        filling_.add(call, source, attempts_known);
        // Growing step by step ends with half as much again as is needed, in each of the buffers.
        if (filling_.size() == batch_calls_ / 8)
            filling_.reserve(batch_calls_);
        if (filling_.size() >= batch_calls_)
            hand_over();
    }

    /// Commits the rest and waits for it.
    commit_counts finish() {
        if (committer_.joinable()) {
            if (!filling_.empty())
                hand_over();
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return ahead_ == 0; });
            rethrow_failure();
        } else if (!filling_.empty()) {
            name_accounts();
            count(to_.commit(filling_, run_));
            filling_.clear();
        }
        return counts_;
    }

    /// What is stored, once the batch that is on its way has arrived; what is not full yet is given up.
    [[nodiscard]] commit_counts settled() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ahead_ == 0; });
        return counts_;
    }

private:
    struct ready_batch {
        call_buffer calls;
        std::shared_ptr<prepared_batch> prepared;
    };

    void name_accounts() {
        if (accounts_ != nullptr)
            for (const auto account : filling_.accounts())
                accounts_->emplace(account);
    }

    void hand_over() {
        name_accounts();
        // Swapping buffers moves no call, so what was prepared stays right.
        const auto prepared = std::make_shared<prepared_batch>(filling_);
        // While batches before are written there is time to encode; otherwise it goes on side by side.
        prepared->encode([&] { return ahead_ == 0; });
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return !waiting_; });
            rethrow_failure();
            std::swap(filling_, next_.calls);
            next_.prepared = prepared;
            waiting_ = true;
            ++ahead_;
            if (!committer_.joinable())
                committer_ = std::jthread([this] { commit_batches(); });
        }
        changed_.notify_all();
        prepared->encode([] { return false; });
        filling_.clear();
    }

    void commit_batches() {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [&] { return waiting_ || closing_; });
            if (!waiting_)
                return;
            std::swap(next_, committing_);
            waiting_ = false;
            // Nothing comes after a batch that failed.
            const bool wanted = !failure_;
            lock.unlock();
            changed_.notify_all();
            commit_counts counts;
            std::exception_ptr failure;
            try {
                if (wanted)
                    counts = to_.commit(committing_.calls, run_, committing_.prepared.get());
            } catch (...) {
                failure = std::current_exception();
            }
            committing_.prepared->give_up();
            lock.lock();
            count(counts);
            if (failure)
                failure_ = failure;
            --ahead_;
            changed_.notify_all();
        }
    }

    void count(const commit_counts& c) {
        counts_.imported += c.imported;
        counts_.duplicates += c.duplicates;
        counts_.restated += c.restated;
    }

    void rethrow_failure() {
        if (failure_)
            std::rethrow_exception(failure_);
    }

    ledger& to_;
    const std::int64_t run_;
    const std::size_t batch_calls_;
    account_names* const accounts_;
    call_buffer filling_;
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    ready_batch next_;
    bool waiting_ = false; // `next_` is to be committed
    ready_batch committing_;
    commit_counts counts_;
    std::exception_ptr failure_;
    std::atomic<unsigned> ahead_ = 0; // batches handed over and not committed; changed under the mutex
    bool closing_ = false;
    std::jthread committer_; // last: joined before the rest goes
};

// The currencies of accounts, so that a charge in another one is the row's fault and not the batch's.
class kept_currencies {
public:
    explicit kept_currencies(ledger& to) : to_(to) {}

    /// The account's; where it has none yet, the call's from now on.
    [[nodiscard]] std::string_view of(const call_view& call) {
        if (last_ == nullptr || call.account != last_id_) {
            last_id_ = call.account;
            const auto [at, fresh] = known_.try_emplace(last_id_);
            if (fresh)
                if (const auto row = to_.view().stored->find_account(last_id_))
                    at->second = row->value.currency;
            last_ = &at->second;
        }
        if (last_->empty())
            *last_ = call.currency;
        return *last_;
    }

private:
    ledger& to_;
    std::unordered_map<std::string, std::string> known_;
    std::string last_id_;
    std::string* last_ = nullptr;
};

class import_sink final : public cdr::sink {
public:
    // `pipeline` null: only checks.
    import_sink(const import_request& request, batch_pipeline* pipeline, std::uint32_t source)
        : request_(request),
          pipeline_(pipeline),
          source_(source) {}

    void on_call(const call_view& call, std::uint32_t rows) override {
        folded += rows - 1;
        if (pipeline_ != nullptr)
            pipeline_->add(call, source_, request_.coverage == attempt_coverage::all_attempts);
    }

    void on_rejected(rejected_row row) override {
        ++rejected;
        if (request_.mode == import_mode::strict)
            throw error(errc::invalid_argument,
                        row.file + ":" + std::to_string(row.line) + ":" + std::to_string(row.column) + ": " +
                            (row.field.empty() ? "" : row.field + ": ") + row.reason +
                            "; nothing of this input was imported",
                        row.field);
        if (request_.on_rejected)
            request_.on_rejected(row);
    }

    void on_note(std::string note) override { notes.insert(std::move(note)); }

    std::uint64_t rejected = 0;
    std::uint64_t folded = 0;
    std::set<std::string> notes;

private:
    const import_request& request_;
    batch_pipeline* pipeline_;
    std::uint32_t source_;
};

// A copy of the input on disk, unlinked: strict mode reads twice what can be read only once.
class spooled_source final : public byte_source {
public:
    spooled_source() : file_(std::tmpfile()) {
        if (file_ == nullptr)
            throw error(errc::unavailable, "cannot create a temporary file for a strict import");
    }
    spooled_source(const spooled_source&) = delete;
    spooled_source& operator=(const spooled_source&) = delete;
    ~spooled_source() override { std::fclose(file_); }

    void write(std::string_view bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
            throw error(errc::exhausted, "no room for the temporary file of a strict import");
    }
    void rewind() { std::rewind(file_); }
    std::size_t read(std::span<char> to) override {
        const std::size_t n = std::fread(to.data(), 1, to.size(), file_);
        if (n == 0 && std::ferror(file_) != 0)
            throw error(errc::unavailable, "cannot read the temporary file of a strict import");
        return n;
    }

private:
    std::FILE* file_;
};

class importer {
public:
    importer(ledger& to, import_request request, std::size_t batch_calls, const stopper& stop, account_names* accounts)
        : to_(to),
          request_(std::move(request)),
          batch_calls_(batch_calls),
          stop_(stop),
          accounts_(accounts),
          currencies_(to) {
        if (!request_.input)
            throw error(errc::invalid_argument, "an import needs an input", "input");
        if (request_.name.empty())
            request_.name = "input";
        if (request_.account && request_.account->empty())
            throw error(errc::invalid_argument, "the account id is empty", "account");
        resolver_ = zone_resolver_of(request_.time_zone);
    }

    import_report run() {
        if (request_.mode == import_mode::strict)
            rehearse();
        perform();
        report_.seconds = std::chrono::duration<double>(clock::now() - begun_).count();
        return std::move(report_);
    }

private:
    // Strict mode, first pass: reads everything, keeps a copy, stores nothing.
    void rehearse() {
        auto copy = std::make_shared<spooled_source>();
        record_input input(request_, stop_);
        feed(input, nullptr, 0, copy.get());
        copy->rewind();
        request_.input = std::move(copy);
    }

    void perform() {
        std::optional<batch_pipeline> pipeline;
        try {
            record_input input(request_, stop_);
            report_.format = input.format();
            report_.evidence = input.evidence();
            report_.source = request_.source.empty() ? std::string(to_string(report_.format)) : request_.source;
            const std::uint32_t source = to_.source_key(report_.source);
            const std::int64_t run = to_.open_import(report_.source, request_.name);
            pipeline.emplace(to_, run, batch_calls_, accounts_);
            feed(input, &*pipeline, source, nullptr);
            const auto counts = pipeline->finish();
            to_.settle({});
            to_.finish_import(run, counts.imported);
            report_.imported = counts.imported;
            report_.duplicates = counts.duplicates;
            report_.restated = counts.restated;
        } catch (const error& e) {
            if (e.code() != errc::cancelled && e.code() != errc::timed_out)
                throw;
            auto d = e.details();
            d.message += ": " + std::to_string(pipeline ? pipeline->settled().imported : 0) +
                         " calls of this input are stored; import it again to go on";
            throw error(e.code(), std::move(d));
        }
    }

    // `copy` takes everything, where it is not null.
    void feed(record_input& input, batch_pipeline* pipeline, std::uint32_t source, spooled_source* copy) {
        import_sink sink(request_, pipeline, source);
        cdr::reader_options options;
        options.name = request_.name;
        if (request_.account)
            options.account = request_.account->value();
        options.account_from = request_.account_from;
        options.zone = resolver_;
        options.currency = request_.currency;
        options.fields = request_.fields;
        options.kept_currency = [this](const call_view& call) { return currencies_.of(call); };
        const auto reader = cdr::make_reader(input.format(), std::move(options), sink);
        for (auto bytes = input.next(); !bytes.empty(); bytes = input.next()) {
            if (copy != nullptr)
                copy->write(bytes);
            reader->feed(bytes);
            tell_progress(input, *reader);
        }
        reader->finish();
        report_.read = reader->rows();
        report_.bytes = input.raw_bytes_read();
        report_.rejected = sink.rejected;
        report_.folded = sink.folded;
        report_.notes.assign(sink.notes.begin(), sink.notes.end());
        if (pipeline != nullptr && request_.on_progress)
            request_.on_progress({report_.read, report_.bytes, request_.input->size()});
    }

    void tell_progress(const record_input& input, const cdr::reader& reader) {
        if (!request_.on_progress || clock::now() - told_ < progress_interval)
            return;
        told_ = clock::now();
        request_.on_progress({reader.rows(), input.raw_bytes_read(), request_.input->size()});
    }

    ledger& to_;
    import_request request_;
    const std::size_t batch_calls_;
    const stopper& stop_;
    account_names* const accounts_;
    kept_currencies currencies_;
    cdr::zone_resolver resolver_;
    import_report report_;
    const clock::time_point begun_ = clock::now();
    clock::time_point told_{};
};

} // namespace

import_report import_records(ledger& to, import_request request, std::size_t batch_calls, const stopper& stop,
                             account_names* accounts) {
    return importer(to, std::move(request), batch_calls, stop, accounts).run();
}

} // namespace lineside
