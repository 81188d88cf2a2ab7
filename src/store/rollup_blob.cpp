#include "store/rollup_blob.hpp"

#include "store/codec.hpp"

#include <algorithm>
#include <array>

namespace lineside::store {

namespace {

constexpr std::uint8_t cells_format = 1;
constexpr std::size_t most_cells = 128;

using counter = std::uint64_t rules::cell::*;

// How a column is merged: counters add up, peaks are maxima.
enum class merging : std::uint8_t { sum, peak };

struct counter_column {
    cell_columns group;
    counter member;
    merging how = merging::sum;
};

constexpr counter_column counters[] = {
    {cell_columns::attempts, &rules::cell::attempts},
    {cell_columns::answered, &rules::cell::answered},
    {cell_columns::effective, &rules::cell::effective},
    {cell_columns::uncovered, &rules::cell::uncovered},
    {cell_columns::open_calls, &rules::cell::open_calls},
    {cell_columns::talk, &rules::cell::talk_ms},
    {cell_columns::billed, &rules::cell::billed_ms},
    {cell_columns::billed, &rules::cell::billed_reported},
    {cell_columns::pdd, &rules::cell::pdd_ms},
    {cell_columns::pdd, &rules::cell::pdd_reported},
    {cell_columns::dtmf, &rules::cell::dtmf_reported},
    {cell_columns::dtmf, &rules::cell::dtmf_calls},
    {cell_columns::dtmf, &rules::cell::dtmf_digits},
    {cell_columns::charge, &rules::cell::charge_reported},
    {cell_columns::cps, &rules::cell::cps_peak, merging::peak},
    {cell_columns::live, &rules::cell::live_peak, merging::peak},
    {cell_columns::live, &rules::cell::live_ms},
};

bool wants(cell_columns wanted, cell_columns group) {
    return (static_cast<std::uint32_t>(wanted) & static_cast<std::uint32_t>(group)) != 0;
}

// Each column carries its size, so that unwanted ones are stepped over.
void put_sized(std::span<const std::int64_t> column, std::string& scratch, byte_writer& to) {
    scratch.clear();
    byte_writer inner(scratch);
    encode_column(column, inner);
    to.varint(scratch.size());
    to.bytes(scratch);
}

constexpr std::int64_t nanos_a_unit = 1'000'000'000;

} // namespace

void encode_cells(std::span<const rules::cell> cells, std::string& to) {
    std::array<std::uint8_t, most_cells / 8> presence{};
    std::array<const rules::cell*, most_cells> present{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].empty())
            continue;
        presence[i / 8] = static_cast<std::uint8_t>(presence[i / 8] | 1U << (i % 8));
        present[n++] = &cells[i];
    }
    byte_writer out(to);
    out.byte(cells_format);
    out.byte(static_cast<std::uint8_t>(cells.size()));
    for (std::size_t i = 0; i < (cells.size() + 7) / 8; ++i)
        out.byte(presence[i]);
    std::array<std::int64_t, most_cells> values{};
    const std::span column(values.data(), n);
    std::string scratch;
    for (const auto& c : counters) {
        for (std::size_t i = 0; i < n; ++i)
            column[i] = static_cast<std::int64_t>(present[i]->*c.member);
        put_sized(column, scratch, out);
    }
    for (std::size_t i = 0; i < n; ++i)
        column[i] = static_cast<std::int64_t>(present[i]->charge / nanos_a_unit);
    put_sized(column, scratch, out);
    for (std::size_t i = 0; i < n; ++i)
        column[i] = static_cast<std::int64_t>(present[i]->charge % nanos_a_unit);
    put_sized(column, scratch, out);
}

void merge_cells(std::string_view bytes, cell_columns wanted, std::span<rules::cell* const> to) {
    byte_reader from(bytes);
    if (from.byte() != cells_format || from.byte() != to.size())
        throw_damaged("rollup format");
    const auto presence = from.bytes((to.size() + 7) / 8);
    std::array<std::uint8_t, most_cells> index{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < to.size(); ++i)
        if ((static_cast<unsigned char>(presence[i / 8]) >> (i % 8) & 1U) != 0)
            index[n++] = static_cast<std::uint8_t>(i);
    std::array<std::int64_t, most_cells> values{};
    const std::span column(values.data(), n);
    const auto take = [&](cell_columns group, auto set) {
        byte_reader sized(from.bytes(from.varint()));
        if (!wants(wanted, group))
            return;
        decode_column(sized, column);
        for (std::size_t i = 0; i < n; ++i)
            if (auto* cell = to[index[i]])
                set(*cell, column[i]);
    };
    for (const auto& c : counters)
        take(c.group, [&](rules::cell& cell, std::int64_t v) {
            auto& member = cell.*c.member;
            const auto value = static_cast<std::uint64_t>(v);
            member = c.how == merging::peak ? std::max(member, value) : member + value;
        });
    take(cell_columns::charge,
         [](rules::cell& cell, std::int64_t v) { cell.charge += static_cast<rules::nanos128>(v) * nanos_a_unit; });
    take(cell_columns::charge, [](rules::cell& cell, std::int64_t v) { cell.charge += v; });
}

} // namespace lineside::store
