#pragma once

#include <lineside.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Lineside for C++17 and later with a stable ABI: lineside.h with ownership and exceptions, and nothing else. What the
/// functions do is said there; here each has the name of its C function without `lineside_` and the noun of its class.
///
/// Requests, options and values are the structures of lineside.h: start a request with LINESIDE_INIT. Whatever fails
/// throws `error`. Handles and values move and are not copied; one that was moved from may only be assigned or destroyed.
/// A header alone: link with lineside-c and with nothing more.
namespace lineside::abi {

/// A failure: `what()` is its message.
class error : public std::runtime_error {
public:
    /// Takes `e` over.
    explicit error(lineside_error* e)
        : std::runtime_error(e->message),
          code_(e->code),
          retryable_(e->retryable != 0),
          field_(e->field),
          request_id_(e->request_id),
          http_status_(e->http_status),
          cause_code_(e->cause_code),
          cause_category_(e->cause_category),
          cause_(e->cause) {
        lineside_error_free(e);
    }

    int code() const noexcept { return code_; } ///< lineside_code
    bool retryable() const noexcept { return retryable_; }
    const std::string& field() const noexcept { return field_; }
    const std::string& request_id() const noexcept { return request_id_; }
    int http_status() const noexcept { return http_status_; }
    int cause_code() const noexcept { return cause_code_; }
    const std::string& cause_category() const noexcept { return cause_category_; }
    const std::string& cause() const noexcept { return cause_; }

private:
    int code_;
    bool retryable_;
    std::string field_;
    std::string request_id_;
    int http_status_;
    int cause_code_;
    std::string cause_category_;
    std::string cause_;
};

namespace detail {

inline void check(lineside_error* e) {
    if (e != nullptr)
        throw error(e);
}

/// How a value of the library is freed and taken out of a completion.
template <class T>
struct value_functions;

} // namespace detail

/// An answer: what `lineside_<type>_free` frees.
template <class T>
class value {
public:
    value() noexcept = default;
    explicit value(T* owned) noexcept : owned_(owned) {}
    value(value&& other) noexcept : owned_(std::exchange(other.owned_, nullptr)) {}
    value& operator=(value&& other) noexcept {
        std::swap(owned_, other.owned_);
        return *this;
    }
    value(const value&) = delete;
    value& operator=(const value&) = delete;
    ~value() { detail::value_functions<T>::free(owned_); }

    explicit operator bool() const noexcept { return owned_ != nullptr; }
    const T* get() const noexcept { return owned_; }
    const T& operator*() const noexcept { return *owned_; }
    const T* operator->() const noexcept { return owned_; }

private:
    T* owned_ = nullptr;
};

/// The i-th of a list of structures.
template <class T>
const T* item(const T* const* items, std::size_t i) noexcept {
    return items[i];
}

/// Something that happened, out of a queue.
class completion {
public:
    completion() noexcept = default;
    explicit completion(lineside_completion* owned) noexcept : owned_(owned) {}

    /// False: nothing came in time.
    explicit operator bool() const noexcept { return owned_ != nullptr; }
    /// As data: lineside_completion_kind in `kind`, progress and events in the members of their kinds.
    const lineside_completion* get() const noexcept { return owned_.get(); }
    std::uint64_t tag() const noexcept { return owned_->tag; }
    int kind() const noexcept { return owned_->kind; }

    /// Throws what the call threw, of calls without an answer.
    void check() { detail::check(lineside_completion_check(owned_.get())); }
    /// The answer, or throws what the call threw.
    template <class T>
    value<T> take() {
        T* answer = nullptr;
        detail::check(detail::value_functions<T>::take(owned_.get(), &answer));
        return value<T>(answer);
    }

private:
    struct release {
        void operator()(lineside_completion* c) const noexcept { lineside_completion_free(c); }
    };
    std::unique_ptr<lineside_completion, release> owned_;
};

/// Where asynchronous calls complete.
class queue {
public:
    queue() {
        lineside_queue* created = nullptr;
        detail::check(lineside_queue_create(&created));
        owned_.reset(created);
    }

    lineside_queue* get() const noexcept { return owned_.get(); }
    int descriptor() const noexcept { return lineside_queue_descriptor(owned_.get()); }
    /// Waits; 0 does not, -1 has no limit.
    completion next(std::int64_t timeout_ms = -1) const {
        lineside_completion* c = nullptr;
        detail::check(lineside_queue_next(owned_.get(), timeout_ms, &c));
        return completion(c);
    }
#ifndef SWIG // which would copy the vector
    /// Up to `most` of those that wait.
    std::vector<completion> drain(std::size_t most = 256) const {
        std::vector<lineside_completion*> taken(most);
        std::vector<completion> all;
        all.reserve(most);
        std::size_t count = 0;
        detail::check(lineside_queue_drain(owned_.get(), taken.data(), taken.size(), &count));
        for (std::size_t i = 0; i < count; ++i)
            all.emplace_back(taken[i]);
        return all;
    }
#endif
    std::size_t cancel(std::uint64_t tag) const noexcept { return lineside_queue_cancel(owned_.get(), tag); }
    std::size_t in_flight() const noexcept { return lineside_queue_in_flight(owned_.get()); }

private:
    struct release {
        void operator()(lineside_queue* q) const noexcept { lineside_queue_free(q); }
    };
    std::unique_ptr<lineside_queue, release> owned_;
};

/// Stops calls: `options.cancellation = stop.get()`.
class cancellation {
public:
    cancellation() {
        lineside_cancellation* created = nullptr;
        detail::check(lineside_cancellation_create(&created));
        owned_.reset(created);
    }

    lineside_cancellation* get() const noexcept { return owned_.get(); }
    void request() const noexcept { lineside_cancellation_request(owned_.get()); }

private:
    struct release {
        void operator()(lineside_cancellation* c) const noexcept { lineside_cancellation_free(c); }
    };
    std::unique_ptr<lineside_cancellation, release> owned_;
};

/// A stream of what changes in an account: `portal::watch`.
class watch {
public:
    /// Takes `owned` over.
    explicit watch(lineside_watch* owned) noexcept : owned_(owned) {}

    lineside_watch* get() const noexcept { return owned_.get(); }
    value<lineside_watch_update> next(const lineside_call_options* options = nullptr) const;
    void next_async(const queue& to, std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_watch_next_async(owned_.get(), options, to.get(), tag));
    }
    void close() const noexcept { lineside_watch_close(owned_.get()); }

private:
    struct release {
        void operator()(lineside_watch* w) const noexcept { lineside_watch_free(w); }
    };
    std::unique_ptr<lineside_watch, release> owned_;
};

