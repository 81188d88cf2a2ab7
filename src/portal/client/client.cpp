#include <lineside/client.hpp>

#include "portal/client/client_core.hpp"
#include "portal/client/remote_call.hpp"
#include "portal/client/remote_streams.hpp"
#include "portal/client/remote_watch.hpp"

#include <utility>

namespace lineside {

namespace {

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                                         \
    void do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) override {             \
        ask_remote(operation::NAME{}, core_, {who_}, std::move(context), std::move(request), std::move(done)); \
    }

/// Somebody's portal at a client's server.
class bound_client final : public portal {
public:
    bound_client(std::shared_ptr<client_core> core, credential who)
        : core_(std::move(core)),
          who_(std::make_shared<const credential>(std::move(who))) {}

    [[nodiscard]] executor_type get_executor() const noexcept override { return core_->executor(); }
    [[nodiscard]] std::shared_ptr<portal> as(credential who) override {
        return std::make_shared<bound_client>(core_, std::move(who));
    }
    [[nodiscard]] std::shared_ptr<lineside::watch> watch(watch_request request) override {
        return watch_remote(core_, {who_}, std::move(request));
    }

private:
#include <lineside/operations.def>

    std::shared_ptr<client_core> core_;
    std::shared_ptr<const credential> who_;
};

#undef LINESIDE_OPERATION

bool is_clients_own(std::string_view field) {
    return net::equal_without_case(field, "Authorization") || net::equal_without_case(field, "User-Agent") ||
           net::equal_without_case(field, "X-Request-Id");
}

} // namespace

client::client(client_options options) : core_(std::make_shared<client_core>(std::move(options), std::nullopt)) {}

client::client(executor_type executor, client_options options)
    : core_(std::make_shared<client_core>(std::move(options), std::move(executor))) {}

client::~client() {
    if (core_->is_inherited())
        new std::shared_ptr<client_core>(std::move(core_)); // kept for ever: its thread cannot be joined here
    else
        core_->close();
}

portal::executor_type client::get_executor() const noexcept { return core_->executor(); }

std::shared_ptr<portal> client::as(credential who) { return std::make_shared<bound_client>(core_, std::move(who)); }

std::shared_ptr<watch> client::watch(watch_request request) { return watch_remote(core_, {}, std::move(request)); }

void client::do_send(operation_context context, raw_request request, completion<raw_answer> done) {
    call_remote<raw_answer>(
        *core_, {}, std::move(context), std::move(done),
        [&](const call_options&) {
            remote_call call;
            call.http.method = std::move(request.method);
            call.http.target = core_->prefix() + request.target;
            call.http.body = std::move(request.body);
            for (const auto& [name, value] : request.fields)
                if (!is_clients_own(name))
                    call.http.fields.set(name, value);
            return call;
        },
        [](net::http_response&& http) {
            raw_answer answer{http.status, {}, std::move(http.body)};
            for (const auto& [name, value] : http.fields)
                answer.fields.emplace_back(name, value);
            return answer;
        });
}

#define LINESIDE_OPERATION(NAME, REQUEST, ANSWER, ...)                                                     \
    void client::do_##NAME(operation_context context, REQUEST request, completion<ANSWER> done) {          \
        ask_remote(operation::NAME{}, core_, {}, std::move(context), std::move(request), std::move(done)); \
    }
#include <lineside/operations.def>
#undef LINESIDE_OPERATION

} // namespace lineside
