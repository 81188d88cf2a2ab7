"""Calls that wait: through a queue of the thread wherever they may take long, so that Ctrl-C stops them."""

from __future__ import annotations

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ._base import Request
from ._binding import ANSWER, PROGRESS, core
from ._progress import Bar, teller
from ._types import Progress

if TYPE_CHECKING:
    from ._streams import Moving

# How long Ctrl-C may have to wait while a call is on its way.
SLICE_MS = 50
TAGS = itertools.count(1)

Start = Callable[[core.queue, int], None]
Event = tuple[int, int, Exception | None, Any]
"""tag, kind, what went wrong, value"""


class _Waiting:
    """The queue of a thread, and the calls on it that wait: one may be made in the callback of another."""

    def __init__(self) -> None:
        self.queue = core.queue()
        self.calls: dict[int, deque[Event]] = {}
        # What the next call is to do beside waiting.
        self.moving: Moving | None = None
        # What the core still reads of calls that nobody waits for any more.
        self.abandoned: dict[int, Request | None] = {}

    def take(self, tag: int, moving: Moving | None = None) -> Event:
        """The next event of a call; those of others are kept for them."""
        mine = self.calls[tag]
        while not mine:
            wait_ms = SLICE_MS if moving is None else moving.turn(self.queue.descriptor(), SLICE_MS)
            for event in self.queue.take(wait_ms, 64):
                waiting = self.calls.get(event[0])
                if waiting is not None:
                    waiting.append(event)
                elif event[1] == ANSWER:
                    self.abandoned.pop(event[0], None)
        return mine.popleft()

    def stop(self, tag: int, request: Request | None) -> Event:
        """Stops a call and waits for its answer: what comes last."""
        self.queue.cancel(tag)
        self.abandoned[tag] = request
        event = self.take(tag)
        while event[1] != ANSWER:
            event = self.take(tag)
        del self.abandoned[tag]
        return event


_here = threading.local()


def _mine() -> _Waiting:
    try:
        found: _Waiting = _here.waiting
    except AttributeError:
        found = _here.waiting = _Waiting()
    return found


# A forked child has its own.
os.register_at_fork(after_in_child=lambda: _here.__dict__.clear())


@contextmanager
def while_moving(moving: Moving) -> Iterator[Any]:
    """The call within moves something meanwhile; gives the descriptor that is for the core."""
    here = _mine()
    here.moving = moving
    try:
        yield moving.descriptor
    finally:
        here.moving = None
        moving.abort()
        moving.descriptor.close()


def wait(
    start: Start,
    request: Request | None,
    progress: Progress = None,
    on_rejected: Callable[[Any], None] | None = None,
    late: Callable[[Any], None] | None = None,
) -> Any:
    """Starts a call and waits for its answer. Whatever is raised meanwhile, Ctrl-C above all, stops it first; `late`
    takes an answer that came all the same.
    """
    here, tag, tell = _mine(), next(TAGS), teller(progress)
    moving, here.moving = here.moving, None
    here.calls[tag] = deque()
    started = False
    last: Event | None = None
    try:
        start(here.queue, tag)
        started = True
        while True:
            last = here.take(tag, moving)
            _, kind, failed, value = last
            if kind == ANSWER:
                if failed is not None:
                    raise failed
                if moving is not None:
                    moving.finish()
                return value
            if kind == PROGRESS:
                if tell is not None:
                    tell(value)
            elif on_rejected is not None:
                on_rejected(value)
    except BaseException:
        if moving is not None:
            moving.abort()
        if started and (last is None or last[1] != ANSWER):
            last = here.stop(tag, request)
        if late is not None and last is not None and last[2] is None:
            late(last[3])
        raise
    finally:
        del here.calls[tag]
        if isinstance(tell, Bar):
            tell.close()
