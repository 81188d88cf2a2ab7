#pragma once

#include "calls.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// What SWIG wraps, whole: the handles of lineside_abi.hpp with one function for all operations, so that a language wraps
// four classes, and converts requests and answers by the tables of records.hpp.
namespace lineside::bindings {

class queue {
public:
    queue() {} // written out, or else SWIG lets through what it throws

    [[nodiscard]] int descriptor() const { return inner_.descriptor(); }
    /// What waits, at most `most`; where nothing does, the next that comes within `timeout_ms` (-1: no limit).
    [[nodiscard]] std::vector<event> take(std::int64_t timeout_ms, std::size_t most) const {
        std::vector<event> all;
        for (auto& c : inner_.drain(most))
            all.push_back(detail::event_of(std::move(c)));
        if (all.empty() && timeout_ms != 0)
            if (auto c = inner_.next(timeout_ms))
                all.push_back(detail::event_of(std::move(c)));
        return all;
    }
    std::size_t cancel(std::uint64_t tag) const { return inner_.cancel(tag); }
    [[nodiscard]] std::size_t in_flight() const { return inner_.in_flight(); }

    [[nodiscard]] lineside_queue* get() const noexcept { return inner_.get(); }

private:
    abi::queue inner_;
};

class watch {
public:
    explicit watch(abi::watch opened) : inner_(std::make_shared<abi::watch>(std::move(opened))) {}

    void start(std::int64_t timeout_ms, const queue& to, std::uint64_t tag) const {
        const detail::terms how(timeout_ms, nullptr, nullptr);
        detail::check(lineside_watch_next_async(inner_->get(), how.get(), to.get(), tag));
    }
    /// A read that is pending fails with `cancelled`.
    void close() const { inner_->close(); }

private:
    std::shared_ptr<abi::watch> inner_;
};

class server {
public:
    server(const std::shared_ptr<detail::opened>& portal, const lineside_server_options& options)
        : inner_(std::make_shared<detail::running>(portal->by, abi::server(portal->portal, &options))) {}

    [[nodiscard]] int port() const { return inner_.get()->server.port(); }
    [[nodiscard]] int admin_port() const { return inner_.get()->server.admin_port(); }
    [[nodiscard]] std::string url() const { return inner_.get()->server.url(); }
    void drain(std::int64_t grace_ms) const { inner_.get()->server.drain(grace_ms); }
    void reload_certificate() const { inner_.get()->server.reload_certificate(); }
    void close() { inner_.close(); }

private:
    detail::closable<detail::running> inner_;
};

class portal {
public:
    explicit portal(abi::portal p, std::shared_ptr<void> by = nullptr)
        : inner_(std::make_shared<detail::opened>(std::move(p), std::move(by))) {}

    /// Blocks, at an engine in the thread that calls.
    [[nodiscard]] answer call(const char* operation, const request& what, std::int64_t timeout_ms,
                              const char* idempotency_key, const char* if_match) const {
        const detail::terms how(timeout_ms, idempotency_key, if_match);
        return detail::find_operation(operation).call(inner_.get()->portal.get(), what.get(), how.get());
    }
    /// Completes into `to`.
    void start(const char* operation, const request& what, std::int64_t timeout_ms, const char* idempotency_key,
               const char* if_match, const queue& to, std::uint64_t tag) const {
        const detail::terms how(timeout_ms, idempotency_key, if_match);
        detail::check(
            detail::find_operation(operation).start(inner_.get()->portal.get(), what.get(), how.get(), to.get(), tag));
    }
    /// The portal of whoever a `credential` stands for.
    [[nodiscard]] portal* as_whoever(const request& credential) const {
        lineside_portal* view = nullptr;
        const auto from = inner_.get();
        detail::check(
            lineside_portal_as(from->portal.get(), static_cast<const lineside_credential*>(credential.get()), &view));
        return new portal(abi::portal(view), from->by);
    }
    [[nodiscard]] watch* open_watch(const request& what) const {
        return new watch(inner_.get()->portal.watch(static_cast<const lineside_watch_request*>(what.get())));
    }
    /// Requests that were served go to `log`.
    [[nodiscard]] server* serve(const request& options, const queue* log) const {
        auto o = detail::copy<lineside_server_options>(options);
        o.log_queue = log == nullptr ? nullptr : log->get();
        return new server(inner_.get(), o);
    }
    /// What is in flight completes with an error.
    void close() { inner_.close(); }

private:
    detail::closable<detail::opened> inner_;
};

/// `delivery` may be null.
[[nodiscard]] inline portal* open_engine(const request& options, std::shared_ptr<delivery> by) {
    auto o = detail::copy<lineside_engine_options>(options);
    lineside_delivery_hooks hooks = LINESIDE_INIT(lineside_delivery_hooks);
    if (by != nullptr) {
        hooks.context = by.get();
        if (by->mails())
            hooks.mailer = [](void* d, const lineside_mail* m) { return static_cast<delivery*>(d)->mail(*m); };
        if (by->texts())
            hooks.texter = [](void* d, const lineside_text_message* m) { return static_cast<delivery*>(d)->text(*m); };
        o.delivery = &hooks;
        if (by->has_clock()) {
            o.clock = [](void* d) { return static_cast<delivery*>(d)->now(); };
            o.clock_context = by.get();
        }
    }
    return new portal(abi::portal::open_engine(&o), std::move(by));
}

/// Attempts go to `log`; null: nowhere. `by` may be null.
[[nodiscard]] inline portal* open_asking_client(const request& options, const queue* log, std::shared_ptr<asker> by) {
    auto o = detail::copy<lineside_client_options>(options);
    o.log_queue = log == nullptr ? nullptr : log->get();
    o.context = by.get();
    if (by != nullptr && by->refreshes())
        o.refresh = [](void* a) { return static_cast<asker*>(a)->token(); };
    if (by != nullptr && by->traces())
        o.traceparent = [](void* a) { return static_cast<asker*>(a)->traceparent(); };
    return new portal(abi::portal::open_client(&o), std::move(by));
}

/// The same without anybody to ask.
[[nodiscard]] inline portal* open_client(const request& options, const queue* log) {
    return open_asking_client(options, log, nullptr);
}

/// What a value looked like, for `if_match`.
[[nodiscard]] inline std::string revision_of(const request& seen) { return detail::revision_of(seen); }

/// Checks what a webhook's receiver got; says when it was sent. `body` may hold any bytes.
[[nodiscard]] inline std::int64_t verify_webhook(const char* secret, const char* id, const char* timestamp,
                                                 const char* signature, const std::string& body, std::int64_t now,
                                                 std::int64_t tolerance_ms) {
    return abi::webhook_verify(secret, id, timestamp, signature, body, now, tolerance_ms);
}

/// The header webhook-signature of a body, which may hold any bytes.
[[nodiscard]] inline std::string sign_webhook(const char* secret, const char* id, std::int64_t at,
                                              const std::string& body) {
    return abi::webhook_sign(secret, id, at, body);
}

/// The name of a constant, "asr" of "metric" 5; empty: there is none.
[[nodiscard]] inline std::string constant_name(const std::string& enumeration, int constant) {
    for (const auto& e : enumerations)
        if (enumeration == e.name && e.text != nullptr)
            if (const char* text = e.text(constant))
                return text;
    return {};
}

[[nodiscard]] inline std::string version() { return lineside_version(); }
[[nodiscard]] inline int abi_version() { return lineside_abi_version(); }
[[nodiscard]] inline std::string code_name(int code) {
    const char* name = lineside_code_name(code);
    return name == nullptr ? "" : name;
}

} // namespace lineside::bindings
