#include "portal/client/remote_streams.hpp"

#include "portal/client/remote_call.hpp"
#include "portal/launch.hpp"
#include "portal/stream_bridge.hpp"
#include "wire/events.hpp"
#include "wire/multipart.hpp"
#include "wire/parameters.hpp"
#include "wire/table_rows.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <future>
#include <span>
#include <utility>

namespace lineside {

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10U;
constexpr auto stop_interval = std::chrono::milliseconds(20);
constexpr auto longest_farewell = std::chrono::seconds(10);

using give_bytes = std::function<std::size_t(std::span<char>)>; ///< 0 is the end
using take_bytes = std::function<void(std::string_view)>;

/// Tells the thread that waits.
class promised_answer final : public remote_completion {
public:
    promised_answer(std::shared_ptr<stream_bridge> bridge, std::promise<net::http_response> answer)
        : bridge_(std::move(bridge)),
          answer_(std::move(answer)) {}

    void succeed(net::http_response&& answer) override {
        answer_.set_value(std::move(answer));
        bridge_->finish_putting();
        bridge_->finish_giving();
    }
    void fail(error_code ec, diagnostics details) override {
        const auto why = std::make_exception_ptr(error(ec, std::move(details)));
        answer_.set_exception(why);
        bridge_->fail(why);
    }
    void complete(std::unique_ptr<remote_completion> /*self*/) override {}
    [[nodiscard]] asio::cancellation_slot slot() const override { return {}; }

private:
    std::shared_ptr<stream_bridge> bridge_;
    std::promise<net::http_response> answer_;
};

/// Sends a call whose body and answer are streams, `give` and `take` being called on this thread. The answer's head; one
/// that is no success has its body, and throws.
void exchange_streams(client_core& core, remote_asker who, remote_call call, const stopper& stop, give_bytes give,
                      const take_bytes& take) {
    auto begun = core.make_usable();
    const auto bridge = std::make_shared<stream_bridge>(core.http().executor());
    if (give)
        call.http.source = [bridge, rest = std::string(),
                            at = std::size_t{0}](std::span<char> to) mutable -> asio::awaitable<std::size_t> {
            while (at == rest.size()) {
                auto next = co_await bridge->get();
                if (!next && bridge->abandoned())
                    throw net::upload_abandoned();
                if (!next)
                    co_return 0;
                rest = *std::move(next);
                at = 0;
            }
            const auto n = std::min(to.size(), rest.size() - at);
            std::memcpy(to.data(), rest.data() + at, n);
            at += n;
            co_return n;
        };
    else
        bridge->finish_giving();
    call.http.sink = [bridge](std::string_view piece) { return bridge->put(std::string(piece)); };

    std::promise<net::http_response> promise;
    auto answer = promise.get_future();
    std::stop_source abandoned;
    core.start(std::move(who), std::move(call), abandoned.get_token(), std::chrono::milliseconds(0),
               std::make_unique<promised_answer>(bridge, std::move(promise)));
    begun.unlock();
    try {
        for (;;) {
            stop.check();
            const auto ready = bridge->wait(stop_interval);
            if (ready == stream_bridge::ready::finished)
                break;
            if (ready == stream_bridge::ready::piece) {
                take(*bridge->take());
            } else if (ready == stream_bridge::ready::room) {
                std::string piece(piece_bytes, '\0');
                piece.resize(give(piece));
                piece.empty() ? bridge->finish_giving() : bridge->give(std::move(piece));
            }
        }
    } catch (...) {
        const auto why = std::current_exception();
        // The server hears that no more comes, and keeps whole transactions of what did: when it has said so, or is gone,
        // this call has no effect any more.
        try {
            const auto until = std::chrono::steady_clock::now() + longest_farewell;
            bridge->abandon();
            while (give && std::chrono::steady_clock::now() < until) {
                const auto ready = bridge->wait(stop_interval);
                if (ready == stream_bridge::ready::finished)
                    break;
                if (ready == stream_bridge::ready::piece)
                    (void)bridge->take();
            }
        } catch (...) { // it has failed, too
            answer.wait();
            std::rethrow_exception(why);
        }
        abandoned.request_stop();
        bridge->fail(why);
        answer.wait(); // nothing of this call runs on
        std::rethrow_exception(why);
    }
    const auto head = answer.get();
    if (head.status < 200 || head.status > 299)
        throw_problem(head);
}

/// Reads an answer of events, one a line, up to the one that ends it; `tell` hears of the others.
template <class Report>
class event_lines {
public:
    using handler = std::function<void(const wire::record_event<Report>&)>;

