// embed: accounts, people and rights in a file of the program's own, without a network or a server.
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

// The first run: makes what there is, and signs in.
static int fill(lineside_portal* portal, const char* calls, lineside_session_grant** out) {
    lineside_account* account = NULL;
    lineside_import_report* report = NULL;
    lineside_contact* contact = NULL;

    lineside_account harbour = LINESIDE_INIT(lineside_account);
    harbour.id = "harbour";
    harbour.name = "Harbour Lines";
    lineside_record_import_request records = LINESIDE_INIT(lineside_record_import_request);
    records.path = calls;
    lineside_contact_create_request robin = LINESIDE_INIT(lineside_contact_create_request);
    robin.account = "harbour";
    robin.name = "Robin Example";
    robin.email = "robin@harbour.example";
    robin.role = LINESIDE_ROLE_MANAGER;
    robin.password = "correct horse battery staple";
    // Signing in gives a token; the portal of whoever holds it sees what that one may.
    lineside_session_sign_in_request sign_in = LINESIDE_INIT(lineside_session_sign_in_request);
    sign_in.email = "robin@harbour.example";
    sign_in.password = "correct horse battery staple";

    const int result = failed(lineside_account_create(portal, &harbour, NULL, &account)) ||
                       failed(lineside_record_import(portal, &records, NULL, &report)) ||
                       failed(lineside_contact_create(portal, &robin, NULL, &contact)) ||
                       failed(lineside_session_sign_in(portal, &sign_in, NULL, out));
    lineside_contact_free(contact);
    lineside_import_report_free(report);
    lineside_account_free(account);
    return result;
}

int main(int argc, char** argv) {
    char database[4096];
    lineside_portal* portal = NULL;
    lineside_portal* robins = NULL;
    lineside_session_grant* grant = NULL;
    lineside_account* mine = NULL;
    lineside_call_page* calls = NULL;
    lineside_account* quay = NULL;
    int result = 1;

    lineside_engine_options options = LINESIDE_INIT(lineside_engine_options);
    options.database = database;
    if ((size_t)snprintf(database, sizeof database, "sqlite:%s/portal.db", argc > 2 ? argv[2] : ".") >= sizeof database)
        goto end;
    if (failed(lineside_engine_open(&options, &portal)) || fill(portal, argc > 1 ? argv[1] : "calls.csv", &grant))
        goto end;
    lineside_portal_free(portal);
    portal = NULL;

    // Another run of the program: all of it is in the file.
    lineside_credential who = LINESIDE_INIT(lineside_credential);
    who.token = grant->token;
    if (failed(lineside_engine_open(&options, &portal)) || failed(lineside_portal_as(portal, &who, &robins)) ||
        failed(lineside_account_get(robins, "", NULL, &mine)) || // no id: one's own
        failed(lineside_call_list(robins, NULL, NULL, &calls)))
        goto end;
    printf("%s: %zu calls on the first page\n", mine->name, calls->items_count);
    lineside_account another = LINESIDE_INIT(lineside_account);
    another.id = "quay";
    lineside_error* refused = lineside_account_create(robins, &another, NULL, &quay);
    if (refused != NULL && refused->code == LINESIDE_PERMISSION_DENIED)
        printf("not permitted\n");
    lineside_error_free(refused);
    result = 0;

end:
    lineside_account_free(quay);
    lineside_call_page_free(calls);
    lineside_account_free(mine);
    lineside_session_grant_free(grant);
    lineside_portal_free(robins);
    lineside_portal_free(portal);
    return result;
}
