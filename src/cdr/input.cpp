#include <lineside/error.hpp>

#include "cdr/reader.hpp"

#include <zlib.h>

#include <array>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lineside {

namespace {

class file_source final : public byte_source {
public:
    file_source(int descriptor, std::string path) noexcept : descriptor_(descriptor), path_(std::move(path)) {}
    file_source(const file_source&) = delete;
    file_source& operator=(const file_source&) = delete;
    ~file_source() override {
        if (descriptor_ != STDIN_FILENO)
            ::close(descriptor_);
    }

    std::size_t read(std::span<char> to) override {
        for (;;) {
            const auto n = ::read(descriptor_, to.data(), to.size());
            if (n >= 0)
                return static_cast<std::size_t>(n);
            if (errno == EINTR)
                continue;
            const error_code cause(errno, boost::system::system_category());
            throw error(make_error_code(errc::unavailable),
                        diagnostics{path_ + ": cannot be read: " + cause.message(), "input", {}, 0, cause});
        }
    }

    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        struct stat status {};
        if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
            return std::nullopt;
        return static_cast<std::uint64_t>(status.st_size);
    }

private:
    int descriptor_;
    std::string path_;
};

} // namespace

result<std::shared_ptr<byte_source>> open_file(const std::string& path) {
    if (path == "-")
        return std::shared_ptr<byte_source>(std::make_shared<file_source>(STDIN_FILENO, "standard input"));
    const auto failed = [&](int number) {
        const error_code cause(number, boost::system::system_category());
        const auto e = number == ENOENT || number == ENOTDIR ? errc::not_found : errc::unavailable;
        return failure{make_error_code(e),
                       diagnostics{path + ": cannot be opened: " + cause.message(), "input", {}, 0, cause}};
    };
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return failed(errno);
    auto source = std::make_shared<file_source>(descriptor, path);
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode))
        return failed(EISDIR);
    return std::shared_ptr<byte_source>(std::move(source));
}

namespace cdr {

namespace {
constexpr std::size_t buffer_size = std::size_t{256} << 10;
} // namespace

struct decoded_input::state {
    explicit state(byte_source& from) : source(from), raw(buffer_size) {}
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() {
        if (inflating)
            inflateEnd(&stream);
    }

    enum class encoding : std::uint8_t { unseen, plain, gzip, over };

    // Reads until there are `least` bytes in `raw` or the source is at its end.
    void fill(std::size_t least) {
        while (filled < least && !source_over) {
            const auto n = source.read(std::span(raw).subspan(filled));
            source_over = n == 0;
            filled += n;
            read_total += n;
        }
    }

    std::string_view next_plain() {
        if (filled == 0)
            fill(1);
        return {raw.data(), std::exchange(filled, 0)};
    }

    void begin_member() {
        // 15 bits of window, and a gzip header.
        const int answer = inflating ? inflateReset(&stream) : inflateInit2(&stream, 15 + 16);
        if (answer != Z_OK)
            throw error(errc::internal, "zlib cannot be set up");
        inflating = true;
        in_member = true;
    }

    std::string_view next_gzip() {
        stream.next_out = reinterpret_cast<Bytef*>(decoded.data());
        stream.avail_out = static_cast<uInt>(decoded.size());
        while (stream.avail_out == decoded.size()) {
            if (stream.avail_in == 0) {
                filled = 0;
                fill(1);
                stream.next_in = reinterpret_cast<Bytef*>(raw.data());
                stream.avail_in = static_cast<uInt>(filled);
                if (filled == 0) {
                    if (in_member)
                        damaged("ends in the middle: it was cut off");
                    now = encoding::over;
                    break;
                }
            }
            if (!in_member) {
                // Padding between or behind members, as tape writers leave.
                while (stream.avail_in != 0 && *stream.next_in == 0) {
                    ++stream.next_in;
                    --stream.avail_in;
                }
                if (stream.avail_in == 0)
                    continue;
                begin_member();
            }
            const int answer = inflate(&stream, Z_NO_FLUSH);
            if (answer == Z_STREAM_END) {
                in_member = false;
            } else if (answer != Z_OK && answer != Z_BUF_ERROR) {
                damaged(stream.msg != nullptr ? std::string("is damaged: ") + stream.msg : "is damaged");
            }
        }
        return {decoded.data(), decoded.size() - stream.avail_out};
    }

    [[noreturn]] void damaged(const std::string& how) const {
        throw error(errc::invalid_argument,
                    "the gzip stream " + how + " (at byte " + std::to_string(read_total - stream.avail_in) + ")",
                    "input");
    }

    byte_source& source;
    std::vector<char> raw;
    std::vector<char> decoded;
    std::size_t filled = 0;
    std::uint64_t read_total = 0;
    bool source_over = false;
    encoding now = encoding::unseen;
    z_stream stream{};
    bool inflating = false;
    bool in_member = false;
};

decoded_input::decoded_input(byte_source& source) : state_(std::make_unique<state>(source)) {}
decoded_input::~decoded_input() = default;

std::string_view decoded_input::next() {
    auto& s = *state_;
    if (s.now == state::encoding::unseen) {
        s.fill(2);
        const bool gzip = s.filled >= 2 && s.raw[0] == '\x1f' && s.raw[1] == '\x8b';
        s.now = gzip ? state::encoding::gzip : state::encoding::plain;
        if (gzip) {
            s.decoded.resize(buffer_size);
            s.stream.next_in = reinterpret_cast<Bytef*>(s.raw.data());
            s.stream.avail_in = static_cast<uInt>(s.filled);
        }
    }
    switch (s.now) {
    case state::encoding::plain: return s.next_plain();
    case state::encoding::gzip: return s.next_gzip();
    case state::encoding::unseen:
    case state::encoding::over: break;
    }
    return {};
}

std::uint64_t decoded_input::raw_bytes_read() const noexcept { return state_->read_total; }

} // namespace cdr
} // namespace lineside
