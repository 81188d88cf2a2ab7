#include "cdr/base.hpp"

#include <lineside/error.hpp>

#include <algorithm>

namespace lineside::cdr {

namespace {

constexpr std::size_t max_notes = 100;

bool is_currency(std::string_view text) {
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

} // namespace

reader_base::reader_base(reader_options options, sink& to) : options_(std::move(options)), clock_(options_), to_(&to) {
    if (options_.account) {
        if (options_.account->empty())
            refuse(0, "the account is empty", "account");
        if (const auto bad = check_text(*options_.account, max_account)) {
            refuse(0, std::string("the account ") + bad, "account");
        }
    }
    if (!options_.currency.empty() && !is_currency(options_.currency)) {
        refuse(0, "'" + options_.currency + "' is not a currency (three capital letters)", "currency");
    }
}

bool reader_base::check(const call_view& call, const call_field_names& names, row_fault& why) const {
    if (!check_call(call, names, why))
        return false;
    if (call.currency.empty() || !options_.kept_currency)
        return true;
    const auto kept = options_.kept_currency(call);
    if (kept == call.currency)
        return true;
    why.field.assign(names.currency);
    why.reason = "is " + std::string(call.currency) + ", but account '" + std::string(call.account) + "' is kept in " +
                 std::string(kept);
    return false;
}

void reader_base::reject(std::uint64_t line, row_fault why, std::string_view text) {
    to_->on_rejected(
        {options_.name, line, why.column, std::move(why.field), std::move(why.reason), std::string(text), header_});
}

void reader_base::note(std::string text) {
    if (notes_.size() < max_notes && notes_.insert(text).second)
        to_->on_note(std::move(text));
}

void reader_base::note_clock() {
    if (auto text = clock_.note(); !text.empty())
        note(std::move(text));
}

void reader_base::refuse(std::uint64_t line, const std::string& message, std::string member) const {
    auto where = options_.name;
    if (line != 0)
        where += ":" + std::to_string(line);
    throw error(errc::invalid_argument, where + ": " + message, std::move(member));
}

std::string_view reader_base::account_field(std::string_view standard) const noexcept {
    if (options_.account)
        return {};
    return options_.account_from.empty() ? standard : std::string_view(options_.account_from);
}

std::optional<std::size_t> reader_base::account_column(std::span<const std::string> names, std::string_view standard,
                                                       std::uint64_t line) const {
    if (options_.account)
        return std::nullopt;
    const auto wanted = header_key(account_field(standard));
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (header_key(names[i]) == wanted)
            return i;
    }
    if (options_.account_from.empty())
        return std::nullopt;
    std::string message = "there is no field '" + options_.account_from + "' to take the account from; the fields are ";
    for (std::size_t i = 0; i < names.size(); ++i)
        message += (i == 0 ? "" : ", ") + names[i];
    refuse(line, message, "account_from");
}

bool reader_base::resolve_account(std::string_view value, std::uint32_t column, std::string_view field,
                                  std::string_view& account, row_fault& why) const {
    if (options_.account) {
        account = *options_.account;
        return true;
    }
    value = trim(value);
    if (value.empty()) {
        why = {column, std::string(field),
               "is empty, so nobody knows whose call this is; name the account (--account) or another field that has "
               "it (--account-from)"};
        return false;
    }
    if (const auto bad = check_text(value, max_account)) {
        why = {column, std::string(field), bad};
        return false;
    }
    account = value;
    return true;
}

void row_reader::finish() {
    splitter_.finish(*this);
    on_end();
    note_clock();
}

void row_reader::on_bad_row(std::uint64_t line, std::string_view reason, std::string_view text) {
    count_row();
    reject(line, {0, {}, std::string(reason)}, text);
}

bool check_call(const call_view& call, const call_field_names& names, row_fault& why) {
    const auto wrong = [&](std::string_view field, std::string reason) {
        why.field.assign(field);
        why.reason = std::move(reason);
        return false;
    };
    const auto text = [&](std::string_view value, std::size_t max, std::string_view field) {
        const auto bad = check_text(value, max);
        return bad == nullptr || wrong(field, bad);
    };
    if (call.call_id.empty())
        return wrong(names.call_id, "is empty");
    if (call.account.empty())
        return wrong(names.account, "is empty");
    if (!text(call.call_id, max_call_id, names.call_id) || !text(call.account, max_account, names.account) ||
        !text(call.branch, max_text, "branch") || !text(call.cli, max_text, names.cli) ||
        !text(call.destination, max_text, names.destination) ||
        !text(call.hangup_cause, max_text, names.hangup_cause) || !text(call.source_ip, max_text, names.source_ip)) {
        return false;
    }
    if (!call.currency.empty() && !is_currency(call.currency)) {
        return wrong(names.currency, "is not a currency (three capital letters)");
    }
    if (call.start == absent)
        return wrong("start_time", "is empty");
    if (call.end != absent && call.end < call.start)
        return wrong(names.end, "is before the start");
    if (call.end != absent && call.end - call.start > max_length_ms)
        return wrong(names.end, "is more than a year after the start");
    if (call.answer != absent && call.answer < call.start)
        return wrong(names.answer, "is before the start");
    if (call.answer != absent && call.end != absent && call.answer > call.end) {
        return wrong(names.answer, "is after the end");
    }
    if (call.talk < 0)
        return wrong(names.talk, "is negative");
    return true;
}

} // namespace lineside::cdr
