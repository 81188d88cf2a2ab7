#include "claims.h"

/* Every allocation of what is handed to C fails once: then the call says so, and nothing is lost or kept. */

/* Ends the scenario with the error. */
#define TRY(call)                     \
    do {                              \
        if ((error = (call)) != NULL) \
            goto end;                 \
    } while (0)

/* The scenario without memory for its first allocation, its second, and so on, until there is enough. */
static void until_it_succeeds(lineside_error* (*scenario)(lineside_portal*), lineside_portal* portal,
                              struct counting* c) {
    const size_t before = c->out;
    size_t k = 0;
    for (;;) {
        lineside_error* error;
        size_t made;
        c->refuse_at = c->given + ++k;
        made = c->refuse_at;
        error = scenario(portal);
        made = c->given >= made;
        c->refuse_at = 0;
        CHECK(error == NULL || error->code == LINESIDE_EXHAUSTED);
        CHECK(error == NULL || strlen(error->message) > 0);
        CHECK(error != NULL || k > 1);
        lineside_error_free(error);
        wait_until_back_to(c, before);
        if (!made)
            break;
    }
    CHECK(k > 1);
}

/* An answer into a queue, or the error that came instead of it. */
static lineside_error* next_answer(lineside_queue* queue, lineside_completion** out) {
    for (;;) {
        *out = wait_for(queue);
        if ((*out)->kind == LINESIDE_COMPLETION_ANSWER)
            return lineside_completion_check(*out);
        lineside_completion_free(*out);
    }
}

static lineside_error* open_an_engine(lineside_portal* none) {
    lineside_error* error;
    lineside_portal* engine = NULL;
    (void)none;
    TRY(lineside_engine_open(NULL, &engine));
end:
    CHECK((error == NULL) == (engine != NULL));
    lineside_portal_free(engine);
    return error;
}

static lineside_error* look_as_somebody(lineside_portal* engine) {
    lineside_error* error;
    lineside_portal* view = NULL;
    lineside_account_page* page = NULL;
    TRY(lineside_portal_as(engine, NULL, &view));
    TRY(lineside_account_list(engine, NULL, NULL, &page));
end:
    lineside_account_page_free(page);
    lineside_portal_free(view);
    return error;
}

static lineside_error* ask_into_a_queue(lineside_portal* portal) {
    lineside_error* error;
    lineside_queue* queue = NULL;
    lineside_cancellation* stop = NULL;
    lineside_completion* completion = NULL;
    lineside_account* account = NULL;
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    TRY(lineside_queue_create(&queue));
    TRY(lineside_cancellation_create(&stop));
    options.cancellation = stop;
    TRY(lineside_account_get_async(portal, "acme", &options, queue, 1));
    TRY(next_answer(queue, &completion));
    TRY(lineside_account_take(completion, &account));
    CHECK_TEXT(account->id, "acme");
end:
    lineside_account_free(account);
    lineside_completion_free(completion);
    lineside_cancellation_free(stop);
    CHECK(queue == NULL || lineside_queue_in_flight(queue) == 0);
    lineside_queue_free(queue);
    return error;
}

static lineside_error* import_records(lineside_portal* engine) {
    static const char data[] = "call_id,account_id,start_time,duration_ms\n"
                               "c-1,acme,2026-03-01T00:00:00Z,0\n"
                               "c-2,acme,yesterday,0\n";
    lineside_error* error;
    lineside_queue* queue = NULL;
    lineside_completion* completion = NULL;
    lineside_import_report* report = NULL;
    lineside_record_import_request import = LINESIDE_INIT(lineside_record_import_request);
    import.data = data;
    import.data_size = sizeof data - 1;
    import.format = LINESIDE_RECORD_FORMAT_LINESIDE;
    TRY(lineside_record_import(engine, &import, NULL, &report));
    CHECK(report->rejected == 1);
    lineside_import_report_free(report);
    report = NULL;
    /* Of progress and rejected rows one may be missing, but never the answer. */
    import.report_rejected = 1;
    import.report_progress = 1;
    TRY(lineside_queue_create(&queue));
    TRY(lineside_record_import_async(engine, &import, NULL, queue, 1));
    TRY(next_answer(queue, &completion));
    TRY(lineside_import_report_take(completion, &report));
end:
    lineside_import_report_free(report);
    lineside_completion_free(completion);
    lineside_queue_free(queue);
    return error;
}

static lineside_error* watch_an_account(lineside_portal* portal) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_CHANNELS, LINESIDE_WATCH_TOPIC_LIVE_CALLS};
    lineside_error* error;
    lineside_watch* watch = NULL;
    lineside_watch_update* update = NULL;
    lineside_queue* queue = NULL;
    lineside_completion* completion = NULL;
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 2;
    TRY(lineside_watch_open(portal, &request, &watch));
    TRY(lineside_watch_next(watch, NULL, &update));
    TRY(lineside_queue_create(&queue));
    TRY(lineside_watch_next_async(watch, NULL, queue, 1));
    TRY(next_answer(queue, &completion));
