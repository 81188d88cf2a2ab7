// Lineside's own format: CSV with a header, or one JSON object a line with the same names.

#include "cdr/base.hpp"
#include "cdr/formats.hpp"
#include "cdr/json_object.hpp"
#include "cdr/outcome.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace lineside::cdr {

namespace {

enum field : std::uint8_t {
    f_call_id,
    f_account_id,
    f_start_time,
    f_answer_time,
    f_end_time,
    f_duration_ms,
    f_sip_code,
    f_direction,
    f_cli,
    f_destination,
    f_dtmf_digits,
    f_charge,
    // Usually not there.
    f_currency,
    f_branch,
    f_billed_ms,
    f_pdd_ms,
    f_source_ip,
    f_hangup_cause,
    f_rate,
    f_q850_cause,
    f_released_by,
    f_outcome,
    field_count,
};

constexpr std::array<std::string_view, field_count> field_names{
    "call_id",   "account_id",   "start_time",  "answer_time", "end_time",    "duration_ms", "sip_code",  "direction",
    "cli",       "destination",  "dtmf_digits", "charge",      "currency",    "branch",      "billed_ms", "pdd_ms",
    "source_ip", "hangup_cause", "rate",        "q850_cause",  "released_by", "outcome",
};

const std::array<std::string, field_count>& field_keys() {
    static const auto keys = [] {
        std::array<std::string, field_count> made;
        std::transform(field_names.begin(), field_names.end(), made.begin(), header_key);
        return made;
    }();
    return keys;
}

constexpr call_field_names names_in_faults{.talk = "duration_ms"};

constexpr std::int64_t max_digits = 1'000'000;
// Switches measure talk time by another clock than the one that stamps the end.
constexpr std::int64_t talk_tolerance_ms = 1000;

template <class Word>
struct word {
    std::string_view text;
    Word value;
};

constexpr std::array directions{
    word<call_direction>{"outbound", call_direction::outbound},
    word<call_direction>{"inbound", call_direction::inbound},
    word<call_direction>{"internal", call_direction::internal},
    word<call_direction>{"out", call_direction::outbound},
    word<call_direction>{"in", call_direction::inbound},
    word<call_direction>{"unknown", call_direction::unknown},
};
constexpr std::array parties{
    word<release_party>{"caller", release_party::caller},
    word<release_party>{"callee", release_party::callee},
    word<release_party>{"network", release_party::network},
    word<release_party>{"unknown", release_party::unknown},
};

template <class Word, std::size_t N>
bool find_word(const std::array<word<Word>, N>& words, std::string_view text, Word& to) {
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const auto& w) { return equal_ignoring_case(w.text, text); });
    if (found != words.end())
        to = found->value;
    return found != words.end();
}

bool parse_outcome(std::string_view text, call_outcome& to) {
    for (auto i = static_cast<int>(call_outcome::unknown); i <= static_cast<int>(call_outcome::redirected); ++i) {
        const auto o = static_cast<call_outcome>(i);
        if (equal_ignoring_case(to_string(o), text)) {
            to = o;
            return true;
        }
    }
    return false;
}

// ---- The fast path's pieces. Each takes what nearly all rows hold and says false to the rest, which is then read with
// ---- all care. What they take they take with the same result.

/// Offsets of the separators and of every byte that a plain row does not have: quotes, control characters, and what is
/// not ASCII.
std::size_t index_row_bytes(const char* bytes, std::size_t size, std::uint32_t* to) noexcept {
    std::uint32_t* out = to;
    std::size_t i = 0;
#if defined(__SSE2__)
    const auto comma = _mm_set1_epi8(',');
    const auto quote = _mm_set1_epi8('"');
    const auto space = _mm_set1_epi8(' ');
    const auto tilde = _mm_set1_epi8('~');
    const auto mask = [&](std::size_t at) {
        const auto v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
        // Signed: bytes from 0x80 are below the space too.
        const auto hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, comma), _mm_cmpeq_epi8(v, quote)),
                                      _mm_or_si128(_mm_cmplt_epi8(v, space), _mm_cmpgt_epi8(v, tilde)));
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(hit)));
    };
    for (; i + 64 <= size; i += 64) {
        auto hits = mask(i) | mask(i + 16) << 16 | mask(i + 32) << 32 | mask(i + 48) << 48;
        while (hits != 0) {
            *out++ = static_cast<std::uint32_t>(i) + static_cast<std::uint32_t>(__builtin_ctzll(hits));
            hits &= hits - 1;
        }
    }
