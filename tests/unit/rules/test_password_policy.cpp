#include "rules/common_passwords.hpp"
#include "rules/password_policy.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace lineside::rules;

namespace {

std::string alone(std::string_view password) { return password_fault(password, second_factor::off); }
std::string beside(std::string_view password) { return password_fault(password, second_factor::on); }

constexpr std::string_view guessed = "the password is one that guessers try first";

bool is_guessed(std::string_view password) { return beside(password).starts_with(guessed); }

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

// Nothing that guessers would build: letters in no order.
constexpr std::string_view noise = "kvbxrjhqpfmtwzgd";

} // namespace

TEST(password_policy, fifteen_characters_alone_and_eight_beside_two_factor) {
    EXPECT_EQ(alone(noise.substr(0, 15)), "");
    EXPECT_TRUE(alone(noise.substr(0, 14)).starts_with("the password has fewer than 15 characters"));
    EXPECT_EQ(beside(noise.substr(0, 8)), "");
    EXPECT_EQ(beside(noise.substr(0, 7)), "the password has fewer than 8 characters");
    EXPECT_TRUE(is_long_enough_alone(noise.substr(0, 15)));
    EXPECT_FALSE(is_long_enough_alone(noise.substr(0, 14)));
    EXPECT_FALSE(is_long_enough_alone(std::string(20, '\xff')));
}

TEST(password_policy, characters_are_code_points_and_256_are_accepted) {
    EXPECT_EQ(beside("пфзщхюъэ"), "");
    EXPECT_EQ(beside("пфзщхюъ"), "the password has fewer than 8 characters");
    const std::string_view four_bytes = "\xf0\x9f\x90\x8e\xf0\x9f\x94\x8b\xf0\x9f\x93\x8e\xf0\x9f\x8d\xa9"
                                        "\xf0\x9f\x8e\xba\xf0\x9f\xa7\xad\xf0\x9f\xaa\x91\xf0\x9f\x9b\xb6";
    EXPECT_EQ(beside(four_bytes), "");
    EXPECT_EQ(alone(repeated(noise, 15) + std::string(noise)), "");
    const auto longest = std::string("\xf0\x9f\x90\x8e") + repeated(noise, 15) + std::string(noise.substr(1));
    EXPECT_EQ(alone(longest), "");
    EXPECT_EQ(alone(longest + "qj"), "the password has more than 256 characters");
}

TEST(password_policy, there_are_no_rules_about_which_characters) {
    for (const auto* password :
         {"vbxrjhqpfmtwzgdk", "VBXRJHQPFMTWZGDK", "vb xr jh qp fm tw z", "тихий кіт снідає вночі",
          "monkey sunshine football guitar", "correct donkey 7 lamp harbour"})
        EXPECT_EQ(alone(password), "") << password;
}

