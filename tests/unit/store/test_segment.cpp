#include <lineside/error.hpp>

#include "portal/engine/calls/rollup_reader.hpp"
#include "store/segment.hpp"
#include "unit/store/calls.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace lineside {

namespace rules {

// Only a test compares them.
static bool operator==(const call_facts& a, const call_facts& b) {
    return a.start == b.start && a.end == b.end && a.talk == b.talk && a.billed == b.billed && a.pdd == b.pdd &&
           a.charge == b.charge && a.dtmf_digits == b.dtmf_digits && a.outcome == b.outcome &&
           a.attempts_known == b.attempts_known;
}

} // namespace rules

namespace store {
namespace {

using test::encoded_journal;
using test::encoded_segment;
using test::random_calls;

constexpr day_number a_day = 20'513;

std::vector<stored_call> one_call() {
    stored_call c;
    c.view.call_id = "a84b4c76e66710";
    c.view.account = "acct-0001";
    c.view.start = start_of(a_day) + 1;
    return {c};
}

void expect_equal(const std::vector<stored_call>& got, const std::vector<stored_call>& wanted) {
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        EXPECT_EQ(got[i], wanted[i]) << "call " << i << ", " << wanted[i].view.call_id;
}

TEST(segment, days_begin_at_midnight_utc_before_and_after_1970) {
    EXPECT_EQ(day_of(0), 0);
    EXPECT_EQ(day_of(day_ms - 1), 0);
    EXPECT_EQ(day_of(day_ms), 1);
    EXPECT_EQ(day_of(-1), -1);
    EXPECT_EQ(day_of(-day_ms), -1);
    EXPECT_EQ(day_of(-day_ms - 1), -2);
    for (const day_number day : {-25'000, -1, 0, 1, 20'513, 60'000}) {
        EXPECT_EQ(day_of(start_of(day)), day);
        EXPECT_EQ(day_of(start_of(day + 1) - 1), day);
    }
}

TEST(segment, every_field_comes_back) {
    for (const std::size_t n : {1, 2, 100, 128, 129, 5'000}) {
        random_calls random(n);
        const auto calls = random.of_day(a_day, n, "acct-0001");
        const auto bytes = encoded_segment(calls, a_day);
        call_block block;
        decode_segment(bytes, a_day, "acct-0001", block);
        expect_equal(block.calls, calls);
    }
}

TEST(segment, a_call_of_which_nearly_nothing_is_reported_comes_back) {
    const auto calls = one_call();
    call_block block;
    decode_segment(encoded_segment(calls, a_day), a_day, "acct-0001", block);
    expect_equal(block.calls, calls);
}

TEST(segment, decoding_appends_and_the_calls_outlive_the_bytes) {
    random_calls random(5);
    const auto first = random.of_day(a_day, 40, "x");
    const auto second = random.of_day(a_day + 1, 60, "x");
    call_block block;
    for (const auto* part : {&first, &second}) {
        auto bytes = encoded_segment(*part, part == &first ? a_day : a_day + 1);
        decode_segment(bytes, part == &first ? a_day : a_day + 1, "x", block);
        std::fill(bytes.begin(), bytes.end(), '?');
    }
    auto both = first;
    both.insert(both.end(), second.begin(), second.end());
    expect_equal(block.calls, both);
}

TEST(segment, an_encoder_can_be_used_again) {
    random_calls random(6);
    segment_encoder encoder;
    for (const std::size_t n : {300, 3, 128}) {
        const auto calls = random.of_day(a_day, n, "x");
        std::string bytes;
        encoder.encode_segment(test::pointers_to(calls), a_day, bytes);
        EXPECT_EQ(bytes, encoded_segment(calls, a_day));
        const auto journal = encoded_journal(calls);
        bytes.clear();
        encoder.encode_journal(test::pointers_to(calls), bytes);
        EXPECT_EQ(bytes, journal);
    }
}

TEST(segment, facts_equal_those_of_the_whole_calls) {
    for (const std::size_t n : {1, 129, 3'000}) {
        random_calls random(70 + n);
        const auto calls = random.of_day(a_day, n, "x");
        std::vector<rules::call_facts> wanted{{}};
        for (const auto& c : calls)
            wanted.push_back(facts_of(c));
        std::vector<rules::call_facts> facts{{}}; // appended to
        decode_facts(encoded_segment(calls, a_day), a_day, facts);
        EXPECT_TRUE(facts == wanted);
    }
}

TEST(segment, spans_are_those_of_ended_calls_still_live_afterwards) {
    random_calls random(8);
    const auto calls = random.of_day(a_day, 2'000, "x");
    const auto bytes = encoded_segment(calls, a_day);
    for (const std::int64_t after : {start_of(a_day), start_of(a_day) + day_ms / 2, start_of(a_day + 1),
                                     start_of(a_day + 2), start_of(a_day + 9)}) {
        std::vector<rules::live_span> wanted{{1, 2}};
        for (const auto& c : calls)
            if (c.view.end != absent && c.view.end > after)
                wanted.push_back({c.view.start, c.view.end});
        std::vector<rules::live_span> spans{{1, 2}}; // appended to
        decode_spans(bytes, a_day, after, spans);
        EXPECT_EQ(spans, wanted);
    }
}

TEST(segment, a_journal_entry_keeps_accounts_days_and_order) {
    for (const std::size_t n : {1, 2, 500, 3'000}) {
        random_calls random(90 + n);
        std::vector<stored_call> calls;
        for (std::size_t i = 0; i < n; ++i) {
            calls.push_back(random.any());
            for (auto* t : {&calls.back().view.start, &calls.back().view.answer, &calls.back().view.end})
                if (*t != absent)
                    *t -= static_cast<std::int64_t>(i % 7) * day_ms * 3;
        }
        call_block block;
        decode_journal(encoded_journal(calls), block);
        expect_equal(block.calls, calls);
    }
}

TEST(segment, an_hour_of_ordinary_calls_takes_less_than_40_bytes_a_call) {
    std::vector<stored_call> calls;
    std::deque<std::string> texts;
    for (std::int64_t i = 0; i < 2'000; ++i) {
        stored_call c;
        c.view.call_id = texts.emplace_back("f81d4fae-7dec-11d0-a765-" + std::to_string(100'000'000'000 + i * 7'919));
        c.view.cli = texts.emplace_back("4420" + std::to_string(10'000'000 + i * 37'117 % 1'000'000));
        c.view.destination = texts.emplace_back("3531" + std::to_string(1'000'000 + i * 7'727 % 1'000'000));
        c.view.start = start_of(a_day) + i * 1'800;
        c.view.end = c.view.start + 4'000 + i % 300 * 1'000;
        c.view.outcome = call_outcome::no_answer;
        c.view.sip_code = 480;
        calls.push_back(c);
    }
    EXPECT_LT(encoded_segment(calls, a_day).size(), calls.size() * 40);
}

// ---- damage ---------------------------------------------------------------------------------------------------------

void decode_everything(std::string_view bytes) {
    const auto attempt = [](auto decode) {
        try {
            decode();
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::storage) << e.what();
        }
    };
    // A copy of the exact size, so that a sanitizer sees each byte that is read too many.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const std::string_view view(exact.data(), exact.size());
    std::size_t touched = 0;
    attempt([&] {
        call_block block;
        decode_segment(view, a_day, "x", block);
        for (const auto& c : block.calls)
            touched += std::string(c.view.call_id).size() + std::string(c.view.hangup_cause).size();
    });
    attempt([&] {
        std::vector<rules::call_facts> facts;
        decode_facts(view, a_day, facts);
    });
    attempt([&] {
        std::vector<rules::live_span> spans;
        decode_spans(view, a_day, start_of(a_day), spans);
    });
    attempt([&] {
        call_block block;
        decode_journal(std::string(view), block);
        for (const auto& c : block.calls)
            touched += std::string(c.view.account).size();
    });
}

TEST(segment, a_cut_segment_is_damage) {
    random_calls random(10);
    const auto bytes = encoded_segment(random.of_day(a_day, 50, "x"), a_day);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        call_block block;
        EXPECT_THROW(decode_segment(bytes.substr(0, n), a_day, "x", block), error) << n;
        decode_everything(bytes.substr(0, n));
    }
}

TEST(segment, flipped_bits_never_crash) {
    random_calls random(11);
    for (const auto& bytes :
         {encoded_segment(random.of_day(a_day, 20, "x"), a_day), encoded_journal(random.of_day(a_day, 20, "x"))}) {
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            auto damaged = bytes;
            damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
            decode_everything(damaged);
        }
    }
}

TEST(segment, random_bytes_never_crash) {
    std::mt19937_64 random(12);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 60, '\0');
        for (auto& b : bytes)
            b = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
        if (!bytes.empty())
            bytes[0] = 1; // the format
        decode_everything(bytes);
    }
}

// A few bytes may not ask for gigabytes: 16 million calls of nothing, and compressed texts that say they are huge.
TEST(segment, a_small_segment_cannot_claim_to_be_a_large_one) {
    const std::string constant("\0\0", 2); // a column of zeros
    std::string bytes("\x01\x80\x80\x80\x08", 5);
    for (int column = 0; column < 40; ++column)
        bytes += constant;
    call_block block;
    EXPECT_THROW(decode_segment(bytes, a_day, "x", block), error);
}

} // namespace
} // namespace store
} // namespace lineside
