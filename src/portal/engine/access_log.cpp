#include "portal/engine/access_log.hpp"

#include "portal/engine/records.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace lineside {

namespace {

constexpr std::string_view stream = "access";
constexpr std::string_view head_kind = "access_head";
constexpr std::string_view head_id = "1";
constexpr std::size_t hash_digits = 64;
constexpr std::string_view end_of_text = "\"}"; // behind the hash, which comes last
constexpr std::uint64_t entries_a_check = 1'024;

// ---- texts

constexpr char digits[] = "0123456789abcdef";

void append_byte_escape(std::string& to, unsigned char byte) {
    to += "\\x";
    to += digits[byte >> 4U];
    to += digits[byte & 15U];
}

// Where a text of at most `longest` bytes ends between two characters.
std::string_view cut(std::string_view text, std::size_t longest) {
    if (text.size() <= longest)
        return text;
    while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xc0U) == 0x80U)
        --longest;
    return text.substr(0, longest);
}

// A log is read line by line: what could break out of its line, or steer a terminal, is spelt out.
std::string one_line(std::string_view text) {
    constexpr std::size_t longest = 512;
    text = cut(text, longest);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto rest = text.substr(i);
        if (byte < 0x20 || byte == 0x7f) {
            append_byte_escape(out, byte);
        } else if (rest.size() > 1 && byte == 0xc2 && static_cast<unsigned char>(rest[1]) < 0xa0) {
            append_byte_escape(out, static_cast<unsigned char>(rest[1])); // U+0080 to U+009F
            ++i;
        } else if (rest.starts_with("\u2028") || rest.starts_with("\u2029")) {
            out += rest.starts_with("\u2028") ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// ---- the chain

// Of an entry's text without its hash, after the hash before it.
std::string link(std::string_view before, std::string_view bare) {
    std::string text;
    text.reserve(before.size() + 1 + bare.size());
    text += before;
    text += '\n';
    text += bare;
    return to_hex(digest_of(text));
}

struct log_head {
    std::uint64_t number = 0;
    std::string hash{};
};

std::optional<log_head> head_of(store::snapshot& db, std::uint32_t account) {
    const auto body = db.find_record(account, head_kind, head_id);
    if (!body)
        return std::nullopt;
    log_head head;
    const char* const end = body->data() + body->size();
    const auto number = std::from_chars(body->data(), end, head.number);
    if (number.ec == std::errc{} && number.ptr != end)
        head.hash.assign(number.ptr + 1, end);
    return head;
}

void put_head(store::transaction& tx, std::uint32_t account, const log_head& head) {
    tx.put_record(account, head_kind, head_id, std::to_string(head.number) + ' ' + head.hash);
}

// An entry's text in two: without its hash, and the hash. Nothing where it is none of ours.
struct split_entry {
    std::string bare;
    std::string_view hash;
};
std::optional<split_entry> split(std::string_view body) {
    if (body.size() < hash_digits + end_of_text.size() || !body.ends_with(end_of_text))
        return std::nullopt;
    const auto at = body.size() - end_of_text.size() - hash_digits;
    split_entry s{std::string(body.substr(0, at)), body.substr(at, hash_digits)};
    if (!s.bare.ends_with("\"hash\":\""))
        return std::nullopt;
    s.bare += end_of_text;
    return s;
}

// How the text of an entry begins, as far as its place is concerned.
bool stands_in(std::string_view bare, std::uint64_t number, std::string_view account_json) {
    const auto begin = "{\"number\":" + std::to_string(number) + ",\"at\":";
    if (!bare.starts_with(begin))
        return false;
    constexpr std::string_view member = ",\"account\":";
    const auto at = bare.find(member);
    return at != std::string_view::npos && bare.substr(at + member.size()).starts_with(account_json);
}

// The verdict's side of a walk along the chain.
class chain_check {
public:
    explicit chain_check(const account_id& account) {
        access_entry e;
        e.account = account;
        std::string json;
        wire::append_json(json, e);
        const auto begin = json.find(",\"account\":") + 11;
        account_json_ = json.substr(begin, json.find(",\"who\":") + 1 - begin);
    }

    void see(std::uint64_t number, std::string_view body) {
        ++verdict_.entries;
        if (verdict_.intact)
            judge(number, body);
        last_ = number;
        // The head is what the newest entry says it is, so that it can be kept even of a damaged log.
        const auto s = split(body);
        verdict_.head = s ? std::string(s->hash) : std::string();
    }

    access_log_verdict finish(const std::optional<log_head>& head) {
        if (!verdict_.intact)
            return std::move(verdict_);
        if (!head) {
            if (last_ > 0)
                break_at(last_, "the record of the newest entry is missing");
        } else if (head->number > last_) {
            break_at(last_ + 1, "the log ends at entry " + std::to_string(last_) + ", but " +
                                    std::to_string(head->number) + " were written");
        } else if (head->number < last_) {
            break_at(head->number + 1, "the entry was added by somebody else: the newest one written has number " +
                                           std::to_string(head->number));
        } else if (head->hash != verdict_.head) {
            break_at(last_, "the entry is not the one that was written last");
        }
        return std::move(verdict_);
    }

private:
    void judge(std::uint64_t number, std::string_view body) {
        if (number != last_ + 1) {
            break_at(last_ + 1, "the entry is missing");
            return;
        }
        const auto s = split(body);
        if (!s)
            break_at(number, "the entry is none");
        else if (!stands_in(s->bare, number, account_json_))
            break_at(number, "the entry belongs to another place");
        else if (link(before_, s->bare) != s->hash)
            break_at(number, "the entry was changed, or the one before it is another one than was written");
        else
            before_ = s->hash;
    }
    void break_at(std::uint64_t number, std::string reason) {
        verdict_.intact = false;
        verdict_.first_broken = number;
        verdict_.reason = std::move(reason);
    }

    access_log_verdict verdict_;
    std::string account_json_;
    std::string before_;
    std::uint64_t last_ = 0;
};

// ---- reading

access_entry damaged(std::uint64_t number) {
    access_entry e;
    e.number = number;
    e.detail = "this entry was damaged and cannot be read";
    return e;
}

access_entry read_entry(std::uint64_t number, std::string_view body) {
    try {
        auto e = wire::parse_json<access_entry>(body, wire::missing_member::defaulted);
        e.number = number; // where it stands, whatever it says
        return e;
    } catch (const error&) {
        return damaged(number);
    }
}

// Without reading the rest. Unset where the text is damaged.
std::optional<instant> time_in(std::string_view body) {
    constexpr std::string_view member = "\"at\":\"";
    const auto at = body.find(member);
    if (at == std::string_view::npos)
        return std::nullopt;
    const auto text = body.substr(at + member.size());
    const auto t = parse_instant(text.substr(0, text.find('"')));
    return t ? std::optional(*t) : std::nullopt;
}

} // namespace

void log_access(store::transaction& tx, std::uint32_t account, const principal& who, instant now, access_note what) {
    // A log whose head was taken away goes on, with a link that leads nowhere: that is what its reader is to see.
    auto head = head_of(tx, account).value_or(log_head());
    access_entry e;
    e.number = tx.last_entry(account, stream) + 1;
    e.at = now;
    if (account != 0)
        e.account = tx.account_by_key(account).value.id;
    e.who = who.label();
    e.source_ip = one_line(who.source_ip);
    e.user_agent = one_line(who.user_agent);
    e.action = what.action;
    e.target = one_line(what.target);
    e.outcome = what.outcome;
    e.detail = one_line(what.detail);
    std::string body;
    wire::append_json(body, e);
    head = {e.number, link(head.hash, body)};
    body.insert(body.size() - end_of_text.size(), head.hash);
    tx.append_entry(account, stream, body);
    put_head(tx, account, head);
}

void each_access_entry(store::snapshot& db, std::uint32_t account, time_range range, std::uint64_t before,
                       const stopper& stop, const std::function<bool(access_entry)>& visit) {
    const bool everything = range == time_range{};
    const auto last = before == 0 ? std::numeric_limits<std::uint64_t>::max() : before - 1;
    std::uint64_t seen = 0;
    // Clocks are set back now and then, so that entries out of the range do not end it.
    db.scan_entries(account, stream, 1, last, store::scan_order::descending,
                    [&](std::uint64_t number, std::string_view body) {
                        if (++seen % entries_a_check == 0)
                            stop.check();
                        if (!everything)
                            if (const auto at = time_in(body); at && !range.contains(*at))
                                return true;
                        return visit(read_entry(number, body));
                    });
}

access_log_verdict check_chain(store::snapshot& db, std::uint32_t account, const account_id& id, const stopper& stop) {
    chain_check check(id);
    std::uint64_t seen = 0;
    db.scan_entries(account, stream, 0, std::numeric_limits<std::uint64_t>::max(), store::scan_order::ascending,
                    [&](std::uint64_t number, std::string_view body) {
                        if (++seen % entries_a_check == 0)
                            stop.check();
                        check.see(number, body);
                        return true;
                    });
    return check.finish(head_of(db, account));
}

} // namespace lineside