TEST(password_policy, what_is_not_utf_8_is_refused) {
    for (const std::string bad :
         {"\xff", "\x80", "\xc0\xaf", "\xc1\xbf", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xc3\x28"})
        EXPECT_EQ(alone(std::string(noise) + bad), "the password is not UTF-8");
}

TEST(password_policy, what_guessers_try_first_is_refused_in_every_disguise) {
    for (const auto* password : {"password",
                                 "Password1",
                                 "P@ssw0rd!",
                                 "passw0rd2024",
                                 "PASSWORD123!",
                                 "passwordpassword",
                                 "12345678",
                                 "123456789012345",
                                 "11111111",
                                 "aaaaaaaaaaaaaaaa",
                                 "abcabcabcabcabc",
                                 "qwertyuiop",
                                 "qwertyuiopasdfghjkl",
                                 "1qaz2wsx",
                                 "1q2w3e4r5t6y",
                                 "iloveyou",
                                 "iloveyou2",
                                 "letmein123",
                                 "football99",
                                 "sunshinefootball",
                                 "Welcome2024!",
                                 "superman!",
                                 "12121990",
                                 "31/12/90",
                                 "zaq12wsx",
                                 "trustno1",
                                 "dragon1234",
                                 "asdfghjkl",
                                 "0987654321",
                                 "987654321abc",
                                 "hunter2hunter2",
                                 "m0nk3y!!",
                                 "correcthorsebatterystaple",
                                 "asterisk2024",
                                 "azertyuiop",
                                 "qwertz123",
                                 "!@#$%^&*",
                                 "abcdefghijklmnop",
                                 "zyxwvuts",
                                 "passwort",
                                 "contrasena1"})
        EXPECT_TRUE(is_guessed(password)) << password;
    EXPECT_TRUE(alone("passwordpassword1").starts_with(guessed));
}

TEST(password_policy, two_words_too_many_for_a_guesser_are_enough) {
    for (const auto* password : {"kvbx7rjh", "sunshine kvbx", "x7!kQ2#vB", "Tr0ub4dor&3", "harbourlampdonkey"})
        EXPECT_EQ(beside(password), "") << password;
}

TEST(password_policy, ones_own_names_are_refused_and_the_reason_names_them) {
    const own_text own[] = {{"ann.smithers@telemax.example", "the e-mail address"},
                            {"Ann Smithers", "the person's name"},
                            {"Zeppelin GmbH", "the company's name"},
                            {"Ältäröy Ёжиков ΛΑΜΨΗ", "another name"},
                            {"ŽĹŁ Ѡѡ", "another name"},
                            {"Ňĕ Studio 2000 ×Ŵŵŷ", "another name"}};
    const auto fault = [&](std::string_view p) { return password_fault(p, second_factor::on, own); };
    EXPECT_EQ(fault("kvbxrjSMITHERSqp"), "the password contains the e-mail address or a part of it");
    EXPECT_EQ(fault("ann.smithers@telemax.example"), "the password contains the e-mail address or a part of it");
    EXPECT_EQ(fault("kvbxTelemax9rjq"), "the password contains the e-mail address or a part of it");
    EXPECT_EQ(fault("kvbx ann smithers"), "the password contains the e-mail address or a part of it");
    EXPECT_EQ(fault("xkvzEPPELINrjhq"), "the password contains the company's name or a part of it");
    EXPECT_EQ(fault("kvbxrjhgmbhzw"), "the password contains the company's name or a part of it");
    EXPECT_EQ(fault("kvbxÄLTÄRÖYrjh"), "the password contains another name or a part of it");
    EXPECT_EQ(fault("kvbxёЖИКОВrjh"), "the password contains another name or a part of it");
    EXPECT_EQ(fault("kvbxλαμψηrjh"), "the password contains another name or a part of it");
    EXPECT_EQ(fault("kvbx ann rjhqpf"), "") << "three letters are in too many passwords by chance";
    EXPECT_EQ(fault("kvbxžĺłrjhqpf"), "") << "likewise";
    EXPECT_EQ(fault("kvbxŽĹŁ ѠѠrjhqpf"), "the password contains another name or a part of it") << "but not together";
    EXPECT_EQ(fault("kvbx2000rjhqpf"), "the password contains another name or a part of it") << "a number in a name";
    EXPECT_EQ(fault("kvbxNĔ STUDIOrjhqpf"), "the password contains another name or a part of it");
    EXPECT_EQ(fault("kvbx×ŵŴŶrjhqpf"), "the password contains another name or a part of it") << "letters of Welsh";
}

TEST(password_policy, a_name_that_is_not_utf_8_hides_nothing) {
    const own_text own[] = {{"\xff\xff\xff\xff\xff", "the name"}};
    EXPECT_EQ(password_fault(noise, second_factor::off, own), "");
}

TEST(password_policy, the_longest_password_is_judged_quickly) {
    // Everything in it is a word, a row and a disguise at once: the worst case of the search.
    EXPECT_NE(alone(repeated("qwertyui", 32)), "x");
    EXPECT_EQ(alone(repeated("p4ssw0rdmonkeyQ", 17)), "");
}

TEST(common_passwords, words_are_found_and_others_are_not) {
    for (const auto* word : {"password", "zorro2000", "dragon", "iloveyou", "a"})
        EXPECT_EQ(is_common_word(word), std::string_view(word) != "zorro2000") << word;
    EXPECT_FALSE(is_common_word(""));
}
