// cancellation: many questions at once, an import that is stopped in the middle, and one that goes on from there.
#include <lineside.h>

#include <inttypes.h>
#include <stdio.h>

#include <poll.h>

// Says what went wrong and frees it; 0: nothing did.
static int failed(lineside_error* error) {
    if (error == NULL)
        return 0;
    fprintf(stderr, "%s\n", error->message);
    lineside_error_free(error);
    return 1;
}

// Progress arrives on the thread that imports; a request to stop ends it after the transaction it is in.
static void stop_soon(void* context, const lineside_import_progress* progress) {
    if (progress->rows > 0)
        lineside_cancellation_request(context);
}

static int stop_in_the_middle(lineside_portal* portal, const char* path) {
    lineside_cancellation* stop = NULL;
    lineside_import_report* report = NULL;
    if (failed(lineside_cancellation_create(&stop)))
        return 1;
    lineside_call_options stoppable = LINESIDE_INIT(lineside_call_options);
    stoppable.cancellation = stop;
    lineside_record_import_request records = LINESIDE_INIT(lineside_record_import_request);
    records.path = path;
    records.on_progress = stop_soon;
    records.context = stop;
    lineside_error* error = lineside_record_import(portal, &records, &stoppable, &report);
    if (error != NULL)
        printf("%s\n", lineside_code_name(error->code));
    lineside_error_free(error);
    lineside_import_report_free(report);
    lineside_cancellation_free(stop);
    return 0;
}

// The same file again: what is stored is recognised, the rest is added.
static int go_on(lineside_portal* portal, const char* path) {
    lineside_import_report* rest = NULL;
    lineside_record_import_request records = LINESIDE_INIT(lineside_record_import_request);
    records.path = path;
    if (failed(lineside_record_import(portal, &records, NULL, &rest)))
        return 1;
    printf("%" PRIu64 " rows, none twice\n", rest->imported + rest->duplicates);
    lineside_import_report_free(rest);
    return 0;
}

// All of them are under way together. Each completes once into the queue, whose descriptor an event loop can watch.
static int ask_at_once(lineside_portal* portal, lineside_queue* queue) {
    static const int32_t metrics[] = {LINESIDE_METRIC_ASR, LINESIDE_METRIC_ACD, LINESIDE_METRIC_PDD,
                                      LINESIDE_METRIC_ATTEMPTS};
    enum { asked = sizeof metrics / sizeof metrics[0] };
    lineside_time_range range;
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    query.account = "harbour";
    query.step = LINESIDE_TIME_STEP_DAY;
    query.range = &range;
    if (failed(lineside_time_parse("2026-03-10", &range.from)) || failed(lineside_time_parse("2026-03-11", &range.to)))
        return 1;
    for (size_t i = 0; i < asked; ++i) {
        query.metric = metrics[i];
        if (failed(lineside_series_get_async(portal, &query, NULL, queue, (uint64_t)query.metric)))
            return 1;
    }
    // One that nobody needs any more is stopped by its tag. It completes, too: `cancelled`, unless it was too late.
    lineside_queue_cancel(queue, LINESIDE_METRIC_PDD);

    struct pollfd ready = {lineside_queue_descriptor(queue), POLLIN, 0};
    size_t completed = 0;
    int answers = 0;
    while (completed < asked && poll(&ready, 1, -1) == 1) {
        lineside_completion* done[asked];
        size_t count = 0;
        if (failed(lineside_queue_drain(queue, done, asked, &count)))
            return 1;
        for (size_t i = 0; i < count; ++i) {
            lineside_series* series = NULL;
            if (done[i]->tag != LINESIDE_METRIC_PDD && !failed(lineside_series_take(done[i], &series)))
                ++answers;
            lineside_series_free(series);
            lineside_completion_free(done[i]); // and what was not taken
        }
        completed += count;
    }
    printf("%d answers\n", answers);
    return 0;
}

int main(int argc, char** argv) {
    const char* const path = argc > 1 ? argv[1] : "calls.csv";
    lineside_portal* portal = NULL;
    lineside_queue* queue = NULL;
    lineside_engine_storage small = LINESIDE_INIT(lineside_engine_storage);
    small.import_batch_calls = 50; // a transaction each, so that there is a middle
    lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
    options.storage = &small;

    const int result = failed(lineside_engine_open(&options, &portal)) || failed(lineside_queue_create(&queue)) ||
                       stop_in_the_middle(portal, path) || go_on(portal, path) || ask_at_once(portal, queue);
    lineside_queue_free(queue);
    lineside_portal_free(portal);
    return result;
}
