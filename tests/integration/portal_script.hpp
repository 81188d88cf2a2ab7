#pragma once

#include <lineside/engine.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A long day at a portal, the same for every engine it is played on: each step is one operation, which the number of the
// step decides. So what an engine holds after some steps can be compared with what an undisturbed one holds.
namespace lineside::test {

class portal_script {
public:
    /// Accounts, people, sessions, payments, blocks, extensions, keys, logins, calls.
    static constexpr std::size_t kinds = 15;
    static const char* name_of(std::size_t step) {
        static constexpr const char* names[kinds] = {
            "create_account",   "create_contact", "sign_in",         "create_payment",    "move_payment",
            "complete_at_once", "add_block",      "claim_extension", "import_extensions", "transfer_block",
            "release_block",    "create_key",     "rotate_key",      "change_login",      "import_calls",
        };
        return names[step % kinds];
    }

    /// The engine's options: cheap passwords, and a clock that the script moves.
    [[nodiscard]] engine_options options(const std::string& database) const {
        engine_options o;
        o.database = database;
        o.identity.password_memory_kib = 64;
        o.clock = [now = now_] { return *now; };
        return o;
    }

    /// Runs the step; returns when it is acknowledged.
    void run(portal& p, std::size_t step) {
        *now_ = begin() + std::chrono::minutes(step);
        const auto round = step / kinds;
        const auto account = account_of(step);
        switch (step % kinds) {
        case 0:
            (void)p.async_create_account({.id = numbered(round), .name = "Company", .currency = "EUR"}, block);
            break;
        case 1: (void)p.async_create_contact(person(account, step), block); break;
        case 2: (void)p.async_sign_in(login(step - 1), block); break;
        case 3: (void)p.async_create_payment(payment_of(account, step, payment_status::pending), block); break;
        case 4:
            if (round % 3 == 0)
                (void)p.async_cancel_payment(find_payment(p, step - 1), block);
            else
                (void)p.async_complete_payment(find_payment(p, step - 1), block);
            break;
        case 5: (void)p.async_create_payment(payment_of(account, step, payment_status::completed), block); break;
        case 6: (void)p.async_add_block({account, 20, {}}, block); break;
        case 7: (void)p.async_claim_extension({account_of(step - 1), {}, {}, {}}, block); break;
        case 8: (void)p.async_import_extensions(users_of(p, account_of(step - 2)), block); break;
        case 9: (void)p.async_transfer_block(last_block(p, account_of(step - 3), receiver_of(step)), block); break;
        case 10: {
            const auto which = last_block(p, receiver_of(step - 1), {});
            (void)p.async_release_block({which.account, which.block, release_extensions::release}, block);
            break;
        }
        case 11: {
            api_key_create k{.account = account, .name = "key " + std::to_string(step)};
            k.scopes = {permission::view_company};
            (void)p.async_create_key(std::move(k), block);
            break;
        }
        case 12: {
            api_key_rotation r{.account = account_of(step - 1)};
            for (const auto& k : p.async_list_keys({.account = r.account, .limit = 1'000}, block).items)
                if (k.name == "key " + std::to_string(step - 1))
                    r.key = k.id;
            (void)p.async_rotate_key(std::move(r), block);
            break;
        }
        case 13: {
            profile_update u{.account = account_of(step - 12)};
            for (const auto& c : p.async_list_contacts({.account = u.account, .limit = 1'000}, block).items)
                if (c.email == email(step - 12))
                    u.contact = c.id;
            u.email = "moved-" + email(step - 12);
            (void)p.async_update_profile(std::move(u), block);
            break;
        }
        default: (void)p.async_import_calls({calls_of(account, step), {}}, block); break;
        }
    }

    /// Everything there is after so many steps, without what chance decided: ids and secrets.
    [[nodiscard]] std::string picture(portal& p, std::size_t steps) {
        *now_ = begin() + std::chrono::minutes(steps);
        std::ostringstream out;
        account_query all;
        do {
            const auto page = p.async_list_accounts(all, block);
            for (const auto& a : page.items)
                draw(out, p, a);
            all.cursor = page.next;
        } while (!all.cursor.empty());
        return out.str();
    }

private:
    [[nodiscard]] static instant begin() { return std::chrono::sys_days(std::chrono::year(2026) / 3 / 10); }
    [[nodiscard]] static account_id numbered(std::size_t i) { return account_id("company-" + std::to_string(i)); }
    /// One of those that the steps before have made.
    [[nodiscard]] static account_id account_of(std::size_t step) {
        std::mt19937_64 random(step);
        return numbered(random() % (step / kinds + 1));
    }
    /// Of the block that was added three steps before: another one, where there is one.
    [[nodiscard]] static account_id receiver_of(std::size_t step) {
        const auto accounts = step / kinds + 1;
        for (auto i = step; i < step + accounts; ++i)
            if (const auto other = numbered(i % accounts); other != account_of(step - 3))
                return other;
        return account_of(step);
    }
    [[nodiscard]] static std::string email(std::size_t step) { return "p" + std::to_string(step) + "@portal.example"; }

    [[nodiscard]] static contact_create person(const account_id& account, std::size_t step) {
        contact_create c{.account = account, .name = "Robin Example", .email = email(step)};
        c.role = role::administrator;
        c.password = secret("nineteen blue kettles");
        return c;
    }
    [[nodiscard]] static sign_in_request login(std::size_t step) {
        sign_in_request r;
        r.email = email(step);
        r.password = secret("nineteen blue kettles");
        r.source_ip = "192.0.2.7";
        return r;
    }
    [[nodiscard]] static payment_create payment_of(const account_id& account, std::size_t step, payment_status s) {
        payment_create r{.account = account, .total = {static_cast<std::int64_t>(step) + 1, 250'000'000, "EUR"}};
        r.status = s;
        r.method = "card";
        r.description = std::string(200, 'x') + " # private";
        r.reference = "r" + std::to_string(step);
        return r;
    }
    [[nodiscard]] static payment_key find_payment(portal& p, std::size_t step) {
        payment_query q{.account = account_of(step), .limit = 1'000};
        for (const auto& x : p.async_list_payments(q, block).items)
            if (x.reference == "r" + std::to_string(step))
                return {q.account, x.id};
        throw error(errc::internal, "a payment that was acknowledged is gone");
    }
    [[nodiscard]] static block_transfer last_block(portal& p, const account_id& of, account_id to) {
        const auto blocks = p.async_list_blocks({.account = of, .limit = 1'000}, block).items;
        return {of, blocks.at(blocks.size() - 1).id, std::move(to)};
    }
    [[nodiscard]] static extension_import users_of(portal& p, const account_id& of) {
        const auto blocks = p.async_list_blocks({.account = of, .limit = 1'000}, block).items;
        const auto first = std::stoul(blocks.at(blocks.size() - 1).range.first);
        extension_import list;
        for (std::size_t i = 10; i < 20; ++i)
            list.rows.push_back({of, std::to_string(first + i), {}});
        return list;
    }
    [[nodiscard]] static std::vector<call> calls_of(const account_id& account, std::size_t step) {
        std::vector<call> calls(3);
        for (std::size_t i = 0; i < calls.size(); ++i) {
            auto& c = calls[i];
            c.source = "switch";
            c.call_id = std::to_string(step) + "-" + std::to_string(i);
            c.account_id = account;
            c.start_time = begin() + std::chrono::seconds(step);
            c.answer_time = c.start_time;
            c.duration_ms = std::chrono::minutes(1);
            c.end_time = c.start_time + c.duration_ms;
            c.outcome = call_outcome::answered;
            c.charge = money{0, 70'000'000, "EUR"};
        }
        return calls;
    }

    static void draw(std::ostream& out, portal& p, const account& a) {
        out << a.id << " " << a.name << " " << a.currency << "\n";
        for (const auto& c : p.async_list_contacts({.account = a.id, .limit = 1'000}, block).items)
            out << " contact " << c.email << " " << to_string(c.role) << " sessions "
                << p.async_list_sessions({a.id, c.id}, block).items.size() << "\n";
        payment_query q{.account = a.id, .limit = 1'000};
        for (const auto& x : p.async_list_payments(q, block).items)
            out << " payment " << x.reference << " " << to_string(x.total) << " " << to_string(x.status) << " "
                << (x.completed_at ? to_string(*x.completed_at) : "-") << "\n";
        q.status = payment_status::pending;
        for (const auto& x : p.async_list_payments(q, block).items)
            out << " pending " << x.reference << "\n";
        const auto b = p.async_get_balance({a.id}, block);
        out << " balance " << to_string(b.amount) << " of " << to_string(b.payments.value()) << " and "
            << to_string(b.charges.value()) << "\n";
        for (const auto& x : p.async_list_blocks({.account = a.id, .limit = 1'000}, block).items)
            out << " block " << x.id << " with " << x.extensions << "\n";
        for (const auto& x : p.async_list_extensions({.account = a.id, .limit = 5'000}, block).items)
            out << " extension " << x.number << "\n";
        const auto u = p.async_get_utilisation({a.id}, block);
        out << " used " << u.used << " resting " << u.resting << " outside " << u.outside_blocks << "\n";
        for (const auto& k : p.async_list_keys({.account = a.id, .limit = 1'000}, block).items)
            out << " " << k.name << " " << (k.previous_until ? to_string(*k.previous_until) : "-") << "\n";
        out << " calls " << p.async_query_calls({.account = a.id, .limit = 5'000}, block).items.size() << "\n";
        for (const auto& x : p.async_list_access_log({.account = a.id, .limit = 5'000}, block).items)
            out << " " << x.number << " " << to_string(x.at) << " " << x.action << " " << to_string(x.outcome) << " "
                << x.detail << "\n";
        out << " log " << (p.async_verify_access_log({a.id}, block).intact ? "intact" : "broken") << "\n";
    }

    std::shared_ptr<instant> now_ = std::make_shared<instant>(begin());
};

/// The same played on an engine that nobody disturbs.
class undisturbed_portal {
public:
    undisturbed_portal() : engine_(script_.options("sqlite::memory:")) {}

    /// Forwards only.
    [[nodiscard]] std::string after(std::size_t steps) {
        for (; done_ < steps; ++done_)
            script_.run(engine_, done_);
        return script_.picture(engine_, steps);
    }

private:
    portal_script script_;
    std::size_t done_ = 0;
    engine engine_;
};

} // namespace lineside::test
