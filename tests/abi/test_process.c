#include "claims.h"
#include "library_path.h"

#include <dlfcn.h>
#include <malloc.h>

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a process has, and does to itself. */

static lineside_watch* watch_alerts(lineside_portal* portal) {
    static const int32_t topics[] = {LINESIDE_WATCH_TOPIC_ALERTS};
    lineside_watch_request request = LINESIDE_INIT(lineside_watch_request);
    lineside_watch* watch = NULL;
    lineside_watch_update* update = NULL;
    request.account = "acme";
    request.topics = topics;
    request.topics_count = 1;
    OK(lineside_watch_open(portal, &request, &watch));
    OK(lineside_watch_next(watch, NULL, &update));
    lineside_watch_update_free(update);
    return watch;
}

static void use_everything(lineside_portal* engine) {
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    lineside_portal* view = NULL;
    lineside_watch* watch = watch_alerts(client);
    lineside_queue* queue = NULL;
    lineside_account* account = NULL;
    OK(lineside_portal_as(client, NULL, &view));
    OK(lineside_queue_create(&queue));
    OK(lineside_account_get_async(client, "acme", NULL, queue, 1));
    lineside_completion_free(wait_for(queue));
    OK(lineside_account_get(engine, "acme", NULL, &account));
    lineside_account_free(account);
    lineside_queue_free(queue);
    lineside_watch_free(watch);
    lineside_portal_free(view);
    lineside_portal_free(client);
    lineside_server_free(server);
}

static size_t descriptors(void) {
    DIR* listed = opendir("/proc/self/fd");
    size_t count = 0;
    CHECK(listed != NULL);
    while (readdir(listed) != NULL)
        ++count;
    closedir(listed);
    return count;
}

static size_t heap(void) { return mallinfo2().uordblks + mallinfo2().hblkhd; }

/* With tests/abi/CMakeLists.txt, which turns off what threads cache of the heap: that counts as used. */
CLAIM(a_thousand_opens_and_closes_leave_nothing) {
    enum { warm = 50, rounds = 1000, most_growth = 8 * 1024 };
    struct counting c = COUNTING;
    size_t files = 0;
    size_t bytes = 0;
    lineside_portal* engine;
    int i;
    count_memory(&c);
    for (i = 0; i < warm + rounds; ++i) {
        engine = engine_with_account("acme");
        if (i == warm) {
            files = descriptors();
            bytes = heap();
        }
        use_everything(engine);
        lineside_portal_free(engine);
        wait_until_back_to(&c, 0);
    }
    engine = engine_with_account("acme");
    CHECK(descriptors() == files);
    CHECK(heap() < bytes + most_growth);
    lineside_portal_free(engine);
}

/* A child lets go of everything there is, with calls in flight, and works on with its own; so does the parent. */
CLAIM(a_process_forks_with_calls_in_flight) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_server* server = serve(engine);
    lineside_portal* client = connect_to(server);
    lineside_portal* view = NULL;
    lineside_watch* near = watch_alerts(engine);
    lineside_watch* far = watch_alerts(client);
    lineside_queue* queue = NULL;
    lineside_cancellation* stop = NULL;
    lineside_completion* completion;
    int child;
    int i;
    OK(lineside_portal_as(client, NULL, &view));
    OK(lineside_queue_create(&queue));
    OK(lineside_cancellation_create(&stop));
    OK(lineside_account_get_async(client, "acme", NULL, queue, 1));
    completion = wait_for(queue);
    OK(lineside_watch_next_async(near, NULL, queue, 2));
    OK(lineside_watch_next_async(far, NULL, queue, 3));
    for (i = 0; i < 8; ++i) {
        int status = 0;
        child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            lineside_portal* own;
            lineside_watch_update* update = NULL;
            lineside_queue* other = NULL;
            FAILS(lineside_watch_next(near, NULL, &update), LINESIDE_UNAVAILABLE, "");
            FAILS(lineside_watch_next_async(far, NULL, queue, 4), LINESIDE_UNAVAILABLE, "");
            FAILS(lineside_server_drain(server, 0), LINESIDE_UNAVAILABLE, "");
            CHECK(lineside_queue_cancel(queue, 2) == 0 && lineside_queue_in_flight(queue) == 0);
            OK(lineside_queue_create(&other));
            FAILS(lineside_account_get_async(view, "acme", NULL, other, 1), LINESIDE_UNAVAILABLE, "");
            lineside_completion_free(completion);
            lineside_cancellation_free(stop);
            lineside_watch_close(near);
            lineside_watch_free(far);
            lineside_portal_free(client);
            lineside_watch_free(near);
            lineside_portal_free(view);
            lineside_portal_free(engine);
            lineside_server_free(server);
            lineside_queue_free(queue);
            own = engine_with_account("acme");
            use_everything(own);
            lineside_portal_free(own);
            lineside_queue_free(other);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    CHECK(lineside_queue_in_flight(queue) == 2);
    CHECK(lineside_queue_cancel(queue, 2) == 1 && lineside_queue_cancel(queue, 3) == 1);
    lineside_completion_free(completion);
    for (i = 0; i < 2; ++i) {
        completion = wait_for(queue);
        FAILS(lineside_completion_check(completion), LINESIDE_CANCELLED, "");
        lineside_completion_free(completion);
    }
    lineside_watch_free(near);
    lineside_watch_free(far);
    lineside_portal_free(view);
    use_everything(engine);
    lineside_cancellation_free(stop);
    lineside_queue_free(queue);
    lineside_portal_free(client);
    lineside_server_free(server);
    lineside_portal_free(engine);
}

