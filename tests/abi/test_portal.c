#include "claims.h"
#include "test_paths.hpp"

#include <math.h>

#define HOUR INT64_C(3600000)
#define MARCH_1 INT64_C(1772323200000)

CLAIM(an_account_is_created_read_and_listed) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_account* account = NULL;
    lineside_account_page* page = NULL;
    OK(lineside_account_get(engine, "acme", NULL, &account));
    CHECK_TEXT(account->id, "acme");
    CHECK_TEXT(account->time_zone, "UTC");
    CHECK_TEXT(account->language, "en");
    CHECK(account->channel_limit == NULL);
    CHECK(account->status == LINESIDE_ACCOUNT_STATUS_ACTIVE);
    CHECK(account->created_at == NOON);
    CHECK(account->withheld_count == 0 && account->withheld != NULL);
    OK(lineside_account_list(engine, NULL, NULL, &page));
    CHECK(page->items_count == 1);
    CHECK_TEXT(page->items[0]->id, "acme");
    CHECK_TEXT(page->next, "");
    lineside_portal_free(engine);
    CHECK_TEXT(account->id, "acme");
    lineside_account_free(account);
    lineside_account_page_free(page);
}

CLAIM(optional_members_tell_unset_from_zero) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_account* account = NULL;
    lineside_account_update_request change = LINESIDE_INIT(lineside_account_update_request);
    const uint32_t none = 0;
    change.account = "acme";
    change.channel_limit = &none;
    OK(lineside_account_update(engine, &change, NULL, &account));
    CHECK(account->channel_limit != NULL && *account->channel_limit == 0);
    lineside_account_free(account);
    change.channel_limit = NULL;
    change.name = "Acme Telecom";
    OK(lineside_account_update(engine, &change, NULL, &account));
    CHECK(account->channel_limit != NULL && *account->channel_limit == 0);
    CHECK_TEXT(account->name, "Acme Telecom");
    lineside_account_free(account);
    lineside_portal_free(engine);
}

static void count_rows(void* context, const lineside_rejected_row* row) {
    CHECK(row->line > 0);
    ++*(size_t*)context;
}

static void count_progress(void* context, const lineside_import_progress* progress) {
    CHECK(progress->total_bytes != NULL && progress->bytes <= *progress->total_bytes);
    ++*(size_t*)context;
}

CLAIM(records_become_calls_a_series_and_a_summary) {
    lineside_portal* engine = engine_at_noon();
    lineside_import_report* report = NULL;
    lineside_series* series = NULL;
    lineside_summary* summary = NULL;
    lineside_call_page* calls = NULL;
    lineside_record_import_request import = LINESIDE_INIT(lineside_record_import_request);
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    lineside_summary_query rows = LINESIDE_INIT(lineside_summary_query);
    lineside_call_query listed = LINESIDE_INIT(lineside_call_query);
    const lineside_time_range day = {MARCH_1, MARCH_1 + 24 * HOUR};
    size_t told = 0;
    size_t i;
    double attempts = 0;
    import.path = LINESIDE_FIXTURES "/cdr/lineside/calls.csv";
    import.on_progress = count_progress;
    import.context = &told;
    OK(lineside_record_import(engine, &import, NULL, &report));
    CHECK(report->imported == 6 && report->rejected == 0);
    CHECK(report->format == LINESIDE_RECORD_FORMAT_LINESIDE);
    CHECK(told > 0);

    query.account = "acct-0007";
    query.metric = LINESIDE_METRIC_ATTEMPTS;
    query.step = LINESIDE_TIME_STEP_HOUR;
    query.range = &day;
    OK(lineside_series_get(engine, &query, NULL, &series));
    CHECK(series->size == 24);
    for (i = 0; i < series->size; ++i) {
        CHECK(series->time[i] == MARCH_1 + (int64_t)i * HOUR);
        attempts += series->value[i];
    }
    CHECK(attempts == 2);
    CHECK(series->amount == NULL);
    lineside_series_free(series);
    query.metric = LINESIDE_METRIC_CHARGE;
    OK(lineside_series_get(engine, &query, NULL, &series));
    CHECK(series->amount != NULL && series->amount[0].nanos == 52500000);
    lineside_series_free(series);
    query.metric = LINESIDE_METRIC_ASR;
    OK(lineside_series_get(engine, &query, NULL, &series));
    CHECK(series->value[0] == 50 && isnan(series->value[1]));

    rows.account = "acct-0007";
    rows.period = LINESIDE_SUMMARY_PERIOD_DAILY;
    rows.range = &day;
    OK(lineside_summary_get(engine, &rows, NULL, &summary));
    CHECK(summary->rows_count == 1);
    CHECK(summary->rows[0]->attempts == 2 && summary->rows[0]->answered == 1);
    CHECK(summary->rows[0]->asr != NULL && *summary->rows[0]->asr == 50);
    CHECK(summary->rows[0]->charge != NULL && summary->rows[0]->charge->nanos == 52500000);

    listed.account = "acct-0007";
    listed.filter = LINESIDE_CALL_FILTER_UNANSWERED;
    OK(lineside_call_list(engine, &listed, NULL, &calls));
    CHECK(calls->items_count == 1);
    CHECK(calls->items[0]->answer_time == NULL);
    CHECK(calls->items[0]->sip_code != NULL && *calls->items[0]->sip_code == 486);

    lineside_portal_free(engine);
    CHECK(series->size == 24 && isnan(series->value[1]));
    lineside_import_report_free(report);
    lineside_series_free(series);
    lineside_summary_free(summary);
    lineside_call_page_free(calls);
}

