#ifndef LINESIDE_CLAIMS_H
#define LINESIDE_CLAIMS_H

#include <lineside.h>

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tests in C. `CLAIM(name) { ... }` is a test; the build finds them and runs each in a process of its own. */
#define CLAIM(name) void claim_##name(void)

/* Ends the test, as failed, unless `condition` holds. */
#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                \
        }                                                                           \
    } while (0)

/* The call succeeds. */
#define OK(call) claims_succeed((call), #call, __FILE__, __LINE__)

/* The call fails with this code and names this field. */
#define FAILS(call, code, field) claims_fail((call), (code), (field), #call, __FILE__, __LINE__)

#define CHECK_TEXT(text, expected) claims_text((text), (expected), __FILE__, __LINE__)

void claims_succeed(lineside_error* error, const char* call, const char* file, int line);
void claims_fail(lineside_error* error, int32_t code, const char* field, const char* call, const char* file, int line);
void claims_text(const char* text, const char* expected, const char* file, int line);

/* 2026-03-02T12:00:00Z, the time of every engine here. */
#define NOON INT64_C(1772452800000)

/* An engine in memory whose clock stands at NOON. */
lineside_portal* engine_at_noon(void);
/* The same with an account. */
lineside_portal* engine_with_account(const char* id);
/* A server on a free port with OPERATOR_TOKEN, and a client with it. */
#define OPERATOR_TOKEN "operator-token-of-at-least-32-bytes"
lineside_server* serve(lineside_portal* portal);
lineside_portal* connect_to(lineside_server* server);
/* Waits for the next completion, with poll. */
lineside_completion* wait_for(lineside_queue* queue);

/* An allocator that counts, and refuses when it is told to. */
struct counting {
    size_t out;
    size_t given;
    size_t refuse_at; /* the allocation, from 1, that there is no memory for; 0: none */
    pthread_mutex_t mutex;
    pthread_cond_t is_back;
};
#define COUNTING \
    { 0, 0, 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER }

void* counting_allocate(void* context, size_t size);
void counting_release(void* context, void* memory);
/* From now on memory comes from `c`. */
void count_memory(struct counting* c);
/* Waits until no more than `out` is out: threads of the library may be the last to let go. */
void wait_until_back_to(struct counting* c, size_t out);

#endif
