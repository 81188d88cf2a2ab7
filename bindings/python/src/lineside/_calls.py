"""Calls that wait: through a queue of the thread wherever they may take long, so that Ctrl-C stops them."""

from __future__ import annotations

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from ._base import Request
from ._binding import ANSWER, PROGRESS, core
from ._progress import Bar, teller
from ._types import Progress

# How long Ctrl-C may have to wait while a call is on its way.
SLICE_MS = 50
TAGS = itertools.count(1)

Start = Callable[[core.queue, int], None]
Event = tuple[int, int, Exception | None, Any]
"""tag, kind, what went wrong, value"""


class _Waiting(threading.local):
    """The queue of a thread, and the calls on it that wait: one may be made in the callback of another."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.queue = core.queue()
        self.calls: dict[int, deque[Event]] = {}
        # What the core still reads of calls that nobody waits for any more.
        self.abandoned: dict[int, Request | None] = {}

    def take(self, tag: int) -> Event:
        """The next event of a call; those of others are kept for them."""
        mine = self.calls[tag]
        while not mine:
            for event in self.queue.take(SLICE_MS, 64):
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


_waiting = _Waiting()


def _mine() -> _Waiting:
    if _waiting.owner != os.getpid():
        _waiting.__init__()  # type: ignore[misc]  # a forked child has its own
    return _waiting


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
    here.calls[tag] = deque()
    started = False
    last: Event | None = None
    try:
        start(here.queue, tag)
        started = True
        while True:
            last = here.take(tag)
            _, kind, failed, value = last
            if kind == ANSWER:
                if failed is not None:
                    raise failed
                return value
            if kind == PROGRESS:
                if tell is not None:
                    tell(value)
            elif on_rejected is not None:
                on_rejected(value)
    except BaseException:
        if started and (last is None or last[1] != ANSWER):
            last = here.stop(tag, request)
        if late is not None and last is not None and last[2] is None:
            late(last[3])
        raise
    finally:
        del here.calls[tag]
        if isinstance(tell, Bar):
            tell.close()