CLAIM(an_import_tells_the_rows_it_refused) {
    static const char data[] = "call_id,account_id,start_time,duration_ms\n"
                               "c-1,acme,2026-03-01T00:00:00Z,0\n"
                               "c-2,acme,yesterday,0\n";
    lineside_portal* engine = engine_at_noon();
    lineside_import_report* report = NULL;
    lineside_record_import_request import = LINESIDE_INIT(lineside_record_import_request);
    size_t refused = 0;
    import.data = data;
    import.data_size = sizeof data - 1;
    import.format = LINESIDE_RECORD_FORMAT_LINESIDE;
    import.on_rejected = count_rows;
    import.context = &refused;
    OK(lineside_record_import(engine, &import, NULL, &report));
    CHECK(report->imported == 1 && report->rejected == 1 && refused == 1);
    lineside_import_report_free(report);
    import.path = "calls.csv";
    FAILS(lineside_record_import(engine, &import, NULL, &report), LINESIDE_INVALID_ARGUMENT, "path");
    CHECK(report == NULL);
    lineside_portal_free(engine);
}

static int32_t append(void* context, const char* data, size_t size) {
    char* text = context;
    CHECK(strlen(text) + size < 4096);
    strncat(text, data, size);
    return 0;
}

static int32_t refuse(void* context, const char* data, size_t size) {
    (void)context, (void)data, (void)size;
    return -1;
}

CLAIM(a_table_is_written_piece_by_piece_and_a_refused_piece_ends_it) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_export_report* report = NULL;
    lineside_data_export_request request = LINESIDE_INIT(lineside_data_export_request);
    lineside_export_subject what = LINESIDE_INIT(lineside_export_subject);
    lineside_summary_export rows = LINESIDE_INIT(lineside_summary_export);
    char text[4096] = "";
    rows.account = "acme";
    rows.period = LINESIDE_SUMMARY_PERIOD_MONTHLY;
    what.summary = &rows;
    request.what = &what;
    request.write = append;
    request.context = text;
    OK(lineside_data_export(engine, &request, NULL, &report));
    CHECK(report->rows == 12 && report->bytes == strlen(text));
    lineside_export_report_free(report);
    request.write = refuse;
    FAILS(lineside_data_export(engine, &request, NULL, &report), LINESIDE_UNAVAILABLE, "");
    lineside_portal_free(engine);
}

CLAIM(a_number_block_is_allocated_once_however_often_it_is_asked_for) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_number_block* first = NULL;
    lineside_number_block* again = NULL;
    lineside_number_block_add_request request = LINESIDE_INIT(lineside_number_block_add_request);
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    request.account = "acme";
    options.idempotency_key = "order-1";
    OK(lineside_number_block_add(engine, &request, &options, &first));
    OK(lineside_number_block_add(engine, &request, &options, &again));
    CHECK_TEXT(first->range->first, "1000");
    CHECK_TEXT(again->id, first->id);
    lineside_number_block_free(first);
    lineside_number_block_free(again);
    lineside_portal_free(engine);
}

