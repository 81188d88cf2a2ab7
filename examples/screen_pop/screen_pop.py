"""screen_pop: a CRM follows a customer's live calls and opens the card of whoever rings."""

from datetime import datetime, timezone

import lineside

CARDS = {"441632960001": "Ann of Quay Ltd", "441632960002": "Bob"}


def tell(portal: lineside.Portal, kind: str, call_id: str, caller: str) -> None:
    """What a switch tells of a call."""
    now = datetime.now(timezone.utc)
    portal.report_call_events([lineside.CallEvent(kind, "switch", call_id, at=now, account="harbour", cli=caller)])


def changes(watch: lineside.Watch) -> lineside.LiveCallChanges:
    update = watch.next()
    assert update.live_calls is not None  # the one topic that is watched
    return update.live_calls


with lineside.open() as portal:
    portal.create_account(id="harbour")

    # First the whole, then what changes.
    with portal.watch("harbour", topics=["live_calls"]) as live:
        print(f"{len(changes(live).calls)} calls")

        for number in CARDS:
            tell(portal, "started", number, number)
            for call in changes(live).calls:
                print(f"{call.cli} rings: {CARDS[call.cli]}")
            tell(portal, "ended", number, number)
            for ended in changes(live).ended:
                print(f"{ended.call_id} hung up")
