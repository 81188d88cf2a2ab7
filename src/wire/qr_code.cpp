#include "wire/qr_code.hpp"

#include <lineside/error.hpp>

#include <qrencode.h>
#include <zlib.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <new>

namespace lineside::wire {

namespace {

struct code_free {
    void operator()(QRcode* c) const noexcept { ::QRcode_free(c); }
};

bool is_dark(const qr_code& qr, std::size_t x, std::size_t y) {
    const auto in = [&](std::size_t i) { return i >= qr_quiet_zone && i < qr_quiet_zone + qr.side; };
    return in(x) && in(y) && qr.dark[(y - qr_quiet_zone) * qr.side + (x - qr_quiet_zone)];
}

std::string big_endian(std::size_t n) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes += static_cast<char>(n >> shift & 255U);
    return bytes;
}

std::string chunk(std::string_view type, std::string_view data) {
    const auto body = std::string(type) + std::string(data);
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big_endian(data.size()) + body + big_endian(crc);
}

std::string deflated(const std::string& bytes) {
    auto size = ::compressBound(bytes.size());
    std::string out(size, '\0');
    if (::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                    bytes.size(), Z_BEST_COMPRESSION) != Z_OK)
        throw error(errc::internal, "zlib failed");
    out.resize(size);
    return out;
}

} // namespace

qr_code make_qr_code(std::string_view text) {
    constexpr int smallest_version = 0; // whichever is enough
    const std::string terminated(text);
    if (terminated.find('\0') != std::string::npos)
        throw error(errc::invalid_argument, "a QR code of this text cannot hold a zero byte");
    const std::unique_ptr<QRcode, code_free> code(
        ::QRcode_encodeString8bit(terminated.c_str(), smallest_version, QR_ECLEVEL_M));
    if (!code && errno == ENOMEM)
        throw std::bad_alloc();
    if (!code)
        throw error(errc::invalid_argument, "the text is empty or too long for a QR code");
    qr_code qr;
    qr.side = static_cast<std::size_t>(code->width);
    qr.dark.resize(qr.side * qr.side);
    for (std::size_t i = 0; i < qr.dark.size(); ++i)
        qr.dark[i] = (code->data[i] & 1U) != 0;
    return qr;
}

std::string to_svg(const qr_code& qr) {
    const auto size = std::to_string(qr.side + 2 * qr_quiet_zone);
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + size + ' ' + size +
                      R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h)" + size + 'v' + size + 'H' +
                      R"(0z"/><path d=")";
    for (std::size_t y = 0; y < qr.side; ++y) {
        for (std::size_t x = 0; x < qr.side;) {
            std::size_t run = 0;
            while (x + run < qr.side && qr.dark[y * qr.side + x + run])
                ++run;
            if (run > 0)
                svg += 'M' + std::to_string(x + qr_quiet_zone) + ' ' + std::to_string(y + qr_quiet_zone) + 'h' +
                       std::to_string(run) + "v1h-" + std::to_string(run) + 'z';
            x += run + 1;
        }
    }
    return svg + R"("/></svg>)";
}

std::string to_png(const qr_code& qr, std::size_t scale) {
    const auto side = (qr.side + 2 * qr_quiet_zone) * scale;
    std::string lines;
    for (std::size_t y = 0; y < side; ++y) {
        std::string line((side + 7) / 8, '\0');
        for (std::size_t x = 0; x < side; ++x)
            if (!is_dark(qr, x / scale, y / scale))
                line[x / 8] = static_cast<char>(static_cast<unsigned char>(line[x / 8]) | 0x80U >> x % 8);
        lines += '\0'; // no filter
        lines += line;
    }
    using namespace std::string_literals;
    // Bits a sample 1, greyscale, deflate, adaptive filtering, not interlaced.
    const auto header = big_endian(side) + big_endian(side) + "\x01\x00\x00\x00\x00"s;
    return "\x89PNG\r\n\x1a\n"s + chunk("IHDR", header) + chunk("IDAT", deflated(lines)) + chunk("IEND", {});
}

} // namespace lineside::wire
