"""number_block: internal numbers for a customer, asked for twice as after a lost answer, and given out once."""

import lineside

with lineside.open() as portal:
    for account in ("harbour", "quay"):
        portal.create_account(id=account)

    # The key is made before the first attempt and kept with what the block is for.
    key = "harbour-front-desk-0001"
    first = portal.add_block("harbour", size=100, idempotency_key=key)
    again = portal.add_block("harbour", size=100, idempotency_key=key)
    print(f"{first.id}, and asked again {again.id}")

    desk = portal.claim_extension("harbour")
    print(f"extension {desk.number}")

    # What cannot be had says why, in words and by a stable name.
    try:
        portal.claim_block("quay", range=lineside.NumberRange("1050", "1059"))
    except lineside.Conflict as refused:
        if refused.cause:
            print(f"{refused.cause[2]}: {refused}")
    use = portal.get_utilisation("harbour")
    print(f"{use.used} of {use.numbers} in use")
