"""What an engine or a client asks of the program beside its requests."""

from __future__ import annotations

import asyncio
import contextvars
import http.server
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from conftest import START, made_calls

import lineside
from lineside.testing import RunningServer

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def unraisable_from_here_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: seen.append(str(args.exc_value)))
    return seen


class Listener(http.server.BaseHTTPRequestHandler):
    """Answers every request, and keeps the trace it belongs to."""

    protocol_version = "HTTP/1.1"
    traces: list[str | None]

    def do_GET(self) -> None:
        self.traces.append(self.headers.get("traceparent"))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str | None]]]:
    class Mine(Listener):
        traces: list[str | None] = []

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mine) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", Mine.traces
        server.shutdown()
        thread.join()


def test_a_token_that_died_is_replaced(server: RunningServer) -> None:
    asked: list[int] = []

    def refresh() -> str:
        asked.append(threading.get_ident())
        return server.token

    with lineside.connect(server.url, token="of-yesterday", refresh=refresh) as far:
        assert far.get_account("acme").id == "acme"
        assert far.get_account("acme").id == "acme"
    assert len(asked) == 1

    async def work() -> str:
        async with lineside.AsyncPortal.connect(server.url, token="of-yesterday", refresh=refresh) as portal:
            return (await portal.get_account("acme")).id

    assert asyncio.run(work()) == "acme"
    assert len(asked) == 2


@pytest.mark.parametrize("gives", [None, "", 5, "broken"])
def test_without_another_token_the_first_refusal_stands(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, gives: object
) -> None:
    unraisable = unraisable_from_here_on(monkeypatch)

    def refresh() -> str | None:
        if gives == "broken":
            raise OSError("the vault is shut")
        return gives  # type: ignore[return-value]

    with (
        lineside.connect(server.url, token="of-yesterday", refresh=refresh) as far,
        pytest.raises(lineside.Unauthenticated),
    ):
        far.get_account("acme")
    assert bool(unraisable) == (gives in (5, "broken"))


def test_each_call_belongs_to_the_trace_of_whoever_calls(listener: tuple[str, list[str | None]]) -> None:
    url, traces = listener
    current: contextvars.ContextVar[str | None] = contextvars.ContextVar("trace", default=None)

    async def work() -> None:
        async def one(number: int) -> None:
            current.set(f"{TRACE[:-2]}{number:02x}")
            await portal.send("GET", "/v1/accounts/acme")

        async with lineside.AsyncPortal.connect(url, token="x", traceparent=current.get) as portal:
            await asyncio.gather(*(one(number) for number in range(8)))
            await portal.send("GET", "/v1/accounts/acme")

    asyncio.run(work())
    assert traces[-1] is None
    assert sorted(t for t in traces if t) == [f"{TRACE[:-2]}{number:02x}" for number in range(8)]


def test_an_engine_goes_by_the_clock_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    unraisable = unraisable_from_here_on(monkeypatch)
    now = START + timedelta(hours=2)
    with lineside.open(clock=lambda: now) as portal:
        portal.create_account(id="acme", currency="EUR")
        portal.import_calls(made_calls(60))
        assert portal.summary("acme").as_of == now
        assert {row.state for row in portal.summary("acme") if row.start < START} == {"provisional"}
        now += timedelta(days=3)
        assert portal.summary("acme").as_of == now
        assert portal.summary("acme", "daily", START, START + timedelta(days=1)).rows[0].state == "final"
    assert not unraisable


@pytest.mark.parametrize("wrong", ["raises", "no time", "no zone"])
def test_a_clock_that_cannot_tell_is_replaced_by_the_systems(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    unraisable = unraisable_from_here_on(monkeypatch)

    def clock() -> datetime:
        if wrong == "raises":
            raise OSError("no battery")
        return 5 if wrong == "no time" else datetime(2020, 1, 1)  # type: ignore[return-value]

    with lineside.open(clock=clock) as portal:
        portal.create_account(id="acme")
        before = datetime.now(timezone.utc) - timedelta(seconds=1)
        assert portal.summary("acme").as_of >= before
    assert unraisable