#endif
    for (; i < size; ++i) {
        const auto c = static_cast<signed char>(bytes[i]);
        if (c == ',' || c == '"' || c < ' ' || c > '~')
            *out++ = static_cast<std::uint32_t>(i);
    }
    return static_cast<std::size_t>(out - to);
}

bool read_digits(const char* at, const char* end, int most, std::int64_t& value) noexcept {
    const auto size = end - at;
    if (size < 1 || size > most)
        return false;
    std::int64_t v = 0;
    for (; at != end; ++at) {
        const auto d = static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
        if (d > 9)
            return false;
        v = v * 10 + d;
    }
    value = v;
    return true;
}

/// `12`, `12.3456`: up to nine digits on both sides.
bool read_amount(const char* at, const char* end, std::int64_t& nanos) noexcept {
    constexpr std::array<std::int64_t, 10> power{1,       10,        100,        1'000,       10'000,
                                                 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
    const char* point = at;
    while (point != end && *point != '.')
        ++point;
    std::int64_t units = 0;
    if (!read_digits(at, point, 9, units))
        return false;
    std::int64_t fraction = 0;
    if (point != end) {
        if (!read_digits(point + 1, end, 9, fraction))
            return false;
        fraction *= power[static_cast<std::size_t>(9 - (end - point - 1))];
    }
    nanos = units * 1'000'000'000 + fraction;
    return true;
}

/// `2026-03-01T12:34:56.789Z`, remembering the day.
class fast_time {
public:
    bool read(const char* at, const char* end, std::int64_t& ms) noexcept {
        if (end - at != 24 || !plausible(at))
            return false;
        if (std::memcmp(at, day_.data(), day_.size()) != 0 && !read_day(at))
            return false;
        const auto digit = [at](int i) { return static_cast<std::int64_t>(at[i]); };
        constexpr std::int64_t zeros = std::int64_t{'0'} * (36'000'000 + 3'600'000 + 660'000 + 11'111);
        if (digit(11) * 10 + digit(12) > '0' * 11 + 23)
            return false;
        ms = day_ms_ - zeros + digit(11) * 36'000'000 + digit(12) * 3'600'000 + digit(14) * 600'000 +
             digit(15) * 60'000 + digit(17) * 10'000 + digit(18) * 1'000 + digit(20) * 100 + digit(21) * 10 + digit(22);
        return true;
    }

private:
    // Everything behind the month is of the right shape.
    static bool plausible(const char* at) noexcept {
        alignas(16) static constexpr char least[17] = "00T00:00:00.000Z";
        alignas(16) static constexpr unsigned char span[16] = {3, 9, 0, 2, 9, 0, 5, 9, 0, 5, 9, 0, 9, 9, 9, 0};
#if defined(__SSE2__)
        const auto v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 8));
        const auto above = _mm_sub_epi8(v, _mm_load_si128(reinterpret_cast<const __m128i*>(least)));
        const auto beyond = _mm_subs_epu8(above, _mm_load_si128(reinterpret_cast<const __m128i*>(span)));
        return _mm_movemask_epi8(_mm_cmpeq_epi8(beyond, _mm_setzero_si128())) == 0xFFFF;
#else
        for (int i = 0; i < 16; ++i) {
            if (static_cast<unsigned char>(at[8 + i] - least[i]) > span[i])
                return false;
        }
        return true;
#endif
    }

    bool read_day(const char* at) noexcept {
        parsed_time t;
        std::array<char, 17> text{};
        std::memcpy(text.data(), at, 10);
        std::memcpy(text.data() + 10, "T00:00Z", 7);
        if (parse_time({text.data(), text.size()}, t) != nullptr)
            return false;
        std::memcpy(day_.data(), at, day_.size());
        day_ms_ = t.ms;
        return true;
    }

    std::array<char, 10> day_{};
    std::int64_t day_ms_ = 0;
};