CLAIM(a_refused_number_says_why_below_its_code) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_number_block* block = NULL;
    lineside_number_block_claim_request request = LINESIDE_INIT(lineside_number_block_claim_request);
    const lineside_number_range range = {"2000", "2099"};
    lineside_error* error;
    request.account = "acme";
    request.range = &range;
    OK(lineside_number_block_claim(engine, &request, NULL, &block));
    lineside_number_block_free(block);
    error = lineside_number_block_claim(engine, &request, NULL, &block);
    CHECK(error != NULL && block == NULL);
    CHECK(error->code == LINESIDE_CONFLICT);
    CHECK_TEXT(error->cause_category, "lineside.numbers");
    CHECK(error->cause_code == LINESIDE_NUMBER_REFUSAL_OVERLAPS_BLOCK);
    CHECK_TEXT(lineside_number_refusal_name(error->cause_code), "overlaps_block");
    lineside_error_free(error);
    lineside_portal_free(engine);
}

CLAIM(a_value_is_copied_changed_and_sent_back_as_seen) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_alert_rule* made = NULL;
    lineside_alert_rule* changed = NULL;
    lineside_alert_rule rule = LINESIDE_INIT(lineside_alert_rule);
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    char revision[LINESIDE_REVISION_SIZE];
    const int32_t off = 0;
    rule.account = "acme";
    rule.title = "low ASR";
    rule.threshold = 40;
    rule.enabled = &off;
    OK(lineside_alert_rule_create(engine, &rule, NULL, &made));
    CHECK(made->enabled != NULL && *made->enabled == 0);
    CHECK(made->area == LINESIDE_ALERT_AREA_ASR && made->op == LINESIDE_ALERT_OPERATOR_LESS);
    CHECK(made->sample_period == 3600000 && made->level == LINESIDE_SEVERITY_WARNING);
    OK(lineside_alert_rule_revision(made, revision));
    CHECK(strlen(revision) == LINESIDE_REVISION_SIZE - 1);
    options.if_match = revision;
    LINESIDE_COPY(rule, made);
    rule.threshold = 35;
    OK(lineside_alert_rule_update(engine, &rule, &options, &changed));
    CHECK(changed->threshold == 35 && *changed->enabled == 0);
    lineside_alert_rule_free(changed);
    FAILS(lineside_alert_rule_update(engine, &rule, &options, &changed), LINESIDE_PRECONDITION_FAILED, "if_match");
    lineside_alert_rule_free(made);
    lineside_portal_free(engine);
}

CLAIM(nested_values_may_be_sent_back_as_they_came) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_layout* seen = NULL;
    lineside_layout* set = NULL;
    lineside_layout_query query = LINESIDE_INIT(lineside_layout_query);
    lineside_contact* contact = NULL;
    lineside_contact_create_request person = LINESIDE_INIT(lineside_contact_create_request);
    person.account = "acme";
    person.name = "Ada";
    person.email = "ada@example.com";
    person.role = LINESIDE_ROLE_MANAGER;
    OK(lineside_contact_create(engine, &person, NULL, &contact));
    CHECK(contact->role == LINESIDE_ROLE_MANAGER);
    query.account = "acme";
    query.contact = contact->id;
    OK(lineside_layout_get(engine, &query, NULL, &seen));
    CHECK(seen->widgets_count > 0 && !seen->customised);
    OK(lineside_layout_set(engine, seen, NULL, &set));
    CHECK(set->customised && set->widgets_count == seen->widgets_count);
    lineside_layout_free(seen);
    lineside_layout_free(set);
    lineside_contact_free(contact);
    lineside_portal_free(engine);
}

