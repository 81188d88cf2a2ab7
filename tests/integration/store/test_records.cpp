#include <lineside/error.hpp>

#include "store/store.hpp"
#include "support/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Documents, names and streams: what the portal keeps beside calls.
namespace lineside::store {
namespace {

constexpr auto all_numbers = std::numeric_limits<std::uint64_t>::max();

class records : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        const std::string where = GetParam();
        db_ = open_store(where == "file" ? "sqlite:" + (dir_.path() / "r.db").string() : "sqlite::memory:", {});
    }
    store& db() { return *db_; }

    template <class Work>
    void write(Work work) {
        const auto tx = db_->write();
        work(*tx);
        tx->commit();
    }
    std::vector<std::string> ids(std::uint32_t account, std::string_view kind, id_range range, scan_order order) {
        std::vector<std::string> found;
        db_->read()->scan_records(account, kind, range, order, [&](const stored_record& r) {
            found.emplace_back(r.id);
            return true;
        });
        return found;
    }
    std::vector<std::pair<std::uint64_t, std::string>> entries(std::uint32_t account, std::string_view stream,
                                                               std::uint64_t first, std::uint64_t last,
                                                               scan_order order = scan_order::ascending) {
        std::vector<std::pair<std::uint64_t, std::string>> found;
        db_->read()->scan_entries(account, stream, first, last, order, [&](std::uint64_t n, std::string_view body) {
            found.emplace_back(n, body);
            return true;
        });
        return found;
    }

private:
    test::scratch_dir dir_;
    std::unique_ptr<store> db_;
};

using strings = std::vector<std::string>;
using numbered = std::vector<std::pair<std::uint64_t, std::string>>;

TEST_P(records, a_document_is_found_under_its_account_kind_and_id_alone) {
    write([](transaction& tx) { tx.put_record(1, "contact", "a", "body"); });
    const auto view = db().read();
    EXPECT_EQ(view->find_record(1, "contact", "a"), "body");
    EXPECT_EQ(view->find_record(2, "contact", "a"), std::nullopt);
    EXPECT_EQ(view->find_record(1, "payment", "a"), std::nullopt);
    EXPECT_EQ(view->find_record(1, "contact", "b"), std::nullopt);
}

TEST_P(records, a_document_put_again_is_replaced_and_an_erased_one_is_gone) {
    write([](transaction& tx) {
        tx.put_record(1, "k", "a", "one");
        tx.put_record(1, "k", "a", std::string("t\0o", 3));
    });
    EXPECT_EQ(db().read()->find_record(1, "k", "a"), std::string("t\0o", 3));
    write([](transaction& tx) {
        EXPECT_TRUE(tx.erase_record(1, "k", "a"));
        EXPECT_FALSE(tx.erase_record(1, "k", "a"));
    });
    EXPECT_EQ(db().read()->find_record(1, "k", "a"), std::nullopt);
}

TEST_P(records, a_scan_is_in_the_order_of_bytes_and_leaves_its_ends_out) {
    write([](transaction& tx) {
        for (const auto* id : {"b", "a", "d", "c", "\xc3\xa9"})
            tx.put_record(1, "k", id, "");
        tx.put_record(2, "k", "b2", "");
        tx.put_record(1, "l", "b3", "");
    });
    EXPECT_EQ(ids(1, "k", {}, scan_order::ascending), (strings{"a", "b", "c", "d", "\xc3\xa9"}));
    EXPECT_EQ(ids(1, "k", {"a", "d"}, scan_order::ascending), (strings{"b", "c"}));
    EXPECT_EQ(ids(1, "k", {"", "c"}, scan_order::descending), (strings{"b", "a"}));
    EXPECT_EQ(ids(1, "k", {"d", ""}, scan_order::descending), (strings{"\xc3\xa9"}));
}

TEST_P(records, a_scan_ends_when_its_visitor_has_seen_enough) {
    write([](transaction& tx) {
        for (const auto* id : {"a", "b", "c"})
            tx.put_record(1, "k", id, "");
    });
    int seen = 0;
    db().read()->scan_records(1, "k", {}, scan_order::ascending, [&](const stored_record&) { return ++seen < 2; });
    EXPECT_EQ(seen, 2);
}

TEST_P(records, the_documents_of_all_accounts_come_by_account_and_id) {
    write([](transaction& tx) {
        tx.put_record(2, "k", "a", "x");
        tx.put_record(0, "k", "z", "y");
        tx.put_record(2, "other", "a", "no");
        tx.put_record(1, "k", "m", "z");
    });
    strings found;
    db().read()->scan_all_records("k", [&](const stored_record& r) {
        found.push_back(std::to_string(r.account) + std::string(r.id) + std::string(r.body));
        return true;
    });
    EXPECT_EQ(found, (strings{"0zy", "1mz", "2ax"}));
}

