#include "streams.hpp"

#include "failure.hpp"
#include "read.hpp"
#include "wire/describe_alert.hpp"
#include "wire/describe_parameters.hpp"
#include "wire/parameters.hpp"
#include "write.hpp"

#include <cerrno>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lineside::capi {

template <>
inline constexpr std::array<std::string_view, 11> apart<lineside_record_import_request>{
    "path",    "descriptor",      "data",           "read", "data_size", "read_size", "on_rejected", "on_progress",
    "context", "report_rejected", "report_progress"};
template <>
inline constexpr std::array<std::string_view, 4> apart<lineside_data_export_request>{"path", "descriptor", "write",
                                                                                     "context"};
template <>
inline constexpr std::array<std::string_view, 6> apart<lineside_call_compare_request>{
    "evidence_path", "evidence_descriptor", "write_evidence", "on_progress", "context", "report_progress"};
/// Said by where the evidence goes.
template <>
inline constexpr std::array<std::string_view, 1> apart<wire::dispute_parameters>{"evidence"};
template <>
inline constexpr std::array<std::string_view, 3> apart<lineside_alert_rule_backtest_request>{"on_progress", "context",
                                                                                             "report_progress"};

namespace {

[[noreturn]] void fail(const std::string& message, int code) {
    throw error(make_error_code(errc::unavailable), {message, {}, {}, 0, {code, boost::system::system_category()}});
}

// ---- inputs

class descriptor_source final : public byte_source {
public:
    explicit descriptor_source(int descriptor) : descriptor_(descriptor) {}

    std::size_t read(std::span<char> to) override {
        for (;;) {
            const auto n = ::read(descriptor_, to.data(), to.size());
            if (n >= 0)
                return static_cast<std::size_t>(n);
            if (errno != EINTR)
                fail("the input could not be read", errno);
        }
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        struct stat s {};
        if (::fstat(descriptor_, &s) != 0 || !S_ISREG(s.st_mode))
            return std::nullopt;
        const auto at = ::lseek(descriptor_, 0, SEEK_CUR);
        return at < 0 || at > s.st_size ? std::nullopt : std::optional<std::uint64_t>(s.st_size - at);
    }

private:
    int descriptor_;
};

class memory_source final : public byte_source {
public:
    explicit memory_source(std::string_view data) : left_(data), size_(data.size()) {}

    std::size_t read(std::span<char> to) override {
        const auto n = left_.copy(to.data(), to.size());
        left_.remove_prefix(n);
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

private:
    std::string_view left_;
    std::uint64_t size_;
};

class callback_source final : public byte_source {
public:
    callback_source(lineside_read_callback source, void* context, const std::uint64_t* size)
        : read_(source),
          context_(context),
          size_(size == nullptr ? std::nullopt : std::optional(*size)) {}

    std::size_t read(std::span<char> to) override {
        const auto n = read_(context_, to.data(), to.size());
        if (n < 0 || static_cast<std::uint64_t>(n) > to.size())
            throw error(errc::unavailable, "the host could not read the input");
        return static_cast<std::size_t>(n);
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

private:
    lineside_read_callback read_;
    void* context_;
    std::optional<std::uint64_t> size_;
};

void forbid_in_queue(bool given, const call_in_flight* call, const place& at) {
    if (given && call != nullptr)
        refuse_at(at, "is of the blocking form: a call into a queue calls nobody");
}

void attach_input(const lineside_record_import_request& from, import_request& to, call_in_flight* call,
                  const place& at) {
    const int inputs =
        (from.path != nullptr) + (from.descriptor != nullptr) + (from.data != nullptr) + (from.read != nullptr);
    if (inputs != 1)
        refuse_at({&at, "path"}, "an import reads exactly one of path, descriptor, data and read");
    forbid_in_queue(from.read != nullptr, call, {&at, "read"});
    if (from.path != nullptr) {
        to.input = open_file(from.path).value();
        if (to.name.empty())
            to.name = from.path;
    } else if (from.descriptor != nullptr) {
        to.input = std::make_shared<descriptor_source>(*from.descriptor);
    } else if (from.data != nullptr) {
        to.input = std::make_shared<memory_source>(std::string_view(from.data, from.data_size));
    } else {
        to.input = std::make_shared<callback_source>(from.read, from.context, from.read_size);
    }
}

// ---- what is told on the way

std::function<void(const rejected_row&)> rejected_teller(const lineside_record_import_request& from,
                                                         call_in_flight* call, const place& at) {
    forbid_in_queue(from.on_rejected != nullptr, call, {&at, "on_rejected"});
    if (call != nullptr && from.report_rejected != 0)
        return [call = call->shared_from_this(), left = from.report_rejected](const rejected_row& row) mutable {
            if (left == 0)
                return;
            --left;
            if (auto* failure = guard([&] { call->tell_rejected(value_of<lineside_rejected_row>(row)); }))
                lineside_error_free(failure);
        };
    if (from.on_rejected == nullptr)
        return {};
    return [tell = from.on_rejected, context = from.context](const rejected_row& row) {
        auto* value = value_of<lineside_rejected_row>(row);
        tell(context, value);
        release(value);
    };
}

std::function<void(const import_progress&)> progress_teller(lineside_progress_callback tell, void* context, bool report,
                                                            call_in_flight* call, const place& at) {
    forbid_in_queue(tell != nullptr, call, {&at, "on_progress"});
    if (call != nullptr && report)
        return [call = call->shared_from_this()](const import_progress& p) {
            if (auto* failure = guard([&] { call->tell_progress(value_of<lineside_import_progress>(p)); }))
                lineside_error_free(failure);
        };
    if (tell == nullptr)
        return {};
    return [tell, context](const import_progress& p) {
        const lineside_import_progress value{p.rows, p.bytes, p.total_bytes ? &*p.total_bytes : nullptr};
        tell(context, &value);
    };
}

// ---- outputs

class descriptor_sink final : public finishing {
public:
    enum class closing : bool { ours, hosts };