    explicit event_lines(handler tell) : tell_(std::move(tell)) {}

    void take(std::string_view bytes) {
        text_ += bytes;
        std::size_t from = 0;
        for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n', from)) {
            one(std::string_view(text_).substr(from, end - from));
            from = end + 1;
        }
        text_.erase(0, from);
    }
    Report report() {
        if (!report_)
            throw error(errc::protocol, "the server ended its answer before it came to a result");
        return *std::move(report_);
    }

private:
    void one(std::string_view line) {
        auto event = wire::parse_event<Report>(line);
        if (auto* failed = std::get_if<failure>(&event))
            throw error(failed->code, std::move(failed->details));
        if (auto* report = std::get_if<Report>(&event))
            report_ = std::move(*report);
        else
            tell_(event);
    }

    handler tell_;
    std::string text_;
    std::optional<Report> report_;
};

/// Runs `body` where it may block, as an engine runs an operation.
template <class Value, class Body>
void run_blocking(const std::shared_ptr<client_core>& core, detail::operation_context context,
                  detail::completion<Value> done, Body body) {
    const auto pool = [&] { return core->workers(); };
    launch<Value>(pool, core->executor(), core->closing(), std::move(context), std::move(done), std::move(body));
}

give_bytes bytes_of(std::shared_ptr<byte_source> input) {
    return [input = std::move(input)](std::span<char> to) { return input->read(to); };
}

} // namespace

void ask_remote(operation::import_records, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, import_request request, detail::completion<import_report> done) {
    const auto options = context.options;
    run_blocking<import_report>(
        core, std::move(context), std::move(done),
        [core, who = std::move(who), options, request = std::move(request)](const stopper& stop) mutable {
            if (!request.input)
                throw error(errc::invalid_argument, "there is nothing to import", "input");
            auto call = call_of<operation::import_records>(options);
            call.http.target =
                wire::write_request<operation::import_records>(wire::parameters_of(request), core->prefix()).target;
            call.http.fields.set("Accept", "application/x-ndjson");
            call.http.fields.set("Content-Type", "application/octet-stream");
            call.http.source_size = request.input->size();
            event_lines<import_report> events([&](const wire::record_event<import_report>& e) {
                if (const auto* progress = std::get_if<import_progress>(&e); progress && request.on_progress)
                    request.on_progress(*progress);
                else if (const auto* bad = std::get_if<wire::rejected_event>(&e); bad && request.on_rejected)
                    request.on_rejected(bad->row);
            });
            try {
                exchange_streams(*core, who, std::move(call), stop, bytes_of(request.input),
                                 [&](std::string_view bytes) { events.take(bytes); });
            } catch (const error& e) {
                if (e.code() != errc::cancelled && e.code() != errc::timed_out)
                    throw;
                auto details = e.details();
                details.message += "; what was committed before stays: import it again to go on";
                throw error(e.code(), std::move(details));
            }
            return events.report();
        });
}

void ask_remote(operation::backtest_alert_rule, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, alert_backtest_request request,
                detail::completion<alert_backtest> done) {
    auto options = context.options;
    run_blocking<alert_backtest>(
        core, std::move(context), std::move(done),
        [core, who = std::move(who), options = std::move(options),
         request = std::move(request)](const stopper& stop) mutable {
            const auto progress = std::exchange(request.on_progress, nullptr);
            std::stop_source abandoned;
            options.stop = abandoned.get_token();
            options.details = std::make_shared<diagnostics>();
            const auto details = options.details;
            const auto answer = std::make_shared<std::promise<std::pair<error_code, alert_backtest>>>();
            auto came = answer->get_future();
            ask_remote<operation::backtest_alert_rule>(operation::backtest_alert_rule{}, core, std::move(who),
                                                       detail::make_context(std::move(options)), std::move(request),
                                                       [answer](error_code ec, alert_backtest value) {
                                                           answer->set_value({ec, std::move(value)});
                                                       });
            try {
                while (came.wait_for(stop_interval) != std::future_status::ready)
                    stop.check();
            } catch (...) {
                abandoned.request_stop();
                came.wait();
                throw;
            }
            auto [ec, value] = came.get();
            if (ec)
                throw error(ec, std::move(*details));
            if (progress)
                progress(value.range.to);
            return std::move(value);
        });
}

