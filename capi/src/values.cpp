#include <lineside/version.hpp>
#include <lineside/webhook_signature.hpp>

#include "failure.hpp"
#include "memory.hpp"
#include "read.hpp"
#include "write.hpp"

// The header has the version a second time, for C.
#define LINESIDE_C_VERSION_IS(PART, VALUE) static_assert(lineside::version_##PART == (VALUE))
LINESIDE_C_VERSION_IS(major, LINESIDE_VERSION_MAJOR);
LINESIDE_C_VERSION_IS(minor, LINESIDE_VERSION_MINOR);
LINESIDE_C_VERSION_IS(patch, LINESIDE_VERSION_PATCH);
#undef LINESIDE_C_VERSION_IS

namespace lineside::capi {

void write(arena& a, const series& from, lineside_series& to) {
    const auto column = [&]<class To>(const auto& values, const To*& to_column) {
        auto* list = a.take<To>(values.empty() ? 1 : values.size());
        if (list != nullptr)
            std::transform(values.begin(), values.end(), list, [](const auto& v) { return number_of<To>(v); });
        to_column = list;
    };
    to.account = a.text(view(from.account));
    to.metric = constant_of(from.metric);
    to.unit = a.text(from.unit);
    to.zone = a.text(from.zone);
    to.step = constant_of(from.step);
    to.size = from.time.size();
    column(from.time, to.time);
    column(from.offset_s, to.offset_s);
    column(from.value, to.value);
    column(from.numerator, to.numerator);
    column(from.denominator, to.denominator);
    column(from.open_calls, to.open_calls);
    to.amount = nullptr;
    if (from.metric == metric::charge) {
        auto* list = a.take<lineside_money>(from.amount.empty() ? 1 : from.amount.size());
        for (std::size_t i = 0; i < from.amount.size(); ++i) {
            lineside_money amount{};
            write(a, from.amount[i], amount);
            if (list != nullptr)
                list[i] = amount;
        }
        to.amount = list;
    }
}

namespace {

struct size_of_structure {
    std::string_view name;
    std::size_t size;
};
constexpr size_of_structure sizes[] = {
#define LINESIDE_C_STRUCTURE(NAME, ...) {#NAME, sizeof(NAME)},
#include "structures.def"
#undef LINESIDE_C_STRUCTURE
};

/// The value, or the failure as one of a parameter.
template <class T>
T parsed_value(const result<T>& parsed, const char* parameter) {
    if (!parsed)
        refuse(parsed.error().details.message, parameter);
    return *parsed;
}

void copy_to(char* out, std::size_t size, std::string_view text) {
    if (size <= text.size())
        refuse("size has no room for the text", "size");
    std::memcpy(&needed(out, "out"), text.data(), text.size());
    out[text.size()] = '\0';
}

} // namespace

} // namespace lineside::capi

using namespace lineside;
using namespace lineside::capi;

extern "C" {

const char* lineside_version(void) { return LINESIDE_VERSION_STRING; }

int32_t lineside_abi_version(void) { return LINESIDE_ABI_VERSION; }

size_t lineside_struct_size(const char* type) {
    for (const auto& s : sizes)
        if (type != nullptr && s.name == type)
            return s.size;
    return 0;
}

lineside_error* lineside_money_parse(const char* amount, int64_t* units, int32_t* nanos) {
    return guard([&] {
        needed(units, "units") = 0;
        needed(nanos, "nanos") = 0;
        const auto parsed = parsed_value(parse_money(&needed(amount, "amount")), "amount");
        *units = parsed.units;
        *nanos = parsed.nanos;
    });
}

lineside_error* lineside_money_format(const lineside_money* money, char* out, size_t size) {
    return guard([&] {
        const auto& m = needed(money, "money");
        copy_to(out, size, to_string(lineside::money{m.units, m.nanos, {}}));
    });
}

lineside_error* lineside_time_parse(const char* text, int64_t* out) {
    return guard([&] {
        needed(out, "out") = 0;
        *out = parsed_value(parse_instant(&needed(text, "text")), "text").time_since_epoch().count();
    });
}

lineside_error* lineside_time_format(int64_t time, int32_t offset_s, char* out, size_t size) {
    return guard([&] {
        const instant at{duration(time)};
        copy_to(out, size, offset_s == 0 ? to_string(at) : to_string(at, std::chrono::seconds(offset_s)));
    });
}

lineside_error* lineside_webhook_verify(const char* secret, const char* id, const char* timestamp,
                                        const char* signature, const char* body, size_t body_size, int64_t now,
                                        int64_t tolerance_ms, int64_t* sent_at) {
    return guard([&] {
        needed(sent_at, "sent_at") = 0;
        const webhook_headers headers{&needed(id, "id"), &needed(timestamp, "timestamp"),
                                      &needed(signature, "signature")};
        const std::string_view posted = body_size == 0 ? "" : std::string_view(&needed(body, "body"), body_size);
        const auto tolerance = tolerance_ms == 0 ? webhook_tolerance : duration(tolerance_ms);
        *sent_at = verify_webhook(lineside::secret(&needed(secret, "secret")), headers, posted, instant(duration(now)),
                                  tolerance)
                       .value()
                       .time_since_epoch()
                       .count();
    });
}

lineside_error* lineside_webhook_sign(const char* secret, const char* id, int64_t at, const char* body,
                                      size_t body_size, char** out) {
    return guard([&] {
        auto*& to = emptied(out);
        const lineside::secret key(&needed(secret, "secret"));
        const std::string_view posted = body_size == 0 ? "" : std::string_view(&needed(body, "body"), body_size);
        to = copy_text(
            sign_webhook(std::span(&key, 1), &needed(id, "id"), instant(duration(at)), posted).value().signature);
    });
}

} // extern "C"
