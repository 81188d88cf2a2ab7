// screen_pop: a CRM follows a customer's live calls and opens the card of whoever rings.
#include <lineside.h>

#include <stdio.h>
#include <string.h>

#include <time.h>

static const struct card {
    const char* number;
    const char* name;
} cards[] = {{"441632960001", "Ann of Quay Ltd"}, {"441632960002", "Bob"}};
enum { cards_count = sizeof cards / sizeof cards[0] };

// Says what went wrong and frees it; 0: nothing did.
static int failed(lineside_error* error) {
    if (error == NULL)
        return 0;
    fprintf(stderr, "%s\n", error->message);
    lineside_error_free(error);
    return 1;
}

static const char* name_of(const char* number) {
    for (size_t i = 0; i < cards_count; ++i)
        if (strcmp(cards[i].number, number) == 0)
            return cards[i].name;
    return "nobody known";
}

// What a switch tells of a call.
static int tell(lineside_portal* portal, int32_t kind, const char* id, const char* caller) {
    lineside_call_event event = LINESIDE_INIT(lineside_call_event);
    event.kind = kind;
    event.source = "switch";
    event.call_id = id;
    event.account = "harbour";
    event.cli = caller;
    event.at = (int64_t)time(NULL) * 1000;
    const lineside_call_event* const events[] = {&event};
    lineside_call_event_send_request told = LINESIDE_INIT(lineside_call_event_send_request);
    told.events = events;
    told.events_count = 1;
    lineside_call_event_report* report = NULL;
    const int result = failed(lineside_call_event_send(portal, &told, NULL, &report));
    lineside_call_event_report_free(report);
    return result;
}

// The next update on a screen.
static int show(lineside_watch* live) {
    lineside_watch_update* update = NULL;
    if (failed(lineside_watch_next(live, NULL, &update)))
        return 1;
    const lineside_live_call_changes* changes = update->live_calls; // the one topic that is watched
    if (update->kind == LINESIDE_WATCH_KIND_SNAPSHOT)
        printf("%zu calls\n", changes->calls_count);
    else
        for (size_t i = 0; i < changes->calls_count; ++i)
            printf("%s rings: %s\n", changes->calls[i]->cli, name_of(changes->calls[i]->cli));
    for (size_t i = 0; i < changes->ended_count; ++i)
        printf("%s hung up\n", changes->ended[i]->call_id);
    lineside_watch_update_free(update);
    return 0;
}

int main(void) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_LIVE_CALLS};
    lineside_portal* portal = NULL;
    lineside_account* account = NULL;
    lineside_watch* live = NULL;
    int result = 1;

    lineside_account harbour = LINESIDE_INIT(lineside_account);
    harbour.id = "harbour";
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    request.account = "harbour";
    request.topics = topics;
    request.topics_count = 1;
    if (failed(lineside_engine_open(NULL, &portal)) ||
        failed(lineside_account_create(portal, &harbour, NULL, &account)) ||
        failed(lineside_watch_open(portal, &request, &live)))
        goto end;

    // First the whole, then what changes.
    result = show(live);
    for (size_t i = 0; i < cards_count && result == 0; ++i) {
        const char* number = cards[i].number;
        result = tell(portal, LINESIDE_CALL_EVENT_KIND_STARTED, number, number) || show(live) ||
                 tell(portal, LINESIDE_CALL_EVENT_KIND_ENDED, number, number) || show(live);
    }

end:
    lineside_watch_free(live);
    lineside_account_free(account);
    lineside_portal_free(portal);
    return result;
}
