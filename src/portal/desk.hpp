#pragma once

#include <lineside/operation.hpp>

#include "portal/access_log.hpp"
#include "portal/engine_core.hpp"
#include "portal/principal.hpp"

namespace lineside {

/// Serves one request of one principal at an engine: the bodies of the operations. Who may ask was checked, and the
/// account in the request is the principal's own. Lives for one call, on one thread. Throws `lineside::error`.
class desk {
public:
    desk(engine_core& core, const principal& who, const stopper& stop)
        : core_(core),
          who_(who),
          stop_(stop),
          now_(core.now()) {}

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...) [[nodiscard]] ANSWER NAME(REQUEST request);
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

private:
    [[nodiscard]] queries ask() { return core_.ask(stop_); }
    /// Errors: not_found.
    [[nodiscard]] static store::account_row account_named(store::snapshot& db, const account_id& id);
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
};

} // namespace lineside
