#include "claims.h"

/* Everything that is freed, while calls of all of it are in flight. */
enum { of_a_portal, of_a_view, of_a_queue, of_a_watch, of_a_server, of_a_value, of_a_completion, kinds };

struct world {
    lineside_portal* portal;
    lineside_portal* view;
    lineside_queue* queue;
    lineside_watch* watch;
    lineside_server* server;
    lineside_account* value;
    lineside_completion* completion;
};

/* `portal` is an engine, or a client of `served`. */
static void fill(struct world* w, lineside_portal* served, lineside_portal* (*portal_of)(lineside_server*)) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_ALERTS};
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_credential who = LINESIDE_INIT(lineside_credential);
    lineside_watch_update* update = NULL;
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 1;
    w->server = serve(served);
    w->portal = portal_of == NULL ? served : portal_of(w->server);
    OK(lineside_portal_as(w->portal, &who, &w->view));
    OK(lineside_queue_create(&w->queue));
    OK(lineside_account_get(w->portal, "acme", NULL, &w->value));
    OK(lineside_account_get_async(w->portal, "acme", NULL, w->queue, 1));
    w->completion = wait_for(w->queue);
    OK(lineside_watch_open(w->portal, &request, &w->watch));
    OK(lineside_watch_next(w->watch, NULL, &update));
    lineside_watch_update_free(update);
    /* This one never ends by itself. */
    OK(lineside_watch_next_async(w->watch, NULL, w->queue, 2));
    OK(lineside_account_get_async(w->portal, "acme", NULL, w->queue, 3));
    OK(lineside_account_get_async(w->view, "acme", NULL, w->queue, 4));
}

static void let_go(struct world* w, int kind) {
    switch (kind) {
    case of_a_portal: lineside_portal_free(w->portal); break;
    case of_a_view: lineside_portal_free(w->view); break;
    case of_a_queue: lineside_queue_free(w->queue); break;
    case of_a_watch: lineside_watch_free(w->watch); break;
    case of_a_server: lineside_server_free(w->server); break;
    case of_a_value:
        CHECK_TEXT(w->value->id, "acme");
        lineside_account_free(w->value);
        break;
    default: CHECK_TEXT(w->completion->operation, "get_account"); lineside_completion_free(w->completion);
    }
}

/* The order after `order`, by the dictionary; 0: that was the last. */
static int next_order(int order[kinds]) {
    int i = kinds - 2;
    int j = kinds - 1;
    int k;
    while (i >= 0 && order[i] > order[i + 1])
        --i;
    if (i < 0)
        return 0;
    while (order[j] < order[i])
        --j;
    k = order[i], order[i] = order[j], order[j] = k;
    for (++i, j = kinds - 1; i < j; ++i, --j)
        k = order[i], order[i] = order[j], order[j] = k;
    return 1;
}

/* All orders whose first is of `first` to `until`, without that; of handles of an engine, or of a client of one. */
static size_t free_all(int first, int until, int far) {
    struct counting c = COUNTING;
    lineside_portal* served = NULL;
    int order[kinds] = {0, 1, 2, 3, 4, 5, 6};
    size_t orders = 0;
    count_memory(&c);
    if (far)
        served = engine_with_account("acme");
    do {
        struct world w;
        int i;
        if (order[0] < first || order[0] >= until)
            continue;
        fill(&w, far ? served : engine_with_account("acme"), far ? connect_to : NULL);
        for (i = 0; i < kinds; ++i)
            let_go(&w, order[i]);
        if (!far)
            wait_until_back_to(&c, 0);
        ++orders;
    } while (next_order(order));
    lineside_portal_free(served);
    wait_until_back_to(&c, 0);
    return orders;
}

/* All 5,040 orders, near and far, in parts of some seconds. */
CLAIM(near_handles_are_freed_in_every_order_from_a_portal_a_view_or_a_queue_on) {
    CHECK(free_all(of_a_portal, of_a_watch, 0) == 2160);
}
CLAIM(near_handles_are_freed_in_every_order_from_a_watch_a_server_or_a_value_on) {
    CHECK(free_all(of_a_watch, kinds, 0) == 2880);
}
CLAIM(far_handles_are_freed_in_every_order_from_a_portal_or_a_view_on) {
    CHECK(free_all(of_a_portal, of_a_queue, 1) == 1440);
}
CLAIM(far_handles_are_freed_in_every_order_from_a_queue_or_a_watch_on) {
    CHECK(free_all(of_a_queue, of_a_server, 1) == 1440);
}
CLAIM(far_handles_are_freed_in_every_order_from_a_server_on) { CHECK(free_all(of_a_server, of_a_value, 1) == 720); }
CLAIM(far_handles_are_freed_in_every_order_from_a_value_or_a_completion_on) {
    CHECK(free_all(of_a_value, kinds, 1) == 1440);
}
