#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineside::net {

/// The fields of a message in their order, all of which can be sent. Names are compared without regard to case
/// (RFC 9110 5.1). What is given in is copied and must not be part of the same fields; what is given out is theirs, until
/// they change.
class http_fields {
    // All text in one piece, since messages come and go with a dozen of them.
    struct place {
        std::uint32_t name = 0;
        std::uint32_t value = 0;
        std::uint32_t end = 0;
    };

public:
    using field = std::pair<std::string_view, std::string_view>;

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;
        using value_type = field;
        using difference_type = std::ptrdiff_t;
        using reference = field;
        using pointer = void;

        iterator() = default;
        [[nodiscard]] field operator*() const noexcept { return of_->at(*place_); }
        iterator& operator++() noexcept {
            ++place_;
            return *this;
        }
        iterator operator++(int) noexcept {
            auto before = *this;
            ++place_;
            return before;
        }
        friend bool operator==(const iterator&, const iterator&) = default;

    private:
        friend class http_fields;
        iterator(const http_fields& of, const place* at) noexcept : of_(&of), place_(at) {}

        const http_fields* of_ = nullptr;
        const place* place_ = nullptr;
    };

    http_fields() = default;
    http_fields(std::initializer_list<field> all);

    /// The first one of this name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// The first one's value, or nothing.
    [[nodiscard]] std::string_view operator[](std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    /// Behind those that are there. Throws `lineside::error` (invalid_argument) where a name is no token or a value has
    /// control characters: nothing can be smuggled in.
    void add(std::string_view name, std::string_view value);
    /// The same without a word: false where it is wrong.
    [[nodiscard]] bool try_add(std::string_view name, std::string_view value);
    /// Instead of all of this name.
    void set(std::string_view name, std::string_view value);

    [[nodiscard]] iterator begin() const noexcept { return {*this, places_.data()}; }
    [[nodiscard]] iterator end() const noexcept { return {*this, places_.data() + places_.size()}; }
    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }

private:
    [[nodiscard]] field at(const place& p) const noexcept {
        const std::string_view all(text_);
        return {all.substr(p.name, p.value - p.name), all.substr(p.value, p.end - p.value)};
    }
    void put(std::string_view name, std::string_view value);

    std::string text_;
    std::vector<place> places_;
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

namespace detail {
[[nodiscard]] bool same_without_case(std::string_view a, std::string_view b) noexcept;
} // namespace detail

/// ASCII only, as HTTP wants it.
[[nodiscard]] inline bool equal_without_case(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && detail::same_without_case(a, b); // mostly the sizes tell
}

/// Without the spaces and tabs around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text) noexcept;

/// Calls `take(item)` for what stands between `separator`s, without blanks around it and unless it is empty. For lists that
/// quote nothing, or whose quoted items are passed over anyway.
template <class Take>
void for_each_item(std::string_view list, char separator, Take take) {
    while (!list.empty()) {
        const auto part = list.substr(0, list.find(separator));
        if (const auto item = without_blanks(part); !item.empty())
            take(item);
        list.remove_prefix(std::min(part.size() + 1, list.size()));
    }
}

/// Whether a field's value is a list with this among its tokens (RFC 9110 5.6.1).
[[nodiscard]] bool lists_token(std::string_view list, std::string_view token) noexcept;

} // namespace lineside::net