    descriptor_sink(int descriptor, closing whose) : descriptor_(descriptor), closing_(whose) {}
    descriptor_sink(const descriptor_sink&) = delete;
    descriptor_sink& operator=(const descriptor_sink&) = delete;
    ~descriptor_sink() override {
        if (closing_ == closing::ours && descriptor_ >= 0)
            ::close(descriptor_);
    }

    void write(std::string_view piece) const {
        while (!piece.empty()) {
            const auto n = ::write(descriptor_, piece.data(), piece.size());
            if (n >= 0)
                piece.remove_prefix(static_cast<std::size_t>(n));
            else if (errno != EINTR)
                fail("the output could not be written", errno);
        }
    }
    // Some file systems say only here that there was no room.
    void finish() override {
        if (closing_ == closing::ours && ::close(std::exchange(descriptor_, -1)) != 0)
            fail("the output could not be written", errno);
    }

private:
    int descriptor_;
    closing closing_;
};

struct output {
    const char* path;
    const std::int32_t* descriptor;
    lineside_write_callback write;
    void* context;

    [[nodiscard]] int given() const { return (path != nullptr) + (descriptor != nullptr) + (write != nullptr); }
};

std::function<void(std::string_view)> writer_of(const output& to, std::shared_ptr<finishing>& finish) {
    if (to.write != nullptr)
        return [write = to.write, context = to.context](std::string_view piece) {
            if (write(context, piece.data(), piece.size()) != 0)
                throw error(errc::unavailable, "the host could not write the output");
        };
    std::shared_ptr<descriptor_sink> sink;
    if (to.path != nullptr) {
        constexpr mode_t readable = 0666;
        const int descriptor = ::open(to.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, readable);
        if (descriptor < 0)
            fail(std::string(to.path) + " could not be opened", errno);
        sink = std::make_shared<descriptor_sink>(descriptor, descriptor_sink::closing::ours);
    } else {
        sink = std::make_shared<descriptor_sink>(*to.descriptor, descriptor_sink::closing::hosts);
    }
    finish = sink;
    return [sink](std::string_view piece) { sink->write(piece); };
}

} // namespace

template <>
asked<import_request> read_request(const lineside_record_import_request* from, call_in_flight* call) {
    const auto c = sized_copy(needed(from, "request"), {});
    wire::record_upload values;
    read_known(c, values, {});
    asked<import_request> a{wire::request_of(std::move(values)), {}};
    attach_input(c, a.request, call, {});
    a.request.on_rejected = rejected_teller(c, call, {});
    a.request.on_progress = progress_teller(c.on_progress, c.context, c.report_progress != 0, call, {});
    return a;
}

template <>
asked<export_request> read_request(const lineside_data_export_request* from, call_in_flight* call) {
    const auto c = sized_copy(needed(from, "request"), {});
    wire::table_export values;
    read_known(c, values, {});
    asked<export_request> a{wire::request_of(std::move(values)), {}};
    const output to{c.path, c.descriptor, c.write, c.context};
    if (to.given() != 1)
        refuse("an export writes to exactly one of path, descriptor and write", "path");
    forbid_in_queue(c.write != nullptr, call, {nullptr, "write"});
    a.request.write = writer_of(to, a.finish);
    return a;
}

template <>
asked<dispute_request> read_request(const lineside_call_compare_request* from, call_in_flight* call) {
    const auto c = sized_copy(needed(from, "request"), {});
    wire::dispute_parameters values;
    read_known(c, values, {});
    asked<dispute_request> a{wire::request_of(std::move(values)), {}};
    const auto attach = [&](const lineside_dispute_side* side, dispute_side& to, const char* name) {
        if (!to.records)
            return;
        const place at{nullptr, name};
        const place records{&at, "records"};
        const auto upload = sized_copy(*sized_copy(*side, at).records, records);
        attach_input(upload, *to.records, call, records);
        to.records->on_rejected = rejected_teller(upload, call, records);
    };
    attach(c.ours, a.request.ours, "ours");
    attach(c.theirs, a.request.theirs, "theirs");
    a.request.on_progress = progress_teller(c.on_progress, c.context, c.report_progress != 0, call, {});
    const output to{c.evidence_path, c.evidence_descriptor, c.write_evidence, c.context};
    if (to.given() > 1)
        refuse("evidence goes to one of evidence_path, evidence_descriptor and write_evidence", "evidence_path");
    forbid_in_queue(c.write_evidence != nullptr, call, {nullptr, "write_evidence"});
    if (to.given() == 1)
        a.request.write_evidence = writer_of(to, a.finish);
    return a;
}

template <>
asked<alert_backtest_request> read_request(const lineside_alert_rule_backtest_request* from, call_in_flight* call) {
    const auto c = sized_copy(needed(from, "request"), {});
    asked<alert_backtest_request> a;
    read_known(c, a.request, {});
    forbid_in_queue(c.on_progress != nullptr, call, {nullptr, "on_progress"});
    if (call != nullptr && c.report_progress != 0)
        a.request.on_progress = [call = call->shared_from_this()](instant at) {
            call->tell_reached(at.time_since_epoch().count());
        };
    else if (c.on_progress != nullptr)
        a.request.on_progress = [tell = c.on_progress, context = c.context](instant at) {
            tell(context, at.time_since_epoch().count());
        };
    return a;
}

} // namespace lineside::capi
