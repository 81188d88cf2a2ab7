#pragma once

#include <string_view>

namespace lineside::rules {

/// What is wrong with an e-mail address, to be read after its name: "has no @"; null: nothing. Only what no address of
/// anybody's has is refused: whether it is the right one is for a mail to find out.
[[nodiscard]] const char* email_fault(std::string_view text) noexcept;

} // namespace lineside::rules