namespace detail {

template <>
struct value_functions<lineside_account> {
    static void free(lineside_account* v) noexcept { lineside_account_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_account** out) noexcept {
        return lineside_account_take(c, out);
    }
};
template <>
struct value_functions<lineside_account_page> {
    static void free(lineside_account_page* v) noexcept { lineside_account_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_account_page** out) noexcept {
        return lineside_account_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_import_report> {
    static void free(lineside_import_report* v) noexcept { lineside_import_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_import_report** out) noexcept {
        return lineside_import_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_call_page> {
    static void free(lineside_call_page* v) noexcept { lineside_call_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_call_page** out) noexcept {
        return lineside_call_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_series> {
    static void free(lineside_series* v) noexcept { lineside_series_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_series** out) noexcept {
        return lineside_series_take(c, out);
    }
};
template <>
struct value_functions<lineside_summary> {
    static void free(lineside_summary* v) noexcept { lineside_summary_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_summary** out) noexcept {
        return lineside_summary_take(c, out);
    }
};
template <>
struct value_functions<lineside_selection_statistics> {
    static void free(lineside_selection_statistics* v) noexcept { lineside_selection_statistics_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_selection_statistics** out) noexcept {
        return lineside_selection_statistics_take(c, out);
    }
};
template <>
struct value_functions<lineside_explanation> {
    static void free(lineside_explanation* v) noexcept { lineside_explanation_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_explanation** out) noexcept {
        return lineside_explanation_take(c, out);
    }
};
template <>
struct value_functions<lineside_export_report> {
    static void free(lineside_export_report* v) noexcept { lineside_export_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_export_report** out) noexcept {
        return lineside_export_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_contact> {
    static void free(lineside_contact* v) noexcept { lineside_contact_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_contact** out) noexcept {
        return lineside_contact_take(c, out);
    }
};
template <>
struct value_functions<lineside_contact_page> {
    static void free(lineside_contact_page* v) noexcept { lineside_contact_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_contact_page** out) noexcept {
        return lineside_contact_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_verification_sent> {
    static void free(lineside_verification_sent* v) noexcept { lineside_verification_sent_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_verification_sent** out) noexcept {
        return lineside_verification_sent_take(c, out);
    }
};
template <>
struct value_functions<lineside_session_grant> {
    static void free(lineside_session_grant* v) noexcept { lineside_session_grant_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_session_grant** out) noexcept {
        return lineside_session_grant_take(c, out);
    }
};
template <>
struct value_functions<lineside_sign_out_report> {
    static void free(lineside_sign_out_report* v) noexcept { lineside_sign_out_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_sign_out_report** out) noexcept {
        return lineside_sign_out_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_session_page> {
    static void free(lineside_session_page* v) noexcept { lineside_session_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_session_page** out) noexcept {
        return lineside_session_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_identity> {
    static void free(lineside_identity* v) noexcept { lineside_identity_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_identity** out) noexcept {
        return lineside_identity_take(c, out);
    }
};
template <>
struct value_functions<lineside_two_factor_enrolment> {
    static void free(lineside_two_factor_enrolment* v) noexcept { lineside_two_factor_enrolment_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_two_factor_enrolment** out) noexcept {
        return lineside_two_factor_enrolment_take(c, out);
    }
};
template <>
struct value_functions<lineside_recovery_codes> {
    static void free(lineside_recovery_codes* v) noexcept { lineside_recovery_codes_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_recovery_codes** out) noexcept {
        return lineside_recovery_codes_take(c, out);
    }
};
template <>
struct value_functions<lineside_api_key_grant> {
    static void free(lineside_api_key_grant* v) noexcept { lineside_api_key_grant_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_api_key_grant** out) noexcept {
        return lineside_api_key_grant_take(c, out);
    }
};
template <>
struct value_functions<lineside_api_key_page> {
    static void free(lineside_api_key_page* v) noexcept { lineside_api_key_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_api_key_page** out) noexcept {
        return lineside_api_key_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_checklist> {
    static void free(lineside_checklist* v) noexcept { lineside_checklist_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_checklist** out) noexcept {
        return lineside_checklist_take(c, out);
    }
};
template <>
struct value_functions<lineside_layout> {
    static void free(lineside_layout* v) noexcept { lineside_layout_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_layout** out) noexcept {
        return lineside_layout_take(c, out);
    }
};
template <>
struct value_functions<lineside_branding> {
    static void free(lineside_branding* v) noexcept { lineside_branding_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_branding** out) noexcept {
        return lineside_branding_take(c, out);
    }
};
template <>
struct value_functions<lineside_branding_page> {
    static void free(lineside_branding_page* v) noexcept { lineside_branding_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_branding_page** out) noexcept {
        return lineside_branding_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_payment_page> {
    static void free(lineside_payment_page* v) noexcept { lineside_payment_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_payment_page** out) noexcept {
        return lineside_payment_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_payment> {
    static void free(lineside_payment* v) noexcept { lineside_payment_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_payment** out) noexcept {
        return lineside_payment_take(c, out);
    }
};
template <>
struct value_functions<lineside_balance> {
    static void free(lineside_balance* v) noexcept { lineside_balance_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_balance** out) noexcept {
        return lineside_balance_take(c, out);
    }
};
template <>
struct value_functions<lineside_call_event_report> {
    static void free(lineside_call_event_report* v) noexcept { lineside_call_event_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_call_event_report** out) noexcept {
        return lineside_call_event_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_live_snapshot_report> {
    static void free(lineside_live_snapshot_report* v) noexcept { lineside_live_snapshot_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_live_snapshot_report** out) noexcept {
        return lineside_live_snapshot_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_admission> {
    static void free(lineside_admission* v) noexcept { lineside_admission_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_admission** out) noexcept {
        return lineside_admission_take(c, out);
    }
};
template <>
struct value_functions<lineside_channel_status> {
    static void free(lineside_channel_status* v) noexcept { lineside_channel_status_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_channel_status** out) noexcept {
        return lineside_channel_status_take(c, out);
    }
};
template <>
struct value_functions<lineside_live_call_page> {
    static void free(lineside_live_call_page* v) noexcept { lineside_live_call_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_live_call_page** out) noexcept {
        return lineside_live_call_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_numbering> {
    static void free(lineside_numbering* v) noexcept { lineside_numbering_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_numbering** out) noexcept {
        return lineside_numbering_take(c, out);
    }
};
template <>
struct value_functions<lineside_number_block> {
    static void free(lineside_number_block* v) noexcept { lineside_number_block_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_number_block** out) noexcept {
        return lineside_number_block_take(c, out);
    }
};
template <>
struct value_functions<lineside_number_block_page> {
    static void free(lineside_number_block_page* v) noexcept { lineside_number_block_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_number_block_page** out) noexcept {
        return lineside_number_block_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_extension> {
    static void free(lineside_extension* v) noexcept { lineside_extension_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_extension** out) noexcept {
        return lineside_extension_take(c, out);
    }
};
template <>
struct value_functions<lineside_extension_page> {
    static void free(lineside_extension_page* v) noexcept { lineside_extension_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_extension_page** out) noexcept {
        return lineside_extension_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_number_owner> {
    static void free(lineside_number_owner* v) noexcept { lineside_number_owner_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_number_owner** out) noexcept {
        return lineside_number_owner_take(c, out);
    }
};
template <>
struct value_functions<lineside_utilisation> {
    static void free(lineside_utilisation* v) noexcept { lineside_utilisation_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_utilisation** out) noexcept {
        return lineside_utilisation_take(c, out);
    }
};
template <>
struct value_functions<lineside_extension_import_report> {
    static void free(lineside_extension_import_report* v) noexcept { lineside_extension_import_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_extension_import_report** out) noexcept {
        return lineside_extension_import_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_alert_rule> {
    static void free(lineside_alert_rule* v) noexcept { lineside_alert_rule_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_alert_rule** out) noexcept {
        return lineside_alert_rule_take(c, out);
    }
};
template <>
struct value_functions<lineside_alert_rule_page> {
    static void free(lineside_alert_rule_page* v) noexcept { lineside_alert_rule_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_alert_rule_page** out) noexcept {
        return lineside_alert_rule_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_alert_test> {
    static void free(lineside_alert_test* v) noexcept { lineside_alert_test_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_alert_test** out) noexcept {
        return lineside_alert_test_take(c, out);
    }
};
template <>
struct value_functions<lineside_alert_backtest> {
    static void free(lineside_alert_backtest* v) noexcept { lineside_alert_backtest_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_alert_backtest** out) noexcept {
        return lineside_alert_backtest_take(c, out);
    }
};
template <>
struct value_functions<lineside_alert_event_page> {
    static void free(lineside_alert_event_page* v) noexcept { lineside_alert_event_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_alert_event_page** out) noexcept {
        return lineside_alert_event_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_work_report> {
    static void free(lineside_work_report* v) noexcept { lineside_work_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_work_report** out) noexcept {
        return lineside_work_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_webhook_grant> {
    static void free(lineside_webhook_grant* v) noexcept { lineside_webhook_grant_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_webhook_grant** out) noexcept {
        return lineside_webhook_grant_take(c, out);
    }
};
template <>
struct value_functions<lineside_webhook_page> {
    static void free(lineside_webhook_page* v) noexcept { lineside_webhook_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_webhook_page** out) noexcept {
        return lineside_webhook_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_delivery_page> {
    static void free(lineside_delivery_page* v) noexcept { lineside_delivery_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_delivery_page** out) noexcept {
        return lineside_delivery_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_delivery> {
    static void free(lineside_delivery* v) noexcept { lineside_delivery_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_delivery** out) noexcept {
        return lineside_delivery_take(c, out);
    }
};
template <>
struct value_functions<lineside_access_entry_page> {
    static void free(lineside_access_entry_page* v) noexcept { lineside_access_entry_page_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_access_entry_page** out) noexcept {
        return lineside_access_entry_page_take(c, out);
    }
};
template <>
struct value_functions<lineside_access_log_verdict> {
    static void free(lineside_access_log_verdict* v) noexcept { lineside_access_log_verdict_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_access_log_verdict** out) noexcept {
        return lineside_access_log_verdict_take(c, out);
    }
};
template <>
struct value_functions<lineside_review> {
    static void free(lineside_review* v) noexcept { lineside_review_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_review** out) noexcept {
        return lineside_review_take(c, out);
    }
};
template <>
struct value_functions<lineside_dispute_report> {
    static void free(lineside_dispute_report* v) noexcept { lineside_dispute_report_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_dispute_report** out) noexcept {
        return lineside_dispute_report_take(c, out);
    }
};
template <>
struct value_functions<lineside_watch_update> {
    static void free(lineside_watch_update* v) noexcept { lineside_watch_update_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_watch_update** out) noexcept {
        return lineside_watch_update_take(c, out);
    }
};
// What an update brings up to date does not come out of a completion.
template <>
struct value_functions<lineside_live_call_changes> {
    static void free(lineside_live_call_changes* v) noexcept { lineside_live_call_changes_free(v); }
};
template <>
struct value_functions<lineside_summary_changes> {
    static void free(lineside_summary_changes* v) noexcept { lineside_summary_changes_free(v); }
};
template <>
struct value_functions<lineside_raw_answer> {
    static void free(lineside_raw_answer* v) noexcept { lineside_raw_answer_free(v); }
    static lineside_error* take(lineside_completion* c, lineside_raw_answer** out) noexcept {
        return lineside_raw_answer_take(c, out);
    }
};

} // namespace detail

inline value<lineside_watch_update> watch::next(const lineside_call_options* options) const {
    lineside_watch_update* update = nullptr;
    detail::check(lineside_watch_next(owned_.get(), options, &update));
    return value<lineside_watch_update>(update);
}

/// Somebody's view of accounts, calls and their numbers, people, money and number blocks.
class portal {
public:
    /// Takes `owned` over.
    explicit portal(lineside_portal* owned) noexcept : owned_(owned) {}

    /// An engine over a database in the process: lineside_engine_open.
    static portal open_engine(const lineside_engine_options* options = nullptr) {
        lineside_portal* opened = nullptr;
        detail::check(lineside_engine_open(options, &opened));
        return portal(opened);
    }
    /// An engine over the database `database`: "sqlite:PATH".
    static portal open_engine(const std::string& database) {
        lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
        options.database = database.c_str();
        return open_engine(&options);
    }
    /// A client: lineside_client_open.
    static portal open_client(const lineside_client_options* options) {
        lineside_portal* opened = nullptr;
        detail::check(lineside_client_open(options, &opened));
        return portal(opened);
    }
    static portal open_client(const std::string& base_url, const std::string& token) {
        lineside_client_options options = LINESIDE_INIT(lineside_client_options);
        options.base_url = base_url.c_str();
        options.token = token.c_str();
        return open_client(&options);
    }

    lineside_portal* get() const noexcept { return owned_.get(); }

    /// The portal of whoever the token stands for; empty: nobody.
    portal as(const std::string& token, const std::string& source_ip = std::string(),
              const std::string& user_agent = std::string()) const {
        lineside_credential who = LINESIDE_INIT(lineside_credential);
        who.token = token.c_str();
        who.source_ip = source_ip.c_str();
        who.user_agent = user_agent.c_str();
        lineside_portal* view = nullptr;
        detail::check(lineside_portal_as(owned_.get(), &who, &view));
        return portal(view);
    }
    portal sign_in(const lineside_session_sign_in_request* request,
                   const lineside_call_options* options = nullptr) const {
        lineside_portal* view = nullptr;
        detail::check(lineside_portal_sign_in(owned_.get(), request, options, &view));
        return portal(view);
    }
    abi::watch watch(const lineside_watch_request* request) const {
        lineside_watch* opened = nullptr;
        detail::check(lineside_watch_open(owned_.get(), request, &opened));
        return abi::watch(opened);
    }
    value<lineside_raw_answer> send(const lineside_raw_request* request,
                                    const lineside_call_options* options = nullptr) const {
        lineside_raw_answer* answer = nullptr;
        detail::check(lineside_client_send(owned_.get(), request, options, &answer));
        return value<lineside_raw_answer>(answer);
    }
    void send_async(const lineside_raw_request* request, const queue& to, std::uint64_t tag,
                    const lineside_call_options* options = nullptr) const {
        detail::check(lineside_client_send_async(owned_.get(), request, options, to.get(), tag));
    }
    /// A table as one text: lineside_data_export into memory.
    std::string data_export_text(const lineside_data_export_request* request,
                                 const lineside_call_options* options = nullptr) const {
        struct memory {
            static std::int32_t write(void* text, const char* data, std::size_t size) noexcept {
                try {
                    static_cast<std::string*>(text)->append(data, size);
                    return 0;
                } catch (...) {
                    return -1;
                }
            }
        };
        std::string text;
        lineside_data_export_request whole = LINESIDE_INIT(lineside_data_export_request);
        if (request != nullptr)
            LINESIDE_COPY(whole, request);
        whole.path = nullptr;
        whole.descriptor = nullptr;
        whole.write = &memory::write;
        whole.context = &text;
        (void)data_export(&whole, options);
        return text;
    }

    // ---- Accounts

    value<lineside_account> account_create(const lineside_account* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_account* answer = nullptr;
        detail::check(lineside_account_create(owned_.get(), request, options, &answer));
        return value<lineside_account>(answer);
    }
    void account_create_async(const lineside_account* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_account_create_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_account> account_get(const std::string& account,
                                        const lineside_call_options* options = nullptr) const {
        lineside_account* answer = nullptr;
        detail::check(lineside_account_get(owned_.get(), account.c_str(), options, &answer));
        return value<lineside_account>(answer);
    }
    void account_get_async(const std::string& account, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_account_get_async(owned_.get(), account.c_str(), options, to.get(), tag));
    }
    value<lineside_account> account_update(const lineside_account_update_request* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_account* answer = nullptr;
        detail::check(lineside_account_update(owned_.get(), request, options, &answer));
        return value<lineside_account>(answer);
    }
    void account_update_async(const lineside_account_update_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_account_update_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_account_page> account_list(const lineside_account_query* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_account_page* answer = nullptr;
        detail::check(lineside_account_list(owned_.get(), request, options, &answer));
        return value<lineside_account_page>(answer);
    }
    void account_list_async(const lineside_account_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_account_list_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Calls and their numbers

    value<lineside_import_report> call_import(const lineside_call_import_request* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_import_report* answer = nullptr;
        detail::check(lineside_call_import(owned_.get(), request, options, &answer));
        return value<lineside_import_report>(answer);
    }
    void call_import_async(const lineside_call_import_request* request, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_call_import_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_import_report> record_import(const lineside_record_import_request* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_import_report* answer = nullptr;
        detail::check(lineside_record_import(owned_.get(), request, options, &answer));
        return value<lineside_import_report>(answer);
    }
    void record_import_async(const lineside_record_import_request* request, const queue& to, std::uint64_t tag,
                             const lineside_call_options* options = nullptr) const {
        detail::check(lineside_record_import_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_call_page> call_list(const lineside_call_query* request,
                                        const lineside_call_options* options = nullptr) const {
        lineside_call_page* answer = nullptr;
        detail::check(lineside_call_list(owned_.get(), request, options, &answer));
        return value<lineside_call_page>(answer);
    }
    void call_list_async(const lineside_call_query* request, const queue& to, std::uint64_t tag,
                         const lineside_call_options* options = nullptr) const {
        detail::check(lineside_call_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_series> series_get(const lineside_series_query* request,
                                      const lineside_call_options* options = nullptr) const {
        lineside_series* answer = nullptr;
        detail::check(lineside_series_get(owned_.get(), request, options, &answer));
        return value<lineside_series>(answer);
    }
    void series_get_async(const lineside_series_query* request, const queue& to, std::uint64_t tag,
                          const lineside_call_options* options = nullptr) const {
        detail::check(lineside_series_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_summary> summary_get(const lineside_summary_query* request,
                                        const lineside_call_options* options = nullptr) const {
        lineside_summary* answer = nullptr;
        detail::check(lineside_summary_get(owned_.get(), request, options, &answer));
        return value<lineside_summary>(answer);
    }
    void summary_get_async(const lineside_summary_query* request, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_summary_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_selection_statistics> statistics_get(const lineside_statistics_query* request,
                                                        const lineside_call_options* options = nullptr) const {
        lineside_selection_statistics* answer = nullptr;
        detail::check(lineside_statistics_get(owned_.get(), request, options, &answer));
        return value<lineside_selection_statistics>(answer);
    }
    void statistics_get_async(const lineside_statistics_query* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_statistics_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_explanation> explanation_get(const lineside_explanation_query* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_explanation* answer = nullptr;
        detail::check(lineside_explanation_get(owned_.get(), request, options, &answer));
        return value<lineside_explanation>(answer);
    }
    void explanation_get_async(const lineside_explanation_query* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_explanation_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_export_report> data_export(const lineside_data_export_request* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_export_report* answer = nullptr;
        detail::check(lineside_data_export(owned_.get(), request, options, &answer));
        return value<lineside_export_report>(answer);
    }
    void data_export_async(const lineside_data_export_request* request, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_data_export_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Contacts

    value<lineside_contact> contact_create(const lineside_contact_create_request* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_contact_create(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void contact_create_async(const lineside_contact_create_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_contact_create_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact> contact_get(const lineside_contact_key* request,
                                        const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_contact_get(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void contact_get_async(const lineside_contact_key* request, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_contact_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact_page> contact_list(const lineside_contact_query* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_contact_page* answer = nullptr;
        detail::check(lineside_contact_list(owned_.get(), request, options, &answer));
        return value<lineside_contact_page>(answer);
    }
    void contact_list_async(const lineside_contact_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_contact_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact> contact_update(const lineside_contact_update_request* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_contact_update(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void contact_update_async(const lineside_contact_update_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_contact_update_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact> profile_get(const lineside_contact_key* request,
                                        const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_profile_get(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void profile_get_async(const lineside_contact_key* request, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_profile_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact> profile_update(const lineside_profile_update_request* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_profile_update(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void profile_update_async(const lineside_profile_update_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_profile_update_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact> preferences_set(const lineside_preferences_set_request* request,
                                            const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_preferences_set(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void preferences_set_async(const lineside_preferences_set_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_preferences_set_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_verification_sent> verification_send(const lineside_verification_send_request* request,
                                                        const lineside_call_options* options = nullptr) const {
        lineside_verification_sent* answer = nullptr;
        detail::check(lineside_verification_send(owned_.get(), request, options, &answer));
        return value<lineside_verification_sent>(answer);
    }
    void verification_send_async(const lineside_verification_send_request* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_verification_send_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_contact> contact_verify(const lineside_contact_verify_request* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_contact* answer = nullptr;
        detail::check(lineside_contact_verify(owned_.get(), request, options, &answer));
        return value<lineside_contact>(answer);
    }
    void contact_verify_async(const lineside_contact_verify_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_contact_verify_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Who asks

    value<lineside_session_grant> session_sign_in(const lineside_session_sign_in_request* request,
                                                  const lineside_call_options* options = nullptr) const {
        lineside_session_grant* answer = nullptr;
        detail::check(lineside_session_sign_in(owned_.get(), request, options, &answer));
        return value<lineside_session_grant>(answer);
    }
    void session_sign_in_async(const lineside_session_sign_in_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_session_sign_in_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_sign_out_report> session_sign_out(const lineside_session_sign_out_request* request,
                                                     const lineside_call_options* options = nullptr) const {
        lineside_sign_out_report* answer = nullptr;
        detail::check(lineside_session_sign_out(owned_.get(), request, options, &answer));
        return value<lineside_sign_out_report>(answer);
    }
    void session_sign_out_async(const lineside_session_sign_out_request* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_session_sign_out_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_session_page> session_list(const lineside_contact_key* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_session_page* answer = nullptr;
        detail::check(lineside_session_list(owned_.get(), request, options, &answer));
        return value<lineside_session_page>(answer);
    }
    void session_list_async(const lineside_contact_key* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_session_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_identity> identity_get(const lineside_identity_query* request,
                                          const lineside_call_options* options = nullptr) const {
        lineside_identity* answer = nullptr;
        detail::check(lineside_identity_get(owned_.get(), request, options, &answer));
        return value<lineside_identity>(answer);
    }
    void identity_get_async(const lineside_identity_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_identity_get_async(owned_.get(), request, options, to.get(), tag));
    }
    void password_change(const lineside_password_change_request* request,
                         const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_change(owned_.get(), request, options));
    }
    void password_change_async(const lineside_password_change_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_change_async(owned_.get(), request, options, to.get(), tag));
    }
    void password_set(const lineside_password_set_request* request,
                      const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_set(owned_.get(), request, options));
    }
    void password_set_async(const lineside_password_set_request* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_set_async(owned_.get(), request, options, to.get(), tag));
    }
    void password_reset_begin(const lineside_password_reset_begin_request* request,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_reset_begin(owned_.get(), request, options));
    }
    void password_reset_begin_async(const lineside_password_reset_begin_request* request, const queue& to,
                                    std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_reset_begin_async(owned_.get(), request, options, to.get(), tag));
    }
    void password_reset_finish(const lineside_password_reset_finish_request* request,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_reset_finish(owned_.get(), request, options));
    }
    void password_reset_finish_async(const lineside_password_reset_finish_request* request, const queue& to,
                                     std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_password_reset_finish_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_two_factor_enrolment> two_factor_enrol(const lineside_two_factor_request* request,
                                                          const lineside_call_options* options = nullptr) const {
        lineside_two_factor_enrolment* answer = nullptr;
        detail::check(lineside_two_factor_enrol(owned_.get(), request, options, &answer));
        return value<lineside_two_factor_enrolment>(answer);
    }
    void two_factor_enrol_async(const lineside_two_factor_request* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_two_factor_enrol_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_recovery_codes> two_factor_confirm(const lineside_two_factor_confirm_request* request,
                                                      const lineside_call_options* options = nullptr) const {
        lineside_recovery_codes* answer = nullptr;
        detail::check(lineside_two_factor_confirm(owned_.get(), request, options, &answer));
        return value<lineside_recovery_codes>(answer);
    }
    void two_factor_confirm_async(const lineside_two_factor_confirm_request* request, const queue& to,
                                  std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_two_factor_confirm_async(owned_.get(), request, options, to.get(), tag));
    }
    void two_factor_disable(const lineside_two_factor_request* request,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_two_factor_disable(owned_.get(), request, options));
    }
    void two_factor_disable_async(const lineside_two_factor_request* request, const queue& to, std::uint64_t tag,
                                  const lineside_call_options* options = nullptr) const {
        detail::check(lineside_two_factor_disable_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_recovery_codes> recovery_codes_renew(const lineside_two_factor_request* request,
                                                        const lineside_call_options* options = nullptr) const {
        lineside_recovery_codes* answer = nullptr;
        detail::check(lineside_recovery_codes_renew(owned_.get(), request, options, &answer));
        return value<lineside_recovery_codes>(answer);
    }
    void recovery_codes_renew_async(const lineside_two_factor_request* request, const queue& to, std::uint64_t tag,
                                    const lineside_call_options* options = nullptr) const {
        detail::check(lineside_recovery_codes_renew_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_api_key_grant> api_key_create(const lineside_api_key_create_request* request,
                                                 const lineside_call_options* options = nullptr) const {
        lineside_api_key_grant* answer = nullptr;
        detail::check(lineside_api_key_create(owned_.get(), request, options, &answer));
        return value<lineside_api_key_grant>(answer);
    }
    void api_key_create_async(const lineside_api_key_create_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_api_key_create_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_api_key_page> api_key_list(const lineside_api_key_query* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_api_key_page* answer = nullptr;
        detail::check(lineside_api_key_list(owned_.get(), request, options, &answer));
        return value<lineside_api_key_page>(answer);
    }
    void api_key_list_async(const lineside_api_key_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_api_key_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_api_key_grant> api_key_rotate(const lineside_api_key_rotate_request* request,
                                                 const lineside_call_options* options = nullptr) const {
        lineside_api_key_grant* answer = nullptr;
        detail::check(lineside_api_key_rotate(owned_.get(), request, options, &answer));
        return value<lineside_api_key_grant>(answer);
    }
    void api_key_rotate_async(const lineside_api_key_rotate_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_api_key_rotate_async(owned_.get(), request, options, to.get(), tag));
    }
    void api_key_revoke(const lineside_api_key_revoke_request* request,
                        const lineside_call_options* options = nullptr) const {
        detail::check(lineside_api_key_revoke(owned_.get(), request, options));
    }
    void api_key_revoke_async(const lineside_api_key_revoke_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_api_key_revoke_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- The dashboard

    value<lineside_checklist> checklist_get(const lineside_checklist_query* request,
                                            const lineside_call_options* options = nullptr) const {
        lineside_checklist* answer = nullptr;
        detail::check(lineside_checklist_get(owned_.get(), request, options, &answer));
        return value<lineside_checklist>(answer);
    }
    void checklist_get_async(const lineside_checklist_query* request, const queue& to, std::uint64_t tag,
                             const lineside_call_options* options = nullptr) const {
        detail::check(lineside_checklist_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_layout> layout_get(const lineside_layout_query* request,
                                      const lineside_call_options* options = nullptr) const {
        lineside_layout* answer = nullptr;
        detail::check(lineside_layout_get(owned_.get(), request, options, &answer));
        return value<lineside_layout>(answer);
    }
    void layout_get_async(const lineside_layout_query* request, const queue& to, std::uint64_t tag,
                          const lineside_call_options* options = nullptr) const {
        detail::check(lineside_layout_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_layout> layout_set(const lineside_layout* request,
                                      const lineside_call_options* options = nullptr) const {
        lineside_layout* answer = nullptr;
        detail::check(lineside_layout_set(owned_.get(), request, options, &answer));
        return value<lineside_layout>(answer);
    }
    void layout_set_async(const lineside_layout* request, const queue& to, std::uint64_t tag,
                          const lineside_call_options* options = nullptr) const {
        detail::check(lineside_layout_set_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_layout> layout_reset(const lineside_layout_query* request,
                                        const lineside_call_options* options = nullptr) const {
        lineside_layout* answer = nullptr;
        detail::check(lineside_layout_reset(owned_.get(), request, options, &answer));
        return value<lineside_layout>(answer);
    }
    void layout_reset_async(const lineside_layout_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_layout_reset_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_branding> branding_set(const lineside_branding* request,
                                          const lineside_call_options* options = nullptr) const {
        lineside_branding* answer = nullptr;
        detail::check(lineside_branding_set(owned_.get(), request, options, &answer));
        return value<lineside_branding>(answer);
    }
    void branding_set_async(const lineside_branding* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_branding_set_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_branding> branding_get(const lineside_branding_key* request,
                                          const lineside_call_options* options = nullptr) const {
        lineside_branding* answer = nullptr;
        detail::check(lineside_branding_get(owned_.get(), request, options, &answer));
        return value<lineside_branding>(answer);
    }
    void branding_get_async(const lineside_branding_key* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_branding_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_branding_page> branding_list(const lineside_branding_query* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_branding_page* answer = nullptr;
        detail::check(lineside_branding_list(owned_.get(), request, options, &answer));
        return value<lineside_branding_page>(answer);
    }
    void branding_list_async(const lineside_branding_query* request, const queue& to, std::uint64_t tag,
                             const lineside_call_options* options = nullptr) const {
        detail::check(lineside_branding_list_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Money

    value<lineside_payment_page> payment_list(const lineside_payment_query* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_payment_page* answer = nullptr;
        detail::check(lineside_payment_list(owned_.get(), request, options, &answer));
        return value<lineside_payment_page>(answer);
    }
    void payment_list_async(const lineside_payment_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_payment_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_payment> payment_create(const lineside_payment_create_request* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_payment* answer = nullptr;
        detail::check(lineside_payment_create(owned_.get(), request, options, &answer));
        return value<lineside_payment>(answer);
    }
    void payment_create_async(const lineside_payment_create_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_payment_create_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_payment> transfer_announce(const lineside_transfer_announce_request* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_payment* answer = nullptr;
        detail::check(lineside_transfer_announce(owned_.get(), request, options, &answer));
        return value<lineside_payment>(answer);
    }
    void transfer_announce_async(const lineside_transfer_announce_request* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_transfer_announce_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_payment> payment_complete(const lineside_payment_key* request,
                                             const lineside_call_options* options = nullptr) const {
        lineside_payment* answer = nullptr;
        detail::check(lineside_payment_complete(owned_.get(), request, options, &answer));
        return value<lineside_payment>(answer);
    }
    void payment_complete_async(const lineside_payment_key* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_payment_complete_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_payment> payment_cancel(const lineside_payment_key* request,
                                           const lineside_call_options* options = nullptr) const {
        lineside_payment* answer = nullptr;
        detail::check(lineside_payment_cancel(owned_.get(), request, options, &answer));
        return value<lineside_payment>(answer);
    }
    void payment_cancel_async(const lineside_payment_key* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_payment_cancel_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_balance> balance_get(const lineside_balance_query* request,
                                        const lineside_call_options* options = nullptr) const {
        lineside_balance* answer = nullptr;
        detail::check(lineside_balance_get(owned_.get(), request, options, &answer));
        return value<lineside_balance>(answer);
    }
    void balance_get_async(const lineside_balance_query* request, const queue& to, std::uint64_t tag,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_balance_get_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Channels

    value<lineside_call_event_report> call_event_send(const lineside_call_event_send_request* request,
                                                      const lineside_call_options* options = nullptr) const {
        lineside_call_event_report* answer = nullptr;
        detail::check(lineside_call_event_send(owned_.get(), request, options, &answer));
        return value<lineside_call_event_report>(answer);
    }
    void call_event_send_async(const lineside_call_event_send_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_call_event_send_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_live_snapshot_report> live_call_reconcile(const lineside_live_call_reconcile_request* request,
                                                             const lineside_call_options* options = nullptr) const {
        lineside_live_snapshot_report* answer = nullptr;
        detail::check(lineside_live_call_reconcile(owned_.get(), request, options, &answer));
        return value<lineside_live_snapshot_report>(answer);
    }
    void live_call_reconcile_async(const lineside_live_call_reconcile_request* request, const queue& to,
                                   std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_live_call_reconcile_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_admission> call_admit(const lineside_call_admit_request* request,
                                         const lineside_call_options* options = nullptr) const {
        lineside_admission* answer = nullptr;
        detail::check(lineside_call_admit(owned_.get(), request, options, &answer));
        return value<lineside_admission>(answer);
    }
    void call_admit_async(const lineside_call_admit_request* request, const queue& to, std::uint64_t tag,
                          const lineside_call_options* options = nullptr) const {
        detail::check(lineside_call_admit_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_channel_status> channels_get(const lineside_channels_query* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_channel_status* answer = nullptr;
        detail::check(lineside_channels_get(owned_.get(), request, options, &answer));
        return value<lineside_channel_status>(answer);
    }
    void channels_get_async(const lineside_channels_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_channels_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_live_call_page> live_call_list(const lineside_live_call_query* request,
                                                  const lineside_call_options* options = nullptr) const {
        lineside_live_call_page* answer = nullptr;
        detail::check(lineside_live_call_list(owned_.get(), request, options, &answer));
        return value<lineside_live_call_page>(answer);
    }
    void live_call_list_async(const lineside_live_call_query* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_live_call_list_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Internal numbers

    value<lineside_numbering> numbering_set(const lineside_numbering* request,
                                            const lineside_call_options* options = nullptr) const {
        lineside_numbering* answer = nullptr;
        detail::check(lineside_numbering_set(owned_.get(), request, options, &answer));
        return value<lineside_numbering>(answer);
    }
    void numbering_set_async(const lineside_numbering* request, const queue& to, std::uint64_t tag,
                             const lineside_call_options* options = nullptr) const {
        detail::check(lineside_numbering_set_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_numbering> numbering_get(const lineside_numbering_query* request,
                                            const lineside_call_options* options = nullptr) const {
        lineside_numbering* answer = nullptr;
        detail::check(lineside_numbering_get(owned_.get(), request, options, &answer));
        return value<lineside_numbering>(answer);
    }
    void numbering_get_async(const lineside_numbering_query* request, const queue& to, std::uint64_t tag,
                             const lineside_call_options* options = nullptr) const {
        detail::check(lineside_numbering_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_number_block> number_block_add(const lineside_number_block_add_request* request,
                                                  const lineside_call_options* options = nullptr) const {
        lineside_number_block* answer = nullptr;
        detail::check(lineside_number_block_add(owned_.get(), request, options, &answer));
        return value<lineside_number_block>(answer);
    }
    void number_block_add_async(const lineside_number_block_add_request* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_block_add_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_number_block> number_block_claim(const lineside_number_block_claim_request* request,
                                                    const lineside_call_options* options = nullptr) const {
        lineside_number_block* answer = nullptr;
        detail::check(lineside_number_block_claim(owned_.get(), request, options, &answer));
        return value<lineside_number_block>(answer);
    }
    void number_block_claim_async(const lineside_number_block_claim_request* request, const queue& to,
                                  std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_block_claim_async(owned_.get(), request, options, to.get(), tag));
    }
    void number_block_release(const lineside_number_block_release_request* request,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_block_release(owned_.get(), request, options));
    }
    void number_block_release_async(const lineside_number_block_release_request* request, const queue& to,
                                    std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_block_release_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_number_block> number_block_transfer(const lineside_number_block_transfer_request* request,
                                                       const lineside_call_options* options = nullptr) const {
        lineside_number_block* answer = nullptr;
        detail::check(lineside_number_block_transfer(owned_.get(), request, options, &answer));
        return value<lineside_number_block>(answer);
    }
    void number_block_transfer_async(const lineside_number_block_transfer_request* request, const queue& to,
                                     std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_block_transfer_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_number_block_page> number_block_list(const lineside_number_block_query* request,
                                                        const lineside_call_options* options = nullptr) const {
        lineside_number_block_page* answer = nullptr;
        detail::check(lineside_number_block_list(owned_.get(), request, options, &answer));
        return value<lineside_number_block_page>(answer);
    }
    void number_block_list_async(const lineside_number_block_query* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_block_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_extension> extension_claim(const lineside_extension_claim_request* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_extension* answer = nullptr;
        detail::check(lineside_extension_claim(owned_.get(), request, options, &answer));
        return value<lineside_extension>(answer);
    }
    void extension_claim_async(const lineside_extension_claim_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_claim_async(owned_.get(), request, options, to.get(), tag));
    }
    void extension_release(const lineside_extension_key* request,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_release(owned_.get(), request, options));
    }
    void extension_release_async(const lineside_extension_key* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_release_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_extension> extension_transfer(const lineside_extension_transfer_request* request,
                                                 const lineside_call_options* options = nullptr) const {
        lineside_extension* answer = nullptr;
        detail::check(lineside_extension_transfer(owned_.get(), request, options, &answer));
        return value<lineside_extension>(answer);
    }
    void extension_transfer_async(const lineside_extension_transfer_request* request, const queue& to,
                                  std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_transfer_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_extension_page> extension_list(const lineside_extension_query* request,
                                                  const lineside_call_options* options = nullptr) const {
        lineside_extension_page* answer = nullptr;
        detail::check(lineside_extension_list(owned_.get(), request, options, &answer));
        return value<lineside_extension_page>(answer);
    }
    void extension_list_async(const lineside_extension_query* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_number_owner> number_owner_get(const lineside_number_owner_query* request,
                                                  const lineside_call_options* options = nullptr) const {
        lineside_number_owner* answer = nullptr;
        detail::check(lineside_number_owner_get(owned_.get(), request, options, &answer));
        return value<lineside_number_owner>(answer);
    }
    void number_owner_get_async(const lineside_number_owner_query* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_number_owner_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_utilisation> utilisation_get(const lineside_utilisation_query* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_utilisation* answer = nullptr;
        detail::check(lineside_utilisation_get(owned_.get(), request, options, &answer));
        return value<lineside_utilisation>(answer);
    }
    void utilisation_get_async(const lineside_utilisation_query* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_utilisation_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_extension_import_report> extension_check(const lineside_extension_import_request* request,
                                                            const lineside_call_options* options = nullptr) const {
        lineside_extension_import_report* answer = nullptr;
        detail::check(lineside_extension_check(owned_.get(), request, options, &answer));
        return value<lineside_extension_import_report>(answer);
    }
    void extension_check_async(const lineside_extension_import_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_check_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_extension_import_report> extension_import(const lineside_extension_import_request* request,
                                                             const lineside_call_options* options = nullptr) const {
        lineside_extension_import_report* answer = nullptr;
        detail::check(lineside_extension_import(owned_.get(), request, options, &answer));
        return value<lineside_extension_import_report>(answer);
    }
    void extension_import_async(const lineside_extension_import_request* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_extension_import_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- Alerts

    value<lineside_alert_rule> alert_rule_create(const lineside_alert_rule* request,
                                                 const lineside_call_options* options = nullptr) const {
        lineside_alert_rule* answer = nullptr;
        detail::check(lineside_alert_rule_create(owned_.get(), request, options, &answer));
        return value<lineside_alert_rule>(answer);
    }
    void alert_rule_create_async(const lineside_alert_rule* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_create_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_alert_rule> alert_rule_update(const lineside_alert_rule* request,
                                                 const lineside_call_options* options = nullptr) const {
        lineside_alert_rule* answer = nullptr;
        detail::check(lineside_alert_rule_update(owned_.get(), request, options, &answer));
        return value<lineside_alert_rule>(answer);
    }
    void alert_rule_update_async(const lineside_alert_rule* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_update_async(owned_.get(), request, options, to.get(), tag));
    }
    void alert_rule_delete(const lineside_alert_rule_key* request,
                           const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_delete(owned_.get(), request, options));
    }
    void alert_rule_delete_async(const lineside_alert_rule_key* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_delete_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_alert_rule_page> alert_rule_list(const lineside_alert_rule_query* request,
                                                    const lineside_call_options* options = nullptr) const {
        lineside_alert_rule_page* answer = nullptr;
        detail::check(lineside_alert_rule_list(owned_.get(), request, options, &answer));
        return value<lineside_alert_rule_page>(answer);
    }
    void alert_rule_list_async(const lineside_alert_rule_query* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_alert_test> alert_rule_test(const lineside_alert_rule_test_request* request,
                                               const lineside_call_options* options = nullptr) const {
        lineside_alert_test* answer = nullptr;
        detail::check(lineside_alert_rule_test(owned_.get(), request, options, &answer));
        return value<lineside_alert_test>(answer);
    }
    void alert_rule_test_async(const lineside_alert_rule_test_request* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_test_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_alert_backtest> alert_rule_backtest(const lineside_alert_rule_backtest_request* request,
                                                       const lineside_call_options* options = nullptr) const {
        lineside_alert_backtest* answer = nullptr;
        detail::check(lineside_alert_rule_backtest(owned_.get(), request, options, &answer));
        return value<lineside_alert_backtest>(answer);
    }
    void alert_rule_backtest_async(const lineside_alert_rule_backtest_request* request, const queue& to,
                                   std::uint64_t tag, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_rule_backtest_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_alert_event_page> alert_event_list(const lineside_alert_event_query* request,
                                                      const lineside_call_options* options = nullptr) const {
        lineside_alert_event_page* answer = nullptr;
        detail::check(lineside_alert_event_list(owned_.get(), request, options, &answer));
        return value<lineside_alert_event_page>(answer);
    }
    void alert_event_list_async(const lineside_alert_event_query* request, const queue& to, std::uint64_t tag,
                                const lineside_call_options* options = nullptr) const {
        detail::check(lineside_alert_event_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_work_report> due_work_run(const lineside_due_work_run_request* request,
                                             const lineside_call_options* options = nullptr) const {
        lineside_work_report* answer = nullptr;
        detail::check(lineside_due_work_run(owned_.get(), request, options, &answer));
        return value<lineside_work_report>(answer);
    }
    void due_work_run_async(const lineside_due_work_run_request* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_due_work_run_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_webhook_grant> webhook_create(const lineside_webhook_create_request* request,
                                                 const lineside_call_options* options = nullptr) const {
        lineside_webhook_grant* answer = nullptr;
        detail::check(lineside_webhook_create(owned_.get(), request, options, &answer));
        return value<lineside_webhook_grant>(answer);
    }
    void webhook_create_async(const lineside_webhook_create_request* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_webhook_create_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_webhook_page> webhook_list(const lineside_webhook_query* request,
                                              const lineside_call_options* options = nullptr) const {
        lineside_webhook_page* answer = nullptr;
        detail::check(lineside_webhook_list(owned_.get(), request, options, &answer));
        return value<lineside_webhook_page>(answer);
    }
    void webhook_list_async(const lineside_webhook_query* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_webhook_list_async(owned_.get(), request, options, to.get(), tag));
    }
    void webhook_delete(const lineside_webhook_key* request, const lineside_call_options* options = nullptr) const {
        detail::check(lineside_webhook_delete(owned_.get(), request, options));
    }
    void webhook_delete_async(const lineside_webhook_key* request, const queue& to, std::uint64_t tag,
                              const lineside_call_options* options = nullptr) const {
        detail::check(lineside_webhook_delete_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_delivery_page> delivery_list(const lineside_delivery_query* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_delivery_page* answer = nullptr;
        detail::check(lineside_delivery_list(owned_.get(), request, options, &answer));
        return value<lineside_delivery_page>(answer);
    }
    void delivery_list_async(const lineside_delivery_query* request, const queue& to, std::uint64_t tag,
                             const lineside_call_options* options = nullptr) const {
        detail::check(lineside_delivery_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_delivery> delivery_replay(const lineside_delivery_key* request,
                                             const lineside_call_options* options = nullptr) const {
        lineside_delivery* answer = nullptr;
        detail::check(lineside_delivery_replay(owned_.get(), request, options, &answer));
        return value<lineside_delivery>(answer);
    }
    void delivery_replay_async(const lineside_delivery_key* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_delivery_replay_async(owned_.get(), request, options, to.get(), tag));
    }

    // ---- What happened

    value<lineside_access_entry_page> access_log_list(const lineside_access_log_query* request,
                                                      const lineside_call_options* options = nullptr) const {
        lineside_access_entry_page* answer = nullptr;
        detail::check(lineside_access_log_list(owned_.get(), request, options, &answer));
        return value<lineside_access_entry_page>(answer);
    }
    void access_log_list_async(const lineside_access_log_query* request, const queue& to, std::uint64_t tag,
                               const lineside_call_options* options = nullptr) const {
        detail::check(lineside_access_log_list_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_access_log_verdict> access_log_verify(const lineside_access_log_verify_request* request,
                                                         const lineside_call_options* options = nullptr) const {
        lineside_access_log_verdict* answer = nullptr;
        detail::check(lineside_access_log_verify(owned_.get(), request, options, &answer));
        return value<lineside_access_log_verdict>(answer);
    }
    void access_log_verify_async(const lineside_access_log_verify_request* request, const queue& to, std::uint64_t tag,
                                 const lineside_call_options* options = nullptr) const {
        detail::check(lineside_access_log_verify_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_review> review_get(const lineside_review_query* request,
                                      const lineside_call_options* options = nullptr) const {
        lineside_review* answer = nullptr;
        detail::check(lineside_review_get(owned_.get(), request, options, &answer));
        return value<lineside_review>(answer);
    }
    void review_get_async(const lineside_review_query* request, const queue& to, std::uint64_t tag,
                          const lineside_call_options* options = nullptr) const {
        detail::check(lineside_review_get_async(owned_.get(), request, options, to.get(), tag));
    }
    value<lineside_dispute_report> call_compare(const lineside_call_compare_request* request,
                                                const lineside_call_options* options = nullptr) const {
        lineside_dispute_report* answer = nullptr;
        detail::check(lineside_call_compare(owned_.get(), request, options, &answer));
        return value<lineside_dispute_report>(answer);
    }
    void call_compare_async(const lineside_call_compare_request* request, const queue& to, std::uint64_t tag,
                            const lineside_call_options* options = nullptr) const {
        detail::check(lineside_call_compare_async(owned_.get(), request, options, to.get(), tag));
    }

private:
    struct release {
        void operator()(lineside_portal* p) const noexcept { lineside_portal_free(p); }
    };
    std::unique_ptr<lineside_portal, release> owned_;
};

/// Puts a portal on HTTP.
class server {
public:
    explicit server(const portal& p, const lineside_server_options* options = nullptr) {
        lineside_server* started = nullptr;
        detail::check(lineside_server_start(p.get(), options, &started));
        owned_.reset(started);
    }

    lineside_server* get() const noexcept { return owned_.get(); }
    std::uint16_t port() const noexcept { return lineside_server_port(owned_.get()); }
    std::uint16_t admin_port() const noexcept { return lineside_server_admin_port(owned_.get()); }
    std::string url() const { return lineside_server_url(owned_.get()); }
    void drain(std::int64_t grace_ms = 0) const { detail::check(lineside_server_drain(owned_.get(), grace_ms)); }
    void reload_certificate() const { detail::check(lineside_server_reload_certificate(owned_.get())); }

private:
    struct release {
        void operator()(lineside_server* s) const noexcept { lineside_server_free(s); }
    };
    std::unique_ptr<lineside_server, release> owned_;
};

// ---- What a value looked like, for lineside_call_options.if_match

inline std::string revision_of(const lineside_account* seen) {
    char text[LINESIDE_REVISION_SIZE];
    detail::check(lineside_account_revision(seen, text));
    return text;
}
inline std::string revision_of(const lineside_contact* seen) {
    char text[LINESIDE_REVISION_SIZE];
    detail::check(lineside_contact_revision(seen, text));
    return text;
}
inline std::string revision_of(const lineside_layout* seen) {
    char text[LINESIDE_REVISION_SIZE];
    detail::check(lineside_layout_revision(seen, text));
    return text;
}
inline std::string revision_of(const lineside_branding* seen) {
    char text[LINESIDE_REVISION_SIZE];
    detail::check(lineside_branding_revision(seen, text));
    return text;
}
inline std::string revision_of(const lineside_numbering* seen) {
    char text[LINESIDE_REVISION_SIZE];
    detail::check(lineside_numbering_revision(seen, text));
    return text;
}
inline std::string revision_of(const lineside_alert_rule* seen) {
    char text[LINESIDE_REVISION_SIZE];
    detail::check(lineside_alert_rule_revision(seen, text));
    return text;
}

// ---- Live lists

/// Brings live calls up to date; an empty value knows none yet.
inline void apply(const lineside_watch_update* update, value<lineside_live_call_changes>& calls) {
    lineside_live_call_changes* now = nullptr;
    detail::check(lineside_live_call_changes_apply(calls.get(), update, &now));
    calls = value<lineside_live_call_changes>(now);
}
/// Brings the Summary's hours up to date; an empty value knows none yet.
inline void apply(const lineside_watch_update* update, value<lineside_summary_changes>& hours) {
    lineside_summary_changes* now = nullptr;
    detail::check(lineside_summary_changes_apply(hours.get(), update, &now));
    hours = value<lineside_summary_changes>(now);
}

// ---- Webhooks

/// When a genuine webhook was sent. `body` may hold any bytes.
inline std::int64_t webhook_verify(const char* secret, const char* id, const char* timestamp, const char* signature,
                                   const std::string& body, std::int64_t now, std::int64_t tolerance_ms = 0) {
    std::int64_t sent_at = 0;
    detail::check(lineside_webhook_verify(secret, id, timestamp, signature, body.data(), body.size(), now, tolerance_ms,
                                          &sent_at));
    return sent_at;
}
/// The header webhook-signature.
inline std::string webhook_sign(const char* secret, const char* id, std::int64_t at, const std::string& body) {
    char* signature = nullptr;
    detail::check(lineside_webhook_sign(secret, id, at, body.data(), body.size(), &signature));
    const std::unique_ptr<char, decltype(&lineside_text_free)> owned(signature, lineside_text_free);
    return owned.get();
}

// ---- Money and time as text

inline std::string money_text(const lineside_money* money) {
    char text[LINESIDE_MONEY_SIZE];
    detail::check(lineside_money_format(money, text, sizeof text));
    return text;
}
inline std::string time_text(std::int64_t time, std::int32_t offset_s = 0) {
    char text[LINESIDE_TIME_SIZE];
    detail::check(lineside_time_format(time, offset_s, text, sizeof text));
    return text;
}
inline std::int64_t parse_time(const std::string& text) {
    std::int64_t time = 0;
    detail::check(lineside_time_parse(text.c_str(), &time));
    return time;
}

} // namespace lineside::abi
