#include "portal/server/web_files.hpp"

#include <lineside/error.hpp>

#include "portal/revised.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace lineside {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20U;

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> types{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
}};

std::string_view type_of(const fs::path& file) {
    const auto extension = file.extension().string();
    const auto* found = std::find_if(types.begin(), types.end(), [&](const auto& t) { return t.first == extension; });
    return found == types.end() ? "application/octet-stream" : found->second;
}

[[noreturn]] void not_there() { throw error(errc::not_found, "there is no such path"); }

bool is_below(const fs::path& file, const fs::path& directory) {
    const auto [end, ignored] = std::mismatch(directory.begin(), directory.end(), file.begin(), file.end());
    return end == directory.end();
}

} // namespace

net::http_response web_file(const std::string& directory, std::string_view path, const net::http_fields& asked) {
    // A file of a site needs no escapes in its path, and has none of their dangers.
    if (path.find_first_of("%\\") != std::string_view::npos || path.find("/.") != std::string_view::npos)
        not_there();
    std::error_code ec;
    const auto root = fs::canonical(directory, ec);
    if (ec)
        not_there();
    auto file = root / path.substr(1);
    if (fs::is_directory(file, ec))
        file /= "index.html";
    file = fs::canonical(file, ec);
    if (ec || !is_below(file, root) || !fs::is_regular_file(file, ec) || fs::file_size(file, ec) > most_bytes || ec)
        not_there();
    std::ifstream in(file, std::ios::binary);
    net::http_response answer;
    answer.body.assign(std::istreambuf_iterator<char>(in), {});
    if (!in)
        not_there();
    const auto tag = '"' + revision_of_json(answer.body) + '"';
    answer.fields.set("ETag", tag);
    answer.fields.set("Cache-Control", "no-cache");
    answer.fields.set("Content-Type", type_of(file));
    answer.fields.set("Content-Security-Policy",
                      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                      "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    answer.fields.set("Cross-Origin-Opener-Policy", "same-origin");
    answer.fields.set("Cross-Origin-Resource-Policy", "same-origin");
    if (const auto seen = asked["If-None-Match"]; !seen.empty() && seen.find(tag) != std::string_view::npos) {
        answer.status = 304;
        answer.body.clear();
    }
    return answer;
}

} // namespace lineside
