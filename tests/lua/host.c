// A program that embeds Lua, as a switch does: a state for each thread, and states whose memory is limited.
// host SCRIPT: the script defines `work`, which may be called any number of times.
#include <lineside.h>

#include <lauxlib.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8 };

static const char* script;

// ---- memory

static size_t library_blocks; // that the library has and nobody freed

static void* allocate(void* context, size_t size) {
    (void)context;
    __atomic_add_fetch(&library_blocks, 1, __ATOMIC_SEQ_CST);
    return malloc(size);
}

static void release(void* context, void* memory) {
    (void)context;
    __atomic_sub_fetch(&library_blocks, 1, __ATOMIC_SEQ_CST);
    free(memory);
}

struct memory {
    size_t bytes; // in use
    long left;    // allocations until there is no more; -1: no limit
};

static void* limited(void* context, void* block, size_t old_size, size_t size) {
    struct memory* m = context;
    void* moved = NULL;
    if (block == NULL)
        old_size = 0;
    if (size == 0) {
        free(block);
    } else {
        if (size > old_size && m->left == 0)
            return NULL;
        if (size > old_size && m->left > 0)
            --m->left;
        moved = realloc(block, size);
        if (moved == NULL)
            return NULL;
    }
    m->bytes += size - old_size;
    return moved;
}

// ---- the script

static int failed(lua_State* L, int status) {
    if (status != LUA_OK)
        fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
    return status != LUA_OK;
}

static int prepare(lua_State* L) {
    luaL_openlibs(L);
    return failed(L, luaL_dofile(L, script));
}

static int work(lua_State* L) {
    lua_settop(L, 0);
    lua_getglobal(L, "work");
    return lua_pcall(L, 0, 0, 0);
}

static void* in_a_thread(void* context) {
    lua_State* L = luaL_newstate();
    int* wrong = context;
    *wrong = prepare(L) || failed(L, work(L)) || failed(L, work(L));
    lua_close(L);
    return NULL;
}

static int each_thread_has_a_state(void) {
    pthread_t threads[THREADS];
    int wrong[THREADS] = {0};
    int i, all = 0;
    for (i = 0; i < THREADS; ++i)
        if (pthread_create(&threads[i], NULL, in_a_thread, &wrong[i]) != 0)
            return 1;
    for (i = 0; i < THREADS; ++i) {
        pthread_join(threads[i], NULL);
        all |= wrong[i];
    }
    return all;
}

static int running_out_of_memory_loses_nothing(void) {
    long k;
    for (k = 0;; ++k) {
        struct memory memory = {0, -1};
        const size_t before = library_blocks;
        int done, ended;
        lua_State* L = lua_newstate(limited, &memory);
        if (prepare(L))
            return 1;
        memory.left = k;
        ended = work(L);
        done = ended == LUA_OK && memory.left > 0;
        memory.left = -1;
        if (ended == LUA_OK ? 0 : ended != LUA_ERRMEM && ended != LUA_ERRRUN)
            return 1;
        if (failed(L, work(L))) // and the state is as good as before
            return 1;
        lua_close(L);
        if (memory.bytes != 0 || library_blocks != before) {
            fprintf(stderr, "after allocation %ld: %zu bytes of Lua, %zu blocks of the library are left\n", k,
                    memory.bytes, library_blocks - before);
            return 1;
        }
        if (done)
            break;
    }
    printf("%ld allocations\n", k);
    return k < 100;
}

int main(int argc, char** argv) {
    lineside_allocator counting = LINESIDE_INIT(lineside_allocator);
    counting.allocate = allocate;
    counting.release = release;
    if (argc != 2 || lineside_set_allocator(&counting) != NULL)
        return 2;
    script = argv[1];
    return each_thread_has_a_state() || running_out_of_memory_loses_nothing();
}
