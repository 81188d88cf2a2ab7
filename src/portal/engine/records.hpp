#pragma once

#include "portal/random.hpp"
#include "store/store.hpp"
#include "wire/json.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// Documents of the store as values. A type that is kept says so with `static constexpr std::string_view kind` and
// `std::string id`, and is described in a file of its noun: contacts_json.cpp.
namespace lineside {

template <class T>
concept kept = requires(const T& value) {
    { T::kind } -> std::convertible_to<std::string_view>;
    { value.id } -> std::convertible_to<std::string_view>;
};

template <kept T>
[[nodiscard]] T from_body(std::string_view body) {
    return wire::parse_json<T>(body, wire::missing_member::defaulted);
}

template <kept T>
[[nodiscard]] std::optional<T> find(store::snapshot& db, std::uint32_t account, std::string_view id) {
    const auto body = db.find_record(account, T::kind, id);
    return body ? std::optional(from_body<T>(*body)) : std::nullopt;
}

template <kept T>
void put(store::transaction& tx, std::uint32_t account, const T& value) {
    std::string body;
    wire::append_json(body, value);
    tx.put_record(account, T::kind, value.id, body);
}

template <kept T>
bool erase(store::transaction& tx, std::uint32_t account, std::string_view id) {
    return tx.erase_record(account, T::kind, id);
}

/// Until `visit(T)` returns false.
template <kept T, class Visit>
void each(store::snapshot& db, std::uint32_t account, store::id_range ids, store::scan_order order, Visit visit) {
    db.scan_records(account, T::kind, ids, order,
                    [&](const store::stored_record& r) { return visit(from_body<T>(r.body)); });
}

/// Of every account, until `visit(account key, T)` returns false.
template <kept T, class Visit>
void each_of_all(store::snapshot& db, Visit visit) {
    db.scan_all_records(T::kind, [&](const store::stored_record& r) { return visit(r.account, from_body<T>(r.body)); });
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// SHA-256, 32 bytes.
[[nodiscard]] std::string digest_of(std::string_view text);
/// A new id: `prefix`, a dash and 20 characters of which the first 9 grow with time, so that ids sort by age.
[[nodiscard]] std::string new_id(std::string_view prefix, instant now);

} // namespace lineside
