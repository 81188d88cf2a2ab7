#pragma once

#include <lineside/acknowledged.hpp>
#include <lineside/operation.hpp>
#include <lineside/secret.hpp>
#include <lineside/time.hpp>

#include "portal/engine/identity/principal.hpp"
#include "portal/launch.hpp"
#include "store/store.hpp"
#include "wire/json.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

// Idempotency keys: the answer of a keyed operation is kept in the transaction of its effect, and given again.
namespace lineside {

class answer_keeper;

/// The answer of a call that was made with an idempotency key. The operator's documents are of keys without an account.
struct kept_answer_record {
    static constexpr std::string_view kind = "kept_answer";

    std::string id{};      ///< a digest of whose key it is
    instant until{};       ///< when it is forgotten
    std::string request{}; ///< a digest that only the key's holder can compute
    std::string answer{};  ///< sealed with a key that follows from the idempotency key
};

/// An answer that was kept, where that was asked for. A keyed operation's body returns this, and `keyed_call::keep` alone
/// makes it: what does not keep its answer does not compile.
template <class Answer>
class kept_answer {
public:
    [[nodiscard]] const Answer& value() const noexcept { return value_; }
    [[nodiscard]] Answer take() && { return std::move(value_); }

private:
    friend class keyed_call;
    explicit kept_answer(Answer value) : value_(std::move(value)) {}

    Answer value_;
};

/// One call of a keyed operation, with an idempotency key or without. While it lives, nobody else makes the same.
class keyed_call {
public:
    /// Without a key: nothing is kept.
    keyed_call() = default;
    keyed_call(keyed_call&& other) noexcept
        : keeper_(std::exchange(other.keeper_, nullptr)),
          account_(other.account_),
          at_(other.at_),
          places_(std::move(other.places_)) {}
    keyed_call& operator=(keyed_call&& other) noexcept {
        std::swap(keeper_, other.keeper_);
        std::swap(account_, other.account_);
        std::swap(at_, other.at_);
        std::swap(places_, other.places_);
        return *this;
    }
    ~keyed_call();

    /// The answer to this very request, where it was made before. Errors: invalid_argument (the key is another
    /// request's).
    template <class Answer>
    [[nodiscard]] std::optional<Answer> answered(store::snapshot& db) const {
        const auto text = answered_before(db);
        return text ? std::optional(from_text<Answer>(text->reveal())) : std::nullopt;
    }
    /// Within the transaction of the effect, as the last thing before its commit.
    template <class Answer>
    [[nodiscard]] kept_answer<Answer> keep(store::transaction& tx, Answer answer) const {
        if (keeper_ != nullptr)
            put(tx, secret(to_text(answer)));
        return kept_answer<Answer>(std::move(answer));
    }
    /// Where nothing was done, in a transaction of its own, and in none without a key.
    template <class Answer>
    [[nodiscard]] kept_answer<Answer> keep(store::store& db, Answer answer) const {
        if (keeper_ == nullptr)
            return kept_answer<Answer>(std::move(answer));
        const auto tx = db.write();
        auto kept = keep(*tx, std::move(answer));
        tx->commit();
        return kept;
    }
    /// What came afterwards failed: the call may be made again.
    void forget(store::transaction& tx) const;
    [[nodiscard]] bool has_key() const noexcept { return keeper_ != nullptr; }

private:
    friend class answer_keeper;
    /// What follows from the idempotency key under one of the engine's keys.
    struct place {
        std::string id;      ///< of the record
        std::string request; ///< digest
        std::string bound_to;
        secret sealing;
    };

    template <class Answer>
    static std::string to_text(const Answer& answer) {
        std::string text;
        if constexpr (!std::is_same_v<Answer, acknowledged>)
            wire::append_json(text, answer);
        return text;
    }
    template <class Answer>
    static Answer from_text(std::string_view text) {
        if constexpr (std::is_same_v<Answer, acknowledged>)
            return {};
        else
            return wire::parse_json<Answer>(text);
    }
    [[nodiscard]] std::optional<secret> answered_before(store::snapshot& db) const;
    void put(store::transaction& tx, const secret& answer) const;

    answer_keeper* keeper_ = nullptr; // null: without a key
    std::uint32_t account_ = 0;       // key; whose documents
    instant at_{};
    std::vector<place> places_; // the first is what it is kept under
};

/// The calls with a key that run in an engine, and what was kept of those that ran. Thread-safe.
class answer_keeper {
public:
    /// Keeps under the first key and knows what was kept under any of them.
    explicit answer_keeper(std::vector<secret> keys) : keys_(std::move(keys)) {}

    /// Errors: conflict (it runs already).
    template <class Request>
    [[nodiscard]] keyed_call begin(const principal& who, std::string_view operation, std::string_view key,
                                   const Request& request, instant now) {
        if (key.empty())
            return {};
        std::string text;
        wire::append_json(text, request);
        return begin_call(who, operation, key, secret(std::move(text)), now);
    }
    /// What is older than a day goes. Reads first: without anything to forget it costs no turn at writing.
    static void forget_old(store::store& db, instant now, const stopper& stop);

private:
    friend class keyed_call;
    [[nodiscard]] keyed_call begin_call(const principal& who, std::string_view operation, std::string_view key,
                                        const secret& request, instant now);

    const std::vector<secret> keys_;
    std::mutex mutex_;
    std::unordered_set<std::string> running_; // by the id of what they would keep
};

/// Errors: invalid_argument (field "idempotency_key").
void check_idempotency_key(std::string_view key);

} // namespace lineside
