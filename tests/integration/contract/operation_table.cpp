#include "integration/contract/operation_table.hpp"

#include <lineside/ask.hpp>

#include "wire/json.hpp"

#include <utility>

namespace lineside::contract {

std::ostream& operator<<(std::ostream& out, const outcome& o) {
    return out << (o.failed ? make_error_code(*o.failed).message() : "an answer") << ": " << o.text << " [" << o.field
               << "]";
}

namespace {

template <class Answer>
std::string text_of(const Answer& answer) {
    std::string text;
    wire::append_json(text, answer);
    return text;
}
std::string text_of(const acknowledged&) { return "acknowledged"; }

template <class Operation>
row row_of() {
    row r;
    r.name = Operation::name;
    r.access = Operation::access;
    const estate any;
    asking a(any, naming::account_named);
    auto example = request_for(Operation{}, a);
    r.names_account = a.names_account;
    r.names_thing = a.names_thing;
    r.narrows = a.narrows;
    r.has_cursor = requires { example.cursor; };
    r.run = [](portal& p, const estate& about, naming how, const std::string& cursor) {
        asking names(about, how);
        auto request = request_for(Operation{}, names);
        if constexpr (requires { request.cursor; })
            request.cursor = cursor;
        outcome o;
        try {
            o.text = text_of(async_ask(Operation{}, p, std::move(request), {}, block));
        } catch (const error& e) {
            o.failed = static_cast<errc>(e.code().value());
            o.text = e.details().message;
            o.field = e.details().field;
            o.cause = e.details().cause;
        }
        return o;
    };
    return r;
}

} // namespace

const std::vector<row>& table() {
    static const std::vector<row> rows = {
#define LINESIDE_OPERATION(NAME, ...) row_of<operation::NAME>(),
#include <lineside/operations.def>
#undef LINESIDE_OPERATION
    };
    return rows;
}

std::string without_names(std::string text, const estate& e) {
    for (const auto& name : {e.account.value(), e.contact.value(), e.session, e.key, e.payment, e.block, e.extension,
                             e.rule, e.webhook, e.delivery})
        for (auto at = text.find(name); !name.empty() && at != std::string::npos; at = text.find(name))
            text.replace(at, name.size(), "*");
    return text;
}

estate not_there() {
    return {account_id("atlantis"),
            contact_id("c-000000000aaaaaaaaaaa"),
            "s-000000000aaaaaaaaaaa",
            "k-000000000aaaaaaaaaaa",
            "pay-000000000aaaaaaaaaaa",
            "600000-600009",
            "600001",
            "alr-000000000aaaaaaaaaaa",
            "wh-000000000aaaaaaaaaaa",
            "msg-000000000aaaaaaaaaaa"};
}

} // namespace lineside::contract
