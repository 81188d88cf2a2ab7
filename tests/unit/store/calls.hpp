#pragma once

#include "store/segment.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::store::test {

/// Calls made by chance, with every field in use; the same seed gives the same calls.
class random_calls {
public:
    explicit random_calls(std::uint64_t seed) : random_(seed) {}

    /// Started within `day`, sorted by start.
    std::vector<stored_call> of_day(day_number day, std::size_t n, std::string_view account) {
        std::vector<stored_call> calls(n);
        for (auto& c : calls) {
            c = any();
            shift(c, start_of(day) + static_cast<std::int64_t>(random_() % day_ms));
            c.view.account = account;
        }
        std::stable_sort(calls.begin(), calls.end(),
                         [](const auto& a, const auto& b) { return a.view.start < b.view.start; });
        return calls;
    }

    stored_call any() {
        stored_call c;
        auto& v = c.view;
        v.call_id = text("id-", 30);
        v.branch = chance(3) ? text("b", 3) : "";
        v.account = text("account ", 8);
        v.cli = digits(12);
        v.destination = chance(9) ? text("sip:", 20) : digits(13);
        v.hangup_cause = chance(2) ? std::string_view("NORMAL_CLEARING") : text("cause ", 5);
        v.source_ip = chance(2) ? std::string_view() : std::string_view("2001:db8::1");
        v.currency = chance(4) ? std::string_view() : std::string_view("EUR");
        v.start = 1'772'323'200'000;
        v.outcome = static_cast<call_outcome>(number(0, 10));
        if (!chance(3))
            v.answer = v.start + number(0, 60'000);
        if (!chance(5))
            v.end = (v.answer == absent ? v.start : v.answer) + number(0, chance(10) ? 300'000'000 : 600'000);
        // Mostly the answer to the end, sometimes what only the source's clock knows.
        v.talk = v.answer != absent && v.end != absent && !chance(4) ? v.end - v.answer : number(0, 1'000'000);
        v.billed = chance(2) ? absent : number(0, 1'000'000);
        v.pdd = chance(2) ? absent : number(0, 20'000);
        v.charge = chance(3) ? absent : number(-1'000, 1'000'000) * (chance(2) ? 10'000'000 : 1);
        v.rate = chance(3) ? absent : number(0, 100) * 100'000'000;
        v.dtmf_digits = chance(2) ? absent : number(0, 20);
        v.sip_code = chance(3) ? -1 : static_cast<std::int32_t>(number(100, 699));
        v.q850_cause = chance(2) ? -1 : static_cast<std::int32_t>(number(0, 127));
        v.direction = static_cast<call_direction>(number(0, 3));
        v.released_by = static_cast<release_party>(number(0, 3));
        c.source = static_cast<std::uint32_t>(number(0, 5));
        c.attempts_known = !chance(4);
        return c;
    }

    std::int64_t number(std::int64_t from, std::int64_t to) {
        return from + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(to - from + 1));
    }
    bool chance(std::uint64_t one_in) { return random_() % one_in == 0; }

private:
    static void shift(stored_call& c, std::int64_t start) {
        const std::int64_t by = start - c.view.start;
        c.view.start += by;
        for (auto* t : {&c.view.answer, &c.view.end})
            if (*t != absent)
                *t += by;
    }
    std::string_view text(std::string_view head, std::size_t longest) {
        auto& s = texts_.emplace_back(head);
        for (auto n = random_() % (longest + 1); n > 0; --n)
            s += static_cast<char>('!' + random_() % 94);
        return s;
    }
    std::string_view digits(std::size_t n) {
        auto& s = texts_.emplace_back();
        for (; n > 0; --n)
            s += static_cast<char>('0' + random_() % 10);
        return s;
    }

    std::mt19937_64 random_;
    std::deque<std::string> texts_;
};

inline std::vector<const stored_call*> pointers_to(const std::vector<stored_call>& calls) {
    std::vector<const stored_call*> to;
    for (const auto& c : calls)
        to.push_back(&c);
    return to;
}

inline std::string encoded_segment(const std::vector<stored_call>& calls, day_number day) {
    segment_encoder encoder;
    std::string bytes;
    encoder.encode_segment(pointers_to(calls), day, bytes);
    return bytes;
}

inline std::string encoded_journal(const std::vector<stored_call>& calls) {
    segment_encoder encoder;
    std::string bytes;
    encoder.encode_journal(pointers_to(calls), bytes);
    return bytes;
}

} // namespace lineside::store::test
