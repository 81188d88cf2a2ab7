"""What several tests need. The fixtures of lineside.testing are those that users have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

import lineside
from lineside.testing import RunningServer

START = datetime(2026, 3, 1, tzinfo=timezone.utc)


def made_calls(count: int, account: str = "acme") -> list[lineside.Call]:
    """One a minute from START on; every fourth is not answered."""
    calls = []
    for i in range(count):
        start = START + timedelta(minutes=i)
        answered = i % 4 != 3
        calls.append(
            lineside.Call(
                source="test",
                call_id=f"c{i}",
                account_id=account,
                start_time=start,
                answer_time=start + timedelta(seconds=5) if answered else None,
                end_time=start + timedelta(seconds=65),
                duration=timedelta(seconds=60 if answered else 0),
                cli="+49301234567",
                destination="+4940765432",
                outcome=lineside.CallOutcome.ANSWERED if answered else lineside.CallOutcome.BUSY,
                charge=lineside.Money("0.05" if answered else 0, "EUR"),
            )
        )
    return calls


@pytest.fixture
def portal(lineside_portal: lineside.Portal) -> lineside.Portal:
    """An engine with an account and two hours of calls."""
    lineside_portal.create_account(id="acme", currency="EUR", time_zone="Europe/Berlin", channel_limit=30)
    lineside_portal.import_calls(made_calls(120))
    return lineside_portal


@pytest.fixture
def server(lineside_server: RunningServer) -> RunningServer:
    """The same behind a server."""
    lineside_server.operator.create_account(id="acme", currency="EUR", time_zone="Europe/Berlin", channel_limit=30)
    lineside_server.operator.import_calls(made_calls(120))
    return lineside_server


@pytest.fixture
def far(server: RunningServer) -> Iterator[lineside.Portal]:
    with server.connect() as portal:
        yield portal
