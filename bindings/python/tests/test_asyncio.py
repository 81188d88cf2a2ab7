"""Coroutines: many at once, cancelled, on several loops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import threading
import weakref
from datetime import timedelta

import pytest
from conftest import START, made_calls

import lineside
from lineside.testing import IDENTITY, RunningServer


def test_many_calls_are_in_flight_at_once(server: RunningServer) -> None:
    async def work() -> list[int | None]:
        async with server.connect_async() as portal:
            accounts = await asyncio.gather(*(portal.get_account("acme") for _ in range(200)))
            return [a.channel_limit for a in accounts]

    assert asyncio.run(work()) == [30] * 200


def test_pages_are_gone_through(server: RunningServer) -> None:
    async def work() -> list[str]:
        async with server.connect_async() as portal:
            return [call.call_id async for call in portal.calls("acme", page_size=50)]

    assert asyncio.run(work()) == [f"c{i}" for i in range(120)]


def test_errors_are_raised_where_the_call_is_awaited(server: RunningServer) -> None:
    async def work() -> None:
        async with server.connect_async() as portal:
            with pytest.raises(lineside.NotFound) as refused:
                await portal.get_account("nobody")
            assert refused.value.http_status == 404
            with pytest.raises(TypeError, match="limit"):
                await portal.query_calls("acme", limit="ten")  # type: ignore[arg-type]

    asyncio.run(work())


def test_a_cancelled_task_stops_its_call() -> None:
    async def work() -> None:
        read, write = os.pipe()
        async with lineside.AsyncPortal.open() as portal:
            await portal.create_account(id="acme")
            # The input never ends, so only being cancelled ends the import.
            task = asyncio.create_task(portal.import_records(descriptor=read, format="lineside", account="acme"))
            os.write(write, b"call_id,account_id,start_time,duration_ms\n")
            await portal.get_account("acme")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            os.close(write)
            assert (await portal.get_account("acme")).id == "acme"
        os.close(read)

    asyncio.run(work())


def test_a_timeout_of_asyncio_stops_a_call(server: RunningServer) -> None:
    async def work() -> None:
        async with server.connect_async() as portal:
            watch = portal.watch("acme", topics=["alerts"])
            assert (await watch.next()).kind == "snapshot"
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await watch.next()
            with pytest.raises(lineside.TimedOut):
                await watch.next(timeout=0.01)
            await watch.close()
            assert [update async for update in watch] == []

    asyncio.run(work())


def test_progress_is_told_on_the_loop(server: RunningServer) -> None:
    refused: list[tuple[int, int]] = []
    data = b"call_id,account_id,start_time,duration_ms\nbad,acme,yesterday,0\n"

    async def work() -> None:
        async with lineside.AsyncPortal.open() as portal:
            await portal.create_account(id="acme")
            await portal.import_records(
                data=data, format="lineside", on_rejected=lambda row: refused.append((row.line, threading.get_ident()))
            )

    asyncio.run(work())
    assert refused == [(2, threading.get_ident())]


def test_one_portal_serves_several_loops(server: RunningServer) -> None:
    with lineside.Portal.open() as engine:
        engine.create_account(id="acme")
    portal = server.connect_async()
    seen: list[str] = []

    async def work() -> None:
        for _ in range(20):
            seen.append((await portal.get_account("acme")).id)

    threads = [threading.Thread(target=lambda: asyncio.run(work())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(work())
    asyncio.run(portal.close())
    assert seen == ["acme"] * 100


def test_a_loop_that_is_gone_leaves_nothing_behind(server: RunningServer) -> None:
    portal = server.connect_async()

    async def work() -> weakref.ref[asyncio.AbstractEventLoop]:
        await portal.get_account("acme")
        return weakref.ref(asyncio.get_running_loop())

    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        gone = asyncio.run(work())
        gc.collect()
        assert gone() is None
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 8
    asyncio.run(portal.close())


def test_closing_ends_what_is_in_flight() -> None:
    async def work() -> None:
        read, write = os.pipe()
        portal = lineside.AsyncPortal.open(identity=IDENTITY)
        await portal.create_account(id="acme")
        watch = portal.watch("acme", topics=["alerts"])
        await watch.next()
        waiting = asyncio.create_task(watch.next())
        await portal.get_account("acme")
        await portal.close()
        with pytest.raises(lineside.Error):
            await waiting
        os.close(read)
        os.close(write)

    asyncio.run(work())


def test_calls_as_values_arrive(server: RunningServer) -> None:
    async def work() -> int:
        async with server.connect_async() as portal:
            report = await portal.import_calls(made_calls(500))
            series = await portal.series("acme", "attempts", START, "2026-03-02", step="1d")
            return report.imported + int(sum(series.value))

    assert asyncio.run(work()) == 380 + 500


def test_a_cancelled_read_loses_no_update() -> None:
    async def work() -> list[str]:
        texts: list[str] = []
        async with lineside.AsyncPortal.open(live=lineside.EngineLive(interval=timedelta(0))) as portal:
            await portal.create_account(id="acme")
            watch = portal.watch("acme", topics=["live_calls"])
            assert (await watch.next()).kind == "snapshot"
            for i in range(40):
                # Cancelled before, while or after the update comes.
                read = asyncio.create_task(watch.next())
                sent = asyncio.create_task(
                    portal.report_call_events(
                        [lineside.CallEvent(source="s", call_id=str(i), at=START, account="acme")]
                    )
                )
                await asyncio.sleep(0)
                if i % 3:
                    await sent
                if i % 3 == 2:
                    await portal.get_account("acme")
                read.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    texts += seen_in(await read)
                await sent
                while len(texts) <= i:
                    texts += seen_in(await watch.next())
        return texts

    def seen_in(update: lineside.WatchUpdate) -> list[str]:
        assert update.live_calls is not None
        return [call.call_id for call in update.live_calls.calls]

    assert asyncio.run(work()) == [str(i) for i in range(40)]
