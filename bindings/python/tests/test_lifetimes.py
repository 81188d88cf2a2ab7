"""What is still held stays, whatever was closed, forked, interrupted or ended before it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import weakref
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import START

import lineside
from lineside.testing import IDENTITY, RunningServer


def the_series(portal: lineside.Portal) -> lineside.Series:
    return portal.series("acme", "attempts", START, START + timedelta(hours=2), step="hour")


def test_a_series_outlives_its_portal(portal: lineside.Portal) -> None:
    series = the_series(portal)
    portal.close()
    del portal
    gc.collect()
    assert series.value.tolist() == [60.0, 60.0]


def test_a_column_outlives_its_series(portal: lineside.Portal) -> None:
    series = the_series(portal)
    gone = weakref.ref(portal)
    value, time = series.value[1:], memoryview(series.time)
    del series
    gc.collect()
    assert (value.tolist(), time[0]) == ([60.0], int(START.timestamp() * 1000))
    assert gone() is portal


def test_a_column_cannot_be_written(portal: lineside.Portal) -> None:
    value = the_series(portal).value
    assert (value.readonly, value.format, value.ndim, value.itemsize) == (True, "d", 1, 8)
    with pytest.raises(TypeError):
        value[0] = 1


def test_arrays_copy_nothing(portal: lineside.Portal) -> None:
    numpy = pytest.importorskip("numpy")
    series = the_series(portal)
    array, again = numpy.asarray(series.value), numpy.asarray(series.value)
    assert numpy.shares_memory(array, again)
    assert not array.flags.writeable
    assert array.dtype == numpy.float64
    del series
    gc.collect()
    assert array.sum() == 120


def test_an_empty_series_has_empty_columns(lineside_portal: lineside.Portal) -> None:
    lineside_portal.create_account(id="acme")
    series = lineside_portal.series("acme", "attempts", START, START + timedelta(hours=1), step="minute")
    assert len(series) == len(series.value) == 60
    assert series.amount is None


def test_a_view_outlives_the_name_of_its_engine(portal: lineside.Portal) -> None:
    contact = portal.create_contact(
        "acme", name="A", email="a@example.com", role="viewer", password="correct horse battery"
    )
    view = portal.signed_in("a@example.com", "correct horse battery")
    assert view.who_am_i().contact == contact
    portal.close()
    with pytest.raises(lineside.Unavailable):
        view.who_am_i()


def test_a_server_keeps_its_portal_open(portal: lineside.Portal) -> None:
    with portal.serve(operator_token="x" * 32) as server:
        portal.close()
        del portal
        gc.collect()
        with lineside.connect(server.url, token="x" * 32) as far:
            assert far.get_account("acme").id == "acme"


def test_objects_are_freed_in_any_order() -> None:
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)):
        engine = lineside.open(identity=IDENTITY)
        engine.create_account(id="acme")
        things: list[object] = [engine, engine.as_(), engine.serve(), engine.watch("acme")]
        del engine
        for i in order:
            things[i] = None
            gc.collect()


def test_a_thousand_engines_leave_no_descriptors_behind() -> None:
    with lineside.open() as portal:
        portal.create_account(id="acme")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        with lineside.open() as portal:
            portal.create_account(id="acme")
    assert len(os.listdir("/proc/self/fd")) <= before


def test_many_threads_share_one_portal(far: lineside.Portal) -> None:
    seen: list[str] = []

    def work() -> None:
        for _ in range(25):
            seen.append(far.get_account("acme").id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["acme"] * 200


def test_others_run_while_a_call_waits() -> None:
    read, write = os.pipe()
    with lineside.open() as portal:
        portal.create_account(id="acme")

        def feed() -> None:
            os.write(write, b"call_id,account_id,start_time,duration_ms\n1,acme,2026-03-01T00:00:00Z,0\n")
            os.close(write)

        feeder = threading.Thread(target=feed)
        feeder.start()  # could not run did the import hold the interpreter
        assert portal.import_records(descriptor=read, format="lineside").imported == 1
        feeder.join()
    os.close(read)


def test_ctrl_c_stops_a_call_that_waits() -> None:
    with lineside.open() as portal:
        portal.create_account(id="acme")
        with portal.watch("acme", topics=["alerts"]) as watch:
            next(watch)
            ready = threading.Event()

            def interrupt() -> None:
                ready.wait()
                os.kill(os.getpid(), signal.SIGINT)

            thread = threading.Thread(target=interrupt)
            thread.start()
            with pytest.raises(KeyboardInterrupt):
                ready.set()
                watch.next()
            thread.join()
            assert portal.get_account("acme").id == "acme"


def test_ctrl_c_stops_an_import_and_keeps_what_it_stored(tmp_path: Path) -> None:
    read, write = os.pipe()
    with lineside.open(tmp_path / "store.db") as portal:
        portal.create_account(id="acme")
        os.write(write, b"call_id,account_id,start_time,duration_ms\n")

        def interrupt() -> None:
            os.kill(os.getpid(), signal.SIGINT)
            # A read that blocks notices after its next bytes.
            os.close(write)

        thread = threading.Thread(target=interrupt)
        with pytest.raises(KeyboardInterrupt):
            thread.start()
            portal.import_records(descriptor=read, format="lineside")
        thread.join()
        assert portal.get_account("acme").id == "acme"
    os.close(read)


def in_a_child(work: Callable[[], object]) -> int:
    """What a forked child's work comes to: 0 unless it raises, or dies."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_worker_opens_its_own(server: RunningServer, far: lineside.Portal) -> None:
    assert far.get_account("acme").id == "acme"

    def work() -> None:
        with pytest.raises(lineside.Unavailable):
            far.get_account("acme")
        with pytest.raises(lineside.Unavailable):
            server.operator.get_account("acme")
        with server.connect() as own:
            assert own.get_account("acme").id == "acme"
        far.close()
        gc.collect()

    assert [in_a_child(work) for _ in range(4)] == [0] * 4
    assert far.get_account("acme").id == "acme"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_interpreter_ends_with_calls_in_flight() -> None:
    for daemon in ("True", "False"):
        ended = run(
            """
            import lineside, sys, threading
            portal = lineside.open()
            portal.create_account(id="acme")
            watch = portal.watch("acme", topics=["alerts"])
            next(watch)
            started = threading.Event()
            def wait():
                started.set()
                try:
                    watch.next()
                except lineside.Error:
                    pass
            threads = [threading.Thread(target=wait, daemon=sys.argv[1] == "True")]
            threads[0].start()
            started.wait()
            if sys.argv[1] != "True":
                watch.close()
        """,
            daemon,
        )
        assert (ended.returncode, ended.stderr) == (0, ""), daemon


