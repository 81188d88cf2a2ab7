#include "cli/output.hpp"
#include "cli/secret_input.hpp"
#include "cli/verbs.hpp"
#include "rules/base64.hpp"

#include <utility>

#include <fcntl.h>
#include <unistd.h>

// What the operator does for whoever forgot a password or lost an authenticator.
namespace lineside::cli {

namespace {

constexpr option password_options[] = {
    {"--account", "ID", "the contact's account", presence::required},
    {"--password-file", "FILE", "FILE's first line instead of asking; - is standard input"},
};

exit_status run_set(session& s, std::span<const std::string> operands) {
    password_setting request;
    request.account = account_of(s.args());
    request.contact = contact_id(operands[0]);
    request.password = secret_from(s, "--password-file", "Password for " + operands[0], asked::twice);
    (void)s.open().async_set_password(std::move(request), s.options(), block);
    return exit_status::done;
}

constexpr verb password_verbs[] = {{"set", 1, 1, run_set}};

constexpr option two_factor_options[] = {
    {"--account", "ID", "the contact's account", presence::required},
    {"--png", "FILE", "enrol: the QR code as a picture that only you can read"},
    {"--code-file", "FILE", "confirm: FILE's first line instead of asking; - is standard input"},
    {"--json", "", "as JSON"},
};

two_factor_request request_for(session& s, const std::string& contact) {
    two_factor_request request;
    request.account = account_of(s.args());
    request.contact = contact_id(contact);
    return request;
}

void write_picture(const std::string& file, const secret& base64) {
    using namespace rules;
    const auto bytes = parse_base64(base64.reveal(), base64_alphabet::standard, padding::present).value();
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    if (fd < 0 || ::close(fd) != 0 || !written)
        throw error(errc::unavailable, "cannot write " + file + "; a new file is made, none is overwritten");
}

exit_status run_enrol(session& s, std::span<const std::string> operands) {
    const auto enrolment = s.open().async_enrol_two_factor(request_for(s, operands[0]), s.options(), block);
    if (s.args().has("--png"))
        write_picture(text_of(s.args(), "--png"), enrolment.qr_png);
    if (form_of(s.args()) == output_form::json)
        print_json(enrolment);
    else
        write_output(std::string(enrolment.uri.reveal()) + '\n');
    return exit_status::done;
}

exit_status run_confirm(session& s, std::span<const std::string> operands) {
    two_factor_confirmation request;
    request.account = account_of(s.args());
    request.contact = contact_id(operands[0]);
    request.code = secret_from(s, "--code-file", "Code that the authenticator shows", asked::once);
    const auto codes = s.open().async_confirm_two_factor(std::move(request), s.options(), block);
    if (form_of(s.args()) == output_form::json) {
        print_json(codes);
        return exit_status::done;
    }
    for (const auto& code : codes.codes)
        write_output(std::string(code.reveal()) + '\n');
    return exit_status::done;
}

exit_status run_disable(session& s, std::span<const std::string> operands) {
    (void)s.open().async_disable_two_factor(request_for(s, operands[0]), s.options(), block);
    return exit_status::done;
}

constexpr verb two_factor_verbs[] = {
    {"enrol", 1, 1, run_enrol},
    {"confirm", 1, 1, run_confirm},
    {"disable", 1, 1, run_disable},
};

} // namespace

command password_command() {
    return {{"password", "set CONTACT", "Gives a contact a password; its sessions end.", password_options,
             "lineside password set c-06b1c2d3e4f5g6h7j8k9 --account acme"},
            [](session& s) { return run_verb(s, password_verbs); }};
}

command two_factor_command() {
    return {{"two-factor", "enrol|confirm|disable CONTACT",
             "Two-factor of a contact. enrol prints the authenticator's URI, confirm the recovery codes: once.",
             two_factor_options, "lineside two-factor disable c-06b1c2d3e4f5g6h7j8k9 --account acme"},
            [](session& s) { return run_verb(s, two_factor_verbs); }};
}

} // namespace lineside::cli
