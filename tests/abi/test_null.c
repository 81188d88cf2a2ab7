#include "claims.h"

/* What the calls of null_calls.def are made with, where it is not NULL. */
struct valid {
    lineside_portal* portal;
    lineside_portal* client;
    lineside_portal* gone; /* somebody's view of an engine that is freed */
    lineside_server* server;
    lineside_watch* watch;
    lineside_queue* queue;
    lineside_completion* completion;
    lineside_money money;
    lineside_record_import_request record_import;
    lineside_data_export_request data_export;
    lineside_alert_rule_backtest_request alert_rule_backtest;
    lineside_call_compare_request call_compare;
    lineside_raw_request client_send;
};

static void fail(const char* call, const char* how, lineside_error* error) {
    fprintf(stderr, "%s: %s: %s (%s)\n", call, how, error == NULL ? "" : error->message,
            error == NULL ? "" : error->field);
    exit(1);
}

/* What these five ask cannot be left out. */
static void make_requests(struct valid* v) {
    static const char records[] = "call_id,account_id,start_time,duration_ms\nc-1,x,2026-03-01T00:00:00Z,0\n";
    static lineside_summary_export summary = {.struct_size = sizeof(lineside_summary_export)};
    static lineside_export_subject subject = {.struct_size = sizeof(lineside_export_subject)};
    const lineside_record_import_request record_import = LINESIDE_INIT(lineside_record_import_request);
    const lineside_data_export_request data_export = LINESIDE_INIT(lineside_data_export_request);
    const lineside_alert_rule_backtest_request backtest = LINESIDE_INIT(lineside_alert_rule_backtest_request);
    const lineside_call_compare_request call_compare = LINESIDE_INIT(lineside_call_compare_request);
    const lineside_raw_request client_send = LINESIDE_INIT(lineside_raw_request);
    v->money.units = 1;
    v->record_import = record_import;
    v->record_import.format = LINESIDE_RECORD_FORMAT_LINESIDE;
    v->record_import.data = records;
    v->record_import.data_size = sizeof records - 1;
    summary.account = "x";
    subject.summary = &summary;
    v->data_export = data_export;
    v->data_export.what = &subject;
    v->data_export.path = "/dev/null";
    v->alert_rule_backtest = backtest;
    v->call_compare = call_compare;
    v->client_send = client_send;
    v->client_send.target = "/v1/accounts/x";
}

static void make(struct valid* v) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_ALERTS};
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_portal* engine = engine_at_noon();
    make_requests(v);
    v->portal = engine_with_account("x");
    v->server = serve(v->portal);
    v->client = connect_to(v->server);
    OK(lineside_portal_as(engine, NULL, &v->gone));
    lineside_portal_free(engine);
    request.account = "x";
    request.topics = topics;
    request.topics_count = 1;
    OK(lineside_watch_open(v->portal, &request, &v->watch));
    OK(lineside_queue_create(&v->queue));
    OK(lineside_account_get_async(v->portal, "x", NULL, v->queue, 1));
    v->completion = wait_for(v->queue);
}

static void clear(struct valid* v) {
    lineside_completion_free(v->completion);
    lineside_queue_free(v->queue);
    lineside_watch_free(v->watch);
    lineside_portal_free(v->client);
    lineside_server_free(v->server);
    lineside_portal_free(v->gone);
    lineside_portal_free(v->portal);
}

static void needed(const char* name, const char* call, lineside_error* error) {
    if (error == NULL)
        fail(call, "succeeded", NULL);
    if (error->code != LINESIDE_INVALID_ARGUMENT || strcmp(error->field, name) != 0)
        fail(call, "does not say which is NULL", error);
    lineside_error_free(error);
}

static void optional(const char* call, lineside_error* error) {
    if (error != NULL && (error->code == LINESIDE_INTERNAL || strlen(error->message) == 0))
        fail(call, "takes NULL for what it is not", error);
    lineside_error_free(error);
}

static void gone(const char* call, lineside_error* error) {
    if (error == NULL)
        fail(call, "succeeded", NULL);
    if (error->code != LINESIDE_UNAVAILABLE)
        fail(call, "does not say that the portal is gone", error);
    lineside_error_free(error);
}

CLAIM(null_is_refused_by_name_wherever_it_is_not_allowed) {
    struct valid all = {0};
    const struct valid* v = &all;
    int64_t whole;
    int32_t half;
    size_t size;
    char text[LINESIDE_MONEY_SIZE];
    make(&all);
#define NEEDED(name, call) needed(name, #call, call);
#define OPTIONAL(call) optional(#call, call);
#define ALLOWED(call) (void)call;
#include "null_calls.def"
#undef NEEDED
#undef OPTIONAL
#undef ALLOWED
    clear(&all);
}

CLAIM(every_call_of_a_portal_that_is_gone_says_so) {
    struct valid all = {0};
    const struct valid* v = &all;
    size_t begun = 0;
    make(&all);
#define AT_ONCE(call) gone(#call, call);
#define LATER(call) OK(call), ++begun;
#include "null_calls.def"
#undef AT_ONCE
#undef LATER
    CHECK(begun > 0);
    for (; begun > 0; --begun) {
        lineside_completion* completion = wait_for(v->queue);
        gone(completion->operation, lineside_completion_check(completion));
        lineside_completion_free(completion);
    }
    clear(&all);
}
