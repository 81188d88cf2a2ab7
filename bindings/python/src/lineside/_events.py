"""Calls of asyncio: one queue of the core a loop, whose descriptor the loop watches."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from ._base import Request
from ._binding import ANSWER, PROGRESS, core
from ._calls import TAGS, Start
from ._progress import Bar, teller
from ._types import Progress

AT_ONCE = 256


class _Call:
    __slots__ = ("ended", "future", "late", "on_rejected", "request", "tell")

    def __init__(
        self,
        future: asyncio.Future[Any],
        request: Request | None,
        tell: Callable[[Any], object] | None,
        on_rejected: Callable[[Any], None] | None,
        late: Callable[[Any], None] | None,
    ) -> None:
        self.future = future
        self.ended: asyncio.Future[None] | None = None  # who was cancelled waits here
        self.late = late  # takes an answer that comes all the same
        self.request = request  # what the core reads until the call has ended
        self.tell = tell
        self.on_rejected = on_rejected


class Hub:
    """What a loop waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.owner = os.getpid()
        self.queue = core.queue()
        self.calls: dict[int, _Call] = {}
        # The loop holds the hub, not the other way round: so they go together.
        loop.add_reader(self.queue.descriptor(), self._drain)

    def _drain(self) -> None:
        for tag, kind, failed, value in self.queue.take(0, AT_ONCE):
            if kind == ANSWER:
                self._end(self.calls.pop(tag), failed, value)
            else:
                self._tell(tag, kind, value)

    @staticmethod
    def _end(call: _Call, failed: Exception | None, value: Any) -> None:
        if call.future.done():  # cancelled, or what it was told raised
            if failed is None and call.late is not None:
                call.late(value)
        elif failed is not None:
            call.future.set_exception(failed)
        else:
            call.future.set_result(value)
        if call.ended is not None and not call.ended.done():
            call.ended.set_result(None)

    def _tell(self, tag: int, kind: int, value: Any) -> None:
        call = self.calls.get(tag)
        if call is None or call.future.done():
            return
        told = call.tell if kind == PROGRESS else call.on_rejected
        try:
            if told is not None:
                told(value)
        except BaseException as raised:
            self.queue.cancel(tag)
            call.future.set_exception(raised)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def _hub() -> Hub:
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None or hub.owner != os.getpid():
        for gone in [other for other in _hubs if other.is_closed()]:
            del _hubs[gone]
        hub = _hubs[loop] = Hub(loop)
    return hub


async def wait(
    start: Start,
    request: Request | None,
    progress: Progress = None,
    on_rejected: Callable[[Any], None] | None = None,
    late: Callable[[Any], None] | None = None,
) -> Any:
    """Starts a call and waits for its answer. A task that is cancelled stops it; with `late`, which takes an answer
    that came all the same, it also waits until it has stopped.
    """
    hub, tag, tell = _hub(), next(TAGS), teller(progress)
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    call = hub.calls[tag] = _Call(future, request, tell, on_rejected, late)
    try:
        start(hub.queue, tag)
    except BaseException:
        del hub.calls[tag]
        raise
    try:
        return await future
    except asyncio.CancelledError:
        hub.queue.cancel(tag)
        if late is not None:
            if tag in hub.calls:
                call.ended = asyncio.get_running_loop().create_future()
                await call.ended
            elif not future.cancelled() and future.exception() is None:
                late(future.result())
        raise
    finally:
        if isinstance(tell, Bar):
            tell.close()
