// chart: one metric over a day in the customer's own time zone, drawn as bars.
#include <lineside.h>

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
    static const char bar[] = "########################################";
    lineside_portal* portal = NULL;
    lineside_import_report* report = NULL;
    lineside_series* line = NULL;
    int result = 1;

    lineside_record_import_request records = LINESIDE_INIT(lineside_record_import_request);
    records.path = argc > 1 ? argv[1] : "calls.csv";
    lineside_time_range range;
    lineside_series_query query = LINESIDE_INIT(lineside_series_query);
    query.account = "harbour";
    query.metric = LINESIDE_METRIC_ATTEMPTS;
    query.range = &range;
    query.zone = "Europe/Kyiv";
    if (failed(lineside_engine_open(NULL, &portal)) ||
        failed(lineside_record_import(portal, &records, NULL, &report)) ||
        failed(lineside_time_parse("2026-03-10", &range.from)) ||
        failed(lineside_time_parse("2026-03-11", &range.to)) ||
        failed(lineside_series_get(portal, &query, NULL, &line)))
        goto end;

    // Columns of equal length; offset_s is what the zone adds to UTC at that moment.
    double most = 1;
    for (size_t i = 0; i < line->size; ++i)
        if (line->value[i] > most)
            most = line->value[i];
    printf("%s per hour, %s\n", line->unit, line->zone);
    for (size_t i = 0; i < line->size; ++i) {
        char local[LINESIDE_TIME_SIZE];
        if (failed(lineside_time_format(line->time[i], line->offset_s[i], local, sizeof local)))
            goto end;
        printf("%.5s %.*s %.0f\n", local + 11, (int)(line->value[i] / most * 40), bar, line->value[i]);
    }
    result = 0;

end:
    lineside_series_free(line);
    lineside_import_report_free(report);
    lineside_portal_free(portal);
    return result;
}
