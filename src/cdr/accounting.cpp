#include "cdr/accounting.hpp"

#include <algorithm>

namespace lineside::cdr {

std::size_t accounting_window::attempt::bytes() const noexcept {
    auto sum = call.bytes() + from_tag.capacity() + to_tag.capacity() + bye_from_tag.capacity() +
               lone.capacity() * sizeof(lone.front());
    for (const auto& [line, text] : lone)
        sum += text.capacity();
    return sum;
}

template <class Merge>
void accounting_window::add(std::string_view call_id, Merge&& merge) {
    window_.add(
        call_id,
        [&](attempt& a) -> std::size_t {
            const auto before = a.bytes();
            merge(a);
            return std::max(before, a.bytes()) - before;
        },
        [&](const std::string&, attempt& a) { emit(a); });
}

void accounting_window::invite(const call_view& call, const accounting_row& row, bool open) {
    add(call.call_id, [&](attempt& a) {
        ++a.rows;
        auto start = call.start;
        if (a.known) {
            const auto held = a.call.view();
            start = std::min(start, held.start);
            // A re-INVITE, a further leg, or a branch that failed beside the one that was answered.
            if (held.answered()) {
                if (start < held.start) {
                    auto earlier = held;
                    earlier.start = start;
                    held_call moved;
                    moved.hold(earlier);
                    a.call = std::move(moved);
                }
                return;
            }
        }
        auto merged = call;
        merged.start = start;
        a.call.hold(merged);
        a.known = true;
        a.lone.clear();
        a.open = open;
        a.from_tag.assign(row.from_tag);
        a.to_tag.assign(row.to_tag);
    });
}

void accounting_window::bye(std::string_view call_id, std::int64_t at, const accounting_row& row) {
    add(call_id, [&](attempt& a) {
        ++a.rows;
        if (!a.known)
            a.lone.emplace_back(row.line, row.text);
        if (a.bye != absent && a.bye <= at)
            return; // both sides hung up at once
        a.bye = at;
        a.bye_from_tag.assign(row.from_tag);
    });
}

void accounting_window::emit(attempt& a) {
    if (!a.known) {
        for (const auto& [line, text] : a.lone)
            rejected_(line, {0, "method", "is BYE, but the INVITE that it ends is not among the rows around it"}, text);
        return;
    }
    auto call = a.call.view();
    if (a.open && a.bye != absent) {
        call.end = std::max(call.answer, a.bye);
        call.talk = call.end - call.answer;
        if (!a.bye_from_tag.empty() && call.released_by == release_party::unknown) {
            if (a.bye_from_tag == a.from_tag)
                call.released_by = release_party::caller;
            if (a.bye_from_tag == a.to_tag)
                call.released_by = release_party::callee;
        }
    } else if (a.open) {
        ++in_progress_;
    }
    to_->on_call(call, a.rows);
}

void accounting_window::finish() {
    window_.finish([&](const std::string&, attempt& a) { emit(a); });
}

} // namespace lineside::cdr
