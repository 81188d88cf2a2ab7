#pragma once

#include "model/call_view.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace lineside::cdr {

/// A call that owns its texts: what waits in a `fold_window`.
class held_call {
public:
    void hold(const call_view& v) {
        numbers_ = v;
        texts_.clear();
        for (std::size_t i = 0; i < members.size(); ++i) {
            texts_ += v.*members[i];
            ends_[i] = texts_.size();
        }
        for (const auto member : members)
            numbers_.*member = {};
    }

    /// Valid until the next `hold`, and as long as this object does not move.
    [[nodiscard]] call_view view() const {
        auto v = numbers_;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < members.size(); ++i) {
            v.*members[i] = std::string_view(texts_).substr(begin, ends_[i] - begin);
            begin = ends_[i];
        }
        return v;
    }

    [[nodiscard]] std::size_t bytes() const noexcept { return texts_.capacity(); }

private:
    static constexpr std::array members = {&call_view::call_id,   &call_view::branch,      &call_view::account,
                                           &call_view::cli,       &call_view::destination, &call_view::hangup_cause,
                                           &call_view::source_ip, &call_view::currency};

    call_view numbers_;
    std::string texts_;
    std::array<std::size_t, members.size()> ends_{};
};

} // namespace lineside::cdr
