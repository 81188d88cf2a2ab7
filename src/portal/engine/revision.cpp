#include <lineside/account.hpp>
#include <lineside/alert.hpp>
#include <lineside/branding.hpp>
#include <lineside/contact.hpp>
#include <lineside/layout.hpp>
#include <lineside/number_block.hpp>
#include <lineside/revision.hpp>

#include "portal/engine/records.hpp"
#include "portal/revised.hpp"
#include "rules/base64.hpp"
#include "wire/json.hpp"

namespace lineside {

namespace {

constexpr std::size_t revision_bytes = 16;

template <class T>
std::string digest_as_json(const T& value) {
    std::string text;
    wire::append_json(text, value);
    return revision_of_json(text);
}

} // namespace

std::string revision_of_json(std::string_view text) {
    return rules::to_base64(std::string_view(digest_of(text)).substr(0, revision_bytes), rules::base64_alphabet::url,
                            rules::padding::absent);
}

std::string revision_of(const account& seen) { return digest_as_json(seen); }
std::string revision_of(const contact& seen) { return digest_as_json(seen); }
std::string revision_of(const layout& seen) { return digest_as_json(seen); }
std::string revision_of(const branding& seen) { return digest_as_json(seen); }
std::string revision_of(const numbering& seen) { return digest_as_json(seen); }
std::string revision_of(const alert_rule& seen) { return digest_as_json(seen); }

} // namespace lineside
