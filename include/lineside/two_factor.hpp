#pragma once

#include <lineside/contact.hpp>
#include <lineside/secret.hpp>

#include <string>
#include <vector>

namespace lineside {

/// Starts an enrolment; nothing is on until a code confirms it.
struct two_factor_request {
    account_id account{};
    contact_id contact{};
    secret password{}; ///< a contact's own; the operator needs none
    secret code{};     ///< where an older enrolment is in force
};

/// Shown once, to the contact alone.
struct two_factor_enrolment {
    secret key{};    ///< the shared secret in base32, for typing
    secret uri{};    ///< otpauth://totp/...
    secret qr_svg{}; ///< the URI as a QR code
    secret qr_png{}; ///< likewise, base64
};

struct two_factor_confirmation {
    account_id account{};
    contact_id contact{};
    secret code{};
};

/// Ten, each good once in place of a code. Earlier ones are void.
struct recovery_codes {
    std::vector<secret> codes{};
};

} // namespace lineside
