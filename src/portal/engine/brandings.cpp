#include "portal/engine/desk.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/layouts.hpp"
#include "portal/engine/records.hpp"
#include "portal/engine/texts.hpp"
#include "rules/bcp47.hpp"
#include "rules/contrast.hpp"
#include "rules/email.hpp"

#include <algorithm>
#include <utility>

// How the portal looks under each of its domains.
namespace lineside {

namespace {

constexpr std::uint32_t the_operators = 0; // documents
constexpr std::size_t longest_domain = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_url = 2'048;
constexpr std::size_t most_languages = 50;
constexpr std::string_view default_text = "#1f2933";
constexpr std::string_view default_background = "#ffffff";
constexpr std::string_view default_accent = "#1d4ed8";

[[noreturn]] void refuse(std::string why, const char* field) {
    throw error(errc::invalid_argument, std::move(why), field);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// A host's name, RFC 1123; names of other scripts stand in their ASCII form, `xn--...`.
bool is_domain(std::string_view name) {
    if (name.empty() || name.size() > longest_domain)
        return false;
    for (;;) {
        const auto dot = name.find('.');
        if (!is_label(name.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        name.remove_prefix(dot + 1);
    }
}

void check_logo(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    const auto is_plain = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7f && std::string_view("\"'<>\\^`{|}").find(c) == std::string_view::npos;
    };
    if (url.empty())
        return;
    const auto rest = url.substr(std::min(url.size(), scheme.size()));
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    if (!url.starts_with(scheme) || host.empty() || host.find('@') != std::string_view::npos ||
        url.size() > longest_url || !std::all_of(url.begin(), url.end(), is_plain))
        refuse("a logo's address is a URL that begins with https:// and has at most 2048 characters", "logo_url");
}

rules::colour colour_of(std::string& text, std::string_view otherwise, const char* field) {
    if (text.empty())
        text = otherwise;
    const auto c = rules::parse_colour(text);
    if (!c)
        refuse("a colour is written #rrggbb", field);
    text = lower(std::move(text));
    return *c;
}

void check_colours(branding& b) {
    const auto text = colour_of(b.text_colour, default_text, "text_colour");
    const auto background = colour_of(b.background_colour, default_background, "background_colour");
    (void)colour_of(b.accent_colour, default_accent, "accent_colour");
    const auto ratio = rules::contrast(text, background);
    if (ratio < rules::readable_contrast)
        refuse("the contrast of " + b.text_colour + " on " + b.background_colour + " is " +
                   rules::shown_contrast(ratio) + "; text needs at least 4.50:1 to be read",
               "text_colour");
}

void check_languages(branding& b) {
    if (b.languages.empty())
        b.languages.assign(text_languages().begin(), text_languages().end());
    if (b.languages.size() > most_languages)
        refuse("a portal offers at most 50 languages", "languages");
    for (auto l = b.languages.begin(); l != b.languages.end(); ++l) {
        auto tag = rules::parse_language(*l);
        if (!tag)
            refuse(tag.error().details.message, "languages");
        *l = *std::move(tag);
        if (std::find(b.languages.begin(), l, *l) != l)
            refuse("the language " + *l + " is offered twice", "languages");
    }
}

void check(branding& b) {
    b.domain = lower(std::move(b.domain));
    if (!is_domain(b.domain))
        refuse("a domain is a host's name such as portal.example.com, without port", "domain");
    if (b.name.empty())
        refuse("a portal has a name", "name");
    b.name = checked_text(std::move(b.name), "name");
    check_logo(b.logo_url);
    check_colours(b);
    check_languages(b);
    b.support_name = checked_text(std::move(b.support_name), "support_name");
    if (const auto* bad = rules::email_fault(b.support_email); bad != nullptr && !b.support_email.empty())
        refuse("the e-mail address " + std::string(bad), "support_email");
    b.support_email = checked_text(std::move(b.support_email), "support_email");
    b.support_phone = checked_phone(b.support_phone, "support_phone");
}

branding default_branding(std::string domain) {
    branding b;
    if (is_domain(domain))
        b.domain = std::move(domain);
    b.name = "Lineside";
    b.text_colour = default_text;
    b.background_colour = default_background;
    b.accent_colour = default_accent;
    check_languages(b);
    return b;
}

branding branding_of(store::snapshot& db, std::string domain) {
    auto kept = find<branding_record>(db, the_operators, domain);
    return kept ? std::move(kept->look) : default_branding(std::move(domain));
}

} // namespace

branding desk::set_branding(branding request) {
    check(request);
    return change([&](store::transaction& tx) {
        check_unchanged([&] { return branding_of(tx, request.domain); });
        put(tx, the_operators, branding_record{request.domain, request});
        note(tx, the_operators, {.action = "set_branding", .target = request.domain});
        return request;
    });
}

branding desk::get_branding(branding_key request) {
    return branding_of(*core_.db->read(), lower(std::move(request.domain)));
}

page<branding> desk::list_brandings(branding_query request) {
    if (request.limit < 1 || request.limit > 1'000)
        throw error(errc::invalid_argument, "a page has 1 to 1000 brandings", "limit");
    const auto db = core_.db->read();
    page<branding> answer;
    each<branding_record>(*db, the_operators, {request.cursor, {}}, store::scan_order::ascending,
                          [&](branding_record r) {
                              answer.items.push_back(std::move(r.look));
                              return answer.items.size() <= request.limit;
                          });
    if (answer.items.size() > request.limit) {
        answer.items.pop_back();
        answer.next = answer.items.back().domain;
    }
    return answer;
}

} // namespace lineside
