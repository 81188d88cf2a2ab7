#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::net {

/// The fields of a message in their order, all of which can be sent. Names are compared without regard to case
/// (RFC 9110 5.1).
class http_fields {
public:
    using field = std::pair<std::string, std::string>;

    http_fields() = default;
    http_fields(std::initializer_list<field> all);

    /// The first one of this name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// The first one's value, or nothing.
    [[nodiscard]] std::string_view operator[](std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    /// Behind those that are there. Throws `lineside::error` (invalid_argument) where a name is no token or a value has
    /// control characters: nothing can be smuggled in.
    void add(std::string name, std::string value);
    /// The same without a word: false where it is wrong.
    [[nodiscard]] bool try_add(std::string_view name, std::string_view value);
    /// Instead of all of this name.
    void set(std::string name, std::string value);

    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
    void put(std::string name, std::string value);

    std::vector<field> all_;
};

/// What a client asks, before its body.
struct http_request_head {
    std::string method;
    std::string target; ///< origin form: a path that begins with '/', and a query
    http_fields fields;
};

struct http_response {
    // No aggregate: GCC 12 destroys those twice when they are made within a co_await.
    http_response() = default;
    explicit http_response(unsigned s) : status(s) {}
    http_response(unsigned s, http_fields f, std::string b = {})
        : status(s),
          fields(std::move(f)),
          body(std::move(b)) {}

    unsigned status = 200;
    http_fields fields;
    std::string body;
};

/// Why a request gets no answer of the handler's.
struct http_refusal {
    unsigned status = 400;
    std::string detail; ///< one sentence
};

/// RFC 9110 5.6.2: what names of fields and methods are made of.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// Without control characters but tabs, and without white space around it (RFC 9110 5.5).
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

/// ASCII only, as HTTP wants it.
[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b) noexcept;

/// Whether a field's value is a list with this among its tokens (RFC 9110 5.6.1).
[[nodiscard]] bool lists_token(std::string_view list, std::string_view token) noexcept;

} // namespace lineside::net
