#include "portal/server/served_operations.hpp"

#include <lineside/ask.hpp>

#include "portal/revised.hpp"
#include "wire/json.hpp"
#include "wire/request.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>

#include <array>
#include <type_traits>
#include <utility>

namespace lineside {

namespace {

template <class Operation>
inline constexpr bool is_plain = std::is_same_v<typename Operation::request, wire::parameters_t<Operation>>;

// Where somebody signs in from is not for them to say.
template <class Request>
void set_source(Request& request, const visitor& who) {
    if constexpr (std::is_same_v<Request, sign_in_request> || std::is_same_v<Request, password_reset_request> ||
                  std::is_same_v<Request, password_reset>) {
        if (who.on_sources == visitor::word::checked || request.source_ip.empty())
            request.source_ip = who.address;
    }
    if constexpr (std::is_same_v<Request, sign_in_request>) {
        if (who.on_sources == visitor::word::checked || request.user_agent.empty())
            request.user_agent = who.user_agent;
    }
}

// Turns an answer into text, where the answer's handler runs.
template <class Answer>
struct telling {
    using executor_type = asio::any_completion_executor;
    using cancellation_slot_type = asio::cancellation_slot;

    executor_type executor;
    cancellation_slot_type slot;
    visitor::token_in session;
    detail::completion<served_answer> done;

    [[nodiscard]] executor_type get_executor() const noexcept { return executor; }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return slot; }

    void operator()(error_code ec, Answer&& answer) {
        served_answer told;
        if (!ec) {
            if constexpr (std::is_same_v<Answer, session_grant>)
                if (session == visitor::token_in::cookie)
                    told.cookie = std::exchange(answer.token, {});
            wire::append_json(told.json, answer);
        }
        std::move(done)(ec, std::move(told));
    }
};

template <class Operation>
class operation_of final : public served_operation {
public:
    operation_of(typename Operation::request request, visitor::token_in session)
        : request_(std::move(request)),
          session_(session) {}

    void start(portal& p, call_options options, detail::completion<served_answer> done) override {
        auto executor = asio::get_associated_executor(done, p.get_executor());
        auto slot = asio::get_associated_cancellation_slot(done);
        async_ask(Operation{}, p, std::move(request_), std::move(options),
                  telling<typename Operation::answer>{std::move(executor), slot, session_, std::move(done)});
    }
    [[nodiscard]] std::optional<export_request> as_table() const override {
        export_request table;
        if constexpr (std::is_same_v<Operation, operation::query_summary>) {
            auto& rows = table.what.emplace<summary_export>();
            if (!request_.account.empty())
                rows.account = request_.account;
            rows.period = request_.period;
            rows.at = request_.at;
            rows.range = request_.range;
        } else if constexpr (std::is_same_v<Operation, operation::query_calls> ||
                             std::is_same_v<Operation, operation::query_series> ||
                             std::is_same_v<Operation, operation::list_access_log>) {
            table.what = request_;
        } else {
            return std::nullopt;
        }
        return table;
    }

private:
    typename Operation::request request_;
    visitor::token_in session_;
};

using reading = std::unique_ptr<served_operation> (*)(const wire::path_parameters&, std::string_view, std::string_view,
                                                      const visitor&);

template <class Operation>
std::unique_ptr<served_operation> read(const wire::path_parameters& path, std::string_view query, std::string_view body,
                                       const visitor& who) {
    if constexpr (is_plain<Operation>) {
        auto request = wire::read_request<Operation>(path, query, body);
        set_source(request, who);
        return std::make_unique<operation_of<Operation>>(std::move(request), who.session);
    } else {
        throw error(errc::internal, "an operation of streams was read as one of values");
    }
}

constexpr reading readings[] = {
#define LINESIDE_OPERATION(NAME, ...) &read<operation::NAME>,
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
};

constexpr bool revisions[] = {
#define LINESIDE_OPERATION(NAME, ...) has_revision<operation::NAME>,
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
};

} // namespace

std::unique_ptr<served_operation> read_operation(const wire::route& r, const wire::path_parameters& path,
                                                 std::string_view query, std::string_view body, const visitor& who) {
    return readings[r.index](path, query, body, who);
}

bool looks_at_revision(const wire::route& r) { return revisions[r.index]; }

} // namespace lineside
