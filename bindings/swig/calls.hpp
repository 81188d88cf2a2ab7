#pragma once

#include "records.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

// lineside_abi.hpp with operations by their names and requests and answers of any type: what face.hpp stands on. Failures are
// abi::error.
namespace lineside::bindings {

/// A request in C, made by the language for the length of a call.
class request {
public:
    request() = default;
    request(const request&) = delete;
    request& operator=(const request&) = delete;
    virtual ~request() = default;

    /// Null: everything is at its default.
    [[nodiscard]] const void* get() const noexcept { return made_; }
    [[nodiscard]] const record_type* type() const noexcept { return type_; }

protected:
    const void* made_ = nullptr;
    const record_type* type_ = nullptr;
};

/// A value in C, and what keeps it alive. Without a type it is nothing.
struct answer {
    const record_type* type = nullptr;
    std::shared_ptr<const void> value;
};

/// Something that happened: an answer or failure of a call, or what is told on the way.
struct event {
    std::uint64_t tag = 0;
    int kind = 0; ///< lineside_completion_kind
    std::optional<abi::error> failed;
    answer value;
    std::optional<std::int64_t> reached; ///< of a back-test: a time
};

/// How an engine reaches people, and what its clock is where it has one of its own. On any thread; what is not 0 makes the
/// operation fail.
class delivery {
public:
    delivery() = default;
    delivery(const delivery&) = delete;
    delivery& operator=(const delivery&) = delete;
    virtual ~delivery() = default;

    [[nodiscard]] virtual bool mails() const = 0;
    [[nodiscard]] virtual bool texts() const = 0;
    virtual int mail(const lineside_mail& to) noexcept = 0;
    virtual int text(const lineside_text_message& to) noexcept = 0;
    [[nodiscard]] virtual bool has_clock() const { return false; }
    virtual std::int64_t now() noexcept { return 0; }
};

/// What a client asks its host for, on any thread. A text lasts until its thread asks again; null is none.
class asker {
public:
    asker() = default;
    asker(const asker&) = delete;
    asker& operator=(const asker&) = delete;
    virtual ~asker() = default;

