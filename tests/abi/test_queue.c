#include "claims.h"
#include "test_paths.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

static int is_readable(lineside_queue* queue) {
    struct pollfd readable;
    readable.fd = lineside_queue_descriptor(queue);
    readable.events = POLLIN;
    return poll(&readable, 1, 0) == 1;
}

CLAIM(a_call_completes_into_a_queue_that_poll_sees) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_queue* queue = NULL;
    lineside_completion* completion = NULL;
    lineside_account* account = NULL;
    OK(lineside_queue_create(&queue));
    OK(lineside_queue_next(queue, 0, &completion));
    CHECK(completion == NULL);
    CHECK(!is_readable(queue));
    OK(lineside_account_get_async(engine, "acme", NULL, queue, 7));
    completion = wait_for(queue);
    CHECK(!is_readable(queue));
    CHECK(completion->tag == 7 && completion->kind == LINESIDE_COMPLETION_ANSWER && completion->error == NULL);
    CHECK_TEXT(completion->operation, "get_account");
    CHECK(lineside_queue_in_flight(queue) == 0);
    OK(lineside_account_take(completion, &account));
    lineside_completion_free(completion);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
    CHECK_TEXT(account->id, "acme");
    lineside_account_free(account);
}

CLAIM(a_failure_completes_too_and_is_taken_once) {
    lineside_portal* engine = engine_at_noon();
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    lineside_account* account = NULL;
    OK(lineside_queue_create(&queue));
    OK(lineside_account_get_async(engine, "acme", NULL, queue, 1));
    completion = wait_for(queue);
    CHECK(completion->error != NULL && completion->error->code == LINESIDE_NOT_FOUND);
    FAILS(lineside_account_take(completion, &account), LINESIDE_NOT_FOUND, "account");
    CHECK(completion->error == NULL && account == NULL);
    FAILS(lineside_account_take(completion, &account), LINESIDE_INVALID_ARGUMENT, "completion");
    lineside_completion_free(completion);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

CLAIM(an_answer_is_taken_as_what_it_is) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    lineside_contact* contact = NULL;
    lineside_account* account = NULL;
    OK(lineside_queue_create(&queue));
    OK(lineside_account_get_async(engine, "acme", NULL, queue, 1));
    completion = wait_for(queue);
    FAILS(lineside_contact_take(completion, &contact), LINESIDE_INVALID_ARGUMENT, "completion");
    OK(lineside_account_take(completion, &account));
    lineside_account_free(account);
    lineside_completion_free(completion);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

CLAIM(wrong_arguments_are_told_at_once_and_complete_nothing) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_queue* queue = NULL;
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    lineside_data_export_request request = LINESIDE_INIT(lineside_data_export_request);
    lineside_export_subject what = LINESIDE_INIT(lineside_export_subject);
    lineside_summary_export rows = LINESIDE_INIT(lineside_summary_export);
    OK(lineside_queue_create(&queue));
    query.metric = -1;
    FAILS(lineside_series_get_async(engine, &query, NULL, queue, 1), LINESIDE_INVALID_ARGUMENT, "metric");
    FAILS(lineside_series_get_async(engine, &query, NULL, NULL, 1), LINESIDE_INVALID_ARGUMENT, "queue");
    FAILS(lineside_series_get_async(NULL, &query, NULL, queue, 1), LINESIDE_INVALID_ARGUMENT, "portal");
    what.summary = &rows;
    request.what = &what;
    request.write = (lineside_write_callback)0;
    FAILS(lineside_data_export_async(engine, &request, NULL, queue, 1), LINESIDE_INVALID_ARGUMENT, "path");
    CHECK(lineside_queue_in_flight(queue) == 0 && !is_readable(queue));
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

CLAIM(many_completions_are_drained_at_once) {
    enum { calls = 500, at_once = 64 };
    lineside_portal* engine = engine_with_account("acme");
    lineside_queue* queue = NULL;
    lineside_completion* drained[at_once];
    char seen[calls] = {0};
    size_t left = calls;
    size_t count;
    size_t i;
    OK(lineside_queue_create(&queue));
    for (i = 0; i < calls; ++i)
        OK(lineside_account_get_async(engine, "acme", NULL, queue, i));
    while (left > 0) {
        struct pollfd readable;
        readable.fd = lineside_queue_descriptor(queue);
        readable.events = POLLIN;
        CHECK(poll(&readable, 1, 60000) == 1);
        OK(lineside_queue_drain(queue, drained, at_once, &count));
        CHECK(count > 0 && count <= at_once);
        for (i = 0; i < count; ++i) {
            CHECK(drained[i]->tag < calls && !seen[drained[i]->tag]);
            seen[drained[i]->tag] = 1;
            CHECK(drained[i]->error == NULL);
            lineside_completion_free(drained[i]);
        }
        left -= count;
    }
    CHECK(!is_readable(queue));
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

/* A pipe that nobody writes to holds an import in its tracks. */
static void begin_an_import_that_waits(lineside_portal* engine, lineside_queue* queue, uint64_t tag, int32_t ends[2]) {
    lineside_record_import_request import = LINESIDE_INIT(lineside_record_import_request);
    int made[2];
    CHECK(pipe(made) == 0);
    ends[0] = made[0];
    ends[1] = made[1];
    import.descriptor = &ends[0];
    import.format = LINESIDE_RECORD_FORMAT_LINESIDE;
    OK(lineside_record_import_async(engine, &import, NULL, queue, tag));
    CHECK(lineside_queue_in_flight(queue) == 1);
}

CLAIM(a_call_is_cancelled_by_its_tag) {
    lineside_portal* engine = engine_at_noon();
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    int32_t ends[2];
    OK(lineside_queue_create(&queue));
    begin_an_import_that_waits(engine, queue, 42, ends);
    CHECK(lineside_queue_cancel(queue, 41) == 0);
    CHECK(lineside_queue_cancel(queue, 42) == 1);
    CHECK(write(ends[1], "call_id,account_id,start_time\n", 30) == 30);
    close(ends[1]);
    completion = wait_for(queue);
    CHECK(completion->tag == 42);
    FAILS(lineside_completion_check(completion), LINESIDE_CANCELLED, "");
    lineside_completion_free(completion);
    close(ends[0]);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

CLAIM(a_cancellation_stops_a_call_into_a_queue) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_queue* queue = NULL;
    lineside_cancellation* stop = NULL;
    lineside_completion* completion;
    lineside_call_options options = LINESIDE_INIT(lineside_call_options);
    OK(lineside_queue_create(&queue));
    OK(lineside_cancellation_create(&stop));
    options.cancellation = stop;
    lineside_cancellation_request(stop);
    OK(lineside_account_get_async(engine, "acme", &options, queue, 1));
    lineside_cancellation_free(stop);
    completion = wait_for(queue);
    FAILS(lineside_completion_check(completion), LINESIDE_CANCELLED, "");
    lineside_completion_free(completion);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

CLAIM(a_queue_may_go_before_its_calls) {
    lineside_portal* engine = engine_at_noon();
    lineside_queue* queue = NULL;
    int32_t ends[2];
    OK(lineside_queue_create(&queue));
    begin_an_import_that_waits(engine, queue, 1, ends);
    lineside_queue_free(queue);
    close(ends[1]);
    lineside_portal_free(engine);
    close(ends[0]);
}

CLAIM(calls_of_a_portal_that_is_freed_complete_with_an_error) {
    lineside_portal* engine = engine_at_noon();
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    int32_t ends[2];
    OK(lineside_queue_create(&queue));
    begin_an_import_that_waits(engine, queue, 1, ends);
    CHECK(write(ends[1], "call_id,account_id,start_time\n", 30) == 30);
    close(ends[1]);
    lineside_portal_free(engine);
    completion = wait_for(queue);
    CHECK(completion->tag == 1);
    lineside_completion_free(completion);
    close(ends[0]);
    CHECK(lineside_queue_in_flight(queue) == 0);
    lineside_queue_free(queue);
}

CLAIM(an_import_into_a_queue_tells_progress_and_rejected_rows_before_its_end) {
    static const char data[] = "call_id,account_id,start_time,duration_ms\n"
                               "c-1,acme,2026-03-01T00:00:00Z,0\n"
                               "c-2,acme,yesterday,0\n"
                               "c-3,acme,tomorrow,0\n";
    lineside_portal* engine = engine_at_noon();
    lineside_queue* queue = NULL;
    lineside_import_report* report = NULL;
    lineside_record_import_request import = LINESIDE_INIT(lineside_record_import_request);
    int rejected = 0;
    int progress = 0;
    OK(lineside_queue_create(&queue));
    import.data = data;
    import.data_size = sizeof data - 1;
    import.format = LINESIDE_RECORD_FORMAT_LINESIDE;
    import.report_rejected = 1;
    import.report_progress = 1;
    OK(lineside_record_import_async(engine, &import, NULL, queue, 5));
    while (report == NULL) {
        lineside_completion* completion = wait_for(queue);
        CHECK(completion->tag == 5);
        if (completion->kind == LINESIDE_COMPLETION_REJECTED_ROW) {
            CHECK(completion->rejected != NULL && completion->rejected->line == 3);
            ++rejected;
        } else if (completion->kind == LINESIDE_COMPLETION_PROGRESS) {
            CHECK(completion->progress != NULL && completion->progress->bytes <= sizeof data - 1);
            ++progress;
        } else {
            OK(lineside_import_report_take(completion, &report));
        }
        lineside_completion_free(completion);
    }
    CHECK(report->imported == 1 && report->rejected == 2);
    CHECK(rejected == 1 && progress > 0);
    CHECK(!is_readable(queue));
    lineside_import_report_free(report);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}

CLAIM(an_export_into_a_queue_writes_to_a_descriptor) {
    lineside_portal* engine = engine_with_account("acme");
    lineside_queue* queue = NULL;
    lineside_completion* completion;
    lineside_export_report* report = NULL;
    lineside_data_export_request request = LINESIDE_INIT(lineside_data_export_request);
    lineside_export_subject what = LINESIDE_INIT(lineside_export_subject);
    lineside_summary_export rows = LINESIDE_INIT(lineside_summary_export);
    int made[2];
    int32_t to;
    char text[4096];
    ssize_t size;
    CHECK(pipe(made) == 0);
    to = made[1];
    rows.account = "acme";
    what.summary = &rows;
    request.what = &what;
    request.descriptor = &to;
    OK(lineside_queue_create(&queue));
    OK(lineside_data_export_async(engine, &request, NULL, queue, 1));
    completion = wait_for(queue);
    OK(lineside_export_report_take(completion, &report));
    lineside_completion_free(completion);
    close(made[1]);
    size = read(made[0], text, sizeof text);
    CHECK(size > 0 && (uint64_t)size == report->bytes && report->rows == 24);
    close(made[0]);
    lineside_export_report_free(report);
    lineside_queue_free(queue);
    lineside_portal_free(engine);
}
