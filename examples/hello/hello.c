// hello: a portal in this process, a day of call records, and how many of them were answered.
#include <lineside.h>

#include <inttypes.h>
#include <stdio.h>

// Says what went wrong and frees it; 0: nothing did.
static int failed(lineside_error* error) {
    if (error == NULL)
        return 0;
    fprintf(stderr, "%s\n", error->message);
    lineside_error_free(error);
    return 1;
}

int main(int argc, char** argv) {
    lineside_portal* portal = NULL;
    lineside_import_report* report = NULL;
    lineside_summary* summary = NULL;
    int result = 1;

    lineside_record_import_request records = LINESIDE_INIT(lineside_record_import_request);
    records.path = argc > 1 ? argv[1] : "calls.csv";
    if (failed(lineside_engine_open(NULL, &portal)) || failed(lineside_record_import(portal, &records, NULL, &report)))
        goto end;
    printf("%" PRIu64 " calls\n", report->imported);

    lineside_time_range range;
    lineside_summary_query day = LINESIDE_INIT(lineside_summary_query);
    day.account = "harbour";
    day.period = LINESIDE_SUMMARY_PERIOD_DAILY;
    day.range = &range;
    if (failed(lineside_time_parse("2026-03-10", &range.from)) ||
        failed(lineside_time_parse("2026-03-11", &range.to)) ||
        failed(lineside_summary_get(portal, &day, NULL, &summary)))
        goto end;
    // What is not known is NULL, never 0.
    const lineside_summary_row* row = summary->rows_count == 1 ? summary->rows[0] : NULL;
    if (row != NULL && row->asr != NULL && row->acd_s != NULL) {
        printf("%" PRIu64 " answered: ASR %.2f %%, ACD %.2f s\n", row->answered, *row->asr, *row->acd_s);
        result = 0;
    }

end: // in any order, and NULL is nothing
    lineside_summary_free(summary);
    lineside_import_report_free(report);
    lineside_portal_free(portal);
    return result;
}
