#pragma once

#include "integration/contract/contract.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the tests of number blocks and of extensions share.
namespace lineside::contract {

inline const account_id other{"other"};

class numbers_test : public portal_test {
protected:
    void open(const account_id& id) {
        account a;
        a.id = id;
        (void)lineside().async_create_account(a, block);
    }
    /// Two accounts, and blocks of ten numbers from 1000.
    void open_two() {
        open(acme);
        open(other);
        numbering n;
        n.block_size = 10;
        (void)lineside().async_set_numbering(n, block);
    }
    /// As a customer's program meets the portal.
    [[nodiscard]] std::shared_ptr<portal> customer(const account_id& account) {
        api_key_create k;
        k.account = account;
        k.name = "tests";
        k.scopes = permission_set::everything().list();
        auto grant = lineside().async_create_key(std::move(k), block);
        credential who;
        who.token = std::move(grant.text);
        return lineside().as(std::move(who));
    }
    [[nodiscard]] contact_id person(const account_id& account, const std::string& name) {
        contact_create c;
        c.account = account;
        c.name = name;
        c.email = name + "@" + account.value() + ".example";
        return lineside().async_create_contact(std::move(c), block).id;
    }

    number_block add(const account_id& account, std::string request_id = {}) {
        return lineside().async_add_block({account, {}, std::move(request_id)}, block);
    }
    number_block claim_range(const account_id& account, std::string first, std::string last) {
        return lineside().async_claim_block({account, {std::move(first), std::move(last)}, {}}, block);
    }
    extension take(const account_id& account, std::string number = {}, contact_id contact = {}) {
        return lineside().async_claim_extension({account, std::move(number), std::move(contact), {}}, block);
    }
    void free(const account_id& account, std::string number) {
        (void)lineside().async_release_extension({account, std::move(number)}, block);
    }
    [[nodiscard]] std::vector<std::string> blocks_of(const account_id& account) {
        std::vector<std::string> ids;
        block_query q{.account = account, .cursor = {}, .limit = 2};
        do {
            const auto page = lineside().async_list_blocks(q, block);
            for (const auto& b : page.items)
                ids.push_back(b.id);
            q.cursor = page.next;
        } while (!q.cursor.empty());
        return ids;
    }
    [[nodiscard]] std::vector<std::string> numbers_of(const account_id& account,
                                                      std::optional<contact_id> contact = {}) {
        std::vector<std::string> numbers;
        extension_query q{.account = account, .contact = std::move(contact), .cursor = {}, .limit = 2};
        do {
            const auto page = lineside().async_list_extensions(q, block);
            for (const auto& e : page.items)
                numbers.push_back(e.number);
            q.cursor = page.next;
        } while (!q.cursor.empty());
        return numbers;
    }
    [[nodiscard]] number_owner owner_of(const std::string& number, const account_id& account = {}) {
        return lineside().async_get_number_owner({account, number}, block);
    }

    /// Expects a refusal for this reason; its details.
    template <class Run>
    static diagnostics refused(Run run, errc code, number_refusal why) {
        auto d = failure_of(run, code);
        EXPECT_EQ(d.cause, why) << d.message;
        return d;
    }
};

using strings = std::vector<std::string>;

} // namespace lineside::contract
