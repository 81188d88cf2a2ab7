#include "claims.h"

static void start_a_call(lineside_portal* portal, const char* id) {
    lineside_call_event_report* report = NULL;
    lineside_call_event_send_request batch = LINESIDE_INIT(lineside_call_event_send_request);
    lineside_call_event event = LINESIDE_INIT(lineside_call_event);
    const lineside_call_event* events[1];
    events[0] = &event;
    event.kind = LINESIDE_CALL_EVENT_KIND_STARTED;
    event.source = "switch";
    event.call_id = id;
    event.account = "acme";
    event.at = NOON;
    batch.events = events;
    batch.events_count = 1;
    OK(lineside_call_event_send(portal, &batch, NULL, &report));
    CHECK(report->applied == 1);
    lineside_call_event_report_free(report);
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
