// Every reader over the conformance calls in its format, repeated to some hundred kilobytes.

#include "cdr/reader.hpp"

#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

using namespace lineside;

enum class first_line { header, record };

struct sample {
    const char* file;
    record_format format;
    first_line first;
    const char* account_from = "";
};

class counting_sink final : public cdr::sink {
public:
    void on_call(const call_view& call, std::uint32_t rows) override {
        benchmark::DoNotOptimize(call.talk);
        rows_ += rows;
    }
    void on_rejected(rejected_row row) override { throw std::runtime_error(row.file + ": " + row.reason); }
    void on_note(std::string) override {}
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

private:
    std::int64_t rows_ = 0;
};

std::string repeated(const sample& s) {
    std::ifstream in(std::string(LINESIDE_FIXTURES "/conformance/") + s.file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto body = s.first == first_line::header ? text.find('\n') + 1 : 0;
    std::string bytes = text;
    while (bytes.size() < 400'000)
        bytes.append(text, body);
    return bytes;
}

void reader(benchmark::State& state, const sample& s) {
    const auto bytes = repeated(s);
    counting_sink sink;
    for (auto _ : state) {
        cdr::reader_options options;
        options.name = s.file;
        options.zone = [](std::int64_t local, cdr::repeated_hour) {
            return cdr::resolved_time{local, cdr::resolved_time::kind::unique};
        };
        options.account_from = s.account_from;
        const auto made = cdr::make_reader(s.format, std::move(options), sink);
        made->feed(bytes);
        made->finish();
    }
    state.SetItemsProcessed(sink.rows());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

#define LINESIDE_READER(name, ...) BENCHMARK_CAPTURE(reader, name, sample{__VA_ARGS__})

LINESIDE_READER(lineside_csv, "lineside.csv", record_format::lineside, first_line::header);
LINESIDE_READER(lineside_ndjson, "lineside.ndjson", record_format::lineside, first_line::record);
LINESIDE_READER(asterisk, "asterisk.csv", record_format::asterisk, first_line::record);
LINESIDE_READER(asterisk_custom, "asterisk-custom.csv", record_format::asterisk_custom, first_line::record);
LINESIDE_READER(freeswitch_csv, "freeswitch-csv.csv", record_format::freeswitch_csv, first_line::record);
LINESIDE_READER(freeswitch_json, "freeswitch-json.json", record_format::freeswitch_json, first_line::record);
LINESIDE_READER(kamailio_csv, "kamailio.csv", record_format::kamailio, first_line::header);
LINESIDE_READER(kamailio_json, "kamailio.json", record_format::kamailio, first_line::record);
LINESIDE_READER(opensips, "opensips.csv", record_format::opensips, first_line::header);
LINESIDE_READER(yeti, "yeti.csv", record_format::yeti, first_line::header, "customer_acc_external_id");
LINESIDE_READER(connexcs, "connexcs.csv", record_format::connexcs, first_line::header);
LINESIDE_READER(connexcs_api, "connexcs-api.csv", record_format::connexcs, first_line::header);

} // namespace
