#pragma once

#include <lineside/secret.hpp>

#include "wire/describe.hpp"

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace lineside::test {

enum class control_characters : std::uint8_t { none, some };

/// Fills values of described types at random, with what is hard to carry: what means something in URLs and JSON,
/// extremes, nothing, and what is at its default.
class random_values {
public:
    random_values(unsigned seed, control_characters controls) : random_(seed), controls_(controls) {}

    template <class T>
    T make() {
        T value{};
        fill(value);
        return value;
    }

    bool chance(unsigned one_in) { return random_() % one_in == 0; }

    void fill(std::string& to) {
        static const std::vector<std::string> pieces = {
            "a", "Z", "0", " ", "/", "?", "%", "%2F", "#",  "&",  "=", "+",    "~",      ".",      "..",         ":",
            ";", ",", "@", "'", "(", "{", "}", "[",   "\"", "\\", "<", "null", "\u00e9", "\u6c34", "\U0001F4DE", "{x}"};
        to.clear();
        for (auto n = random_() % 5; n > 0; --n)
            to += pieces[random_() % pieces.size()];
        if (controls_ == control_characters::some && chance(4))
            to += static_cast<char>(random_() % 32);
    }
    void fill(secret& to) {
        std::string text;
        fill(text);
        to = secret(std::move(text));
    }
    void fill(bool& to) { to = chance(2); }
    template <std::integral Integer>
    void fill(Integer& to) {
        switch (random_() % 4) {
        case 0: to = std::numeric_limits<Integer>::max(); break;
        case 1: to = std::numeric_limits<Integer>::min(); break;
        default: to = static_cast<Integer>(random_() % 100);
        }
    }
    void fill(double& to) { to = chance(5) ? std::numeric_limits<double>::quiet_NaN() : finite(); }
    void fill(instant& to) {
        std::uniform_int_distribution<std::int64_t> ms(-62'135'596'800'000, 253'402'300'799'999); // years 1 to 9999
        to = instant(duration(ms(random_)));
    }
    void fill(duration& to) {
        std::int64_t ms = 0;
        fill(ms);
        to = duration(ms);
    }
    void fill(money& to) {
        to.units = std::uniform_int_distribution<std::int64_t>(-1'000'000, 1'000'000)(random_);
        to.nanos = std::uniform_int_distribution<std::int32_t>(0, 999'999'999)(random_);
        if (to.units < 0)
            to.nanos = -to.nanos;
    }
    template <class Tag>
    void fill(id<Tag>& to) {
        std::string text;
        fill(text);
        to = id<Tag>(std::move(text));
    }
    template <wire::described_enum Enum>
    void fill(Enum& to) {
        std::vector<Enum> all;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto d) { all.push_back(d.value); });
        to = all[random_() % all.size()];
    }
    template <class T>
    void fill(std::optional<T>& to) {
        to.reset();
        if (chance(2))
            return;
        if constexpr (std::is_same_v<T, double>)
            to = finite(); // NaN is null, which is unset
        else
            fill(to.emplace());
    }
    template <class T>
    void fill(std::vector<T>& to) {
        to.resize(random_() % 4);
        for (auto& element : to)
            fill(element);
    }
    template <wire::described_struct T>
    void fill(T& to) {
        const auto each = [&](auto take) { boost::mp11::mp_for_each<wire::members_of<T>>(take); };
        each([&](auto d) {
            if (!chance(4)) // else at its default
                fill(to.*d.pointer);
        });
        // The amounts of an object share its currency.
        std::string currency = chance(3) ? "" : "EUR";
        if constexpr (requires { to.currency; })
            currency = to.currency;
        each([&](auto d) { set_currency(to.*d.pointer, currency); });
    }

private:
    double finite() {
        switch (random_() % 6) {
        case 0: return 0;
        case 1: return -0.0;
        case 2: return std::numeric_limits<double>::max();
        case 3: return std::numeric_limits<double>::denorm_min();
        default: return std::normal_distribution<double>(0, 1e6)(random_);
        }
    }
    template <class T>
    static void set_currency(T& member, const std::string& currency) {
        if constexpr (std::is_same_v<T, money>)
            member.currency = currency;
        else if constexpr (std::is_same_v<T, std::optional<money>>)
            if (member)
                member->currency = currency;
    }

    std::mt19937 random_;
    control_characters controls_;
};

} // namespace lineside::test