/// Of unanswered attempts, by SIP code up to 699.
const std::array<call_outcome, 700>& sip_outcomes() {
    static const auto table = [] {
        std::array<call_outcome, 700> made{};
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = unanswered_outcome(static_cast<std::int32_t>(i), -1, {});
        return made;
    }();
    return table;
}

// ---- The reader.

class lineside_reader final : public row_reader {
public:
    lineside_reader(reader_options options, sink& to) : row_reader(std::move(options), to, {.json_lines = true}) {}

private:
    using texts = std::array<std::string_view, field_count>;

    row_verdict on_row(const csv_row& row) override;
    std::size_t on_plain_rows(std::string_view bytes, std::uint64_t& line) override;

    void read_header(const csv_row& row);
    void on_json(const csv_row& row);
    void take(const texts& values, std::string_view account, std::string_view account_name, const csv_row& row);
    bool convert(const texts& values, std::uint64_t line, call_view& call, row_fault& why);
    bool take_plain(const char* base, std::uint32_t begin, const std::uint32_t* ends);

    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    static constexpr std::size_t most_window = std::size_t{16} << 10;
    static constexpr std::size_t least_window = 512;

    bool has_header_ = false;
    bool json_ = false;
    std::size_t columns_ = 0;
    std::array<std::size_t, field_count> column_; ///< of each field, or none
    std::size_t account_column_ = none;
    std::string account_name_;
    json_object object_;

    bool fast_ = false; ///< all the usual fields, and none behind charge
    std::size_t window_ = least_window;
    std::vector<std::uint32_t> index_;
    fast_time time_;
    call_view plain_;
};

void lineside_reader::read_header(const csv_row& row) {
    const csv_header header(row.fields);
    if (const auto twice = header.duplicate(); !twice.empty()) {
        refuse(row.line, "the header has two columns '" + std::string(twice) + "'");
    }
    for (std::size_t i = 0; i < field_count; ++i)
        column_[i] = header.find(field_names[i]).value_or(none);
    for (const auto needed : {f_call_id, f_start_time}) {
        if (column_[needed] == none) {
            refuse(row.line, "the header has no column '" + std::string(field_names[needed]) +
                                 "'; a file of the lineside format begins with a row that names its columns: " +
                                 "call_id,account_id,start_time,answer_time,end_time,duration_ms,sip_code,direction," +
                                 "cli,destination,dtmf_digits,charge");
        }
    }
    account_column_ = account_column(header.names(), field_names[f_account_id], row.line).value_or(none);
    if (account_column_ == none && !options().account) {
        refuse(row.line, "the header has no column 'account_id'; name the account (--account) or the field that has it "
                         "(--account-from)");
    }
    if (account_column_ != none)
        account_name_ = header.names()[account_column_];

    std::string ignored;
    for (std::size_t i = 0; i < header.names().size(); ++i) {
        if (i != account_column_ && std::find(column_.begin(), column_.end(), i) == column_.end()) {
            ignored += (ignored.empty() ? "" : ", ") + header.names()[i];
        }
    }
    if (!ignored.empty())
        note("columns ignored: " + ignored);

    columns_ = row.size();
    keep_header(row.text);
    has_header_ = true;
    const auto absent_column = [](std::size_t c) { return c == none; };
    // A currency for every charge makes each row a question to the caller: that is for the careful path.
    fast_ = options().currency.empty() && std::none_of(column_.begin(), column_.begin() + f_currency, absent_column) &&
            std::all_of(column_.begin() + f_currency, column_.end(), absent_column);
    if (fast_)
        index_.resize(most_window);
}

