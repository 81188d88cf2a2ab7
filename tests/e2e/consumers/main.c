#include <lineside.h>

#include <stdio.h>
#include <string.h>

/* Opens an engine, and says which library did. */
int main(void) {
    lineside_portal* portal = NULL;
    lineside_identity* identity = NULL;
    int good = 0;
    if (lineside_engine_open(NULL, &portal) == NULL && lineside_identity_get(portal, NULL, NULL, &identity) == NULL)
        good = strcmp(identity->kind, "operator") == 0 && lineside_abi_version() == LINESIDE_ABI_VERSION;
    lineside_identity_free(identity);
    lineside_portal_free(portal);
    printf("lineside %s\n", lineside_version());
    return good ? 0 : 1;
}
