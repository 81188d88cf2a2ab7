"""Imports from and exports to whatever a program reads and writes."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import START

import lineside
from lineside.testing import RunningServer


def rows_of(count: int) -> bytes:
    rows = ["call_id,account_id,start_time,duration_ms"]
    rows += [f"n{i},acme,{START + timedelta(seconds=i):%Y-%m-%dT%H:%M:%SZ},0" for i in range(count)]
    return "\n".join(rows).encode() + b"\n"


class Broken(io.RawIOBase):
    """Gives some rows, and then there is something wrong."""

    def __init__(self) -> None:
        self.left = io.BytesIO(rows_of(100)[:-5])

    def read(self, size: int = -1) -> bytes:
        piece = self.left.read(size)
        if not piece:
            raise OSError("the tape tore")
        return piece


@pytest.fixture(params=["near", "far"])
def either(request: pytest.FixtureRequest) -> lineside.Portal:
    wanted: lineside.Portal = request.getfixturevalue("portal" if request.param == "near" else "far")
    return wanted


def test_a_file_that_is_open_is_imported(either: lineside.Portal) -> None:
    told: list[lineside.ImportProgress] = []
    report = either.import_from(io.BytesIO(rows_of(20_000)), "tape", format="lineside", progress=told.append)
    assert report.imported == 20_000
    assert either.import_from(io.BytesIO(gzip.compress(rows_of(20_000))), format="lineside").duplicates == 20_000


def test_pieces_of_any_size_are_imported(either: lineside.Portal) -> None:
    data = rows_of(500)

    def pieces() -> Iterator[bytes]:
        yield b""
        for at in range(0, len(data), 7):
            yield data[at : at + 7]

    assert either.import_from(pieces(), format="lineside").imported == 500


def test_what_reading_raises_ends_the_import_and_no_half_row_is_stored(either: lineside.Portal) -> None:
    with pytest.raises(OSError, match="the tape tore"):
        either.import_from(Broken(), format="lineside")
    assert "n99" not in [call.call_id for call in either.calls("acme", page_size=1000)]
    assert either.import_from(io.BytesIO(rows_of(100)), format="lineside").rejected == 0
    with pytest.raises(TypeError, match="bytes, not str"):
        either.import_from(io.StringIO("call_id"))


def test_an_import_that_is_refused_reads_no_further(either: lineside.Portal) -> None:
    def endless() -> Iterator[bytes]:
        yield b"call_id,account_id,start_time,duration_ms\nbad,acme,yesterday,0\n"
        while True:
            yield b"bad,acme,yesterday,0\n" * 1000

    with pytest.raises(lineside.InvalidArgument, match="start_time"):
        either.import_from(endless(), format="lineside", mode="strict")


def test_a_portal_may_be_asked_while_its_import_is_read(portal: lineside.Portal) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"call_id,account_id,start_time,duration_ms\n"
        yield f"{portal.get_account('acme').id},acme,2026-03-01T00:00:00Z,0\n".encode()
        yield f"log {portal.verify_access_log('acme').intact},acme,2026-03-01T00:00:00Z,0\n".encode()

    assert portal.import_from(pieces(), format="lineside").imported == 2


def test_an_export_goes_to_a_file_that_is_open_or_a_function(either: lineside.Portal) -> None:
    out, pieces, told = io.BytesIO(), list[bytes](), list[int]()
    report = either.export_to(lineside.CallQuery("acme"), out, progress=told.append)
    assert report.rows == 120
    assert report.bytes == len(out.getvalue()) == told[-1]
    assert told == sorted(told)
    either.export_to(lineside.CallQuery("acme"), pieces.append)
    assert b"".join(pieces) == out.getvalue()


class Narrow(io.RawIOBase):
    """Takes so many bytes at once."""

    def __init__(self, most: int) -> None:
        self.most, self.taken = most, bytearray()

    def write(self, data: Any) -> int:
        self.taken.extend(data[: self.most])
        return min(self.most, len(data))


def test_a_file_that_takes_a_part_is_given_the_rest(portal: lineside.Portal) -> None:
    narrow = Narrow(300)
    report = portal.export_to(lineside.CallQuery("acme"), narrow)
    assert len(narrow.taken) == report.bytes
    with pytest.raises(OSError, match="takes nothing"):
        portal.export_to(lineside.CallQuery("acme"), Narrow(0))


def test_a_function_takes_all_whatever_it_returns(portal: lineside.Portal) -> None:
    taken = bytearray()

    def take(data: bytes) -> int:
        taken.extend(data)
        return 1

    assert portal.export_to(lineside.CallQuery("acme"), take).bytes == len(taken)


def test_what_writing_raises_ends_the_export(either: lineside.Portal) -> None:
    def full(_: bytes) -> None:
        raise OSError("no room")

    either.import_from(io.BytesIO(rows_of(5_000)), format="lineside")
    with pytest.raises(OSError, match="no room"):
        either.export_to(lineside.CallQuery("acme"), full)
    with pytest.raises(lineside.NotFound):
        either.export_to(lineside.CallQuery("nobody"), full)


def test_nothing_stays_open(either: lineside.Portal) -> None:
    def once() -> None:
        either.import_from([rows_of(10)], format="lineside")
        either.export_to(lineside.CallQuery("acme"), io.BytesIO())
        with pytest.raises(OSError, match="the tape tore"):
            either.import_from(Broken(), format="lineside")

    def pairs() -> int:
        """The sockets of this process that are none of the network: of connections there may be more and fewer."""
        known = {line.split()[6] for line in Path("/proc/net/unix").read_text(encoding="utf-8").splitlines()[1:]}
        count = 0
        for number in os.listdir("/proc/self/fd"):
            with suppress(FileNotFoundError):
                count += os.readlink(f"/proc/self/fd/{number}").strip("socket:[]") in known
        return count

    before = pairs()
    for _ in range(5):
        once()
    assert pairs() == before


def test_coroutines_read_and_write(server: RunningServer) -> None:
    data = rows_of(3_000)

    class Asynchronous:
        def __init__(self) -> None:
            self.left = io.BytesIO(data)

        async def read(self, size: int) -> bytes:
            await asyncio.sleep(0)
            return self.left.read(size)

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 1_000):
            yield data[at : at + 1_000]

    async def work() -> list[int]:
        out, told = bytearray(), list[int]()

        async def write(piece: bytes) -> None:
            await asyncio.sleep(0)
            out.extend(piece)

        async with server.connect_async() as portal:
            first = await portal.import_from(Asynchronous(), format="lineside")
            again = await portal.import_from(pieces(), format="lineside")
            third = await portal.import_from(io.BytesIO(data), format="lineside", progress=lambda _: None)
            exported = await portal.export_to(lineside.CallQuery("acme"), write, progress=told.append)
            assert exported.bytes == len(out) == told[-1]
            return [first.imported, again.duplicates, third.duplicates, exported.rows]

    assert asyncio.run(work()) == [3_000, 3_000, 3_000, 3_120]


def test_what_a_coroutine_raises_ends_what_it_reads_or_writes() -> None:
    async def torn() -> AsyncIterator[bytes]:
        yield rows_of(10)[:-5]
        raise OSError("the tape tore")

    async def full(_: bytes) -> None:
        raise OSError("no room")

    async def work() -> None:
        async with lineside.AsyncPortal.open() as portal:
            await portal.create_account(id="acme")
            with pytest.raises(OSError, match="the tape tore"):
                await portal.import_from(torn(), format="lineside")
            assert (await portal.import_from([rows_of(10)], format="lineside")).rejected == 0
            with pytest.raises(OSError, match="no room"):
                await portal.export_to(lineside.CallQuery("acme"), full)
            with pytest.raises(lineside.NotFound):
                await portal.export_to(lineside.CallQuery("nobody"), full)

    asyncio.run(work())


def test_a_task_that_is_cancelled_ends_its_import_and_its_export() -> None:
    async def work() -> None:
        reached = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            yield b"call_id,account_id,start_time,duration_ms\n"
            reached.set()
            await asyncio.Event().wait()

        async def stuck(_: bytes) -> Any:
            reached.set()
            await asyncio.Event().wait()

        async with lineside.AsyncPortal.open() as portal:
            await portal.create_account(id="acme")
            await portal.import_from([rows_of(10)], format="lineside")
            for work in (
                portal.import_from(endless(), format="lineside"),
                portal.export_to(lineside.CallQuery("acme"), stuck),
            ):
                reached.clear()
                task = asyncio.create_task(work)
                await reached.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert (await portal.get_account("acme")).id == "acme"

    asyncio.run(work())
