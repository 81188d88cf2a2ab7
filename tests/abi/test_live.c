#include "claims.h"

static void tell(lineside_portal* portal, const char* id, int32_t kind, int64_t at) {
    lineside_call_event_report* report = NULL;
    lineside_call_event_send_request batch = LINESIDE_INIT(lineside_call_event_send_request);
    lineside_call_event event = LINESIDE_INIT(lineside_call_event);
    const lineside_call_event* events[1];
    events[0] = &event;
    event.kind = kind;
    event.source = "switch";
    event.call_id = id;
    event.account = "acme";
    event.at = at;
    batch.events = events;
    batch.events_count = 1;
    OK(lineside_call_event_send(portal, &batch, NULL, &report));
    CHECK(report->applied == 1);
    lineside_call_event_report_free(report);
}

static void start_a_call(lineside_portal* portal, const char* id) {
    tell(portal, id, LINESIDE_CALL_EVENT_KIND_STARTED, NOON);
}

static void see_a_call_start(lineside_portal* portal) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_CHANNELS};
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_watch* watch = NULL;
    lineside_watch_update* update = NULL;
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 1;
    OK(lineside_watch_open(portal, &request, &watch));
    OK(lineside_watch_next(watch, NULL, &update));
    CHECK(update->topic == LINESIDE_WATCH_TOPIC_CHANNELS && update->kind == LINESIDE_WATCH_KIND_SNAPSHOT);
    CHECK(update->channels != NULL && update->channels->in_use == 0);
    CHECK(update->balance == NULL && update->live_calls == NULL);
    lineside_watch_update_free(update);

    OK(lineside_queue_create(&queue));
    OK(lineside_watch_next_async(watch, NULL, queue, 3));
    start_a_call(portal, "c-1");
    completion = wait_for(queue);
    CHECK(completion->tag == 3);
    OK(lineside_watch_update_take(completion, &update));
    CHECK(update->channels->in_use == 1);
    lineside_watch_update_free(update);
    lineside_completion_free(completion);

    OK(lineside_watch_next_async(watch, NULL, queue, 4));
    lineside_watch_close(watch);
    completion = wait_for(queue);
    FAILS(lineside_completion_check(completion), LINESIDE_CANCELLED, "");
    lineside_completion_free(completion);
    lineside_watch_free(watch);
    lineside_queue_free(queue);
}

CLAIM(a_watch_shows_what_changes_near) {
    lineside_portal* engine = engine_with_account("acme");
    see_a_call_start(engine);
    lineside_portal_free(engine);
}

CLAIM(a_watch_shows_what_changes_far) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    see_a_call_start(client);
    lineside_portal_free(client);
    lineside_server_free(server);
    lineside_portal_free(engine);
}

CLAIM(a_watch_and_its_read_outlive_their_portal) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_ALERTS};
    lineside_portal* engine = engine_with_account("acme");
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_watch* watch = NULL;
    lineside_watch_update* update = NULL;
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 1;
    OK(lineside_watch_open(engine, &request, &watch));
    OK(lineside_watch_next(watch, NULL, &update));
    lineside_watch_update_free(update);
    OK(lineside_queue_create(&queue));
    OK(lineside_watch_next_async(watch, NULL, queue, 1));
    lineside_portal_free(engine);
    completion = wait_for(queue);
    FAILS(lineside_completion_check(completion), LINESIDE_UNAVAILABLE, "");
    lineside_completion_free(completion);
    FAILS(lineside_watch_next(watch, NULL, &update), LINESIDE_UNAVAILABLE, "");
    lineside_queue_free(queue);
    lineside_watch_free(watch);
}

CLAIM(a_served_portal_is_reached_through_a_client) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    lineside_account* account = NULL;
    lineside_raw_answer* raw = NULL;
    lineside_raw_request question = LINESIDE_INIT(lineside_raw_request);
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    char* text = NULL;
    lineside_error* error;
    CHECK(lineside_server_port(server) != 0 && lineside_server_admin_port(server) == 0);
    options.answer_text = &text;
    OK(lineside_account_get(client, "acme", &options, &account));
    CHECK_TEXT(account->currency, "EUR");
    CHECK(text != NULL && strstr(text, "\"acme\"") != NULL);
    lineside_text_free(text);
    lineside_account_free(account);
    OK(lineside_account_get(engine, "acme", &options, &account));
    CHECK(text == NULL);
    lineside_account_free(account);

    error = lineside_account_get(client, "nobody", NULL, &account);
    CHECK(error != NULL && error->code == LINESIDE_NOT_FOUND);
    CHECK(error->http_status == 404 && strlen(error->request_id) > 0);
    lineside_error_free(error);

    question.target = "/v1/accounts/acme";
    OK(lineside_client_send(client, &question, NULL, &raw));
    CHECK(raw->status == 200 && raw->fields_count > 0);
    CHECK(raw->body_size == strlen(raw->body) && strstr(raw->body, "\"acme\"") != NULL);
    lineside_raw_answer_free(raw);
    FAILS(lineside_client_send(engine, &question, NULL, &raw), LINESIDE_INVALID_ARGUMENT, "portal");

    OK(lineside_server_drain(server, 1));
    lineside_portal_free(client);
    lineside_server_free(server);
    lineside_portal_free(engine);
}

