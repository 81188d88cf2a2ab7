#pragma once

#include <lineside/call_import.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace lineside::cli {

/// `FILE:LINE:COLUMN FIELD: reason`, without the parts that are not known.
[[nodiscard]] std::string reason_of(const rejected_row& row);

/// The file rejected rows go to, each behind a comment line with its reason, to be mended and imported again. Rows are
/// appended and handed to the system one by one, so none is lost whatever happens later.
class rejects_file {
public:
    /// Throws `lineside::error` (unavailable).
    explicit rejects_file(std::string path);

    /// Throws `lineside::error`: unavailable; conflict where the file holds rows of another kind.
    void add(const rejected_row& row);

private:
    struct closer {
        void operator()(std::FILE* f) const noexcept { std::fclose(f); }
    };

    void begin(const std::string& header);
    void put(std::string text);

    std::string path_;
    std::unique_ptr<std::FILE, closer> file_;
    bool begun_ = false;
    std::string header_;
};

} // namespace lineside::cli