end:
    lineside_watch_update_free(update);
    lineside_completion_free(completion);
    lineside_watch_free(watch);
    lineside_queue_free(queue);
    return error;
}

static lineside_error* read_a_series(lineside_portal* portal) {
    lineside_error* error;
    lineside_series* series = NULL;
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    lineside_time_range day = {NOON - INT64_C(86400000), NOON};
    query.account = "acme";
    query.metric = LINESIDE_METRIC_TALK;
    query.step = LINESIDE_TIME_STEP_HOUR;
    query.range = &day;
    TRY(lineside_series_get(portal, &query, NULL, &series));
    CHECK(series->size == 24);
end:
    lineside_series_free(series);
    return error;
}

/* What was done before there was no memory to say so is done once, for it has a key. */
static lineside_error* allocate_a_block(lineside_portal* portal) {
    lineside_error* error;
    lineside_number_block* block = NULL;
    lineside_number_block_page* page = NULL;
    lineside_number_block_add_request request = LINESIDE_INIT(lineside_number_block_add_request);
    lineside_number_block_query query = LINESIDE_INIT(lineside_number_block_query);
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    request.account = "acme";
    query.account = "acme";
    options.idempotency_key = "order-1";
    TRY(lineside_number_block_add(portal, &request, &options, &block));
    TRY(lineside_number_block_list(portal, &query, NULL, &page));
    CHECK(page->items_count == 1);
end:
    lineside_number_block_page_free(page);
    lineside_number_block_free(block);
    return error;
}

static lineside_error* sign_in_wrongly(lineside_portal* portal) {
    lineside_error* error;
    lineside_portal* view = NULL;
    lineside_session_sign_in_request who = LINESIDE_INIT(lineside_session_sign_in_request);
    who.email = "nobody@acme.example";
    who.password = "not the password of anybody";
    error = lineside_portal_sign_in(portal, &who, NULL, &view);
    CHECK(error != NULL && view == NULL);
    if (error->code == LINESIDE_UNAUTHENTICATED) {
        lineside_error_free(error);
        error = NULL;
    }
    return error;
}

static lineside_error* serve_and_connect(lineside_portal* engine) {
    lineside_error* error;
    lineside_queue* log = NULL;
    lineside_server* server = NULL;
    lineside_portal* client = NULL;
    lineside_account* account = NULL;
    lineside_raw_answer* raw = NULL;
    char* text = NULL;
    lineside_server_options serving = LINESIDE_INIT(lineside_server_options);
    lineside_client_options asking = LINESIDE_INIT(lineside_client_options);
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    lineside_raw_request question = LINESIDE_INIT(lineside_raw_request);
    TRY(lineside_queue_create(&log));
    serving.operator_token = OPERATOR_TOKEN;
    serving.log_queue = log;
    TRY(lineside_server_start(engine, &serving, &server));
    asking.base_url = lineside_server_url(server);
    asking.token = OPERATOR_TOKEN;
    asking.log_queue = log;
    TRY(lineside_client_open(&asking, &client));
    options.answer_text = &text;
    TRY(lineside_account_get(client, "acme", &options, &account));
    CHECK(text != NULL);
    question.target = "/v1/accounts/acme";
    TRY(lineside_client_send(client, &question, NULL, &raw));
end:
    CHECK((account == NULL) == (text == NULL));
    lineside_raw_answer_free(raw);
    lineside_text_free(text);
    lineside_account_free(account);
    lineside_portal_free(client);
    lineside_server_free(server);
    lineside_queue_free(log);
    return error;
}

static void run(lineside_error* (*scenario)(lineside_portal*)) {
    struct counting c = COUNTING;
    lineside_portal* engine;
    count_memory(&c);
    engine = engine_with_account("acme");
    until_it_succeeds(scenario, engine, &c);
    lineside_portal_free(engine);
    wait_until_back_to(&c, 0);
}

CLAIM(an_engine_without_memory_is_exhausted) { run(open_an_engine); }
CLAIM(a_view_without_memory_is_exhausted) { run(look_as_somebody); }
CLAIM(a_queue_without_memory_is_exhausted) { run(ask_into_a_queue); }
CLAIM(an_import_without_memory_is_exhausted) { run(import_records); }
CLAIM(a_watch_without_memory_is_exhausted) { run(watch_an_account); }
CLAIM(a_series_without_memory_is_exhausted) { run(read_a_series); }
CLAIM(a_block_without_memory_is_exhausted) { run(allocate_a_block); }
CLAIM(a_sign_in_without_memory_is_exhausted) { run(sign_in_wrongly); }
CLAIM(a_server_and_a_client_without_memory_are_exhausted) { run(serve_and_connect); }