void ask_remote(operation::export_data, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, export_request request, detail::completion<export_report> done) {
    const auto options = context.options;
    run_blocking<export_report>(
        core, std::move(context), std::move(done),
        [core, who = std::move(who), options, request = std::move(request)](const stopper& stop) mutable {
            if (!request.write)
                throw error(errc::invalid_argument, "an export needs somewhere to write to", "write");
            auto call = call_of<operation::export_data>(options);
            auto parts = wire::write_request<operation::export_data>(wire::parameters_of(request), core->prefix());
            call.http.target = std::move(parts.target);
            call.http.body = parts.body.value_or("");
            call.http.fields.set("Accept", "*/*");
            call.http.fields.set("Content-Type", "application/json");
            wire::row_counter rows(request.format, request.header);
            export_report report;
            exchange_streams(*core, who, std::move(call), stop, {}, [&](std::string_view bytes) {
                rows.count(bytes);
                report.bytes += bytes.size();
                request.write(bytes);
            });
            report.rows = rows.rows();
            return report;
        });
}

void ask_remote(operation::compare_calls, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, dispute_request request, detail::completion<dispute_report> done) {
    const auto options = context.options;
    run_blocking<dispute_report>(
        core, std::move(context), std::move(done),
        [core, who = std::move(who), options, request = std::move(request)](const stopper& stop) mutable {
            auto call = call_of<operation::compare_calls>(options);
            auto parts = wire::write_request<operation::compare_calls>(wire::parameters_of(request), core->prefix());
            call.http.target = std::move(parts.target);
            wire::multipart_writer form(
                rules::to_base64(random_bytes(18), rules::base64_alphabet::url, rules::padding::absent));
            call.http.fields.set("Accept", "application/x-ndjson");
            call.http.fields.set("Content-Type", form.content_type());

            // The parts one after the other: text, or what a side reads.
            std::vector<std::shared_ptr<byte_source>> inputs;
            std::vector<std::string> texts{form.begin_part({"request", {}, "application/json"}) +
                                           parts.body.value_or("{}")};
            const auto add = [&](const dispute_side& side, std::string_view name) {
                if (!side.records)
                    return;
                if (!side.records->input)
                    throw error(errc::invalid_argument, "there is nothing to compare", std::string(name) + "/input");
                texts.back() += form.begin_part({std::string(name), {}, "application/octet-stream"});
                inputs.push_back(side.records->input);
                texts.emplace_back();
            };
            add(request.ours, "ours");
            add(request.theirs, "theirs");
            texts.back() += form.end();
            std::size_t part = 0;
            std::size_t at = 0;
            const auto give = [&](std::span<char> to) -> std::size_t {
                for (;;) {
                    const auto& text = texts[part];
                    if (at < text.size()) {
                        const auto n = text.copy(to.data(), to.size(), at);
                        at += n;
                        return n;
                    }
                    if (part == inputs.size())
                        return 0;
                    if (const auto n = inputs[part]->read(to); n > 0)
                        return n;
                    ++part;
                    at = 0;
                }
            };
            event_lines<dispute_report> events([&](const wire::record_event<dispute_report>& e) {
                if (const auto* progress = std::get_if<import_progress>(&e); progress && request.on_progress) {
                    request.on_progress(*progress);
                } else if (const auto* piece = std::get_if<wire::evidence_event>(&e); piece && request.write_evidence) {
                    request.write_evidence(piece->text);
                } else if (const auto* bad = std::get_if<wire::rejected_event>(&e)) {
                    const auto& side = bad->side == wire::record_side::ours ? request.ours : request.theirs;
                    if (side.records && side.records->on_rejected)
                        side.records->on_rejected(bad->row);
                }
            });
            exchange_streams(*core, who, std::move(call), stop, give,
                             [&](std::string_view bytes) { events.take(bytes); });
            return events.report();
        });
}

} // namespace lineside
