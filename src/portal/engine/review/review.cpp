#include "rules/review.hpp"

#include "portal/engine/alerts/alert_records.hpp"
#include "portal/engine/desk.hpp"
#include "portal/engine/identity/api_keys.hpp"
#include "portal/engine/identity/contacts.hpp"
#include "portal/engine/identity/proof.hpp"
#include "portal/engine/records.hpp"
#include "portal/engine/review/review_page.hpp"
#include "portal/engine/review/review_texts.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

// The week of an account: nothing of it is kept, all of it is asked for.
namespace lineside {

namespace {

constexpr auto a_day = std::chrono::hours(24);
constexpr auto a_week = 7 * a_day;
constexpr auto habit_time = 90 * a_day; // of sign-ins before the week that it is compared with
constexpr std::size_t most_entries = 100;
constexpr std::uint64_t entries_a_check = 1'024;

constexpr std::string_view changing[] = {
    operation::update_account::name,       operation::create_contact::name, operation::update_contact::name,
    operation::update_profile::name,       operation::verify_contact::name, operation::set_password::name,
    operation::change_password::name,      operation::reset_password::name, operation::confirm_two_factor::name,
    operation::disable_two_factor::name,   operation::create_key::name,     operation::rotate_key::name,
    operation::renew_recovery_codes::name, operation::revoke_key::name,
};

bool changes_people(std::string_view action) {
    return std::find(std::begin(changing), std::end(changing), action) != std::end(changing);
}

time_range week_of(const review_query& q, instant now) {
    const auto end = q.at.value_or(now);
    if (end > now)
        throw error(errc::invalid_argument, "the week that ends at " + to_string(end) + " is not over yet", "at");
    if (end < instant() + 2 * a_week)
        throw error(errc::invalid_argument, "reviews begin with the year 1970", "at");
    return {end - a_week, end};
}

// ---- what the access log says

struct logged_week {
    std::vector<rules::sign_in_fact> before;
    std::vector<rules::sign_in_fact> week;
    std::uint64_t sign_ins = 0;
    std::uint64_t failed = 0;
    std::vector<access_entry> changes; ///< newest first
};

std::optional<rules::sign_in_fact> sign_in_of(const access_entry& e) {
    if (e.action != operation::sign_in::name)
        return std::nullopt;
    rules::sign_in_fact f{e.at, e.who, e.source_ip, e.user_agent, rules::sign_in_result::in};
    if (e.outcome == access_outcome::done)
        return f;
    // The first half of a sign-in with two factors, which has not failed.
    if (e.detail == reason(proof_verdict::code_missing))
        return std::nullopt;
    f.result = e.detail == reason(proof_verdict::wrong_code) ? rules::sign_in_result::wrong_code
                                                             : rules::sign_in_result::wrong;
    if (!e.target.empty())
        f.who = "contact " + e.target;
    return f;
}

logged_week read_log(store::snapshot& db, std::uint32_t account, time_range week, const stopper& stop) {
    logged_week w;
    each_access_entry(db, account, {week.from - habit_time, week.to}, 0, stop, [&](access_entry e) {
        const bool in_week = week.contains(e.at);
        if (auto f = sign_in_of(e)) {
            if (in_week)
                ++(f->result == rules::sign_in_result::in ? w.sign_ins : w.failed);
            if (in_week)
                w.week.push_back(*std::move(f));
            else if (f->result == rules::sign_in_result::in)
                w.before.push_back(*std::move(f));
        } else if (in_week && e.outcome == access_outcome::done && changes_people(e.action) &&
                   w.changes.size() < most_entries) {
            w.changes.push_back(std::move(e));
        }
        return true;
    });
    // They came newest first; and the clock may have been set back between two of them.
    for (auto* facts : {&w.before, &w.week}) {
        std::reverse(facts->begin(), facts->end());
        std::stable_sort(facts->begin(), facts->end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    }
    return w;
}

// ---- alerts, people and keys

std::vector<alert_event> alerts_of(store::snapshot& db, const store::account_row& account, time_range week,
                                   const permission_set& may, const stopper& stop) {
    std::vector<alert_event> found;
    std::uint64_t seen = 0;
    db.scan_entries(account.key, alert_stream, 1, std::numeric_limits<std::uint64_t>::max(),
                    store::scan_order::descending, [&](std::uint64_t, std::string_view body) {
                        if (++seen % entries_a_check == 0)
                            stop.check();
                        auto e = event_from(body);
                        if (week.contains(e.at) && may_see(may, e.area))
                            found.push_back(std::move(e));
                        return found.size() < most_entries;
                    });
    return found;
}

bool is_unverified(const contact_record& c) {
    return !c.email_verified_at || !c.pending_email.empty() || (!c.mobile.empty() && !c.mobile_verified_at);
}

struct people {
    std::vector<contact> unverified;
    shown_names names;
};

people people_of(store::snapshot& db, const store::account_row& account, instant end) {
    people p;
    each<contact_record>(db, account.key, {}, store::scan_order::ascending, [&](const contact_record& c) {
        p.names.emplace("contact " + c.id, c.name);
        if (c.is_active() && c.created_at < end && is_unverified(c) && p.unverified.size() < most_entries)
            p.unverified.push_back(shown(db, account, c));
        return true;
    });
    return p;
}

std::vector<expiring_thing> keys_of(store::snapshot& db, const store::account_row& account, instant end,
                                    shown_names& names) {
    std::vector<expiring_thing> all;
    each<key_record>(db, account.key, {}, store::scan_order::ascending, [&](const key_record& k) {
        names.emplace("key " + k.id, k.name);
        if (k.revoked || k.created_at >= end)
            return true;
        if (k.expires_at)
            all.push_back({"api_key", k.id, k.name, *k.expires_at});
        if (k.previous_until && !k.is_expired(*k.previous_until))
            all.push_back({"api_key_secret", k.id, k.name, *k.previous_until});
        return true;
    });
    return all;
}

// ---- calls

class traffic {
public:
    traffic(time_range week, bool by_destination)
        : begin_(ms(week.from - a_week)),
          days_(2 * std::size_t{a_week / a_day}),
          by_destination_(by_destination) {}

    void add(const store::stored_call& c) {
        const auto& v = c.view;
        if (v.end == absent)
            return;
        const auto day = static_cast<std::size_t>((v.start - begin_) / ms(a_day));
        const auto count = [&](rules::destination_facts& to) { to.count(v.answered(), c.attempts_known, v.talk); };
        count(days_[day]);
        auto& side = day < days_.size() / 2 ? before_ : week_;
        count(side[{}]);
        if (!by_destination_)
            return;
        const auto country = rules::country_of(v.destination);
        if (country.empty())
            return;
        auto found = side.find(country);
        if (found == side.end())
            found = side.emplace(country, rules::destination_facts()).first;
        count(found->second);
    }

    [[nodiscard]] std::vector<metric_move> movers() const { return rules::movers(before_, week_); }
    [[nodiscard]] std::vector<review_day> days() const {
        std::vector<review_day> all;
        auto start = instant(duration(begin_));
        for (const auto& f : days_) {
            review_day d{start, f.attempts, f.answered, {}, {}};
            if (f.attempts > 0 && f.uncovered == 0)
                d.asr = static_cast<double>(f.answered) / static_cast<double>(f.attempts) * 100;
            if (f.answered > 0)
                d.acd_s = static_cast<double>(f.talk_ms) / 1'000 / static_cast<double>(f.answered);
            all.push_back(d);
            start += a_day;
        }
        return all;
    }

private:
    template <class Time>
    static std::int64_t ms(Time t) {
        if constexpr (std::is_same_v<Time, instant>)
            return t.time_since_epoch().count();
        else
            return duration(t).count();
    }

    const std::int64_t begin_;
    std::vector<rules::destination_facts> days_;
    const bool by_destination_;
    rules::facts_by_destination before_;
    rules::facts_by_destination week_;
};

// ---- words

std::string text_of(const sign_in_anomaly& a, const shown_names& names, std::string_view language) {
    const auto minutes = [](duration d) { return std::to_string(std::chrono::floor<std::chrono::minutes>(d).count()); };
    const auto who = name_of(a.who, names, language);
    if (a.code == "new_network")
        return write(review_text::new_network, language,
                     {{"who", who}, {"address", a.source}, {"network", rules::network_of(a.source)}});
    if (a.code == "new_program")
        return write(review_text::new_program, language, {{"who", who}, {"program", a.source}});
    std::string text;
    if (a.code == "failed_codes")
        text = write(review_text::failed_codes, language,
                     {{"who", who},
                      {"count", std::to_string(rules::burst_codes)},
                      {"minutes", minutes(rules::burst_code_time)}});
    else
        text = write(a.who.empty() ? review_text::network_burst : review_text::failed_burst, language,
                     {{"who", who},
                      {"network", a.source},
                      {"count", std::to_string(rules::burst_failures)},
                      {"minutes", minutes(rules::burst_time)}});
    if (!a.who.empty() && !a.source.empty())
        text += " (" + a.source + ")";
    return text;
}

} // namespace

review desk::get_review(review_query request) {
    const auto week = week_of(request, now_);
    const auto& may = who_.may;
    review r;
    r.week = week;
    account company;
    people known;
    {
        const auto db = core_.db->read();
        const auto account = account_named(*db, request.account);
        company = account.value;
        r.account = company.id;
        r.zone = company.time_zone;
        std::optional<contact_record> asker;
        if (who_.kind == principal::kind::contact)
            asker = find_contact(*db, who_.account_key, who_.contact);
        r.language = !request.language.empty() ? text_language(checked_language(request.language))
                     : asker                   ? language_of({account, *asker})
                                               : text_language(company.language);

        if (may.contains(permission::view_contacts)) {
            known = people_of(*db, account, week.to);
            r.unverified = std::move(known.unverified);
        } else if (asker) {
            known.names.emplace(who_.label(), asker->name);
        }
        if (may.contains(permission::manage_keys))
            r.expiring = rules::about_to_expire(keys_of(*db, account, week.to, known.names), week);
        if (may.contains(permission::view_alerts))
            r.alerts = alerts_of(*db, account, week, may, stop_);
        if (may.contains(permission::view_access_log)) {
            auto logged = read_log(*db, account.key, week, stop_);
            r.sign_ins = logged.sign_ins;
            r.failed_sign_ins = logged.failed;
            r.anomalies = rules::sign_in_anomalies(logged.before, logged.week);
            for (auto& a : *r.anomalies)
                a.text = text_of(a, known.names, r.language);
            r.changes = std::move(logged.changes);
            r.log = check_chain(*db, account.key, company.id, stop_);
            r.log->account = company.id;
        }
    }
    if (may.contains(permission::view_graphs)) {
        traffic calls(week, may.contains(permission::view_calls));
        ask().scan_calls(company.id, {week.from - a_week, week.to}, [&](const store::stored_call& c) { calls.add(c); });
        r.days = calls.days();
        r.movers = calls.movers();
    }
    r.html = review_page(r, may.contains(permission::view_company) ? company.name : company.id.value(), known.names);
    return r;
}

} // namespace lineside