CLAIM(bad_requests_name_what_is_wrong) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_series* series = NULL;
    lineside_account* account = NULL;
    lineside_import_report* report = NULL;
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    lineside_account_update_request change = LINESIDE_INIT(lineside_account_update_request);
    lineside_call_import_request batch = LINESIDE_INIT(lineside_call_import_request);
    const lineside_call* calls[2] = {NULL, NULL};
    lineside_call_page* page = NULL;
    struct {
        lineside_call_query known;
        uint64_t newer;
    } larger = {LINESIDE_INIT(lineside_call_query), 0};
    query.account = "acme";
    query.metric = 99;
    FAILS(lineside_series_get(engine, &query, NULL, &series), LINESIDE_INVALID_ARGUMENT, "metric");
    FAILS(lineside_series_get(NULL, &query, NULL, &series), LINESIDE_INVALID_ARGUMENT, "portal");
    FAILS(lineside_series_get(engine, &query, NULL, NULL), LINESIDE_INVALID_ARGUMENT, "out");
    FAILS(lineside_account_get(engine, NULL, NULL, &account), LINESIDE_INVALID_ARGUMENT, "account");
    query.metric = LINESIDE_METRIC_ASR;
    query.struct_size = 0;
    FAILS(lineside_series_get(engine, &query, NULL, &series), LINESIDE_INVALID_ARGUMENT, "struct_size");
    change.account = "acme";
    change.withheld_count = 1;
    FAILS(lineside_account_update(engine, &change, NULL, &account), LINESIDE_INVALID_ARGUMENT, "withheld");
    batch.calls = calls;
    batch.calls_count = 2;
    FAILS(lineside_call_import(engine, &batch, NULL, &report), LINESIDE_INVALID_ARGUMENT, "calls[0]");
    /* A program of a newer version: what it leaves at 0 is fine, what it sets is not ignored. */
    larger.known.struct_size = sizeof larger;
    larger.known.account = "acme";
    OK(lineside_call_list(engine, &larger.known, NULL, &page));
    lineside_call_page_free(page);
    larger.newer = 1;
    FAILS(lineside_call_list(engine, &larger.known, NULL, &page), LINESIDE_INVALID_ARGUMENT, "struct_size");
    lineside_portal_free(engine);
}

CLAIM(a_smaller_structure_of_an_older_program_keeps_its_meaning) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_call_page* page = NULL;
    lineside_call_query query;
    memset(&query, 0xff, sizeof query);
    query.struct_size = offsetof(lineside_call_query, range);
    query.account = "acme";
    OK(lineside_call_list(engine, &query, NULL, &page));
    CHECK(page->items_count == 0);
    lineside_call_page_free(page);
    lineside_portal_free(engine);
}

CLAIM(a_view_is_somebody_elses_and_outlives_its_engine) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_portal* nobody = NULL;
    lineside_account* account = NULL;
    lineside_identity* identity = NULL;
    OK(lineside_identity_get(engine, NULL, NULL, &identity));
    CHECK_TEXT(identity->kind, "operator");
    CHECK(identity->contact == NULL);
    lineside_identity_free(identity);
    OK(lineside_portal_as(engine, NULL, &nobody));
    FAILS(lineside_account_get(nobody, "acme", NULL, &account), LINESIDE_UNAUTHENTICATED, "");
    lineside_portal_free(engine);
    FAILS(lineside_account_get(nobody, "acme", NULL, &account), LINESIDE_UNAVAILABLE, "");
    lineside_portal_free(nobody);
}

CLAIM(somebody_signs_in_and_sees_what_is_theirs) {
    lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
    lineside_engine_identity cheap = LINESIDE_INIT(lineside_engine_identity);
    lineside_portal* engine = NULL;
    lineside_portal* ada = NULL;
    lineside_account* account = NULL;
    lineside_contact* contact = NULL;
    lineside_account_page* page = NULL;
    lineside_account wanted = LINESIDE_INIT(lineside_account);
    lineside_contact_create_request person = LINESIDE_INIT(lineside_contact_create_request);
    lineside_session_sign_in_request login = LINESIDE_INIT(lineside_session_sign_in_request);
    cheap.password_memory_kib = 64;
    options.identity = &cheap;
    OK(lineside_engine_open(&options, &engine));
    wanted.id = "acme";
    OK(lineside_account_create(engine, &wanted, NULL, &account));
    lineside_account_free(account);
    person.account = "acme";
    person.name = "Ada";
    person.email = "ada@example.com";
    person.password = "a long and unusual passphrase";
    OK(lineside_contact_create(engine, &person, NULL, &contact));
    lineside_contact_free(contact);
    login.email = "ada@example.com";
    login.password = "a long and unusual passphrase";
    OK(lineside_portal_sign_in(engine, &login, NULL, &ada));
    OK(lineside_account_get(ada, "", NULL, &account));
    CHECK_TEXT(account->id, "acme");
    lineside_account_free(account);
    FAILS(lineside_account_list(ada, NULL, NULL, &page), LINESIDE_PERMISSION_DENIED, "");
    lineside_portal_free(ada);
    lineside_portal_free(engine);
}

