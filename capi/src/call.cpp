#include "call.hpp"

namespace lineside::capi {

namespace {

lineside_call_options known_options(const lineside_call_options* options) {
    return options == nullptr ? lineside_call_options{} : sized_copy(*options, {nullptr, "options"});
}

call_options read_terms(const lineside_call_options& from) {
    if (from.timeout_ms < 0)
        refuse("a timeout is not below 0", "options.timeout_ms");
    call_options terms;
    terms.timeout = std::chrono::milliseconds(from.timeout_ms);
    terms.idempotency_key = from.idempotency_key == nullptr ? "" : from.idempotency_key;
    terms.if_match = from.if_match == nullptr ? "" : from.if_match;
    terms.details = std::make_shared<diagnostics>();
    return terms;
}

} // namespace

call_options read_options(const lineside_call_options* options) {
    const auto from = known_options(options);
    auto terms = read_terms(from);
    if (from.cancellation != nullptr)
        terms.stop = from.cancellation->source.get_token();
    if (from.answer_text != nullptr)
        terms.answer_text = std::make_shared<std::string>();
    return terms;
}

call_options read_options(const lineside_call_options* options, call_in_flight& call) {
    const auto from = known_options(options);
    if (from.answer_text != nullptr)
        refuse("a call into a queue has no place for the answer's text", "options.answer_text");
    auto terms = read_terms(from);
    if (from.cancellation != nullptr)
        call.follow(from.cancellation->source.get_token());
    terms.stop = call.stop_token();
    return terms;
}

void empty_text(const lineside_call_options* options) {
    if (const auto from = known_options(options); from.answer_text != nullptr)
        *from.answer_text = nullptr;
}

void take_text_back(const lineside_call_options* options) noexcept {
    if (const auto from = known_options(options); from.answer_text != nullptr)
        release(std::exchange(*from.answer_text, nullptr));
}

void hand_over_text(const lineside_call_options* options, const call_options& terms) {
    if (terms.answer_text != nullptr && !terms.answer_text->empty())
        *known_options(options).answer_text = copy_text(*terms.answer_text);
}

} // namespace lineside::capi
