#include "portal/server/figures.hpp"

#include <lineside/time.hpp>

#include "wire/routes.hpp"

#include <algorithm>
#include <charconv>

namespace lineside {

namespace {

std::string number(double n) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), n).ptr};
}

// Names are ours and need no escaping.
std::string_view name_of(std::size_t operation) {
    const auto all = wire::routes();
    return operation < all.size() ? all[operation].name : std::string_view("none");
}

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out.append(name).append(" ").append(kind).append("\n");
}

void sample(std::string& out, std::string_view name, const std::string& labels, const std::string& value) {
    out.append(name);
    if (!labels.empty())
        out.append("{").append(labels).append("}");
    out.append(" ").append(value).append("\n");
}

void only(std::string& out, std::string_view name, std::string_view kind, std::string_view help, std::uint64_t value) {
    head(out, name, kind, help);
    sample(out, name, {}, std::to_string(value));
}

std::string quoted(std::string_view text) {
    constexpr char hex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (byte < 0x20 || byte >= 0x7f) // beyond ASCII terminals have control characters, too
            ((out += "\\x") += hex[byte >> 4U]) += hex[byte & 15U];
        else
            out += c;
    }
    return out + '"';
}

} // namespace

server_figures::server_figures() : rows_(wire::routes().size() + 1) {}

void server_figures::count(std::size_t operation, served_request r) {
    auto& figures = rows_[std::min(operation, rows_.size() - 1)];
    const auto status = std::find(statuses.begin(), statuses.end() - 1, r.status) - statuses.begin();
    figures.by_status[static_cast<std::size_t>(status)].fetch_add(1, std::memory_order_relaxed);
    const double seconds = static_cast<double>(r.took.count()) / 1e6;
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
    figures.by_time[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    figures.microseconds.fetch_add(static_cast<std::uint64_t>(r.took.count()), std::memory_order_relaxed);
    figures.bytes.fetch_add(r.bytes, std::memory_order_relaxed);
    const auto now = std::chrono::system_clock::now();
    const std::lock_guard lock(mutex_);
    recent_.emplace_back(now, std::move(r));
    if (recent_.size() > most_recent)
        recent_.pop_front();
}

std::string server_figures::recent() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& [at, request] : recent_)
        all += log_line(request, at);
    return all;
}

std::string server_figures::metrics(const net::http_server_figures& connections) const {
    std::string out;
    only(out, "lineside_connections", "gauge", "Open connections.", connections.open);
    only(out, "lineside_connections_total", "counter", "Connections accepted.", connections.accepted);
    only(out, "lineside_connections_refused_total", "counter", "Connections over a limit.", connections.refused);
    only(out, "lineside_handshakes_failed_total", "counter", "TLS handshakes that failed.",
         connections.failed_handshakes);
    only(out, "lineside_bad_requests_total", "counter", "Requests that were no good HTTP.", connections.bad_requests);
    only(out, "lineside_throttled_total", "counter", "Requests over a rate.", throttled_);
    only(out, "lineside_streams", "gauge", "Uploads, exports and comparisons that run.", streams);
    only(out, "lineside_watchers", "gauge", "Open live streams.", watchers);

    head(out, "lineside_requests_total", "counter", "Requests answered, by operation and status.");
    for (std::size_t i = 0; i < rows_.size(); ++i)
        for (std::size_t s = 0; s < statuses.size(); ++s)
            if (const auto n = rows_[i].by_status[s].load(std::memory_order_relaxed); n > 0)
                sample(out, "lineside_requests_total",
                       "operation=\"" + std::string(name_of(i)) + "\",status=\"" +
                           (statuses[s] == 0 ? "other" : std::to_string(statuses[s])) + '"',
                       std::to_string(n));

    head(out, "lineside_request_seconds", "histogram", "Time from a request's head to its answer's last byte.");
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto label = "operation=\"" + std::string(name_of(i)) + '"';
        std::uint64_t sum = 0;
        std::string buckets;
        for (std::size_t b = 0; b <= bounds.size(); ++b) {
            sum += rows_[i].by_time[b].load(std::memory_order_relaxed);
            sample(buckets, "lineside_request_seconds_bucket",
                   label + ",le=\"" + (b < bounds.size() ? number(bounds[b]) : "+Inf") + '"', std::to_string(sum));
        }
        if (sum == 0)
            continue;
        out += buckets;
        sample(out, "lineside_request_seconds_sum", label,
               number(static_cast<double>(rows_[i].microseconds.load(std::memory_order_relaxed)) / 1e6));
        sample(out, "lineside_request_seconds_count", label, std::to_string(sum));
    }
    return out;
}

std::string log_line(const served_request& r, std::chrono::system_clock::time_point now) {
    std::string line = r.peer.empty() ? "-" : r.peer;
    line += " - - [" + to_string(std::chrono::floor<std::chrono::milliseconds>(now)) + "] ";
    line += quoted(r.method + ' ' + r.path) + ' ' + std::to_string(r.status) + ' ' + std::to_string(r.bytes) +
            " \"-\" " + quoted(r.user_agent) + ' ' + quoted(r.request_id) + ' ' +
            (r.operation.empty() ? "-" : r.operation) + ' ' + std::to_string(r.took.count()) + "us\n";
    return line;
}

} // namespace lineside
