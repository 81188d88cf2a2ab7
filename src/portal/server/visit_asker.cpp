#include "portal/server/visit.hpp"
#include "rules/ip_range.hpp"
#include "rules/throttle.hpp"

#include <algorithm>
#include <utility>

// Who asks: what a request says of it, and whom of that one may believe.
namespace lineside {

void visit::find_out_who() {
    const auto& fields = x_.request().fields;
    who_.address = x_.peer_address();
    who_.user_agent = fields["User-Agent"];
    if (core_.trusts(who_.address)) {
        who_.on_sources = visitor::word::trusted;
        // The nearest address that is no proxy of ours: those before it are its own word, and so are those before what
        // is no address.
        std::string nearest;
        for (const auto& [name, value] : fields)
            if (net::equal_without_case(name, "X-Forwarded-For"))
                net::for_each_item(value, ',', [&](std::string_view part) {
                    if (!rules::parse_ip(part))
                        nearest.clear();
                    else if (!core_.trusts(part))
                        nearest = part;
                });
        // Then it is not the proxy that asks, and what the request says of its source is the client's own word.
        if (!nearest.empty()) {
            who_.address = std::move(nearest);
            who_.on_sources = visitor::word::checked;
        }
        if (net::equal_without_case(fields["X-Forwarded-Proto"], "https"))
            secure_ = true;
        if (const auto agent = fields.find("X-Forwarded-User-Agent"))
            who_.user_agent = *agent;
    }
    if (net::equal_without_case(fields["Lineside-Session"], "cookie"))
        who_.session = visitor::token_in::cookie;

    if (const auto origin = fields.find("Origin")) {
        const auto& allowed = core_.options.allowed_origins;
        if (std::find(allowed.begin(), allowed.end(), *origin) != allowed.end())
            allowed_origin_ = *origin;
    }

    secret token;
    if (const auto shown_text = fields.find("Authorization")) {
        constexpr std::string_view scheme = "Bearer ";
        if (fields.count("Authorization") != 1 || shown_text->size() <= scheme.size() ||
            !net::equal_without_case(shown_text->substr(0, scheme.size()), scheme))
            credential_ = shown::malformed;
        else {
            token = secret(net::without_blanks(shown_text->substr(scheme.size())));
            credential_ = shown::token;
        }
    } else {
        for (const auto& [name, value] : fields)
            if (net::equal_without_case(name, "Cookie"))
                net::for_each_item(value, ';', [&](std::string_view part) {
                    if (part.starts_with(session_cookie)) {
                        token = secret(part.substr(session_cookie.size()));
                        credential_ = shown::cookie;
                    }
                });
    }
    asker_ = asker_of(token.reveal(), rules::source_of(who_.address));
    const auto& operators = core_.options.operator_token;
    if (credential_ == shown::token && !operators.empty() && token == operators)
        credential_ = shown::operators;
    else
        bound_ = core_.lineside.as({std::move(token), who_.address, who_.user_agent});
}

void visit::check_rate() {
    rate_ = core_.limiter.take(asker_);
    if (rate_->allowed)
        return;
    core_.figures.count_throttled();
    refuse(errc::exhausted, 429, "too many requests; wait as long as Retry-After says");
}

// A page of another site can make a browser send its cookie along.
void visit::check_origin() const {
    const auto& fields = x_.request().fields;
    bool same = false;
    if (const auto site = fields.find("Sec-Fetch-Site")) {
        same = *site == "same-origin";
    } else if (const auto origin = fields.find("Origin")) {
        const auto scheme = std::string_view(secure_ ? "https://" : "http://");
        same = origin->starts_with(scheme) && net::equal_without_case(origin->substr(scheme.size()), fields["Host"]);
    }
    if (!same)
        refuse(errc::permission_denied, 403, "a request with a cookie has to come from a page of this site");
}

// Before much is read from them.
asio::awaitable<void> visit::check_credential() {
    const auto& r = wire::route_of<operation::who_am_i>();
    auto what = read_operation(r, {}, {}, {}, who_);
    (void)co_await ask(*what, options_for(r));
}

// A session may have ended others than itself.
asio::awaitable<bool> visit::is_signed_in() {
    try {
        co_await check_credential();
    } catch (const error& e) {
        if (e.code() == errc::unauthenticated)
            co_return false;
    }
    co_return true;
}

} // namespace lineside
