#include "portal/engine/identity/verification.hpp"

#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/outgoing.hpp"
#include "portal/engine/records.hpp"
#include "portal/engine/texts.hpp"
#include "rules/one_time_code.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// Codes that prove that an address is a contact's.
namespace lineside {

namespace {

constexpr std::size_t salt_bytes = 16;

std::string id_of(const contact_record& c, contact_address a) { return c.id + '/' + std::string(to_string(a)); }

/// Which address a code is about: the wanted e-mail address before the present one.
const std::string& address_of(const contact_record& c, contact_address a) {
    if (a == contact_address::mobile)
        return c.mobile;
    return c.pending_email.empty() ? c.email : c.pending_email;
}

bool is_verified(const contact_record& c, contact_address a) {
    if (a == contact_address::mobile)
        return c.mobile_verified_at.has_value();
    return c.pending_email.empty() && c.email_verified_at.has_value();
}

// A million codes are tried in no time whatever the digest: it only keeps the code out of sight for its ten minutes.
std::string digest_of_code(const verification_record& v, std::string_view code) {
    return to_hex(digest_of(v.salt + '/' + v.to + '/' + std::string(code)));
}

bool is_good(const verification_record& v, std::string_view code) {
    const auto given = digest_of_code(v, code);
    bool good = false;
    for (const auto& d : v.digests)
        good |= secret(std::string_view(d)) == secret(std::string_view(given));
    return good;
}

void add_code(verification_record& v, const std::string& to, std::string_view code, instant now) {
    if (v.to != to || !rules::keeps_code_before(v.state, now)) {
        v.to = to;
        v.salt = to_hex(random_bytes(salt_bytes));
        v.digests.clear();
        v.state.undelivered = false;
    }
    v.digests.push_back(digest_of_code(v, code));
    v.state = rules::after_sending(std::move(v.state), now);
}

/// Enough to know it by, too little to learn it from: "a***@example.org", "+49***4567".
std::string in_part(const std::string& address, contact_address a) {
    if (a == contact_address::mobile)
        return address.substr(0, 3) + "***" + (address.size() > 9 ? address.substr(address.size() - 3) : "");
    std::size_t first = 1; // at most the @
    while ((static_cast<unsigned char>(address[first]) & 0xc0U) == 0x80U)
        ++first; // the whole of a character
    return address.substr(0, first) + "***" + address.substr(address.find('@'));
}

std::string waiting_time(duration d) {
    const auto s = std::chrono::ceil<std::chrono::seconds>(d).count();
    constexpr std::int64_t long_wait = 120;
    return s <= long_wait ? std::to_string(s) + " s" : std::to_string((s + 59) / 60) + " minutes";
}

void send_code(const delivery_hooks& hooks, const known_contact& known, const verification_request& request,
               std::string_view code) {
    const auto language = language_of(known);
    const auto minutes = std::to_string(std::chrono::duration_cast<std::chrono::minutes>(rules::code_lifetime).count());
    const auto& to = address_of(known.contact, request.address);
    const auto& account = known.account.value.id;
    if (request.address == contact_address::mobile)
        return send(
            hooks, text_message{to, write(text::verification_message, language, {{"code", code}, {"minutes", minutes}}),
                                account});
    send(hooks, mail{to, write(text::verification_subject, language),
                     write(text::verification_mail, language,
                           {{"name", known.contact.name}, {"code", code}, {"minutes", minutes}}),
                     account});
}

/// What became of a code, beside what rules say of it.
enum class verdict : std::uint8_t { accepted, refused, too_many_tries, expired, taken };

verdict verdict_of(rules::code_verdict v) {
    switch (v) {
    case rules::code_verdict::accepted: return verdict::accepted;
    case rules::code_verdict::wrong: return verdict::refused;
    case rules::code_verdict::too_many_tries: return verdict::too_many_tries;
    case rules::code_verdict::expired: break;
    }
    return verdict::expired;
}

[[noreturn]] void refuse(verdict v) {
    switch (v) {
    case verdict::taken:
        throw error(errc::conflict, "this e-mail address has become somebody else's login in the meantime", "email");
    case verdict::too_many_tries:
        throw error(errc::invalid_argument, "the code is wrong, and so were those before: have a new one sent", "code");
    case verdict::expired:
        throw error(errc::invalid_argument, "the code is too old, used or for another address: have a new one sent",
                    "code");
    default: throw error(errc::invalid_argument, "the code is wrong", "code");
    }
}

/// Judges a code and counts the try.
verdict try_at(store::transaction& tx, std::uint32_t account, const contact_record& c, contact_address a,
               std::string_view code, instant now) {
    auto v = find<verification_record>(tx, account, id_of(c, a));
    if (!v || v->to != address_of(c, a))
        return verdict::expired;
    const auto r = verdict_of(rules::try_code(v->state, is_good(*v, code), now));
    put(tx, account, *v);
    return r;
}

/// False: the wanted address is somebody else's by now, and no longer wanted.
bool take_address(store::transaction& tx, std::uint32_t account, contact_record& c, contact_address a, instant now) {
    if (a == contact_address::mobile) {
        c.mobile_verified_at = now;
        return true;
    }
    if (c.pending_email.empty()) {
        c.email_verified_at = now;
        return true;
    }
    const auto wanted = std::exchange(c.pending_email, {});
    if (!claim_login(tx, account, c.id, wanted))
        return false;
    tx.release_name(login_space, login_name(c.email));
    c.email = wanted;
    c.email_verified_at = now;
    return true;
}

// To where the contact signed in until now: should it be somebody else's doing, this is how they learn of it. The
// change stands, whether or not it arrives.
void tell_of_new_login(const delivery_hooks& hooks, const known_contact& known, const std::string& before) {
    const auto language = language_of(known);
    try {
        send(hooks, mail{before, write(text::email_changed_subject, language),
                         write(text::email_changed_mail, language,
                               {{"name", known.contact.name}, {"address", known.contact.email}}),
                         known.account.value.id});
    } catch (const error&) {
        return;
    }
}

} // namespace

kept_answer<verification_sent> desk::send_verification(verification_request request) {
    const secret code(rules::make_code(random_bytes(sizeof(std::uint64_t))));
    std::optional<kept_answer<verification_sent>> sent;
    const auto known = change([&](store::transaction& tx) {
        auto k = contact_asked_about(tx, who_, request.account, request.contact);
        const auto& to = address_of(k.contact, request.address);
        if (to.empty())
            throw error(errc::invalid_argument, "there is no mobile number to verify", "address");
        if (is_verified(k.contact, request.address))
            throw error(errc::conflict, "it is verified already", "address");
        auto v = find<verification_record>(tx, k.account.key, id_of(k.contact, request.address))
                     .value_or(verification_record{});
        v.id = id_of(k.contact, request.address);
        if (const auto next = rules::next_sending(v.state, now_); next > now_)
            throw error(errc::exhausted, "the next code can be sent in " + waiting_time(next - now_), "address");
        add_code(v, to, code.reveal(), now_);
        put(tx, k.account.key, v);
        note(
            tx, k.account.key,
            {.action = "send_verification", .target = k.contact.id, .detail = std::string(to_string(request.address))});
        sent.emplace(keep(tx, verification_sent{in_part(to, request.address), now_ + rules::code_lifetime}));
        return k;
    });
    try {
        send_code(core_.options.delivery, known, request, code.reveal());
    } catch (const error&) {
        change([&](store::transaction& tx) {
            auto v = find<verification_record>(tx, known.account.key, id_of(known.contact, request.address)).value();
            if (v.state.issued_at == now_) {
                v.state.undelivered = true;
                put(tx, known.account.key, v);
            }
            call_.forget(tx);
        });
        throw;
    }
    return std::move(sent).value();
}

kept_answer<contact> desk::verify_contact(verification_answer request) {
    // The operator knows its customers: its word is as good as a code.
    const bool vouched = who_.is_operator() && request.code.empty();
    const auto code = rules::tidy_code(request.code.reveal());
    if (!code && !vouched)
        throw error(errc::invalid_argument, "a code has six digits", "code");
    std::optional<kept_answer<contact>> answer;
    known_contact known;
    std::string email_before;
    // A wrong code is counted, so the transaction is committed before the refusal is thrown.
    const auto result = change([&](store::transaction& tx) {
        known = contact_asked_about(tx, who_, request.account, request.contact);
        auto& c = known.contact;
        const auto key = known.account.key;
        email_before = c.email;
        if (address_of(c, request.address).empty())
            throw error(errc::invalid_argument, "there is no mobile number to verify", "address");
        auto r = vouched ? verdict::accepted : try_at(tx, key, c, request.address, *code, now_);
        if (r == verdict::accepted) {
            if (!take_address(tx, key, c, request.address, now_))
                r = verdict::taken;
            put(tx, key, c);
        }
        note(tx, key,
             {.action = "verify_contact",
              .target = c.id,
              .detail = std::string(to_string(request.address)) + (vouched ? ", vouched for" : ""),
              .outcome = r == verdict::accepted ? access_outcome::done : access_outcome::refused});
        if (r == verdict::accepted)
            answer.emplace(keep(tx, shown(tx, known.account, c)));
        return r;
    });
    if (result != verdict::accepted)
        refuse(result);
    if (email_before != known.contact.email)
        tell_of_new_login(core_.options.delivery, known, email_before);
    return std::move(answer).value();
}

} // namespace lineside
