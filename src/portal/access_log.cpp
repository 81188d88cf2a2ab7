#include "portal/access_log.hpp"

#include "portal/records.hpp"

#include <openssl/sha.h>

#include <utility>

namespace lineside {

namespace {

constexpr std::string_view stream = "access";

// A log is read line by line: what could break out of its line is spelt out.
std::string one_line(std::string_view text) {
    constexpr std::size_t longest = 512;
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            out += c;
        } else {
            out += "\\x";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

} // namespace

std::string hash_of(const access_entry& e, std::string_view before) {
    auto bare = e;
    bare.hash.clear();
    std::string text(before);
    text += '\n';
    wire::append_json(text, bare);
    unsigned char digest[SHA256_DIGEST_LENGTH];
    ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

void log_access(store::transaction& tx, std::uint32_t account, const principal& who, instant now, access_note what) {
    std::string before;
    const auto last = tx.last_entry(account, stream);
    tx.scan_entries(account, stream, last, last, store::scan_order::ascending,
                    [&](std::uint64_t, std::string_view body) {
                        before = wire::parse_json<access_entry>(body, wire::missing_member::defaulted).hash;
                        return false;
                    });
    access_entry e;
    e.number = last + 1;
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
    e.hash = hash_of(e, before);
    std::string body;
    wire::append_json(body, e);
    tx.append_entry(account, stream, body);
}

} // namespace lineside
