#pragma once

#include <lineside/error.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace lineside::cli {

/// A file that appears under its name only when it is complete. Errors: unavailable, exhausted.
class output_file {
public:
    explicit output_file(std::string path)
        : path_(std::move(path)),
          partial_(path_ + ".partial"),
          file_(std::fopen(partial_.c_str(), "wb")) {
        if (!file_)
            throw error(errc::unavailable, "cannot write " + partial_);
    }
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;
    ~output_file() {
        if (file_) {
            file_.reset();
            std::remove(partial_.c_str());
        }
    }

    void write(std::string_view bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
            throw error(errc::exhausted, "no room to write " + partial_);
    }
    void finish() {
        const bool written = std::fclose(file_.release()) == 0;
        if (!written || std::rename(partial_.c_str(), path_.c_str()) != 0) {
            std::remove(partial_.c_str());
            throw error(errc::unavailable, "cannot write " + path_);
        }
    }

private:
    struct closer {
        void operator()(std::FILE* f) const noexcept { std::fclose(f); }
    };
    std::string path_;
    std::string partial_;
    std::unique_ptr<std::FILE, closer> file_;
};

} // namespace lineside::cli