def test_the_interpreter_ends_with_coroutines_in_flight() -> None:
    ended = run("""
        import asyncio, lineside
        async def main():
            portal = lineside.AsyncPortal.open()
            await portal.create_account(id="acme")
            watch = portal.watch("acme", topics=["alerts"])
            await watch.next()
            asyncio.get_running_loop().create_task(watch.next())
            return portal
        portal = asyncio.run(main())
    """)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_interpreter_ends_with_a_server_and_a_mailer() -> None:
    ended = run("""
        import lineside
        portal = lineside.open(mailer=print)
        server = portal.serve(log=True)
        far = lineside.connect(server.url, log=True)
        try:
            far.who_am_i()
        except lineside.Error:
            pass
    """)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_sub_interpreter_is_refused_politely() -> None:
    ended = run(
        """
        import sys
        sys.path[:0] = sys.argv[1:]
        import _xxsubinterpreters as interpreters
        program = f'''
        import sys
        sys.path[:0] = {sys.argv[1:]!r}
        try:
            import lineside
        except ImportError as refused:
            assert "main interpreter" in str(refused), refused
        else:
            raise AssertionError("it was imported")
        '''
        import textwrap
        for first in (True, False):
            if not first:
                import lineside
            other = interpreters.create()
            interpreters.run_string(other, textwrap.dedent(program))
            interpreters.destroy(other)
        assert lineside.open().list_accounts().items == ()
    """,
        *sys.path,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
