#include "cli/generate.hpp"

#include "cli/traffic.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace lineside::cli {

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t slot_ms = 300'000;
constexpr std::size_t slots_a_day = day_ms / slot_ms;

// Calls of an hour of the day relative to the others.
constexpr std::array<std::uint32_t, 24> hourly_weight{18, 12, 8,  6,  6,  9,  20, 42, 75, 96, 100, 97,
                                                      88, 92, 98, 97, 92, 85, 76, 68, 60, 50, 38,  27};
constexpr std::uint32_t weekend_percent = 55;

// Between the middles of hours the traffic rises and falls in a straight line.
std::uint64_t weight_of_slot(std::int64_t at) {
    const auto of_day = at - at / day_ms * day_ms;
    const auto shifted = of_day + day_ms - 1'800'000 + slot_ms / 2;
    const auto hour = static_cast<std::size_t>(shifted / 3'600'000);
    const auto into = static_cast<std::uint64_t>(shifted % 3'600'000 / slot_ms);
    const auto weight = hourly_weight[hour % 24] * (12 - into) + hourly_weight[(hour + 1) % 24] * into;
    const bool weekend = (at / day_ms + 3) % 7 >= 5; // 1970-01-01 was a Thursday
    return weight * (weekend ? weekend_percent : 100) / 100;
}

// Accounts by weight 1 / rank: a table of sums and a search in it.
class account_table {
public:
    explicit account_table(std::uint32_t accounts) {
        std::uint64_t sum = 0;
        for (std::uint64_t rank = 1; rank <= accounts; ++rank)
            sums_.push_back(sum += 0x100'0000 / rank + 1);
    }
    /// The rank from 1.
    [[nodiscard]] std::uint64_t pick(random_source& random) const {
        const auto at = random.next() % sums_.back();
        return static_cast<std::uint64_t>(std::upper_bound(sums_.begin(), sums_.end(), at) - sums_.begin()) + 1;
    }

private:
    std::vector<std::uint64_t> sums_;
};

class call_writer {
public:
    call_writer(const generate_options& options, std::string& out)
        : out_(out),
          random_(options.seed),
          key_(scatter(~options.seed)),
          accounts_(options.accounts) {}

    void write(std::uint64_t index, std::int64_t start) {
        wire::text_writer to(out_);
        put_hex(to, scatter(key_ + index), 16); // a bijection: no id comes twice
        put_hex(to, random_.next(), 8);
        to.put(",acct-");
        put_number(to, accounts_.pick(random_), 4);
        to.put(',');
        put_time(to, start);
        random_.chance(answered_percent) ? put_answered(to, start) : put_unanswered(to, start);
        to.put('\n');
        to.finish();
    }

private:
    static void put_time(wire::text_writer& to, std::int64_t ms) { to.time(instant{std::chrono::milliseconds(ms)}); }

    static void put_hex(wire::text_writer& to, std::uint64_t bits, unsigned digits) {
        for (unsigned shift = 4 * digits; shift != 0;)
            to.put("0123456789abcdef"[(bits >> (shift -= 4)) & 15U]);
    }
    static void put_number(wire::text_writer& to, std::uint64_t n, int digits) {
        std::uint64_t power = 1;
        for (int i = 1; i < digits; ++i, power *= 10)
            if (n < power * 10)
                to.put('0');
        to.integer(n);
    }
    // sip_code, direction, cli and destination; returns the destination.
    const destination& put_parties(wire::text_writer& to, std::string_view sip_code) {
        const auto& called = destinations[random_.below(destinations.size())];
        to.put(sip_code);
        to.put(random_.chance(80) ? ",outbound,4930" : ",inbound,4420");
        put_number(to, random_.below(100'000'000), 8);
        to.put(',');
        to.put(called.prefix);
        put_number(to,
                   random_.below(1'000'000'000) / (called.digits == 9   ? 1
                                                   : called.digits == 8 ? 10
                                                                        : 100),
                   static_cast<int>(called.digits));
        return called;
    }

    void put_answered(wire::text_writer& to, std::int64_t start) {
        const auto answer = start + ring_time(random_).count();
        const auto talk = talk_time(random_).count();
        to.put(',');
        put_time(to, answer);
        to.put(',');
        put_time(to, answer + talk);
        to.put(',');
        to.integer(talk);
        to.put(',');
        const auto& called = put_parties(to, "200");
        to.put(',');
        to.integer(random_.chance(keyed_percent) ? 1 + random_.below(most_digits) : 0);
        to.put(',');
        put_charge(to, talk, called);
    }

    void put_unanswered(wire::text_writer& to, std::int64_t start) {
        const auto& how = ending_of(random_);
        to.put(",,");
        put_time(to, start + try_time(random_, how).count());
        to.put(",0,");
        put_parties(to, how.sip_code);
        to.put(",,0.000000");
    }

    // By the second begun.
    static void put_charge(wire::text_writer& to, std::int64_t talk, const destination& called) {
        const auto seconds = static_cast<std::uint64_t>((talk + 999) / 1000);
        const auto millionths = seconds * called.price_per_min / 60;
        to.integer(millionths / 1'000'000);
        to.put('.');
        put_number(to, millionths % 1'000'000, 6);
    }

    std::string& out_;
    random_source random_;
    std::uint64_t key_;
    account_table accounts_;
};

} // namespace

void generate_calls(const generate_options& options, const std::function<void(std::string_view)>& write) {
    constexpr std::size_t piece = std::size_t{1} << 18U;
    std::string out = "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction,cli,"
                      "destination,dtmf_digits,charge\n";
    const auto begin = options.start.time_since_epoch().count();
    const auto slots = slots_a_day * options.days;
    std::uint64_t total = 0;
    for (std::size_t slot = 0; slot < slots; ++slot)
        total += weight_of_slot(begin + static_cast<std::int64_t>(slot) * slot_ms);

    call_writer calls(options, out);
    random_source random(~options.seed);
    std::vector<std::int64_t> starts;
    std::uint64_t sum = 0;
    std::uint64_t done = 0;
    for (std::size_t slot = 0; slot < slots; ++slot) {
        const auto from = begin + static_cast<std::int64_t>(slot) * slot_ms;
        sum += weight_of_slot(from);
        // In two parts, so that no product overflows.
        const auto until = options.calls / total * sum + options.calls % total * sum / total;
        starts.resize(until - done);
        for (auto& start : starts)
            start = from + static_cast<std::int64_t>(random.below(slot_ms));
        std::sort(starts.begin(), starts.end());
        for (const auto start : starts) {
            calls.write(done++, start);
            if (out.size() >= piece) {
                write(out);
                out.clear();
            }
        }
    }
    write(out);
}

} // namespace lineside::cli
