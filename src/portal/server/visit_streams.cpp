#include "portal/server/visit.hpp"
#include "portal/stream_bridge.hpp"
#include "wire/events.hpp"
#include "wire/json.hpp"
#include "wire/media_type.hpp"
#include "wire/multipart.hpp"
#include "wire/request.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <span>
#include <stop_token>
#include <utility>

namespace lineside {

// What a thread and a request's coroutines share; whoever is last lets it go.
struct visit::streamed {
    streamed(const asio::any_io_executor& strand, server_core& core, std::shared_ptr<portal> who)
        : bridge(strand),
          bound(std::move(who)),
          served(bound ? *bound : core.lineside) {}

    // On the thread: one event, and the report that is the last.
    template <class Event>
    void tell(const Event& event) {
        std::string line;
        wire::append_event(line, event);
        bridge.give(std::move(line));
    }
    template <class Report>
    void finish(const Report& report) {
        if (as_events)
            wire::append_event(last, report);
        else
            wire::append_json(last, report);
    }

    stream_bridge bridge;
    std::stop_source stop; // of the operation, when the client is gone
    /// On the thread: takes from the bridge, gives to it, throws what went wrong.
    std::function<void(streamed&)> work;
    bool takes_body = false;
    bool as_events = false;              // what happens on the way is told
    std::string last;                    // the text at the end
    std::exception_ptr failure;          // of `work`; read after the bridge has ended
    std::exception_ptr broken;           // why it did not come to that: the client is gone, or its body is no good
    const std::shared_ptr<portal> bound; // null: as it was given to the server
    portal& served;
};

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10U;
constexpr const char* too_long = "the upload is longer than this server takes";

/// What a client uploads.
class uploaded final : public byte_source {
public:
    uploaded(stream_bridge& bridge, std::optional<std::uint64_t> size, std::uint64_t most)
        : bridge_(bridge),
          size_(size),
          left_(most) {}

