#include "rules/otpauth.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace lineside;
using namespace lineside::rules;

namespace {

const std::string key = "12345678901234567890";

std::string fault_of(std::string_view uri) {
    const auto o = parse_otpauth(uri);
    return o ? std::string() : o.error().details.message;
}

} // namespace

TEST(otpauth, a_uri_names_issuer_login_and_everything_an_app_needs) {
    EXPECT_EQ(to_uri({"Lineside", "ann@acme.example", key, {}}),
              "otpauth://totp/Lineside:ann%40acme.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lineside"
              "&algorithm=SHA1&digits=6&period=30");
    EXPECT_EQ(to_uri({"", "ann", "foobar", {totp_hash::sha512, 8, std::chrono::seconds(60)}}),
              "otpauth://totp/ann?secret=MZXW6YTBOI&algorithm=SHA512&digits=8&period=60");
}

TEST(otpauth, whatever_stands_in_the_names_comes_back) {
    for (const std::string issuer : {"", "A & B, Ltd?", "100%", "Телеком", "a/b#c=d+e", "\x01", "a-b.c_d~e{f"})
        for (const std::string account : {"ann@acme.example", "a b", "ünï@x", "%41", "?secret=MZXW6YTB&", "\"<>"}) {
            const otpauth o{issuer, account, key, {totp_hash::sha256, 7, std::chrono::seconds(15)}};
            const auto back = parse_otpauth(to_uri(o));
            ASSERT_TRUE(back) << to_uri(o);
            EXPECT_EQ(*back, o);
        }
    const otpauth with_colon{"Lineside", "sip:ann", key, {}};
    EXPECT_EQ(parse_otpauth(to_uri(with_colon)).value(), with_colon);
}

TEST(otpauth, what_other_programs_write_is_read) {
    const auto o =
        parse_otpauth("otpauth://totp/ACME%20Co:%20john@acme.com?secret=MZXW6YTB&image=x&issuer=ACME%20Co&lock")
            .value();
    EXPECT_EQ(o.issuer, "ACME Co");
    EXPECT_EQ(o.account, "john@acme.com");
    EXPECT_EQ(o.key, "fooba");
    EXPECT_EQ(o.totp, totp_parameters());
    EXPECT_EQ(parse_otpauth("otpauth://totp/john?secret=MZXW6YTB&issuer=X").value().issuer, "X");
}

TEST(otpauth, a_refusal_says_what_is_wrong) {
    const std::string ok = "otpauth://totp/a?secret=MZXW6YTB";
    EXPECT_EQ(fault_of(ok), "");
    EXPECT_EQ(fault_of(ok + "&"), "");
    const auto wrong = [](const char* why) { return "this is no otpauth URI: " + std::string(why); };
    EXPECT_EQ(fault_of("otpauth://hotp/a?secret=MZXW6YTB"), wrong("it does not begin with otpauth://totp/"));
    EXPECT_EQ(fault_of(""), wrong("it does not begin with otpauth://totp/"));
    EXPECT_EQ(fault_of("otpauth://totp/a"), wrong("it has no secret"));
    EXPECT_EQ(fault_of("otpauth://totp/?secret=MZXW6YTB"), wrong("it names no account"));
    EXPECT_EQ(fault_of("otpauth://totp/a:%20?secret=MZXW6YTB"), wrong("it names no account"));
    for (const auto* label : {"%", "%4", "%4g", "%-1"})
        EXPECT_EQ(fault_of("otpauth://totp/" + std::string(label) + "?secret=MZXW6YTB"),
                  wrong("its label is not percent-encoded"));
    EXPECT_EQ(fault_of(ok + "&x=%zz"), wrong("its parameters are not percent-encoded"));
    EXPECT_EQ(fault_of(ok + "&secret=MZXW6YTB"), wrong("it says 'secret' twice"));
    for (const auto* secret : {"", "mzxw6ytb", "MZXW6YTB%3D", "1"})
        EXPECT_EQ(fault_of("otpauth://totp/a?secret=" + std::string(secret)),
                  wrong("its secret is not base32 of 1 to 128 bytes"));
    EXPECT_EQ(fault_of("otpauth://totp/a?secret=" + std::string(208, 'A')),
              wrong("its secret is not base32 of 1 to 128 bytes"));
    EXPECT_EQ(fault_of("otpauth://totp/B:a?secret=MZXW6YTB&issuer=C"), wrong("its two issuers differ"));
    EXPECT_EQ(fault_of(ok + "&algorithm=MD5"), wrong("its algorithm is not SHA1, SHA256 or SHA512"));
    for (const auto* digits : {"5", "9", "", "6x", "-6", "99999999999"})
        EXPECT_EQ(fault_of(ok + "&digits=" + digits), wrong("its digits are not 6 to 8"));
    for (const auto* period : {"0", "3601", "30s"})
        EXPECT_EQ(fault_of(ok + "&period=" + period), wrong("its period is not 1 to 3600 seconds"));
}
