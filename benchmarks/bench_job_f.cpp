// Job F, summary rows as a file: bench_job_f lineside DATABASE OUT, or the floor: bench_job_f write FILE OUT

#include "support.hpp"

#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace lineside;

class output_file {
public:
    explicit output_file(const char* path) : file_(::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;
    ~output_file() { ::close(file_); }

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto n = ::write(file_, bytes.data(), bytes.size());
            if (n <= 0)
                throw std::runtime_error("cannot write");
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }

private:
    int file_;
};

void export_rows(const std::string& database, const char* out) {
    engine engine({.database = "sqlite:" + database});
    const bench::stopwatch watch;
    const output_file file(out);
    export_request request;
    request.what = summary_export{std::nullopt, summary_period::live, bench::month.to,
                                  time_range{bench::month.from, bench::month.to}};
    request.write = [&](std::string_view piece) { file.write(piece); };
    const auto done = engine.async_export_data(std::move(request), block);
    bench::report({{"seconds", watch.seconds()},
                   {"rows", static_cast<double>(done.rows)},
                   {"bytes", static_cast<double>(done.bytes)}});
}

// The same bytes in the same pieces.
void write_bytes(const char* from, const char* out) {
    std::ifstream in(from, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    constexpr std::size_t piece = std::size_t{1} << 16U;
    const bench::stopwatch watch;
    const output_file file(out);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        file.write(std::string_view(bytes).substr(at, piece));
    bench::report({{"seconds", watch.seconds()}, {"bytes", static_cast<double>(bytes.size())}});
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4)
        return 2;
    if (std::strcmp(argv[1], "lineside") == 0)
        export_rows(argv[2], argv[3]);
    else
        write_bytes(argv[2], argv[3]);
}
