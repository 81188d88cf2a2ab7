"""alert: two rules, on ASR and on the balance, and what is said when they fire."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import lineside

with lineside.open() as portal:
    portal.create_account(id="harbour", currency="EUR")
    portal.create_alert_rule(
        account="harbour", title="Calls fail", area="asr", op="<", threshold=40, minimum_samples=20
    )
    portal.create_alert_rule(account="harbour", title="Credit runs out", area="balance", op="<", threshold=5)
    portal.create_payment("harbour", total=lineside.Money(20, "EUR"), status="completed")

    # Half an hour ago, forty calls, five of them answered, each for 4.00.
    minute = timedelta(minutes=1)
    start = datetime.now(timezone.utc) - 30 * minute
    busy, answered = lineside.CallOutcome.BUSY, lineside.CallOutcome.ANSWERED
    call = lineside.Call("switch", account_id="harbour", start_time=start, end_time=start + minute, outcome=busy)
    talk = replace(call, outcome=answered, answer_time=start, duration=minute, charge=lineside.Money(4, "EUR"))
    calls = [replace(call if i % 8 else talk, call_id=str(i)) for i in range(40)]
    portal.import_calls(calls)
    portal.run_due_work()  # a timer of the host, once a minute

    for event in sorted(portal.alert_events("harbour"), key=lambda event: event.title):
        print(f"{event.title}: {event.area}, {event.value:.2f}")