CLAIM(a_server_keeps_its_portal_open) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    lineside_account* account = NULL;
    lineside_portal_free(engine);
    OK(lineside_account_get(client, "acme", NULL, &account));
    lineside_account_free(account);
    lineside_server_free(server);
    FAILS(lineside_account_get(client, "acme", NULL, &account), LINESIDE_UNAVAILABLE, "");
    lineside_portal_free(client);
}

CLAIM(calls_of_a_client_that_is_freed_complete_with_an_error) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_ALERTS};
    lineside_portal* engine = engine_with_account("acme");
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_watch* watch = NULL;
    lineside_watch_update* update = NULL;
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 1;
    OK(lineside_watch_open(client, &request, &watch));
    OK(lineside_watch_next(watch, NULL, &update));
    lineside_watch_update_free(update);
    OK(lineside_queue_create(&queue));
    OK(lineside_watch_next_async(watch, NULL, queue, 1));
    lineside_portal_free(client);
    completion = wait_for(queue);
    FAILS(lineside_completion_check(completion), LINESIDE_UNAVAILABLE, "");
    lineside_completion_free(completion);
    lineside_queue_free(queue);
    lineside_watch_free(watch);
    lineside_server_free(server);
    lineside_portal_free(engine);
}

CLAIM(requests_and_attempts_are_told_as_data) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_portal* client = NULL;
    lineside_server* server = NULL;
    lineside_queue* queue = NULL;
    lineside_account* account = NULL;
    lineside_server_options served = LINESIDE_INIT(lineside_server_options);
    lineside_client_options asking = LINESIDE_INIT(lineside_client_options);
    int requests = 0;
    int attempts = 0;
    OK(lineside_queue_create(&queue));
    served.operator_token = OPERATOR_TOKEN;
    served.log_queue = queue;
    served.log_tag = 1;
    OK(lineside_server_start(engine, &served, &server));
    asking.base_url = lineside_server_url(server);
    asking.token = OPERATOR_TOKEN;
    asking.log_queue = queue;
    asking.log_tag = 2;
    OK(lineside_client_open(&asking, &client));
    OK(lineside_account_get(client, "acme", NULL, &account));
    lineside_account_free(account);
    while (requests + attempts < 2) {
        lineside_completion* told = wait_for(queue);
        if (told->kind == LINESIDE_COMPLETION_SERVED_REQUEST) {
            CHECK(told->tag == 1 && told->served->status == 200);
            CHECK_TEXT(told->served->operation, "get_account");
            ++requests;
        } else {
            CHECK(told->kind == LINESIDE_COMPLETION_CLIENT_ATTEMPT && told->tag == 2);
            CHECK(told->attempt->attempt == 1 && told->attempt->status == 200);
            ++attempts;
        }
        lineside_completion_free(told);
    }
    CHECK(requests == 1 && attempts == 1);
    lineside_queue_free(queue);
    OK(lineside_account_get(client, "acme", NULL, &account));
    lineside_account_free(account);
    lineside_portal_free(client);
    lineside_server_free(server);
    lineside_portal_free(engine);
}

CLAIM(a_server_reads_its_certificate_or_says_what_is_wrong) {
    lineside_portal* engine = engine_at_noon();
    lineside_server* server = NULL;
    lineside_server_options options = LINESIDE_INIT(lineside_server_options);
    lineside_server_tls tls = LINESIDE_INIT(lineside_server_tls);
    lineside_error* error;
    options.tls = &tls;
    tls.certificate_file = "no-such-file.pem";
    tls.key_file = "no-such-file.pem";
    error = lineside_server_start(engine, &options, &server);
    CHECK(error != NULL && error->code == LINESIDE_INVALID_ARGUMENT && server == NULL);
    lineside_error_free(error);
    lineside_portal_free(engine);
}

/* Reads one update and brings `calls` up to date. */
static void follow(lineside_watch* watch, lineside_live_call_changes** calls) {
    lineside_watch_update* update = NULL;
    lineside_live_call_changes* now = NULL;
    OK(lineside_watch_next(watch, NULL, &update));
    OK(lineside_live_call_changes_apply(*calls, update, &now));
    lineside_watch_update_free(update); /* nothing of it is needed any more */
    lineside_live_call_changes_free(*calls);
    *calls = now;
    CHECK(now->ended_count == 0);
}

