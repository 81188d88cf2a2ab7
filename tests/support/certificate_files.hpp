#pragma once

#include "support/peer_certificate.hpp"
#include "support/scratch_dir.hpp"

#include <string>

namespace lineside::test {

/// A certificate as files, all PEM.
class certificate_files {
public:
    explicit certificate_files(const peer_certificate& of = {});

    [[nodiscard]] std::string certificate() const { return file("certificate.pem"); }
    [[nodiscard]] std::string key() const { return file("key.pem"); }
    /// Whom the other side has to trust.
    [[nodiscard]] std::string authority() const { return file("authority.pem"); }

    /// Another one, in the same files.
    void renew(const peer_certificate& with) const;

private:
    [[nodiscard]] std::string file(const char* name) const { return (dir_.path() / name).string(); }

    scratch_dir dir_;
};

} // namespace lineside::test
