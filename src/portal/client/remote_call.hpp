#pragma once

#include "portal/client/client_core.hpp"
#include "portal/random.hpp"
#include "rules/base64.hpp"
#include "wire/json.hpp"
#include "wire/request.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/system_executor.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace lineside {

/// Whether an executor's context has work anyway until a call is over: the connection is its own.
enum class outstanding_work : std::uint8_t { known, to_be_tracked };

/// The handler of a call, and how its answer becomes the value it waits for.
template <class Value, class Decode>
class decoding final : public remote_completion {
public:
    decoding(detail::completion<Value> done, const asio::any_completion_executor& fallback, outstanding_work fallbacks,
             std::shared_ptr<diagnostics> details, Decode decode)
        : executor_(executor_of(done, fallback, fallbacks)),
          slot_(asio::get_associated_cancellation_slot(done)),
          details_(std::move(details)),
          decode_(std::move(decode)),
          done_(std::move(done)) {}

    void succeed(net::http_response&& answer) override { value_.emplace(decoded{decode_, answer}); }
    void fail(error_code ec, diagnostics details) override {
        *details_ = std::move(details);
        ec_ = ec;
        value_.emplace();
    }
    // Where it may run at once it does.
    void complete(std::unique_ptr<remote_completion> self) override {
        const auto executor = std::move(executor_);
        executor.execute([self = std::move(self)] {
            auto& known = static_cast<decoding&>(*self);
            known.slot_.clear();
            std::move(known.done_)(known.ec_, *std::move(known.value_));
        });
    }
    [[nodiscard]] asio::cancellation_slot slot() const override { return slot_; }

private:
    // Becomes the value where that is to lie.
    struct decoded {
        Decode& decode;
        net::http_response& answer;

        operator Value() { return decode(std::move(answer)); }
    };

    static asio::any_completion_executor executor_of(const detail::completion<Value>& done,
                                                     const asio::any_completion_executor& fallback,
                                                     outstanding_work fallbacks) {
        auto known = asio::get_associated_executor(done, fallback);
        if (fallbacks == outstanding_work::known && known == fallback)
            return known;
        return asio::prefer(known, asio::execution::outstanding_work.tracked);
    }

    asio::any_completion_executor executor_;
    mutable asio::cancellation_slot slot_;
    std::shared_ptr<diagnostics> details_;
    Decode decode_;
    detail::completion<Value> done_;
    error_code ec_;
    std::optional<Value> value_;
};

/// Makes the call that `make` describes; its answer is what `decode` makes of HTTP's. Whatever they throw is its failure.
template <class Value, class Make, class Decode>
void call_remote(client_core& core, remote_asker&& who, detail::operation_context&& context,
                 detail::completion<Value>&& done, Make make, Decode decode) {
    const bool on_strand = context.caller_waits && core.is_usable();
    const auto fallback =
        on_strand ? asio::any_completion_executor(core.http().executor()) : core.completion_executor();
    auto waiting = std::make_unique<decoding<Value, Decode>>(
        std::move(done), fallback,
        on_strand || !core.has_threads() ? outstanding_work::known : outstanding_work::to_be_tracked,
        std::move(context.details), std::move(decode));
    try {
        const auto begun = core.make_usable();
        const auto& o = context.options;
        auto call = make(o);
        if (const auto& parent = core.options().traceparent)
            if (auto value = parent(); !value.empty())
                call.http.fields.set("traceparent", value);
        core.start(std::move(who), std::move(call), o.stop,
                   o.timeout.count() > 0 ? o.timeout : core.options().timeouts.call, std::move(waiting));
    } catch (...) {
        // Never inside the initiating function, and the client may have no thread any more.
        asio::post(asio::system_executor(),
                   [waiting = std::move(waiting), failed = failure_of(std::current_exception(), {})]() mutable {
                       waiting->fail(failed.ec, std::move(failed.details));
                       auto& known = *waiting;
                       known.complete(std::move(waiting));
                   });
    }
}

/// What an operation's call is, but for its body.
template <class Operation>
remote_call call_of(const call_options& options) {
    constexpr std::size_t longest_key = 255;
    const auto& key = options.idempotency_key;
    if (key.size() > longest_key || std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; }))
        throw error(errc::invalid_argument, "an idempotency key has 1 to 255 visible ASCII characters",
                    "idempotency_key");
    remote_call call;
    call.operation = Operation::name;
    call.http.method = Operation::verb;
    call.http.repeatable = true;
    call.http.reads = Operation::retry == operation::retry_class::safe;
    if (!options.idempotency_key.empty())
        call.http.fields.set("Idempotency-Key", options.idempotency_key);
    else if (Operation::retry == operation::retry_class::keyed)
        call.http.fields.set("Idempotency-Key",
                             rules::to_base64(random_bytes(18), rules::base64_alphabet::url, rules::padding::absent));
    if (!options.if_match.empty())
        call.http.fields.set("If-Match", '"' + options.if_match + '"');
    return call;
}

template <class Answer>
Answer read_answer(const net::http_response& http) {
    if (http.status < 200 || http.status > 299)
        throw_problem(http);
    try {
        return wire::parse_json<Answer>(http.body, wire::missing_member::refused, wire::unknown_member::ignored);
    } catch (const error& e) {
        refuse_answer(e, http.status);
    }
}

template <class Operation>
void ask_remote(Operation, const std::shared_ptr<client_core>& core, remote_asker who,
                detail::operation_context context, typename Operation::request request,
                detail::completion<typename Operation::answer> done) {
    using answer = typename Operation::answer;
    auto text = context.options.answer_text;
    call_remote<answer>(
        *core, std::move(who), std::move(context), std::move(done),
        [&](const call_options& options) {
            auto call = call_of<Operation>(options);
            auto parts = wire::write_request<Operation>(request, core->prefix());
            call.http.target = std::move(parts.target);
            call.wanted = remote_call::answers::json;
            if (parts.body) {
                call.http.fields.set("Content-Type", "application/json");
                call.http.body = *std::move(parts.body);
            }
            return call;
        },
        [text = std::move(text)](net::http_response&& http) {
            auto value = read_answer<answer>(http);
            if (text)
                *text = std::move(http.body);
            return value;
        });
}

} // namespace lineside