    std::size_t read(std::span<char> to) override {
        while (at_ == piece_.size()) {
            auto next = bridge_.take();
            if (!next)
                return 0;
            piece_ = *std::move(next);
            at_ = 0;
            if (piece_.size() > left_)
                refuse(errc::invalid_argument, 413, too_long);
            left_ -= piece_.size();
        }
        const auto n = piece_.copy(to.data(), to.size(), at_);
        at_ += n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

private:
    stream_bridge& bridge_;
    const std::optional<std::uint64_t> size_;
    std::uint64_t left_;
    std::string piece_;
    std::size_t at_ = 0;
};

/// A file without a name.
class spool {
public:
    spool() : file_(std::tmpfile(), &std::fclose) {
        if (!file_)
            throw error(errc::unavailable, "there is no place for the upload");
    }
    void write(std::string_view bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
            throw error(errc::unavailable, "there is no place for the upload");
        size_ += bytes.size();
    }
    /// From its beginning.
    [[nodiscard]] std::shared_ptr<byte_source> source() {
        std::rewind(file_.get());
        return std::make_shared<reader>(file_, size_);
    }

private:
    class reader final : public byte_source {
    public:
        reader(std::shared_ptr<std::FILE> file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
        std::size_t read(std::span<char> to) override {
            const auto n = std::fread(to.data(), 1, to.size(), file_.get());
            if (n == 0 && std::ferror(file_.get()) != 0)
                throw error(errc::unavailable, "the upload cannot be read back");
            return n;
        }
        [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

    private:
        std::shared_ptr<std::FILE> file_;
        std::uint64_t size_;
    };

    std::shared_ptr<std::FILE> file_;
    std::uint64_t size_ = 0;
};

/// The parts of an uploaded dispute.
struct dispute_upload {
    std::string request;
    std::optional<spool> ours;
    std::optional<spool> theirs;
};

dispute_upload read_form(byte_source& from, std::string_view content_type, std::size_t most_json) {
    dispute_upload form;
    wire::multipart_reader reader(wire::boundary_of(content_type));
    std::string buffer(piece_bytes, '\0');
    for (;;) {
        const auto& name = reader.head().name;
        switch (reader.next()) {
        case wire::multipart_event::more:
            if (const auto n = from.read(buffer))
                reader.feed(std::string_view(buffer).substr(0, n));
            else
                reader.finish();
            break;
        case wire::multipart_event::head:
            if (name == "ours")
                form.ours.emplace();
            else if (name == "theirs")
                form.theirs.emplace();
            else if (name != "request")
                throw error(errc::invalid_argument, "a dispute has no part '" + name.substr(0, 64) + "'", "request");
            break;
        case wire::multipart_event::data:
            if (name != "request") {
                (name == "ours" ? form.ours : form.theirs)->write(reader.data());
                break;
            }
            if (form.request.size() + reader.data().size() > most_json)
                refuse(errc::invalid_argument, 413, "the request is too long", "request");
            form.request += reader.data();
            break;
        case wire::multipart_event::part_end: break;
        case wire::multipart_event::end: return form;
        }
    }
}

std::string_view type_of(export_format f) {
    switch (f) {
    case export_format::tsv: return "text/tab-separated-values; charset=utf-8";
    case export_format::ndjson: return "application/x-ndjson";
    case export_format::csv: break;
    }
    return "text/csv; charset=utf-8";
}

} // namespace

asio::awaitable<void> visit::run_streamed(std::shared_ptr<streamed> s, net::http_response head) {
    using namespace asio::experimental::awaitable_operators;

    if (core_.figures.streams.fetch_add(1) >= core_.options.limits.streams) {
        --core_.figures.streams;
        full_ = true;
        throw error(errc::unavailable, "too many uploads and exports are running; try again soon");
    }
    asio::post(core_.streams, [s, &figures = core_.figures] {
        try {
            s->work(*s);
        } catch (...) {
            s->failure = std::current_exception();
        }
        s->work = nullptr;
        --figures.streams;
        s->bridge.finish_giving();
    });

    // Feeds the body until the answer is out: whoever has answered early takes no more of it.
    const auto feed = [](net::http_exchange& x, std::shared_ptr<streamed> to) -> asio::awaitable<void> {
        try {
            for (;;) {
                std::string piece(piece_bytes, '\0');
                piece.resize(co_await x.read_some(piece));
                if (piece.empty())
                    break;
                co_await to->bridge.put(std::move(piece));
            }
            to->bridge.finish_putting();
        } catch (const boost::system::system_error&) {
            // What has come before counts: whole transactions of it are kept.
            to->bridge.finish_putting(std::current_exception());
        } catch (const net::http_refusal& r) {
            to->bridge.fail(std::make_exception_ptr(
                error(make_error_code(errc::invalid_argument), {r.detail, {}, {}, static_cast<int>(r.status), {}})));
            to->stop.request_stop();
        }
        asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        error_code ignored;
        co_await never.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    };
    const auto drain = [](visit& v, std::shared_ptr<streamed> from, net::http_response begin) -> asio::awaitable<void> {
        try {
            while (auto piece = co_await from->bridge.get()) {
                if (!v.x_.answered()) {
                    v.decorate(begin);
                    v.record_.status = begin.status;
                    co_await v.x_.begin(std::move(begin));
                }
                v.record_.bytes += piece->size();
                co_await v.x_.write(*piece);
            }
        } catch (...) {
            // Not thrown: the body's side, which waits, would be waited for.
            from->broken = std::current_exception();
            from->bridge.fail(from->broken);
            from->stop.request_stop();
        }
    };
    if (s->takes_body)
        co_await (feed(x_, s) || drain(*this, s, std::move(head)));
    else
        co_await drain(*this, s, std::move(head));
    if (s->broken)
        std::rethrow_exception(s->broken);
}

asio::awaitable<visit::answer> visit::stream_table(export_request table, call_options options) {
    const auto s = std::make_shared<streamed>(co_await asio::this_coro::executor, core_, bound_);
    net::http_response head;
    head.fields.set("Content-Type", type_of(table.format));
    s->work = [table = std::move(table), options = std::move(options)](streamed& mine) mutable {
        options.timeout = {};
        options.stop = mine.stop.get_token();
        table.write = [&mine](std::string_view piece) { mine.bridge.give(std::string(piece)); };
        (void)mine.served.async_export_data(std::move(table), std::move(options), block);
    };
    auto empty = head;
    co_await run_streamed(s, std::move(head));
    if (s->failure)
        std::rethrow_exception(s->failure);
    if (!x_.answered())
        co_return empty;
    co_await x_.finish();
    co_return std::nullopt;
}

// The report alone, or what happens on the way as lines and the report last.
asio::awaitable<visit::answer> visit::answer_with_events(std::shared_ptr<streamed> s) {
    net::http_response head;
    head.fields.set("Content-Type", s->as_events ? "application/x-ndjson" : "application/json");
    auto only = head;
    co_await run_streamed(s, std::move(head));
    if (s->failure && !x_.answered())
        std::rethrow_exception(s->failure);
    if (!s->as_events) {
        only.body = std::move(s->last);
        co_return only;
    }
    if (!x_.answered()) {
        decorate(only);
        record_.status = only.status;
        co_await x_.begin(std::move(only));
    }
    if (s->failure) {
        // What went wrong is the last line.
        try {
            std::rethrow_exception(s->failure);
        } catch (const error& e) {
            auto details = e.details();
            details.request_id = record_.request_id;
            std::string line;
            wire::append_event(line, failure{e.code(), std::move(details)});
            s->last = std::move(line);
        }
    }
    co_await x_.write(s->last);
    co_await x_.finish();
    co_return std::nullopt;
}

asio::awaitable<visit::answer> visit::operate_on_streams(const wire::route_match& match) {
    const auto& r = *match.found;
    const auto& fields = x_.request().fields;
    auto options = options_for(r);
    const auto& limits = core_.options.limits;

    if (r.answers == wire::answer_body::table) {
        if (!wire::is_content_type(fields["Content-Type"], "application/json"))
            refuse(errc::invalid_argument, 415, "the body has to be application/json");
        const auto body = co_await x_.read_body(limits.json_bytes);
        auto table = wire::request_of(wire::read_request<operation::export_data>(match.parameters, query_, body));
        co_return co_await stream_table(std::move(table), std::move(options));
    }

    constexpr wire::media_type offered[] = {wire::media_type::json, wire::media_type::ndjson};
    const auto kind = wire::negotiate(fields["Accept"], offered);
    if (!kind)
        refuse(errc::invalid_argument, 406, "the answer can be had as application/json or application/x-ndjson");
    const auto s = std::make_shared<streamed>(co_await asio::this_coro::executor, core_, bound_);
    s->takes_body = true;
    s->as_events = *kind == wire::media_type::ndjson;
    options.timeout = {};
    options.stop = s->stop.get_token();
    const auto size = x_.body_size();
    const auto most = limits.upload_bytes;
    if (size && *size > most)
        refuse(errc::invalid_argument, 413, too_long);

    if (r.index == wire::route_of<operation::import_records>().index) {
        auto parameters = wire::read_request<operation::import_records>(match.parameters, query_, {});
        s->work = [parameters = std::move(parameters), options, size, most](streamed& mine) {
            auto request = wire::request_of(parameters);
            request.input = std::make_shared<uploaded>(mine.bridge, size, most);
            if (mine.as_events) {
                request.on_progress = [&mine](const import_progress& progress) { mine.tell(progress); };
                request.on_rejected = [&mine](const rejected_row& row) { mine.tell(wire::rejected_event{row}); };
            }
            mine.finish(mine.served.async_import_records(std::move(request), options, block));
        };
        co_return co_await answer_with_events(s);
    }

    const std::string content_type(fields["Content-Type"]);
    if (!wire::is_content_type(content_type, "multipart/form-data"))
        refuse(errc::invalid_argument, 415, "the body has to be multipart/form-data");
    s->work = [parameters = match.parameters, query = std::string(query_), content_type, options, size, most,
               json = limits.json_bytes](streamed& mine) {
        uploaded body(mine.bridge, size, most);
        auto form = read_form(body, content_type, json);
        auto read = wire::read_request<operation::compare_calls>(parameters, query, form.request);
        const bool evidence = read.evidence;
        auto request = wire::request_of(std::move(read));
        const auto attach = [&](dispute_side& side, std::optional<spool>& file, wire::record_side which) {
            const std::string name = which == wire::record_side::ours ? "ours" : "theirs";
            if (file.has_value() != side.records.has_value())
                throw error(errc::invalid_argument,
                            file ? "the part '" + name + "' is not described in the request"
                                 : "the part '" + name + "' is missing",
                            name);
            if (!file)
                return;
            side.records->input = file->source();
            if (mine.as_events)
                side.records->on_rejected = [&mine, which](const rejected_row& row) {
                    mine.tell(wire::rejected_event{row, which});
                };
        };
        attach(request.ours, form.ours, wire::record_side::ours);
        attach(request.theirs, form.theirs, wire::record_side::theirs);
        if (mine.as_events) {
            request.on_progress = [&mine](const import_progress& progress) { mine.tell(progress); };
            if (evidence)
                request.write_evidence = [&mine](std::string_view text) {
                    mine.tell(wire::evidence_event{std::string(text)});
                };
        }
        mine.finish(mine.served.async_compare_calls(std::move(request), options, block));
    };
    co_return co_await answer_with_events(s);
}

} // namespace lineside
