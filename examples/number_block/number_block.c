// number_block: internal numbers for a customer, asked for twice as after a lost answer, and given out once.
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

static int create_account(lineside_portal* portal, const char* id) {
    lineside_account* made = NULL;
    lineside_account account = LINESIDE_INIT(lineside_account);
    account.id = id;
    const int result = failed(lineside_account_create(portal, &account, NULL, &made));
    lineside_account_free(made);
    return result;
}

int main(void) {
    lineside_portal* portal = NULL;
    lineside_number_block* first = NULL;
    lineside_number_block* again = NULL;
    lineside_number_block* none = NULL;
    lineside_extension* desk = NULL;
    lineside_utilisation* use = NULL;
    int result = 1;

    if (failed(lineside_engine_open(NULL, &portal)) || create_account(portal, "harbour") ||
        create_account(portal, "quay"))
        goto end;

    // The key is made before the first attempt and kept with what the block is for.
    lineside_call_options once = LINESIDE_INIT(lineside_call_options);
    once.idempotency_key = "harbour-front-desk-0001";
    const uint32_t size = 100;
    lineside_number_block_add_request block = LINESIDE_INIT(lineside_number_block_add_request);
    block.account = "harbour";
    block.size = &size;
    if (failed(lineside_number_block_add(portal, &block, &once, &first)) ||
        failed(lineside_number_block_add(portal, &block, &once, &again)))
        goto end;
    printf("%s, and asked again %s\n", first->id, again->id);

    lineside_extension_claim_request extension = LINESIDE_INIT(lineside_extension_claim_request);
    extension.account = "harbour";
    if (failed(lineside_extension_claim(portal, &extension, NULL, &desk)))
        goto end;
    printf("extension %s\n", desk->number);

    // What cannot be had says why, in words and by a stable name.
    const lineside_number_range taken = {"1050", "1059"};
    lineside_number_block_claim_request claim = LINESIDE_INIT(lineside_number_block_claim_request);
    claim.account = "quay";
    claim.range = &taken;
    lineside_error* refused = lineside_number_block_claim(portal, &claim, NULL, &none);
    if (refused != NULL)
        printf("%s: %s\n", refused->cause, refused->message);
    lineside_error_free(refused);

    lineside_utilisation_query harbour = LINESIDE_INIT(lineside_utilisation_query);
    harbour.account = "harbour";
    if (failed(lineside_utilisation_get(portal, &harbour, NULL, &use)))
        goto end;
    printf("%" PRIu64 " of %" PRIu64 " in use\n", use->used, use->numbers);
    result = 0;

end:
    lineside_utilisation_free(use);
    lineside_extension_free(desk);
    lineside_number_block_free(none);
    lineside_number_block_free(again);
    lineside_number_block_free(first);
    lineside_portal_free(portal);
    return result;
}
