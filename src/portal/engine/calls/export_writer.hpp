#pragma once

#include <lineside/data_export.hpp>

#include "wire/csv.hpp"

#include <string>

namespace lineside {

/// Turns values into rows of a table and hands the text on in pieces.
class export_writer {
public:
    explicit export_writer(const export_request& to) : to_(to) {}

    /// Once, before the first row: what the table holds.
    template <class Value>
    void begin() {
        if (to_.header == header_row::omitted)
            return;
        if constexpr (std::is_same_v<Value, summary>)
            wire::append_header<wire::exported_summary_row>(text_, to_.format);
        else if constexpr (std::is_same_v<Value, call>)
            wire::append_header<wire::exported_call>(text_, to_.format);
        else if constexpr (std::is_same_v<Value, access_entry>)
            wire::append_header<wire::exported_access_entry>(text_, to_.format);
        else
            wire::append_header<wire::exported_point>(text_, to_.format);
    }

    void put(const summary& s) {
        for (const auto& row : s.rows)
            put_row(wire::exported_summary_row{s.account.value(), "UTC", &row});
    }
    void put(const call& c) { put_row(wire::exported_call{"UTC", &c}); }
    void put(const access_entry& e) { put_row(wire::exported_access_entry{"UTC", &e}); }
    void put(const series& s) {
        for (std::size_t i = 0; i < s.time.size(); ++i)
            put_row(wire::point_of(s, i));
    }

    export_report finish() {
        hand_on();
        return report_;
    }

private:
    static constexpr std::size_t piece_bytes = std::size_t{1} << 16U;

    template <class Row>
    void put_row(const Row& row) {
        wire::append_row(text_, row, to_.format, to_.safety);
        ++report_.rows;
        if (text_.size() >= piece_bytes)
            hand_on();
    }
    void hand_on() {
        if (text_.empty())
            return;
        to_.write(text_);
        report_.bytes += text_.size();
        text_.clear();
    }

    const export_request& to_;
    std::string text_;
    export_report report_;
};

} // namespace lineside
