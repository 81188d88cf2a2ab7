#pragma once

#include <lineside/acknowledged.hpp>
#include <lineside/ask.hpp>

#include "handles.hpp"
#include "queue.hpp"
#include "read.hpp"
#include "streams.hpp"
#include "write.hpp"

#include <boost/asio/system_executor.hpp>

#include <concepts>
#include <memory>
#include <utility>

// The two forms of every operation, and of whatever else is asked as one: written here, once.
namespace lineside::capi {

/// A call's terms as C++ takes them; `details` are always there.
[[nodiscard]] call_options read_options(const lineside_call_options* options);
/// The same for a call into a queue.
[[nodiscard]] call_options read_options(const lineside_call_options* options, call_in_flight& call);
/// Gives the answer's JSON to whoever asked for it.
void hand_over_text(const lineside_call_options* options, const call_options& terms);
/// Nothing is there while the call may still fail.
void empty_text(const lineside_call_options* options);
/// Nor when it failed after all.
void take_text_back(const lineside_call_options* options) noexcept;

/// A request as it came, without streams and callbacks of its own.
template <class Request, class C>
[[nodiscard]] asked<Request> read_request(const C* from, call_in_flight*) {
    asked<Request> a;
    if (from != nullptr)
        read(*from, a.request, {});
    return a;
}
template <std::same_as<account_id> Request>
[[nodiscard]] asked<Request> read_request(const char* from, call_in_flight*) {
    return {account_id(&needed(from, "account")), {}};
}

/// Completes a call with the answer as a value of C; `acknowledged` is none.
template <class C, class Answer>
void complete(call_in_flight& call, const error_code& ec, const diagnostics& details, const Answer& answer) noexcept {
    lineside_error* failure = nullptr;
    void* value = nullptr;
    if (ec)
        failure = make_failure(ec, details);
    else if constexpr (!std::is_same_v<C, acknowledged>)
        failure = guard([&] { value = value_of<C>(answer); });
    if constexpr (std::is_same_v<C, acknowledged>)
        call.end(failure, nullptr, nullptr);
    else
        call.end(failure, value, &type_tag<C>);
}

/// The handler of a call into a queue. It holds what the call needs: of a view, its portal. It never blocks for long nor
/// calls the host, so it runs wherever the answer is.
template <class C, class Kept>
struct completing {
    using executor_type = asio::system_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return {}; }

    std::shared_ptr<call_in_flight> call;
    std::shared_ptr<diagnostics> details;
    std::shared_ptr<finishing> finish;
    std::shared_ptr<Kept> kept;

    template <class Answer>
    void operator()(error_code ec, const Answer& answer) const noexcept {
        if (!ec && finish != nullptr) {
            if (auto* failure = guard([&] { finish->finish(); }))
                return call->end(failure, nullptr, nullptr);
        }
        complete<C>(*call, ec, *details, answer);
    }
};

/// Starts a call into a queue: `start(terms, call, handler)` may throw, and then nothing completes.
template <class Start>
[[nodiscard]] lineside_error* begin(lineside_queue* queue, std::uint64_t tag, const char* operation,
                                    const lineside_call_options* options, Start start) noexcept {
    return guard([&] {
        auto call = std::allocate_shared<call_in_flight>(allocator<call_in_flight>(), state_of(queue), tag, operation);
        try {
            start(read_options(options, *call), call);
        } catch (...) {
            call->withdraw();
            throw;
        }
    });
}

template <class Operation, class Request>
[[nodiscard]] typename Operation::answer ask(lineside_portal* portal, const Request* request,
                                             const lineside_call_options* options) {
    auto& at = usable(portal);
    empty_text(options);
    auto what = read_request<typename Operation::request>(request, nullptr);
    const auto terms = read_options(options);
    auto answer = async_ask(Operation{}, *at.inner, std::move(what.request), terms, block);
    if (what.finish != nullptr)
        what.finish->finish();
    hand_over_text(options, terms);
    return answer;
}

