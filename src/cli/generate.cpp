#include "cli/generate.hpp"

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

// splitmix64 (Steele, Lea, Flood 2014): a bijection of 64-bit numbers that scatters them.
constexpr std::uint64_t scatter(std::uint64_t x) {
    x ^= x >> 30U;
    x *= 0xBF58476D1CE4E5B9U;
    x ^= x >> 27U;
    x *= 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

class random_source {
public:
    explicit random_source(std::uint64_t seed) noexcept : state_(scatter(seed)) {}

    std::uint64_t next() noexcept { return scatter(state_ += 0x9E3779B97F4A7C15U); }
    /// 0 to n - 1; n fits in 32 bits.
    std::uint64_t below(std::uint64_t n) noexcept { return ((next() >> 32U) * n) >> 32U; }
    bool chance(std::uint64_t percent) noexcept { return below(100) < percent; }
    /// About normal: the sum of twelve 16-bit numbers less its mean, in 1/65,536 of a standard deviation.
    std::int64_t normal() noexcept {
        std::int64_t sum = -6 * 65'535;
        for (int i = 0; i < 3; ++i)
            for (std::uint64_t bits = next(), lane = 0; lane < 4; ++lane, bits >>= 16U)
                sum += static_cast<std::int64_t>(bits & 0xFFFFU);
        return sum;
    }

private:
    std::uint64_t state_;
};

// 2^(x / 65,536), for x of 0 to 32 times 65,536. The fraction by a parabola, 0.2 % off at most.
std::int64_t power_of_two(std::int64_t x) {
    const auto f = x & 0xFFFF;
    const auto fraction = 65'536 + (f * (43'003 + ((22'533 * f) >> 16))) / 65'536;
    return (fraction << (x >> 16)) >> 16;
}

// Log-normal with sigma = 1, whose mean is e^(1/2) times its median; milliseconds.
std::int64_t talk_time(random_source& random) {
    constexpr std::int64_t log2_of_median = 1'097'000; // of 109 s, in 1/65,536
    constexpr std::int64_t log2_of_e = 94'548;
    return power_of_two(log2_of_median + ((random.normal() * log2_of_e) >> 16));
}

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

struct destination {
    std::string_view prefix;
    std::uint32_t digits;        ///< behind the prefix
    std::uint32_t price_per_min; ///< millionths of the currency's unit
};
constexpr std::array<destination, 8> destinations{{{"4420", 8, 9'500},
                                                   {"447", 9, 18'900},
                                                   {"1212", 7, 6'200},
                                                   {"1415", 7, 6'200},
                                                   {"4930", 8, 11'000},
                                                   {"4917", 9, 24'800},
                                                   {"331", 8, 8'700},
                                                   {"9198", 8, 14'300}}};

struct ending {
    std::uint32_t percent;
    std::string_view sip_code;
    std::uint32_t longest_ms; ///< from start to end
};
// Of the attempts that are not answered.
constexpr std::array<ending, 7> endings{{{26, "486", 9'000},
                                         {28, "480", 60'000},
                                         {20, "487", 40'000},
                                         {8, "603", 15'000},
                                         {10, "404", 1'500},
                                         {5, "503", 1'200},
                                         {3, "403", 800}}};

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
        random_.chance(45) ? put_answered(to, start) : put_unanswered(to, start);
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
        const auto answer = start + 1'000 + static_cast<std::int64_t>(random_.below(14'000));
        const auto talk = talk_time(random_);
        to.put(',');
        put_time(to, answer);
        to.put(',');
        put_time(to, answer + talk);
        to.put(',');
        to.integer(talk);
        to.put(',');
        const auto& called = put_parties(to, "200");
        to.put(',');
        to.integer(random_.chance(5) ? 1 + random_.below(12) : 0);
        to.put(',');
        put_charge(to, talk, called);
    }

    void put_unanswered(wire::text_writer& to, std::int64_t start) {
        const auto* how = endings.data();
        for (auto at = random_.below(100); at >= how->percent; ++how)
            at -= how->percent;
        to.put(",,");
        put_time(to, start + 100 + static_cast<std::int64_t>(random_.below(how->longest_ms)));
        to.put(",0,");
        put_parties(to, how->sip_code);
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
