// The bytes a database keeps: the first says what they are said to be.

#include <lineside/error.hpp>

#include "store/codec.hpp"
#include "store/identity.hpp"
#include "store/rollup_blob.hpp"
#include "store/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace lineside;
using namespace lineside::store;

void must(bool holds, const char* what) {
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

constexpr day_number a_day = 20'513;
constexpr std::int64_t most_length = std::int64_t{1} << 60U;

// Whatever texts were read can be read again, and are encoded and decoded without loss.
void segment(std::string_view bytes) {
    call_block block;
    decode_segment(bytes, a_day, "account", block);
    std::size_t size = 0;
    bool lengths = true; // that a call can have
    for (const auto& c : block.calls) {
        size += c.view.call_id.size() + c.view.cli.size() + c.view.hangup_cause.size();
        for (const auto length : {c.view.talk, c.view.billed == absent ? 0 : c.view.billed})
            lengths = lengths && length > -most_length && length < most_length;
    }
    if (!lengths || block.calls.size() > 1'000 || size > 100'000)
        return;
    std::vector<const stored_call*> calls;
    for (const auto& c : block.calls)
        calls.push_back(&c);
    std::string again;
    segment_encoder().encode_segment(calls, a_day, again);
    call_block back;
    decode_segment(again, a_day, "account", back);
    must(back.calls == block.calls, "what was decoded is encoded without loss");
}

void facts(std::string_view bytes) {
    std::vector<rules::live_span> spans;
    decode_spans(bytes, a_day, start_of(a_day), spans);
    std::vector<rules::call_facts> facts;
    decode_facts(bytes, a_day, facts);
}

void journal(std::string_view bytes) {
    call_block block;
    decode_journal(std::string(bytes), block);
    std::size_t size = 0;
    for (const auto& c : block.calls)
        size += std::string(c.view.account).size();
    must(size <= bytes.size() * 65'536, "accounts lie in memory of the block");
}

void cells(std::string_view bytes) {
    std::vector<rules::cell> cells(quarters_a_day);
    std::vector<rules::cell*> to;
    for (auto& c : cells)
        to.push_back(&c);
    merge_cells(bytes, cell_columns::all, to);
}

void identities(std::string_view bytes) {
    std::vector<identity_entry> entries;
    decode_identities(bytes, entries);
}

void texts(std::string_view bytes) {
    byte_reader from(bytes);
    std::vector<std::string_view> to(40);
    std::string heap;
    decode_texts(from, to, heap);
    std::string again;
    byte_writer writer(again);
    encode_texts(to, writer);
    byte_reader second(again);
    std::vector<std::string_view> back(to.size());
    std::string other;
    decode_texts(second, back, other);
    must(back == to, "texts come back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    constexpr void (*decoders[])(std::string_view) = {segment, facts, journal, cells, identities, texts};
    try {
        decoders[data[0] % std::size(decoders)](bytes);
    } catch (const error& e) {
        must(e.code() == errc::storage, "damage is an error of the storage");
    }
    return 0;
}
