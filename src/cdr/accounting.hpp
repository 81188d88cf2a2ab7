#pragma once

#include "cdr/base.hpp"
#include "cdr/fold.hpp"
#include "cdr/held_call.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::cdr {

/// One row of a SIP proxy's accounting: the end of a transaction, or a whole call.
struct accounting_row {
    std::uint64_t line = 0;
    std::string_view text; ///< as it stood
    std::string_view from_tag;
    std::string_view to_tag;
};

/// Rows of one Call-ID merged into one attempt: an INVITE and its BYE, legs, branches that failed before one was
/// answered, challenges. An answered row wins over failed ones, a later failure over an earlier; the attempt begins
/// with the earliest of them.
class accounting_window {
public:
    using on_rejected = std::function<void(std::uint64_t line, row_fault why, std::string_view text)>;

    accounting_window(sink& to, on_rejected rejected) : to_(&to), rejected_(std::move(rejected)) {}

    /// `open`: answered, and a BYE row has to say when it ended.
    void invite(const call_view& call, const accounting_row& row, bool open);
    void bye(std::string_view call_id, std::int64_t at, const accounting_row& row);
    void finish();

    /// Calls that left without their BYE: taken to be in progress.
    [[nodiscard]] std::uint64_t in_progress() const noexcept { return in_progress_; }

private:
    struct attempt {
        held_call call;
        std::uint32_t rows = 0;
        bool known = false; ///< an INVITE was seen
        bool open = false;
        std::int64_t bye = absent;
        std::string from_tag;
        std::string to_tag;
        std::string bye_from_tag;
        std::vector<std::pair<std::uint64_t, std::string>> lone; ///< BYE rows while there is no INVITE

        [[nodiscard]] std::size_t bytes() const noexcept;
    };
    template <class Merge>
    void add(std::string_view call_id, Merge&& merge);
    void emit(attempt& a);

    sink* to_;
    on_rejected rejected_;
    fold_window<attempt> window_{32'768, std::size_t{32} << 20};
    std::uint64_t in_progress_ = 0;
};

} // namespace lineside::cdr