row_verdict lineside_reader::on_row(const csv_row& row) {
    if (!has_header_ && (json_ || (row.size() == 1 && row.text.starts_with('{')))) {
        json_ = true;
        on_json(row);
        return row_verdict::taken;
    }
    if (!has_header_) {
        read_header(row);
        return row_verdict::taken;
    }
    if (row.text == header())
        return row_verdict::taken; // of a file that was appended to another
    if (row.size() != columns_) {
        if (row.lines > 1)
            return row_verdict::resplit;
        count_row();
        reject(
            row.line,
            {0, {}, "has " + std::to_string(row.size()) + " fields where the header has " + std::to_string(columns_)},
            row.text);
        return row_verdict::taken;
    }
    texts values;
    for (std::size_t i = 0; i < field_count; ++i)
        values[i] = column_[i] == none ? std::string_view{} : row[column_[i]];
    take(values, account_column_ == none ? std::string_view{} : row[account_column_], account_name_, row);
    return row_verdict::taken;
}

void lineside_reader::on_json(const csv_row& row) {
    if (const auto bad = object_.parse(row.text)) {
        count_row();
        reject(row.line, {0, {}, std::string("the line ") + bad}, row.text);
        return;
    }
    texts values;
    std::string_view account;
    const auto account_name = account_field(field_names[f_account_id]);
    const auto account_key = header_key(account_name);
    bool has_account = false;
    std::vector<std::string> names;
    for (const auto& member : object_.members()) {
        const auto key = header_key(member.name);
        const auto& keys = field_keys();
        const auto known = std::find(keys.begin(), keys.end(), key);
        if (key == account_key) {
            account = member.value;
            has_account = true;
        }
        if (known != keys.end()) {
            values[static_cast<std::size_t>(known - keys.begin())] = member.value;
        } else if (key != account_key) {
            note("member ignored: " + std::string(member.name.substr(0, 64)));
        }
        if (rows() == 0)
            names.emplace_back(member.name);
    }
    // A name that the first object does not have is a mistake; later ones may leave members out.
    if (!has_account && rows() == 0)
        (void)account_column(names, field_names[f_account_id], row.line);
    take(values, account, account_name, row);
}

void lineside_reader::take(const texts& values, std::string_view account, std::string_view account_name,
                           const csv_row& row) {
    count_row();
    call_view call;
    row_fault why;
    const auto account_at = account_column_ == none ? 0 : static_cast<std::uint32_t>(account_column_ + 1);
    if (!resolve_account(account, account_at, account_name, call.account, why) ||
        !convert(values, row.line, call, why)) {
        if (!json_ && why.column == 0) {
            const auto known = std::find(field_names.begin(), field_names.end(), why.field);
            if (known != field_names.end()) {
                const auto at = column_[static_cast<std::size_t>(known - field_names.begin())];
                if (at != none)
                    why.column = static_cast<std::uint32_t>(at + 1);
            }
        }
        reject(row.line, std::move(why), row.text);
        return;
    }
    to().on_call(call, 1);
}