CLAIM(a_list_of_live_calls_follows_its_updates) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_LIVE_CALLS};
    lineside_portal* engine = engine_with_account("acme");
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_watch* watch = NULL;
    lineside_live_call_changes* calls = NULL;
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 1;
    tell(engine, "b", LINESIDE_CALL_EVENT_KIND_STARTED, NOON - 1000);
    OK(lineside_watch_open(engine, &request, &watch));
    follow(watch, &calls);
    CHECK(calls->calls_count == 1);
    CHECK_TEXT(calls->calls[0]->call_id, "b");
    tell(engine, "c", LINESIDE_CALL_EVENT_KIND_STARTED, NOON);
    follow(watch, &calls);
    tell(engine, "a", LINESIDE_CALL_EVENT_KIND_STARTED, NOON - 2000);
    follow(watch, &calls);
    CHECK(calls->calls_count == 3);
    CHECK_TEXT(calls->calls[0]->call_id, "a");
    CHECK_TEXT(calls->calls[1]->call_id, "b");
    CHECK_TEXT(calls->calls[2]->call_id, "c");
    CHECK(calls->calls[1]->state == LINESIDE_LIVE_CALL_STATE_RINGING);
    tell(engine, "b", LINESIDE_CALL_EVENT_KIND_ANSWERED, NOON);
    follow(watch, &calls);
    CHECK(calls->calls_count == 3 && calls->calls[1]->state == LINESIDE_LIVE_CALL_STATE_ANSWERED);
    tell(engine, "b", LINESIDE_CALL_EVENT_KIND_ENDED, NOON);
    follow(watch, &calls);
    CHECK(calls->calls_count == 2);
    CHECK_TEXT(calls->calls[1]->call_id, "c");
    lineside_watch_free(watch);
    lineside_portal_free(engine);
    CHECK_TEXT(calls->calls[0]->call_id, "a");
    lineside_live_call_changes_free(calls);
}

CLAIM(hours_of_the_summary_follow_updates_of_their_topic_alone) {
    const int64_t hour = 3600000;
    lineside_summary_row first = {0}, second = {0}, changed = {0};
    const lineside_summary_row* both[2];
    const lineside_summary_row* one[1];
    int64_t gone[1];
    lineside_summary_changes what = {0};
    lineside_watch_update update = {0};
    lineside_summary_changes* hours = NULL;
    lineside_summary_changes* now = NULL;
    lineside_live_call_changes* calls = NULL;
    first.start = NOON;
    second.start = NOON + hour;
    second.attempts = 5;
    changed = second;
    changed.attempts = 7;
    both[0] = &second;
    both[1] = &first;
    one[0] = &changed;
    gone[0] = NOON;

    update.topic = LINESIDE_WATCH_TOPIC_SUMMARY;
    update.kind = LINESIDE_WATCH_KIND_SNAPSHOT;
    update.summary = &what;
    what.rows = both;
    what.rows_count = 2;
    OK(lineside_summary_changes_apply(NULL, &update, &hours));
    CHECK(hours->rows_count == 2 && hours->rows[0]->start == NOON && hours->rows[1]->attempts == 5);
    CHECK(hours->rows[0]->asr == NULL);

    update.kind = LINESIDE_WATCH_KIND_CHANGE;
    what.rows = one;
    what.rows_count = 1;
    what.gone = gone;
    what.gone_count = 1;
    OK(lineside_summary_changes_apply(hours, &update, &now));
    CHECK(now->rows_count == 1 && now->rows[0]->attempts == 7 && now->gone_count == 0);
    lineside_summary_changes_free(hours);

    OK(lineside_live_call_changes_apply(NULL, &update, &calls));
    CHECK(calls->calls_count == 0 && calls->more == 0);
    lineside_live_call_changes_free(calls);
    update.summary = NULL;
    OK(lineside_summary_changes_apply(now, &update, &hours));
    CHECK(hours->rows_count == 1 && hours->rows[0]->attempts == 7);
    lineside_summary_changes_free(hours);

    update.summary = &what;
    update.kind = 77;
    FAILS(lineside_summary_changes_apply(now, &update, &hours), LINESIDE_INVALID_ARGUMENT, "update.kind");
    update.kind = LINESIDE_WATCH_KIND_CHANGE;
    one[0] = NULL;
    FAILS(lineside_summary_changes_apply(now, &update, &hours), LINESIDE_INVALID_ARGUMENT, "update.rows[0]");
    CHECK(hours == NULL);
    lineside_summary_changes_free(now);
}

CLAIM(a_webhook_is_signed_as_its_receiver_checks_it) {
    /* The example of the Standard Webhooks specification. */
    static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static const char id[] = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    static const char body[] = "{\"test\": 2432232314}";
    const int64_t at = INT64_C(1614265330000);
    char* signature = NULL;
    int64_t sent_at = 0;
    OK(lineside_webhook_sign(secret, id, at + 999, body, sizeof body - 1, &signature));
    CHECK_TEXT(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    OK(lineside_webhook_verify(secret, id, "1614265330", signature, body, sizeof body - 1, at, 0, &sent_at));
    CHECK(sent_at == at);
    FAILS(lineside_webhook_verify(secret, id, "1614265331", signature, body, sizeof body - 1, at, 0, &sent_at),
          LINESIDE_UNAUTHENTICATED, "");
    lineside_text_free(signature);
    OK(lineside_webhook_sign(secret, "1", at, NULL, 0, &signature));
    lineside_text_free(signature);
    FAILS(lineside_webhook_sign("no secret", id, at, body, 1, &signature), LINESIDE_INVALID_ARGUMENT, "secret");
    FAILS(lineside_webhook_sign(secret, "a.b", at, body, 1, &signature), LINESIDE_INVALID_ARGUMENT, "id");
    CHECK(signature == NULL);
}
