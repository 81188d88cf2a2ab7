#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineside::wire {

enum class value_kind : std::uint8_t {
    text,
    secret,
    boolean,
    integer,
    number, ///< or null: there is nothing to measure
    instant,
    duration,    ///< whole milliseconds
    money,       ///< the amount as text; its currency is the member of that name beside it
    measurement, ///< of a series: a number, or of charges money; or null
    id,
    enumeration,
    array,
    object,
};

/// What the JSON of a type looks like: what `append_json` writes and `parse_json` reads.
struct schema {
    struct member {
        std::string_view name;
        const schema* type = nullptr;
        bool optional = false; ///< may be null or missing, which is the same
        std::string initial;   ///< the JSON of its default
    };

    value_kind kind = value_kind::text;
    std::string name;                        ///< of an object or enumeration: "alert_rule", "account_page"
    std::int64_t least = 0;                  ///< of an integer
    std::uint64_t most = 0;                  ///< likewise
    std::vector<std::string_view> spellings; ///< of an enumeration
    const schema* element = nullptr;         ///< of an array
    std::vector<member> members;             ///< of an object, in their order

    [[nodiscard]] const member* find(std::string_view member_name) const noexcept {
        for (const auto& m : members)
            if (m.name == member_name)
                return &m;
        return nullptr;
    }
};

/// Made once from the description of the type. Instantiated where JSON is, and for what is inside of those.
template <class T>
[[nodiscard]] const schema& schema_of();

} // namespace lineside::wire
