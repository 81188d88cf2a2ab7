#include "claims.h"

#include <poll.h>

/* Both are made from the claims that the build found. */
#define FOUND(name) CLAIM(name);
#include "claims_found.def"
#undef FOUND

static const struct {
    const char* name;
    void (*run)(void);
} claims[] = {
#define FOUND(name) {#name, claim_##name},
#include "claims_found.def"
#undef FOUND
};

int main(int argc, char** argv) {
    size_t i;
    for (i = 0; argc == 2 && i < sizeof claims / sizeof claims[0]; ++i)
        if (strcmp(claims[i].name, argv[1]) == 0) {
            claims[i].run();
            return 0;
        }
    fprintf(stderr, "usage: abi_tests CLAIM\n");
    return 2;
}

void claims_succeed(lineside_error* error, const char* call, const char* file, int line) {
    if (error == NULL)
        return;
    fprintf(stderr, "%s:%d: %s: %s: %s (%s)\n", file, line, call, lineside_code_name(error->code), error->message,
            error->field);
    exit(1);
}

void claims_fail(lineside_error* error, int32_t code, const char* field, const char* call, const char* file, int line) {
    if (error == NULL) {
        fprintf(stderr, "%s:%d: %s succeeded\n", file, line, call);
        exit(1);
    }
    if (error->code != code || strcmp(error->field, field) != 0) {
        fprintf(stderr, "%s:%d: %s: %s: %s (%s)\n", file, line, call, lineside_code_name(error->code), error->message,
                error->field);
        exit(1);
    }
    lineside_error_free(error);
}

void claims_text(const char* text, const char* expected, const char* file, int line) {
    if (text != NULL && strcmp(text, expected) == 0)
        return;
    fprintf(stderr, "%s:%d: \"%s\" is not \"%s\"\n", file, line, text == NULL ? "(null)" : text, expected);
    exit(1);
}

static int64_t noon(void* context) {
    (void)context;
    return NOON;
}

lineside_portal* engine_at_noon(void) {
    lineside_portal* engine = NULL;
    lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
    options.clock = noon;
    OK(lineside_engine_open(&options, &engine));
    return engine;
}

lineside_portal* engine_with_account(const char* id) {
    lineside_portal* engine = engine_at_noon();
    lineside_account* account = NULL;
    lineside_account wanted = LINESIDE_INIT(lineside_account);
    wanted.id = id;
    wanted.currency = "EUR";
    OK(lineside_account_create(engine, &wanted, NULL, &account));
    lineside_account_free(account);
    return engine;
}

lineside_server* serve(lineside_portal* portal) {
    lineside_server* server = NULL;
    lineside_server_options options = LINESIDE_INIT(lineside_server_options);
    options.operator_token = OPERATOR_TOKEN;
    OK(lineside_server_start(portal, &options, &server));
    return server;
}

lineside_portal* connect_to(lineside_server* server) {
    lineside_portal* client = NULL;
    lineside_client_options options = LINESIDE_INIT(lineside_client_options);
    options.base_url = lineside_server_url(server);
    options.token = OPERATOR_TOKEN;
    OK(lineside_client_open(&options, &client));
    return client;
}

lineside_completion* wait_for(lineside_queue* queue) {
    lineside_completion* completion = NULL;
    struct pollfd readable;
    readable.fd = lineside_queue_descriptor(queue);
    readable.events = POLLIN;
    CHECK(poll(&readable, 1, 60000) == 1);
    OK(lineside_queue_next(queue, 0, &completion));
    CHECK(completion != NULL);
    return completion;
}

void* counting_allocate(void* context, size_t size) {
    struct counting* c = context;
    int refused;
    pthread_mutex_lock(&c->mutex);
    refused = ++c->given == c->refuse_at;
    c->out += refused ? 0 : 1;
    pthread_mutex_unlock(&c->mutex);
    return refused ? NULL : malloc(size);
}

void counting_release(void* context, void* memory) {
    struct counting* c = context;
    CHECK(memory != NULL);
    free(memory);
    pthread_mutex_lock(&c->mutex);
    CHECK(c->out > 0);
    --c->out;
    pthread_cond_broadcast(&c->is_back);
    pthread_mutex_unlock(&c->mutex);
}

void count_memory(struct counting* c) {
    lineside_allocator allocator = LINESIDE_INIT(lineside_allocator);
    allocator.allocate = counting_allocate;
    allocator.release = counting_release;
    allocator.context = c;
    OK(lineside_set_allocator(&allocator));
}

void wait_until_back_to(struct counting* c, size_t out) {
    pthread_mutex_lock(&c->mutex);
    while (c->out > out)
        pthread_cond_wait(&c->is_back, &c->mutex);
    pthread_mutex_unlock(&c->mutex);
}