bool lineside_reader::convert(const texts& values, std::uint64_t line, call_view& call, row_fault& why) {
    const auto wrong = [&](field f, fault reason) {
        why.field = field_names[f];
        why.reason = reason;
        return false;
    };
    const auto time = [&](field f, std::int64_t& to_ms, bool first) {
        if (values[f].empty())
            return true;
        parsed_time t;
        if (const auto bad = parse_time(values[f], t))
            return wrong(f, bad);
        to_ms = first ? in_order(t, line) : not_before(t, call.start, line);
        return true;
    };
    const auto count = [&](field f, std::int64_t& to_value, std::int64_t max) {
        if (values[f].empty())
            return true;
        const auto bad = parse_count(values[f], to_value, max);
        return bad == nullptr || wrong(f, bad);
    };
    const auto amount = [&](field f, std::int64_t& to_nanos) {
        if (values[f].empty())
            return true;
        const auto bad = parse_nanos(values[f], to_nanos);
        return bad == nullptr || wrong(f, bad);
    };

    call.call_id = values[f_call_id];
    call.branch = values[f_branch];
    call.cli = values[f_cli];
    call.destination = values[f_destination];
    call.source_ip = values[f_source_ip];
    call.hangup_cause = values[f_hangup_cause];
    std::int64_t talk = absent;
    std::int64_t cause = -1;
    if (!time(f_start_time, call.start, true) || !time(f_answer_time, call.answer, false) ||
        !time(f_end_time, call.end, false) || !count(f_duration_ms, talk, max_length_ms) ||
        !count(f_dtmf_digits, call.dtmf_digits, max_digits) || !amount(f_charge, call.charge) ||
        !count(f_billed_ms, call.billed, max_length_ms) || !count(f_pdd_ms, call.pdd, max_length_ms) ||
        !amount(f_rate, call.rate) || !count(f_q850_cause, cause, 127)) {
        return false;
    }
    call.q850_cause = static_cast<std::int32_t>(cause);
    if (!values[f_sip_code].empty()) {
        if (const auto bad = parse_sip_code(values[f_sip_code], call.sip_code))
            return wrong(f_sip_code, bad);
    }
    if (!values[f_direction].empty() && !find_word(directions, values[f_direction], call.direction)) {
        return wrong(f_direction, "is none of inbound, outbound, internal");
    }
    if (!values[f_released_by].empty() && !find_word(parties, values[f_released_by], call.released_by)) {
        return wrong(f_released_by, "is none of caller, callee, network");
    }
    call.currency = values[f_currency].empty() ? std::string_view(options().currency) : values[f_currency];

    if (call.answer == absent) {
        if (talk != absent && talk != 0)
            return wrong(f_duration_ms, "is not 0 though the call has no answer_time");
        if (!values[f_outcome].empty()) {
            if (!parse_outcome(values[f_outcome], call.outcome))
                return wrong(f_outcome, "is no outcome");
            if (call.answered())
                return wrong(f_outcome, "is answered though the call has no answer_time");
        }
        if (call.outcome == call_outcome::unknown) {
            call.outcome = unanswered_outcome(call.sip_code, call.q850_cause, call.hangup_cause);
        }
        return check(call, names_in_faults, why);
    }
    call.outcome = call_outcome::answered;
    if (talk == absent)
        talk = call.end == absent ? 0 : std::max<std::int64_t>(call.end - call.answer, 0);
    call.talk = talk;
    if (!check(call, names_in_faults, why))
        return false;
    if (call.end != absent && talk > call.end - call.answer + talk_tolerance_ms) {
        return wrong(f_duration_ms, "is longer than from answer_time to end_time");
    }
    return true;
}

std::size_t lineside_reader::on_plain_rows(std::string_view bytes, std::uint64_t& line) {
    if (!fast_)
        return 0;
    std::size_t done = 0;
    for (;;) {
        const auto window = std::min(bytes.size() - done, window_);
        if (window < columns_)
            return done;
        const char* base = bytes.data() + done;
        const auto found = index_row_bytes(base, window, index_.data());
        std::uint32_t begin = 0;
        std::size_t at = 0;
        bool odd = false;
        while (at + columns_ <= found) {
            auto next = at + columns_;
            const auto end = index_[next - 1];
            if (base[end] == '\r') {
                if (next == found)
                    break; // its newline lies outside the window
                odd = index_[next] != end + 1 || base[end + 1] != '\n';
                ++next;
            } else {
                odd = base[end] != '\n';
            }
            odd = odd || !take_plain(base, begin, index_.data() + at);
            if (odd)
                break;
            ++line;
            at = next;
            begin = index_[at - 1] + 1;
        }
        done += begin;
        if (odd) {
            window_ = least_window;
            return done;
        }
        if (begin == 0 && (window < window_ || window_ == most_window))
            return done;
        window_ = std::min(window_ * 2, most_window);
    }
}

