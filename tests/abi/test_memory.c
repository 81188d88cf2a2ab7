#include "claims.h"

#include <sys/wait.h>
#include <unistd.h>

CLAIM(the_hosts_allocator_gets_back_all_it_gave) {
    struct counting c = COUNTING;
    lineside_portal* engine;
    lineside_account_page* page = NULL;
    count_memory(&c);
    engine = engine_with_account("acme");
    OK(lineside_account_list(engine, NULL, NULL, &page));
    FAILS(lineside_set_allocator(NULL), LINESIDE_CONFLICT, "");
    CHECK(c.out == 2);
    lineside_portal_free(engine);
    lineside_account_page_free(page);
    CHECK(c.out == 0 && c.given > 2);
    OK(lineside_set_allocator(NULL));
}

CLAIM(an_answer_without_memory_is_exhausted_and_nothing_is_lost) {
    struct counting c = COUNTING;
    lineside_portal* engine;
    lineside_account* account = NULL;
    lineside_error* error;
    count_memory(&c);
    engine = engine_with_account("acme");
    c.refuse_at = c.given + 1;
    error = lineside_account_get(engine, "acme", NULL, &account);
    CHECK(error != NULL && error->code == LINESIDE_EXHAUSTED && account == NULL);
    lineside_error_free(error);
    OK(lineside_account_get(engine, "acme", NULL, &account));
    lineside_account_free(account);
    lineside_portal_free(engine);
    CHECK(c.out == 0);
}

CLAIM(nothing_is_freed_by_freeing_null) {
    lineside_portal_free(NULL);
    lineside_queue_free(NULL);
    lineside_watch_close(NULL);
    lineside_watch_free(NULL);
    lineside_server_free(NULL);
    lineside_cancellation_request(NULL);
    lineside_cancellation_free(NULL);
    lineside_completion_free(NULL);
    lineside_error_free(NULL);
    lineside_text_free(NULL);
    lineside_account_free(NULL);
    lineside_watch_update_free(NULL);
    CHECK(lineside_queue_descriptor(NULL) == -1);
    CHECK(lineside_queue_cancel(NULL, 1) == 0);
    CHECK(lineside_server_port(NULL) == 0);
    CHECK_TEXT(lineside_server_url(NULL), "");
}

CLAIM(a_forked_child_frees_what_it_inherited_and_opens_its_own) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    lineside_queue* queue = NULL;
    lineside_account* account = NULL;
    lineside_completion* completion = NULL;
    pid_t child;
    int status = 0;
    OK(lineside_queue_create(&queue));
    OK(lineside_account_get(client, "acme", NULL, &account));
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        lineside_account* again = NULL;
        lineside_portal* own;
        FAILS(lineside_account_get(engine, "acme", NULL, &again), LINESIDE_UNAVAILABLE, "");
        FAILS(lineside_account_get(client, "acme", NULL, &again), LINESIDE_UNAVAILABLE, "");
        FAILS(lineside_queue_next(queue, 0, &completion), LINESIDE_UNAVAILABLE, "");
        lineside_queue_free(queue);
        lineside_portal_free(client);
        lineside_server_free(server);
        lineside_portal_free(engine);
        lineside_account_free(account);
        own = engine_with_account("acme");
        OK(lineside_account_get(own, "acme", NULL, &again));
        lineside_account_free(again);
        lineside_portal_free(own);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    lineside_account_free(account);
    OK(lineside_account_get(client, "acme", NULL, &account));
    lineside_account_free(account);
    lineside_queue_free(queue);
    lineside_portal_free(client);
    lineside_server_free(server);
    lineside_portal_free(engine);
}
