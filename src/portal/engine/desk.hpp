#pragma once

#include <lineside/operation.hpp>
#include <lineside/revision.hpp>

#include "portal/engine/access_log.hpp"
#include "portal/engine/engine_core.hpp"
#include "portal/engine/identity/principal.hpp"
#include "portal/engine/kept_answer.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace lineside {

/// What the body of an operation returns: of a keyed one, an answer that it has kept.
template <class Operation>
using body_answer = std::conditional_t<Operation::retry == operation::retry_class::keyed,
                                       kept_answer<typename Operation::answer>, typename Operation::answer>;

/// Serves one request of one principal at an engine: the bodies of the operations. Who may ask was checked, and the
/// account in the request is the principal's own. Lives for one call, on one thread. Throws `lineside::error`.
class desk {
public:
    /// `if_match`: the revision that what is changed must have; empty: any.
    desk(engine_core& core, const principal& who, const stopper& stop, keyed_call call = {}, std::string if_match = {})
        : core_(core),
          who_(who),
          stop_(stop),
          now_(core.now()),
          call_(std::move(call)),
          if_match_(std::move(if_match)) {}

#define LINESIDE_OPERATION(NAME, REQUEST, ...) [[nodiscard]] body_answer<operation::NAME> NAME(REQUEST request);
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

private:
    [[nodiscard]] queries ask() { return core_.ask(stop_); }
    /// Errors: not_found.
    [[nodiscard]] static store::account_row account_named(store::snapshot& db, const account_id& id);
    /// As it is now, from memory where it has not changed since it was read.
    [[nodiscard]] std::shared_ptr<const store::account_row> account_named(const account_id& id);
    /// One transaction, committed when `work(transaction)` returns and undone when it throws.
    template <class Work>
    auto change(Work work) {
        const auto tx = core_.db->write();
        if constexpr (std::is_void_v<decltype(work(*tx))>) {
            work(*tx);
            tx->commit();
        } else {
            auto result = work(*tx);
            tx->commit();
            return result;
        }
    }
    /// The end of every keyed operation: within the transaction of its effect.
    template <class Answer>
    [[nodiscard]] kept_answer<Answer> keep(store::transaction& tx, Answer answer) const {
        return call_.keep(tx, std::move(answer));
    }
    /// The same where there is no effect.
    template <class Answer>
    [[nodiscard]] kept_answer<Answer> keep(Answer answer) const {
        return call_.keep(*core_.db, std::move(answer));
    }
    /// Within the transaction that changes what `look()` gives. Errors: precondition_failed (it is not as the asker saw
    /// it).
    template <class Look>
    void check_unchanged(Look look) const {
        if (!if_match_.empty() && if_match_ != revision_of(look()))
            throw error(errc::precondition_failed, "it was changed since it was read: read it again", "if_match");
    }
    /// Writes the access log of the account (0: the operator's own) within `tx`.
    void note(store::transaction& tx, std::uint32_t account, access_note what) {
        log_access(tx, account, who_, now_, std::move(what));
    }

    /// Keys of accounts that live calls name; makes those that are not there.
    void find_live_accounts(const std::vector<std::pair<const account_id*, std::uint32_t*>>& wanted);

    engine_core& core_;
    const principal& who_;
    const stopper& stop_;
    const instant now_;
    const keyed_call call_;
    const std::string if_match_;
};

} // namespace lineside