TEST_P(records, a_name_is_one_owners_until_it_is_released) {
    const name_owner ours{1, "a"};
    const name_owner theirs{2, "a"};
    write([&](transaction& tx) {
        EXPECT_TRUE(tx.claim_name("login", "x", ours));
        EXPECT_TRUE(tx.claim_name("login", "x", ours)) << "claimed again by its owner";
        EXPECT_FALSE(tx.claim_name("login", "x", theirs));
        EXPECT_TRUE(tx.claim_name("token", "x", theirs)) << "another space";
    });
    EXPECT_EQ(db().read()->find_name("login", "x"), ours);
    write([](transaction& tx) { tx.release_name("login", "x"); });
    EXPECT_EQ(db().read()->find_name("login", "x"), std::nullopt);
    EXPECT_EQ(db().read()->find_name("token", "x"), theirs);
}

TEST_P(records, entries_are_numbered_from_one_in_each_stream_of_each_account) {
    write([](transaction& tx) {
        EXPECT_EQ(tx.append_entry(1, "log", "a"), 1U);
        EXPECT_EQ(tx.append_entry(1, "log", "b"), 2U);
        EXPECT_EQ(tx.append_entry(2, "log", "c"), 1U);
        EXPECT_EQ(tx.append_entry(1, "other", "d"), 1U);
    });
    EXPECT_EQ(db().read()->last_entry(1, "log"), 2U);
    EXPECT_EQ(db().read()->last_entry(3, "log"), 0U);
    EXPECT_EQ(entries(1, "log", 1, all_numbers), (numbered{{1, "a"}, {2, "b"}}));
    EXPECT_EQ(entries(1, "log", 0, all_numbers, scan_order::descending), (numbered{{2, "b"}, {1, "a"}}));
    EXPECT_EQ(entries(1, "log", 2, 2), (numbered{{2, "b"}}));
}

TEST_P(records, numbers_go_on_after_entries_are_erased) {
    write([](transaction& tx) {
        for (const auto* body : {"a", "b", "c"})
            tx.append_entry(1, "log", body);
    });
    write([](transaction& tx) { tx.erase_entries(1, "log", 2); });
    EXPECT_EQ(entries(1, "log", 1, all_numbers), (numbered{{3, "c"}}));
    write([](transaction& tx) {
        tx.erase_entries(1, "log", all_numbers);
        EXPECT_EQ(tx.append_entry(1, "log", "d"), 4U);
    });
    EXPECT_EQ(entries(1, "log", 1, all_numbers), (numbered{{3, "c"}, {4, "d"}}));
}

TEST_P(records, a_transaction_that_is_not_committed_leaves_nothing) {
    {
        const auto tx = db().write();
        tx->put_record(1, "k", "a", "x");
        EXPECT_TRUE(tx->claim_name("login", "x", {1, "a"}));
        tx->append_entry(1, "log", "x");
        EXPECT_EQ(tx->find_record(1, "k", "a"), "x") << "the transaction sees what it wrote";
    }
    EXPECT_EQ(db().read()->find_record(1, "k", "a"), std::nullopt);
    EXPECT_EQ(db().read()->find_name("login", "x"), std::nullopt);
    EXPECT_EQ(db().read()->last_entry(1, "log"), 0U);
}

TEST_P(records, changes_are_another_number_after_each_commit_of_accounts_documents_or_names_and_only_then) {
    const auto changed = [&](auto work) {
        const auto before = db().changes();
        write(work);
        return db().changes() != before;
    };
    account_row row;
    EXPECT_TRUE(changed([&](transaction& tx) {
        account a;
        a.id = account_id("acme");
        row = tx.add_account(a);
    }));
    EXPECT_TRUE(changed([&](transaction& tx) { tx.update_account(row); }));
    EXPECT_TRUE(changed([](transaction& tx) { tx.put_record(1, "k", "a", "x"); }));
    EXPECT_TRUE(changed([](transaction& tx) { EXPECT_TRUE(tx.erase_record(1, "k", "a")); }));
    EXPECT_TRUE(changed([](transaction& tx) { EXPECT_TRUE(tx.claim_name("login", "x", {1, "a"})); }));
    EXPECT_TRUE(changed([](transaction& tx) { tx.release_name("login", "x"); }));
    EXPECT_FALSE(changed([](transaction& tx) { tx.append_entry(1, "log", "x"); }));
    EXPECT_FALSE(changed([](transaction&) {}));
    const auto before = db().changes();
    db().write()->put_record(1, "k", "a", "x"); // and not committed
    EXPECT_EQ(db().changes(), before);
}

INSTANTIATE_TEST_SUITE_P(store, records, testing::Values("file", "memory"), [](const auto& p) { return p.param; });

} // namespace
} // namespace lineside::store
