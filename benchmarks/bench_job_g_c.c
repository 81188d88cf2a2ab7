/* Job G, a call in C: bench_job_g_c near|first DATABASE. Prints a line of JSON.
 *   near   the same as bench_job_g
 *   first  from the start of main to the first answer of an engine that was closed, and what is resident by then */

#include <lineside.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <time.h>

enum { rounds = 11, calls = 20000, series_calls = 500, reads = 2000 };

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void check(lineside_error* failure) {
    if (failure == NULL)
        return;
    fprintf(stderr, "%s\n", failure->message);
    exit(1);
}

static int by_size(const void* a, const void* b) {
    const double left = *(const double*)a, right = *(const double*)b;
    return (left > right) - (left < right);
}

static double median(double* values) {
    qsort(values, rounds, sizeof *values, by_size);
    return values[rounds / 2];
}

static lineside_portal* open_engine(const char* path) {
    char database[4096];
    lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
    lineside_portal* portal = NULL;
    snprintf(database, sizeof database, "sqlite:%s", path);
    options.database = database;
    check(lineside_engine_open(&options, &portal));
    return portal;
}

static lineside_account_page* first_account(lineside_portal* portal) {
    lineside_account_query query = LINESIDE_INIT(lineside_account_query);
    lineside_account_page* page = NULL;
    query.limit = 1;
    check(lineside_account_list(portal, &query, NULL, &page));
    if (page->items_count == 0)
        exit(1);
    return page;
}

static void first(const char* path) {
    const double begun = now_us();
    lineside_portal* portal = open_engine(path);
    lineside_account_page* page = first_account(portal);
    const double answered = now_us();
    char line[256];
    double resident = 0, peak = 0;
    FILE* status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            resident = strtod(line + 6, NULL) / 1024;
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = strtod(line + 6, NULL) / 1024;
    }
    if (status != NULL)
        fclose(status);
    printf("{\"first_ms\": %g, \"resident_mb\": %g, \"peak_mb\": %g}\n", (answered - begun) / 1e3, resident, peak);
    lineside_account_page_free(page);
    lineside_portal_free(portal);
}

static lineside_series* month_of(lineside_portal* portal, const char* account) {
    const lineside_time_range month = {INT64_C(1772323200000), INT64_C(1775001600000)}; /* March 2026 */
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    lineside_series* series = NULL;
    query.account = account;
    query.metric = LINESIDE_METRIC_ATTEMPTS;
    query.range = &month;
    query.zone = "UTC";
    check(lineside_series_get(portal, &query, NULL, &series));
    return series;
}

static void near_calls(const char* path) {
    lineside_portal* portal = open_engine(path);
    lineside_account_page* page = first_account(portal);
    const char* account = page->items[0]->id;
    double call[rounds], series[rounds], point[rounds], sum = 0;
    size_t points = 0;
    for (int r = 0; r < rounds; ++r) {
        double begun = now_us();
        for (int i = 0; i < calls; ++i) {
            lineside_account* a = NULL;
            check(lineside_account_get(portal, account, NULL, &a));
            lineside_account_free(a);
        }
        call[r] = (now_us() - begun) / calls;
        begun = now_us();
        for (int i = 0; i < series_calls; ++i)
            lineside_series_free(month_of(portal, account));
        series[r] = (now_us() - begun) / series_calls;
        lineside_series* one = month_of(portal, account);
        points = one->size;
        begun = now_us();
        for (int i = 0; i < reads; ++i)
            for (size_t p = 0; p < one->size; ++p)
                sum += one->value[p];
        point[r] = (now_us() - begun) * 1e3 / reads / (double)points;
        lineside_series_free(one);
    }
    printf("{\"call_us\": %g, \"series_us\": %g, \"point_ns\": %g, \"points\": %zu, \"sum\": %g}\n", median(call),
           median(series), median(point), points, sum);
    lineside_account_page_free(page);
    lineside_portal_free(portal);
}

int main(int argc, char** argv) {
    if (argc == 3 && strcmp(argv[1], "first") == 0)
        first(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "near") == 0)
        near_calls(argv[2]);
    else
        return 2;
    return 0;
}
