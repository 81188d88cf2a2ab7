#pragma once

#include "support/cdr_recorder.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace lineside::test {

/// Also where NDEBUG is defined.
inline void must(bool holds, const char* what) {
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// What holds for every reader, whatever the bytes: no row is lost, each call is one, and the cuts do not matter.
inline void check_reader(record_format format, std::string_view bytes, const cdr::reader_options& options) {
    const auto whole = read_calls(format, bytes, options);
    for (const auto& call : whole.found.calls) {
        must(call.rows > 0, "a call has rows");
        must(!call->call_id.empty() && call->call_id.size() <= 512, "a call has an id");
        must(!call->account.empty(), "a call has an account");
        must(call->start != absent, "a call has a start");
        must(call->end == absent || call->end >= call->start, "a call ends after its start");
        must(call->answer == absent || call->answer >= call->start, "a call is answered after its start");
        must(call->talk >= 0, "talk time is not negative");
        must(call->answered() || call->talk == 0, "who was not answered does not talk");
    }
    for (const auto& row : whole.found.rejected) {
        must(!row.reason.empty(), "a rejected row has a reason");
        must(row.line > 0, "a rejected row has a line");
    }
    if (whole.error.empty())
        must(whole.rows == whole.found.rows(), "rows are calls' rows and rejected ones");

    for (const std::size_t piece : {1, 5, 997}) {
        if (piece == 1 && bytes.size() > 20'000)
            continue;
        const auto pieces = read_calls(format, bytes, options, piece);
        must(pieces.error == whole.error, "the same error however the input is cut");
        must(!whole.error.empty() || (pieces.found == whole.found && pieces.rows == whole.rows),
             "the same calls however the input is cut");
    }
}

} // namespace lineside::test
