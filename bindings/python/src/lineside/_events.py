"""Calls of asyncio: one queue of the core a loop, whose descriptor the loop watches."""

from __future__ import annotations

import asyncio
import os
import weakref
from collections.abc import Callable
from typing import Any

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
        key = id(loop)
        self.loop = weakref.ref(loop, lambda _: _hubs.pop(key, None))
        self.queue = core.queue()
        # What waits for each answer: a future, a call that is told more, or what the core still reads of one that
        # nobody waits for any more.
        self.calls: dict[int, asyncio.Future[Any] | _Call | Request] = {}
        # The loop holds the hub, not the other way round: so they go together.
        loop.add_reader(self.queue.descriptor(), self._drain)

    def abandon(self, tag: int, request: Request) -> None:
        """Nobody waits for a call any more, unless it has ended."""
        if tag in self.calls:
            self.calls[tag] = request
            self.queue.cancel(tag)

    def _drain(self) -> None:
        # Futures end in the core; here comes what is left.
        for tag, kind, failed, value in self.queue.settle(self.calls, asyncio.Future, AT_ONCE):
            call = self.calls.get(tag)
            if kind == ANSWER:
                self.calls.pop(tag, None)
            if isinstance(call, _Call):
                if kind == ANSWER:
                    self._end(call, failed, value)
                else:
                    self._tell(call, tag, kind, value)
            elif isinstance(call, asyncio.Future) and kind == ANSWER:  # of a loop that makes its own
                self._end(_Call(call, None, None, None, None), failed, value)

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

    def _tell(self, call: _Call, tag: int, kind: int, value: Any) -> None:
        if call.future.done():
            return
        told = call.tell if kind == PROGRESS else call.on_rejected
        try:
            if told is not None:
                told(value)
        except BaseException as raised:
            self.queue.cancel(tag)
            call.future.set_exception(raised)


# By the identity of their loops, which take theirs away when they go.
_hubs: dict[int, Hub] = {}
os.register_at_fork(after_in_child=_hubs.clear)


def hub() -> Hub:
    """That of the running loop."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(id(loop))
    if found is None:
        for key, other in list(_hubs.items()):
            gone = other.loop()
            if gone is None or gone.is_closed():
                _hubs.pop(key, None)
        found = _hubs[id(loop)] = Hub(loop)
    return found


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
    here, tag, tell = hub(), next(TAGS), teller(progress)
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    call = _Call(future, request, tell, on_rejected, late)
    start(here.queue, tag)
    here.calls[tag] = call
    try:
        return await future
    except asyncio.CancelledError:
        here.queue.cancel(tag)
        if late is not None:
            if tag in here.calls:
                call.ended = asyncio.get_running_loop().create_future()
                await call.ended
            elif not future.cancelled() and future.exception() is None:
                late(future.result())
        raise
    finally:
        if isinstance(tell, Bar):
            tell.close()
