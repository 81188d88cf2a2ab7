#pragma once

#include "integration/contract/contract.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lineside::contract {

/// What the host's mailer and texter were given; they fail while `fails`.
struct outbox {
    std::mutex mutex;
    bool fails = false;
    std::vector<mail> mails;
    std::vector<text_message> messages;

    void take(const mail& m) {
        const std::lock_guard turn(mutex);
        mails.push_back(m);
        if (fails)
            throw std::runtime_error("the line is down");
    }
    void take(const text_message& m) {
        const std::lock_guard turn(mutex);
        messages.push_back(m);
        if (fails)
            throw std::runtime_error("the line is down");
    }
};

/// The first six digits in a row.
[[nodiscard]] inline std::string code_in(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i + 6 <= text.size(); ++i)
        if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i),
                        text.begin() + static_cast<std::ptrdiff_t>(i + 6), is_digit))
            return text.substr(i, 6);
    ADD_FAILURE() << "no code in: " << text;
    return {};
}

/// Another one of six digits.
[[nodiscard]] inline std::string not_the(std::string code) {
    code.back() = code.back() == '9' ? '0' : static_cast<char>(code.back() + 1);
    return code;
}

/// Runs both at the same time, and tells which came to an end without an error.
template <class First, class Second>
[[nodiscard]] std::pair<bool, bool> race(First first, Second second) {
    const auto succeeds = [](auto& run) {
        try {
            (void)run();
            return true;
        } catch (const error&) {
            return false;
        }
    };
    bool one = false;
    std::thread other([&] { one = succeeds(first); });
    const bool two = succeeds(second);
    other.join();
    return {one, two};
}

/// Accounts with contacts that sign in.
class people_test : public portal_test {
protected:
    people_test() {
        settings.delivery.mailer = [box = box_](const mail& m) { box->take(m); };
        settings.delivery.texter = [box = box_](const text_message& m) { box->take(m); };
    }

    [[nodiscard]] outbox& box() { return *box_; }

    void add_account(const account_id& id = acme) {
        account a;
        a.id = id;
        a.currency = "EUR";
        (void)lineside().async_create_account(a, block);
    }
    [[nodiscard]] static contact_create person(std::string email, role r = role::viewer, account_id at = acme) {
        contact_create c;
        c.account = std::move(at);
        c.name = "Robin Example";
        c.email = std::move(email);
        c.role = r;
        c.password = secret(password);
        return c;
    }
    contact add(contact_create c) { return lineside().async_create_contact(std::move(c), block); }
    contact add(std::string email, role r = role::viewer, account_id at = acme) {
        return add(person(std::move(email), r, std::move(at)));
    }
    [[nodiscard]] std::shared_ptr<portal> sign_in(const std::string& email) {
        sign_in_request r;
        r.email = email;
        r.password = secret(password);
        auto grant = lineside().async_sign_in(std::move(r), block);
        return lineside().as({std::move(grant.token), {}, {}});
    }
    [[nodiscard]] std::shared_ptr<portal> nobody() { return lineside().as({}); }

    static constexpr const char* password = "nineteen blue kettles";

private:
    std::shared_ptr<outbox> box_ = std::make_shared<outbox>();
};

#define LINESIDE_PEOPLE_ON_EVERY_PORTAL(suite) LINESIDE_ON_EVERY_PORTAL_WITH(suite, people_test)

} // namespace lineside::contract