// One row from `begin`; `ends` are where its fields end.
bool lineside_reader::take_plain(const char* base, std::uint32_t begin, const std::uint32_t* ends) {
    const auto last = columns_ - 1;
    bool shaped = true;
    for (std::size_t i = 0; i < last; ++i)
        shaped &= base[ends[i]] == ',';
    if (!shaped)
        return false;

    const auto first_of = [&](std::size_t column) { return base + (column == 0 ? begin : ends[column - 1] + 1); };
    const auto end_of = [&](std::size_t column) { return base + ends[column]; };
    const auto text_of = [&](std::size_t column) {
        const char* first = first_of(column);
        return std::string_view(first, static_cast<std::size_t>(end_of(column) - first));
    };
    const auto time = [&](field f, std::int64_t& ms) {
        const auto c = column_[f];
        return time_.read(first_of(c), end_of(c), ms);
    };
    const auto is_empty = [&](field f) { return first_of(column_[f]) == end_of(column_[f]); };

    auto& call = plain_;
    call.call_id = text_of(column_[f_call_id]);
    if (call.call_id.empty() || call.call_id.size() > max_call_id)
        return false;
    if (account_column_ == none) {
        call.account = *options().account;
    } else {
        call.account = text_of(account_column_);
    }
    // Spaces around it are for the careful path to take away.
    if (call.account.empty() || call.account.size() > max_account || call.account.front() == ' ' ||
        call.account.back() == ' ') {
        return false;
    }
    call.cli = text_of(column_[f_cli]);
    call.destination = text_of(column_[f_destination]);
    if (call.cli.size() > max_text || call.destination.size() > max_text)
        return false;

    if (!time(f_start_time, call.start))
        return false;
    call.end = absent;
    if (!is_empty(f_end_time) &&
        (!time(f_end_time, call.end) || call.end < call.start || call.end - call.start > max_length_ms)) {
        return false;
    }

    std::int64_t code = -1;
    if (!is_empty(f_sip_code)) {
        const auto c = column_[f_sip_code];
        if (!read_digits(first_of(c), end_of(c), 3, code) || code < 100 || code > 699)
            return false;
    }
    call.sip_code = static_cast<std::int32_t>(code);

    std::int64_t talk = absent;
    if (!is_empty(f_duration_ms)) {
        const auto c = column_[f_duration_ms];
        if (!read_digits(first_of(c), end_of(c), 10, talk))
            return false;
    }
    if (is_empty(f_answer_time)) {
        if (talk > 0)
            return false;
        call.answer = absent;
        call.talk = 0;
        call.outcome = code < 0 ? call_outcome::unknown : sip_outcomes()[static_cast<std::size_t>(code)];
    } else {
        if (call.end == absent || talk == absent || !time(f_answer_time, call.answer) || call.answer < call.start ||
            call.answer > call.end || talk > call.end - call.answer + talk_tolerance_ms) {
            return false;
        }
        call.talk = talk;
        call.outcome = call_outcome::answered;
    }

    const auto direction = text_of(column_[f_direction]);
    if (direction == "outbound") {
        call.direction = call_direction::outbound;
    } else if (direction == "inbound") {
        call.direction = call_direction::inbound;
    } else if (direction == "internal") {
        call.direction = call_direction::internal;
    } else {
        return false;
    }
    call.dtmf_digits = absent;
    if (!is_empty(f_dtmf_digits)) {
        const auto c = column_[f_dtmf_digits];
        if (!read_digits(first_of(c), end_of(c), 6, call.dtmf_digits))
            return false;
    }
    call.charge = absent;
    if (!is_empty(f_charge)) {
        const auto c = column_[f_charge];
        if (!read_amount(first_of(c), end_of(c), call.charge))
            return false;
    }
    count_row();
    to().on_call(call, 1);
    return true;
}

} // namespace

std::unique_ptr<reader> make_lineside_reader(reader_options options, sink& to) {
    return std::make_unique<lineside_reader>(std::move(options), to);
}

} // namespace lineside::cdr
