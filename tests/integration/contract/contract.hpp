#pragma once

#include <lineside/engine.hpp>
#include <lineside/portal.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// What every portal promises, written once against `portal&` and run over each way there is to have one.
namespace lineside::contract {

/// A wall clock that stands still until it is told otherwise. Others may look at it meanwhile.
class owned_clock {
public:
    explicit owned_clock(instant now) : now_(std::make_shared<std::atomic<instant>>(now)) {}

    [[nodiscard]] instant now() const { return *now_; }
    void set(instant t) { *now_ = t; }
    void advance(duration by) { *now_ = now() + by; }
    [[nodiscard]] std::function<instant()> reader() const {
        return [now = now_] { return now->load(); };
    }

private:
    std::shared_ptr<std::atomic<instant>> now_;
};

struct portal_settings {
    engine_storage storage{};
    std::function<instant()> clock{};
    delivery_hooks delivery{};
    engine_money money{};
    engine_webhooks webhooks{};
    engine_live live{.interval = std::chrono::milliseconds(0)}; ///< each change is looked for at once
    std::uint32_t password_memory_kib = 64;                     ///< cheap: tests hash many
    std::uint32_t attempts_per_source = 30;
    std::string identity_key{};
    std::string reset_link{};
};

/// A portal and whatever has to live as long.
class hosted_portal {
public:
    virtual ~hosted_portal() = default;
    [[nodiscard]] virtual portal& get() = 0;
    /// Lets the portal go and opens it over the same data; where those would die with it, keeps it.
    virtual void reopen(portal_settings settings) = 0;
};

struct backend {
    std::string name;
    std::function<std::unique_ptr<hosted_portal>(portal_settings)> open;
};

[[nodiscard]] std::vector<backend> backends();
// gtest prints a parameter it does not know byte by byte.
void PrintTo(const backend& b, std::ostream* out);

/// Opens the parameter's portal when it is first asked for, so that a test may choose settings.
class portal_test : public testing::TestWithParam<backend> {
protected:
    // A Tuesday, well after whatever the tests put into the past.
    owned_clock clock{std::chrono::sys_days(std::chrono::year(2026) / 3 / 10) + std::chrono::hours(12)};
    portal_settings settings{{}, clock.reader()};

    [[nodiscard]] portal& lineside() {
        if (!hosted_)
            hosted_ = GetParam().open(settings);
        return hosted_->get();
    }
    void reopen() {
        if (hosted_)
            hosted_->reopen(settings);
    }

    import_report import(std::vector<call> calls, attempt_coverage coverage = attempt_coverage::all_attempts) {
        return lineside().async_import_calls({std::move(calls), coverage}, block);
    }
    /// Lineside's own CSV, or whatever `request.format` says.
    import_report import_text(std::string text, import_request request = {});
    /// All of them, in order of time.
    [[nodiscard]] std::vector<call> all_calls(const account_id& account);

private:
    std::unique_ptr<hosted_portal> hosted_;
};

/// Names the suite `suite`, of fixtures derived from `fixture`, and runs it over each portal.
#define LINESIDE_ON_EVERY_PORTAL_WITH(suite, fixture) \
    class suite : public fixture {};                  \
    INSTANTIATE_TEST_SUITE_P(on, suite, testing::ValuesIn(backends()), name_of)
#define LINESIDE_ON_EVERY_PORTAL(suite) LINESIDE_ON_EVERY_PORTAL_WITH(suite, portal_test)

[[nodiscard]] inline std::string name_of(const testing::TestParamInfo<backend>& info) { return info.param.name; }

// ---- requests -------------------------------------------------------------------------------------------------------

inline const account_id acme{"acme"};

/// "2026-03-01T12:00:00Z".
[[nodiscard]] inline instant at(std::string_view text) { return parse_instant(text).value(); }
[[nodiscard]] inline duration seconds(std::int64_t n) { return std::chrono::seconds(n); }
[[nodiscard]] inline duration minutes(std::int64_t n) { return std::chrono::minutes(n); }
[[nodiscard]] inline duration hours(std::int64_t n) { return std::chrono::hours(n); }
[[nodiscard]] inline duration days(std::int64_t n) { return std::chrono::hours(24 * n); }

/// Answered 5 s after its start and ended `talk` later.
[[nodiscard]] call answered_call(std::string id, instant start, duration talk);
[[nodiscard]] call failed_call(std::string id, instant start, call_outcome why = call_outcome::busy);
[[nodiscard]] call open_call(std::string id, instant start);
[[nodiscard]] call charged(call c, std::string_view amount, std::string_view currency = "EUR");

/// Calls made by chance, of one account; the same seed gives the same calls.
class random_calls {
public:
    explicit random_calls(std::uint64_t seed) : random_(seed) {}

    /// With every field in use, crossing midnights and lasting several days now and then; about one in fifty is open.
    [[nodiscard]] call within(time_range range, const account_id& account = acme);
    [[nodiscard]] std::vector<call> within(time_range range, std::size_t n, const account_id& account = acme);
    [[nodiscard]] std::int64_t number(std::int64_t from, std::int64_t to) {
        return from + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(to - from + 1));
    }
    [[nodiscard]] bool chance(std::uint64_t one_in) { return random_() % one_in == 0; }
    [[nodiscard]] std::mt19937_64& generator() { return random_; }

private:
    std::mt19937_64 random_;
    std::uint64_t made_ = 0;
};

/// Bytes from a text, handed out in pieces; `on_read` sees how much was handed out before.
[[nodiscard]] std::shared_ptr<byte_source> from_text(std::string text, std::size_t piece = 1U << 16U,
                                                     std::function<void(std::size_t)> on_read = {});
/// The calls as Lineside's own CSV.
[[nodiscard]] std::string to_csv(const std::vector<call>& calls);

/// Runs it, expecting a `lineside::error`, whose details it returns.
template <class Run>
diagnostics failure_of(Run run, errc expected) {
    try {
        (void)run();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), expected) << e.what();
        return e.details();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

// ---- an oracle: numbers straight from the calls, without anything of the library's arithmetic ------------------------

/// The measure of a metric over [from, to) of calls of one account, as exact parts.
struct expected_measure {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    std::uint32_t open_calls = 0;
};
[[nodiscard]] expected_measure measure(const std::vector<call>& calls, metric m, time_range range,
                                       const std::function<bool(const call&)>& attempts_known = {});
inline constexpr metric every_metric[] = {metric::live_channels, metric::live_channels_avg,
                                          metric::attempts,      metric::answered,
                                          metric::asr,           metric::acd,
                                          metric::ner,           metric::dtmf_calls,
                                          metric::dtmf_digits,   metric::dtmf_percent,
                                          metric::cps_peak,      metric::cps_avg,
                                          metric::pdd,           metric::talk,
                                          metric::charge};

/// The edges of the buckets of a step in a zone, found by walking the wall clock.
[[nodiscard]] std::vector<instant> walk_edges(const std::string& zone, time_range range, time_step step);

/// Everything a portal says about its accounts, as text, for comparing two of them; but for the states and revisions of
/// Summary rows, which are about the history of an answer. `as_of` is the Summary's.
[[nodiscard]] std::string everything(portal& p, instant as_of);

} // namespace lineside::contract
