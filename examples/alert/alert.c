// alert: two rules, on ASR and on the balance, and what is said when they fire.
#include <lineside.h>

#include <stdio.h>

#include <time.h>

// Says what went wrong and frees it; 0: nothing did.
static int failed(lineside_error* error) {
    if (error == NULL)
        return 0;
    fprintf(stderr, "%s\n", error->message);
    lineside_error_free(error);
    return 1;
}

// Half an hour ago, forty calls, five of them answered, each for 4.00.
static int import_calls(lineside_portal* portal) {
    enum { count = 40 };
    static const lineside_money four = {4, 0, "EUR"};
    char ids[count][12];
    lineside_call calls[count];
    const lineside_call* list[count];
    const int64_t start = ((int64_t)time(NULL) - 30 * 60) * 1000;
    const int64_t end = start + 60 * 1000;
    for (int i = 0; i < count; ++i) {
        snprintf(ids[i], sizeof ids[i], "%d", i);
        calls[i] = LINESIDE_INIT(lineside_call);
        calls[i].source = "switch";
        calls[i].call_id = ids[i];
        calls[i].account_id = "harbour";
        calls[i].start_time = start;
        calls[i].end_time = &end;
        calls[i].outcome = LINESIDE_CALL_OUTCOME_BUSY;
        if (i % 8 == 0) {
            calls[i].outcome = LINESIDE_CALL_OUTCOME_ANSWERED;
            calls[i].answer_time = &start;
            calls[i].duration_ms = end - start;
            calls[i].charge = &four;
        }
        list[i] = &calls[i];
    }
    lineside_import_report* report = NULL;
    lineside_call_import_request batch = LINESIDE_INIT(lineside_call_import_request);
    batch.calls = list;
    batch.calls_count = count;
    const int result = failed(lineside_call_import(portal, &batch, NULL, &report));
    lineside_import_report_free(report);
    return result;
}

// What was said of a rule.
static int show(lineside_portal* portal, const lineside_alert_rule* rule) {
    lineside_alert_event_page* history = NULL;
    lineside_alert_event_query query = LINESIDE_INIT(lineside_alert_event_query);
    query.account = rule->account;
    query.rule = rule->id;
    if (failed(lineside_alert_event_list(portal, &query, NULL, &history)))
        return 1;
    for (size_t i = 0; i < history->items_count; ++i) {
        const lineside_alert_event* e = history->items[i];
        if (e->value != NULL)
            printf("%s: %s, %.2f\n", e->title, lineside_alert_area_name(e->area), *e->value);
    }
    lineside_alert_event_page_free(history);
    return 0;
}

int main(void) {
    lineside_portal* portal = NULL;
    lineside_account* account = NULL;
    lineside_alert_rule* asr = NULL;
    lineside_alert_rule* credit = NULL;
    lineside_payment* payment = NULL;
    lineside_work_report* work = NULL;
    int result = 1;

    lineside_account harbour = LINESIDE_INIT(lineside_account);
    harbour.id = "harbour";
    harbour.currency = "EUR";

    lineside_alert_rule few_answers = LINESIDE_INIT(lineside_alert_rule);
    few_answers.account = "harbour";
    few_answers.title = "Calls fail";
    few_answers.area = LINESIDE_ALERT_AREA_ASR;
    few_answers.op = LINESIDE_ALERT_OPERATOR_LESS;
    few_answers.threshold = 40;
    few_answers.minimum_samples = 20;

    lineside_alert_rule little_money = LINESIDE_INIT(lineside_alert_rule);
    little_money.account = "harbour";
    little_money.title = "Credit runs out";
    little_money.area = LINESIDE_ALERT_AREA_BALANCE;
    little_money.op = LINESIDE_ALERT_OPERATOR_LESS;
    little_money.threshold = 5;

    static const lineside_money twenty = {20, 0, "EUR"};
    lineside_payment_create_request top_up = LINESIDE_INIT(lineside_payment_create_request);
    top_up.account = "harbour";
    top_up.total = &twenty;
    top_up.status = LINESIDE_PAYMENT_STATUS_COMPLETED;

    if (failed(lineside_engine_open(NULL, &portal)) ||
        failed(lineside_account_create(portal, &harbour, NULL, &account)) ||
        failed(lineside_alert_rule_create(portal, &few_answers, NULL, &asr)) ||
        failed(lineside_alert_rule_create(portal, &little_money, NULL, &credit)) ||
        failed(lineside_payment_create(portal, &top_up, NULL, &payment)) || import_calls(portal) ||
        failed(lineside_due_work_run(portal, NULL, NULL, &work))) // a timer of the host, once a minute
        goto end;
    result = show(portal, asr) || show(portal, credit);

end:
    lineside_work_report_free(work);
    lineside_payment_free(payment);
    lineside_alert_rule_free(credit);
    lineside_alert_rule_free(asr);
    lineside_account_free(account);
    lineside_portal_free(portal);
    return result;
}