/* A library of its own, as the loader sees it: another file. */
struct copy {
    char path[512];
    void* library;
    struct counting memory;
    lineside_error* (*set_allocator)(const lineside_allocator*);
    lineside_error* (*open)(const lineside_engine_options*, lineside_portal**);
    lineside_error* (*create)(lineside_portal*, const lineside_account*, const lineside_call_options*,
                              lineside_account**);
    lineside_error* (*get_async)(lineside_portal*, const char*, const lineside_call_options*, lineside_queue*,
                                 uint64_t);
    lineside_error* (*queue_create)(lineside_queue**);
    lineside_error* (*queue_next)(lineside_queue*, int64_t, lineside_completion**);
    void (*completion_free)(lineside_completion*);
    void (*queue_free)(lineside_queue*);
    void (*account_free)(lineside_account*);
    void (*portal_free)(lineside_portal*);
    lineside_portal* engine;
    lineside_queue* queue;
};

static void find(const struct copy* c, const char* name, void* function) {
    void* found = dlsym(c->library, name);
    CHECK(found != NULL);
    memcpy(function, &found, sizeof found);
}

static void load(struct copy* c, char which) {
    char command[4096];
    snprintf(c->path, sizeof c->path, "%s.%c.%ld", LINESIDE_C_LIBRARY, which, (long)getpid());
    snprintf(command, sizeof command, "cp '%s' '%s'", LINESIDE_C_LIBRARY, c->path);
    CHECK(system(command) == 0);
    c->library = dlopen(c->path, RTLD_NOW | RTLD_LOCAL);
    unlink(c->path);
    if (c->library == NULL)
        fprintf(stderr, "%s\n", dlerror());
    CHECK(c->library != NULL);
    find(c, "lineside_set_allocator", &c->set_allocator);
    find(c, "lineside_engine_open", &c->open);
    find(c, "lineside_account_create", &c->create);
    find(c, "lineside_account_get_async", &c->get_async);
    find(c, "lineside_queue_create", &c->queue_create);
    find(c, "lineside_queue_next", &c->queue_next);
    find(c, "lineside_completion_free", &c->completion_free);
    find(c, "lineside_queue_free", &c->queue_free);
    find(c, "lineside_account_free", &c->account_free);
    find(c, "lineside_portal_free", &c->portal_free);
    CHECK(c->open != lineside_engine_open);
}

/* The host's program links one version, and two of its plug-ins bring theirs. */
CLAIM(versions_of_the_library_share_a_process_without_seeing_each_other) {
    struct counting linked = COUNTING;
    static struct copy copies[2];
    lineside_portal* engine;
    lineside_account* account = NULL;
    int i;
    count_memory(&linked);
    engine = engine_with_account("acme");
    for (i = 0; i < 2; ++i) {
        const struct counting none = COUNTING;
        lineside_allocator allocator = LINESIDE_INIT(lineside_allocator);
        load(&copies[i], (char)('a' + i));
        copies[i].memory = none;
        allocator.allocate = counting_allocate;
        allocator.release = counting_release;
        allocator.context = &copies[i].memory;
        OK(copies[i].set_allocator(&allocator));
    }
    for (i = 0; i < 2; ++i) {
        struct copy* c = &copies[i];
        lineside_account wanted = LINESIDE_INIT(lineside_account);
        wanted.id = i == 0 ? "first" : "second";
        OK(c->open(NULL, &c->engine));
        OK(c->create(c->engine, &wanted, NULL, &account));
        c->account_free(account);
        OK(c->queue_create(&c->queue));
        /* One call that fails, one that does not: the error's memory, too, is the copy's own. */
        OK(c->get_async(c->engine, "acme", NULL, c->queue, 1));
        OK(c->get_async(c->engine, wanted.id, NULL, c->queue, 2));
    }
    for (i = 0; i < 4; ++i) {
        struct copy* c = &copies[i % 2];
        lineside_completion* completion = NULL;
        OK(c->queue_next(c->queue, -1, &completion));
        CHECK((completion->error == NULL) == (completion->tag == 2));
        c->completion_free(completion);
    }
    OK(lineside_account_get(engine, "acme", NULL, &account));
    lineside_account_free(account);
    lineside_portal_free(engine);
    wait_until_back_to(&linked, 0);
    for (i = 0; i < 2; ++i) {
        copies[i].queue_free(copies[i].queue);
        copies[i].portal_free(copies[i].engine);
        wait_until_back_to(&copies[i].memory, 0);
        CHECK(copies[i].memory.given > 0);
    }
}