    [[nodiscard]] virtual bool refreshes() const = 0;
    [[nodiscard]] virtual bool traces() const = 0;
    virtual const char* token() noexcept = 0;
    virtual const char* traceparent() noexcept = 0;
};

namespace detail {

inline void check(lineside_error* failure) {
    if (failure != nullptr)
        throw abi::error(failure);
}

template <class T>
[[nodiscard]] answer shared(std::int16_t type, abi::value<T> value) {
    auto kept = std::make_shared<abi::value<T>>(std::move(value));
    const void* inside = kept->get();
    return {&records[static_cast<std::size_t>(type)], std::shared_ptr<const void>(std::move(kept), inside)};
}

struct operation_type {
    const char* name;
    const char* request_type; ///< "text" is an account's id
    const char* answer_type;  ///< null: nothing
    answer (*call)(lineside_portal*, const void*, const lineside_call_options*);
    lineside_error* (*start)(lineside_portal*, const void*, const lineside_call_options*, lineside_queue*,
                             std::uint64_t);
    answer (*take)(abi::completion&);
};

// The request of `get_account`, which has no structure.
using lineside_text = char;

#define LINESIDE_ENUMERATION(...)
#define LINESIDE_RECORD(...)
#define LINESIDE_REVISION(...)
#define LINESIDE_START(FUNCTION, REQUEST)                                                                         \
    [](lineside_portal* p, const void* r, const lineside_call_options* o, lineside_queue* q, std::uint64_t tag) { \
        return lineside_##FUNCTION##_async(p, static_cast<const lineside_##REQUEST*>(r), o, q, tag);              \
    }
#define LINESIDE_OPERATION(NAME, FUNCTION, REQUEST, ANSWER)                                                 \
    operation_type{#NAME,                                                                                   \
                   #REQUEST,                                                                                \
                   #ANSWER,                                                                                 \
                   [](lineside_portal* p, const void* r, const lineside_call_options* o) {                  \
                       lineside_##ANSWER* value = nullptr;                                                  \
                       check(lineside_##FUNCTION(p, static_cast<const lineside_##REQUEST*>(r), o, &value)); \
                       return shared(record::ANSWER, abi::value<lineside_##ANSWER>(value));                 \
                   },                                                                                       \
                   LINESIDE_START(FUNCTION, REQUEST),                                                       \
                   [](abi::completion& done) { return shared(record::ANSWER, done.take<lineside_##ANSWER>()); }},
#define LINESIDE_COMMAND(NAME, FUNCTION, REQUEST)                                                   \
    operation_type{#NAME,                                                                           \
                   #REQUEST,                                                                        \
                   nullptr,                                                                         \
                   [](lineside_portal* p, const void* r, const lineside_call_options* o) {          \
                       check(lineside_##FUNCTION(p, static_cast<const lineside_##REQUEST*>(r), o)); \
                       return answer{};                                                             \
                   },                                                                               \
                   LINESIDE_START(FUNCTION, REQUEST),                                               \
                   [](abi::completion& done) {                                                      \
                       done.check();                                                                \
                       return answer{};                                                             \
                   }},
inline const operation_type operations[] = {
#include "records.def"
    // Asked as operations are, though they are none of a portal's.
    LINESIDE_OPERATION(send, client_send, raw_request, raw_answer) operation_type{
        "next", "text", "watch_update", nullptr, nullptr,
        [](abi::completion& done) { return shared(record::watch_update, done.take<lineside_watch_update>()); }},
};
#undef LINESIDE_ENUMERATION
#undef LINESIDE_RECORD
#undef LINESIDE_REVISION
#undef LINESIDE_START
#undef LINESIDE_OPERATION
#undef LINESIDE_COMMAND

[[nodiscard]] inline const operation_type& find_operation(std::string_view name) {
    static const auto by_name = [] {
        std::unordered_map<std::string_view, const operation_type*> all;
        for (const auto& o : operations)
            all.emplace(o.name, &o);
        return all;
    }();
    const auto found = by_name.find(name);
    if (found == by_name.end())
        throw std::invalid_argument("there is no operation " + std::string(name));
    return *found->second;
}

template <class T>
[[nodiscard]] answer told(std::int16_t type, const std::shared_ptr<abi::completion>& by, const T* value) {
    return {&records[static_cast<std::size_t>(type)], std::shared_ptr<const void>(by, value)};
}

[[nodiscard]] inline event event_of(abi::completion c) {
    event e;
    e.tag = c.tag();
    e.kind = c.kind();
    const auto& all = *c.get();
    if (e.kind == LINESIDE_COMPLETION_ANSWER) {
        if (all.error != nullptr)
            e.failed.emplace(lineside_completion_check(const_cast<lineside_completion*>(c.get())));
        else
            e.value = find_operation(all.operation).take(c);
        return e;
    }
    const auto by = std::make_shared<abi::completion>(std::move(c));
    if (all.progress != nullptr)
        e.value = told(record::import_progress, by, all.progress);
    else if (all.rejected != nullptr)
        e.value = told(record::rejected_row, by, all.rejected);
    else if (all.served != nullptr)
        e.value = told(record::served_request, by, all.served);
    else if (all.attempt != nullptr)
        e.value = told(record::client_attempt, by, all.attempt);
    else if (all.alert != nullptr)
        e.value = told(record::alert_event, by, all.alert);
    else if (all.reached != nullptr)
        e.reached = *all.reached;
    return e;
}

/// How a call is made: texts that are null or empty say nothing.
class terms {
public:
    terms(std::int64_t timeout_ms, const char* idempotency_key, const char* if_match) {
        options_.timeout_ms = timeout_ms;
        options_.idempotency_key = given(idempotency_key);
        options_.if_match = given(if_match);
    }

    [[nodiscard]] const lineside_call_options* get() const noexcept { return &options_; }

private:
    static const char* given(const char* text) noexcept { return text == nullptr || *text == '\0' ? nullptr : text; }

    lineside_call_options options_ = LINESIDE_INIT(lineside_call_options);
};

/// What is thrown by what was closed.
struct closed : std::logic_error {
    using std::logic_error::logic_error;
};

/// What a language may close while other threads still use it: it goes with the last of them.
template <class T>
class closable {
public:
    explicit closable(std::shared_ptr<T> inner) : inner_(std::move(inner)) {}

    /// Throws once it is closed.
    [[nodiscard]] std::shared_ptr<T> get() const {
        const std::lock_guard lock(mutex_);
        if (inner_ == nullptr)
            throw closed("it is closed");
        return inner_;
    }
    void close() {
        std::shared_ptr<T> last;
        const std::lock_guard lock(mutex_);
        last.swap(inner_);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T> inner_;
};

/// What a portal and those that came from it share.
struct opened {
    opened(abi::portal p, std::shared_ptr<void> d) : by(std::move(d)), portal(std::move(p)) {}

    std::shared_ptr<void> by; ///< whom it asks: goes after the portal
    abi::portal portal;
};

struct running {
    running(std::shared_ptr<void> d, abi::server s) : by(std::move(d)), server(std::move(s)) {}

    std::shared_ptr<void> by;
    abi::server server;
};

/// A structure of options, to be completed.
template <class T>
[[nodiscard]] T copy(const request& from) {
    return from.get() == nullptr ? LINESIDE_INIT(T) : *static_cast<const T*>(from.get());
}

[[nodiscard]] inline std::string revision_of(const request& seen) {
    const std::string_view type = seen.type() == nullptr ? "" : seen.type()->name;
#define LINESIDE_ENUMERATION(...)
#define LINESIDE_RECORD(...)
#define LINESIDE_OPERATION(...)
#define LINESIDE_COMMAND(...)
#define LINESIDE_REVISION(NAME) \
    if (type == #NAME)          \
        return abi::revision_of(static_cast<const lineside_##NAME*>(seen.get()));
#include "records.def"
#undef LINESIDE_ENUMERATION
#undef LINESIDE_RECORD
#undef LINESIDE_OPERATION
#undef LINESIDE_COMMAND
#undef LINESIDE_REVISION
    throw std::invalid_argument("a " + std::string(type) + " has no revision");
}

} // namespace detail

} // namespace lineside::bindings