static int32_t keep_mail(void* context, const lineside_mail* mail) {
    CHECK_TEXT(mail->to, "ada@example.com");
    CHECK(strlen(mail->text) > 0);
    ++*(int*)context;
    return 0;
}

CLAIM(mail_goes_through_the_host) {
    lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
    lineside_delivery_hooks hooks = LINESIDE_INIT(lineside_delivery_hooks);
    lineside_portal* engine = NULL;
    lineside_account* account = NULL;
    lineside_contact* contact = NULL;
    lineside_account wanted = LINESIDE_INIT(lineside_account);
    lineside_contact_create_request person = LINESIDE_INIT(lineside_contact_create_request);
    lineside_password_reset_begin_request reset = LINESIDE_INIT(lineside_password_reset_begin_request);
    int mails = 0;
    hooks.mailer = keep_mail;
    hooks.context = &mails;
    options.delivery = &hooks;
    OK(lineside_engine_open(&options, &engine));
    wanted.id = "acme";
    OK(lineside_account_create(engine, &wanted, NULL, &account));
    lineside_account_free(account);
    person.account = "acme";
    person.name = "Ada";
    person.email = "ada@example.com";
    OK(lineside_contact_create(engine, &person, NULL, &contact));
    lineside_contact_free(contact);
    reset.email = "ada@example.com";
    OK(lineside_password_reset_begin(engine, &reset, NULL));
    CHECK(mails == 1);
    lineside_portal_free(engine);
}

CLAIM(money_and_time_are_read_and_written) {
    int64_t units = 0;
    int64_t at = 0;
    int32_t nanos = 0;
    char text[LINESIDE_TIME_SIZE];
    lineside_money money = {-12, -345000000, "EUR"};
    OK(lineside_money_format(&money, text, sizeof text));
    CHECK_TEXT(text, "-12.345");
    OK(lineside_money_parse(text, &units, &nanos));
    CHECK(units == -12 && nanos == -345000000);
    FAILS(lineside_money_parse("12,5", &units, &nanos), LINESIDE_INVALID_ARGUMENT, "amount");
    OK(lineside_time_parse("2026-03-02T12:00:00Z", &at));
    CHECK(at == NOON);
    OK(lineside_time_format(at, 7200, text, sizeof text));
    CHECK_TEXT(text, "2026-03-02T14:00:00.000+02:00");
    FAILS(lineside_time_format(at, 0, text, 5), LINESIDE_INVALID_ARGUMENT, "size");
}

CLAIM(the_library_says_what_it_is) {
    int32_t value;
    const int32_t* permissions = NULL;
    size_t count = 0;
    CHECK(lineside_abi_version() == LINESIDE_ABI_VERSION);
    CHECK(strlen(lineside_version()) >= 5);
    CHECK(lineside_struct_size("lineside_call_query") == sizeof(lineside_call_query));
    CHECK(lineside_struct_size("lineside_nothing") == 0);
    CHECK_TEXT(lineside_metric_name(LINESIDE_METRIC_ASR), "asr");
    CHECK_TEXT(lineside_metric_unit(LINESIDE_METRIC_ASR), "%");
    CHECK(lineside_metric_name(0) == NULL && lineside_metric_name(LINESIDE_METRIC_CHARGE + 1) == NULL);
    for (value = 1; lineside_metric_name(value) != NULL; ++value)
        CHECK(lineside_metric_unit(value) != NULL);
    CHECK(value == LINESIDE_METRIC_CHARGE + 1);
    OK(lineside_role_permissions(LINESIDE_ROLE_VIEWER, &permissions, &count));
    CHECK(count > 0 && permissions[0] == LINESIDE_PERMISSION_VIEW_COMPANY);
    FAILS(lineside_role_permissions(99, &permissions, &count), LINESIDE_INVALID_ARGUMENT, "role");
}

CLAIM(a_cancelled_call_does_nothing) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_cancellation* stop = NULL;
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    lineside_account* account = NULL;
    OK(lineside_cancellation_create(&stop));
    options.cancellation = stop;
    OK(lineside_account_get(engine, "acme", &options, &account));
    lineside_account_free(account);
    lineside_cancellation_request(stop);
    FAILS(lineside_account_get(engine, "acme", &options, &account), LINESIDE_CANCELLED, "");
    CHECK(account == NULL);
    lineside_cancellation_free(stop);
    lineside_portal_free(engine);
}
