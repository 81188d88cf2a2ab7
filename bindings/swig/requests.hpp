#pragma once

#include "calls.hpp"

#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <string_view>

// How a request in C is made of the values of any language, by the tables of records.hpp.
namespace lineside::bindings {

/// A request that owns its structures. `Language` derives from it, `Value` is a value of the language, and for a member
/// `m` and a value `v` it has:
///   is_unset(v)                  nothing was given
///   text_of(m, v)                a text that lasts as long as the request
///   truth_of, time_of, length_of, constant_of, money_of, range_of (m, v)
///   real_of, whole_of, unsigned_of (m, v)    numbers
///   bytes_of(m, v)               as a std::string_view
///   record_of(m, v)              a structure, made with `start` and `read_member`
///   list_of(m, v, where)         what `read_items` gives
///   refuse(m, expected, v), out_of_range(m, v)
/// What cannot be read is thrown.
template <class Language, class Value>
class request_reader : public request {
protected:
    /// Zeroes, aligned for any type, as long as the request.
    void* room(std::size_t size) { return blocks_.emplace_back(std::make_unique<char[]>(size)).get(); }

    char* start(const record_type& type) {
        auto* to = static_cast<char*>(room(type.size));
        if (type.sized)
            new (to) std::size_t(type.size);
        return to;
    }

    void read_member(const member& m, Value from, char* structure) {
        if (self().is_unset(from))
            return; // NULL or 0: unset, or the default
        auto* where = structure + m.offset;
        switch (m.held) {
        case holding::in_place:
            if (m.says == meaning::bytes) {
                const std::string_view bytes = self().bytes_of(m, from);
                new (where) const char*(bytes.data());
                new (structure + m.count_offset) std::size_t(bytes.size());
            } else {
                read_one(m, from, where);
            }
            break;
        case holding::pointed:
            if (m.says == meaning::record) {
                new (where) const void*(self().record_of(m, from));
            } else {
                void* to = room(sizeof(lineside_money));
                read_one(m, from, to);
                new (where) const void*(to);
            }
            break;
        case holding::listed: new (structure + m.count_offset) std::size_t(self().list_of(m, from, where)); break;
        case holding::column: self().refuse(m, "read only", from);
        }
    }

    /// `item(i)` is the i-th value, as long as the next is not asked for.
    template <class Item>
    std::size_t read_items(const member& m, std::size_t count, void* where, Item&& item) {
        if (count == 0 && !m.unset)
            return 0;
        const auto size = item_size(m);
        auto* items = static_cast<char*>(room(count * size));
        for (std::size_t i = 0; i < count; ++i) {
            void* to = items + i * size;
            if (m.says == meaning::record)
                new (to) const void*(self().record_of(m, item(i)));
            else
                read_one(m, item(i), to);
        }
        new (where) const void*(items);
        return count;
    }

private:
    Language& self() { return static_cast<Language&>(*this); }

    void read_one(const member& m, Value from, void* to) {
        switch (m.says) {
        case meaning::text: {
            const char* text = self().text_of(m, from);
            new (to) const char*(*text == '\0' && !m.unset && m.held == holding::in_place ? nullptr : text);
            break;
        }
        case meaning::truth: new (to) std::int32_t(self().truth_of(m, from) ? 1 : 0); break;
        case meaning::number: read_number(m, from, to); break;
        case meaning::time: new (to) std::int64_t(self().time_of(m, from)); break;
        case meaning::length: new (to) std::int64_t(self().length_of(m, from)); break;
        case meaning::constant: new (to) std::int32_t(self().constant_of(m, from)); break;
        case meaning::money: new (to) lineside_money(self().money_of(m, from)); break;
        case meaning::range: new (to) lineside_time_range(self().range_of(m, from)); break;
        case meaning::record: // has its own place: record_of
        case meaning::bytes: break;
        }
    }

    void read_number(const member& m, Value from, void* to) {
        switch (m.bits) {
        case width::f64: new (to) double(self().real_of(m, from)); break;
        case width::u64: new (to) std::uint64_t(self().unsigned_of(m, from)); break;
        case width::i32: put_whole<std::int32_t>(m, from, to); break;
        case width::u16: put_whole<std::uint16_t>(m, from, to); break;
        case width::u32: put_whole<std::uint32_t>(m, from, to); break;
        default: put_whole<std::int64_t>(m, from, to); break;
        }
    }
    template <class T>
    void put_whole(const member& m, Value from, void* to) {
        const std::int64_t number = self().whole_of(m, from);
        if (number != static_cast<std::int64_t>(static_cast<T>(number)))
            self().out_of_range(m, from);
        new (to) T(static_cast<T>(number));
    }

    std::deque<std::unique_ptr<char[]>> blocks_;
};

/// `get_account` has no structure: its request is the account's id.
inline constexpr member account_text{"account", meaning::text, width::none, holding::in_place, false, 0, 0, nowhere};

} // namespace lineside::bindings