template <class Operation, class Answer, class Request>
[[nodiscard]] lineside_error* ask_for(lineside_portal* portal, const Request* request,
                                      const lineside_call_options* options, Answer** out) noexcept {
    return guard([&] {
        auto*& to = emptied(out);
        const auto answer = ask<Operation>(portal, request, options);
        try {
            to = value_of<Answer>(answer);
        } catch (...) {
            take_text_back(options);
            throw;
        }
    });
}

template <class Operation, class Request>
[[nodiscard]] lineside_error* command(lineside_portal* portal, const Request* request,
                                      const lineside_call_options* options) noexcept {
    return guard([&] { (void)ask<Operation>(portal, request, options); });
}

template <class Operation, class Answer, class Request>
[[nodiscard]] lineside_error* ask_async(lineside_portal* portal, const Request* request,
                                        const lineside_call_options* options, lineside_queue* queue,
                                        std::uint64_t tag) noexcept {
    return begin(queue, tag, Operation::name.data(), options, [&](call_options terms, auto& call) {
        auto& at = usable(portal);
        auto what = read_request<typename Operation::request>(request, call.get());
        completing<Answer, lineside::portal> done{call, terms.details, std::move(what.finish), at.kept()};
        async_ask(Operation{}, *at.inner, std::move(what.request), std::move(terms), std::move(done));
    });
}

template <class C>
[[nodiscard]] lineside_error* take(lineside_completion* completion, C** out) noexcept {
    lineside_error* failure = nullptr;
    auto* wrong = guard([&] {
        auto*& to = emptied(out);
        to = static_cast<C*>(take_answer(completion, &type_tag<C>, failure));
    });
    return wrong != nullptr ? wrong : failure;
}

} // namespace lineside::capi

/// The request of `get_account`, which has no structure.
using lineside_text = char;

#define LINESIDE_C_OPERATION(OPERATION, FUNCTION, REQUEST, ANSWER)                                                    \
    lineside::capi::outcome lineside_##FUNCTION(lineside_portal* portal, const lineside_##REQUEST* request,           \
                                                const lineside_call_options* options, lineside_##ANSWER** out) {      \
        return lineside::capi::ask_for<lineside::operation::OPERATION>(portal, request, options, out);                \
    }                                                                                                                 \
    lineside::capi::outcome lineside_##FUNCTION##_async(lineside_portal* portal, const lineside_##REQUEST* request,   \
                                                        const lineside_call_options* options, lineside_queue* queue,  \
                                                        uint64_t tag) {                                               \
        return lineside::capi::ask_async<lineside::operation::OPERATION, lineside_##ANSWER>(portal, request, options, \
                                                                                            queue, tag);              \
    }
#define LINESIDE_C_COMMAND(OPERATION, FUNCTION, REQUEST)                                                               \
    lineside::capi::outcome lineside_##FUNCTION(lineside_portal* portal, const lineside_##REQUEST* request,            \
                                                const lineside_call_options* options) {                                \
        return lineside::capi::command<lineside::operation::OPERATION>(portal, request, options);                      \
    }                                                                                                                  \
    lineside::capi::outcome lineside_##FUNCTION##_async(lineside_portal* portal, const lineside_##REQUEST* request,    \
                                                        const lineside_call_options* options, lineside_queue* queue,   \
                                                        uint64_t tag) {                                                \
        return lineside::capi::ask_async<lineside::operation::OPERATION, lineside::acknowledged>(portal, request,      \
                                                                                                 options, queue, tag); \
    }
#define LINESIDE_C_ANSWER(TYPE)                                                                              \
    lineside::capi::outcome lineside_##TYPE##_take(lineside_completion* completion, lineside_##TYPE** out) { \
        return lineside::capi::take(completion, out);                                                        \
    }                                                                                                        \
    void lineside_##TYPE##_free(lineside_##TYPE* value) { lineside::capi::release(value); }
/// Of values that have a revision.
#define LINESIDE_C_REVISION(TYPE)                                                          \
    lineside::capi::outcome lineside_##TYPE##_revision(const lineside_##TYPE* seen,        \
                                                       char out[LINESIDE_REVISION_SIZE]) { \
        return lineside::capi::write_revision<lineside::TYPE>(seen, out);                  \
    }
