// serve_and_proxy: a server over an engine, a client of it, and a server over that client: a proxy, for free.
#include <lineside.h>

#include <stdio.h>

static const char key[] = "made-at-random-and-kept-secret-32b";

// Says what went wrong and frees it; 0: nothing did.
static int failed(lineside_error* error) {
    if (error == NULL)
        return 0;
    fprintf(stderr, "%s\n", error->message);
    lineside_error_free(error);
    return 1;
}

static lineside_error* serve(lineside_portal* portal, lineside_server** out) {
    lineside_server_options options = LINESIDE_INIT(lineside_server_options); // 127.0.0.1, a free port
    options.operator_token = key;
    return lineside_server_start(portal, &options, out);
}

static lineside_error* connect_to(const lineside_server* server, lineside_portal** out) {
    lineside_client_options options = LINESIDE_INIT(lineside_client_options);
    options.base_url = lineside_server_url(server);
    options.token = key;
    return lineside_client_open(&options, out);
}

// Whatever is written for a portal does not notice where it is.
static int show(const char* where, lineside_portal* portal) {
    lineside_account* account = NULL;
    if (failed(lineside_account_get(portal, "harbour", NULL, &account)))
        return 1;
    printf("%s: %s\n", where, account->name);
    lineside_account_free(account);
    return 0;
}

int main(void) {
    lineside_portal* near = NULL;
    lineside_account* made = NULL;
    lineside_server* front = NULL;
    lineside_portal* far = NULL;
    lineside_server* proxy = NULL;
    lineside_portal* farther = NULL;
    lineside_account* nobody = NULL;
    int result = 1;

    lineside_account harbour = LINESIDE_INIT(lineside_account);
    harbour.id = "harbour";
    harbour.name = "Harbour Lines";
    if (failed(lineside_engine_open(NULL, &near)) || failed(lineside_account_create(near, &harbour, NULL, &made)) ||
        show("here", near))
        goto end;
    if (failed(serve(near, &front)) || failed(connect_to(front, &far)) || show("over HTTP", far))
        goto end;
    if (failed(serve(far, &proxy)) || failed(connect_to(proxy, &farther)) || show("through a proxy", farther))
        goto end;

    // A failure is the same failure everywhere.
    lineside_error* error = lineside_account_get(farther, "nobody", NULL, &nobody);
    if (error != NULL && error->code == LINESIDE_NOT_FOUND)
        printf("not found\n");
    lineside_error_free(error);
    result = 0;

end:
    lineside_account_free(nobody);
    lineside_portal_free(farther);
    lineside_server_free(proxy);
    lineside_portal_free(far);
    lineside_server_free(front);
    lineside_account_free(made);
    lineside_portal_free(near);
    return result;
}
