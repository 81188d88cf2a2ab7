"""What changes in an account, as it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from . import _calls
from ._base import Timeout, milliseconds
from ._binding import core
from ._errors import Cancelled

if TYPE_CHECKING:
    from ._values import WatchUpdate


class WatchBase:
    """A stream of what changes: first a snapshot of each topic, then one update after another. It keeps no queue: a
    slow reader gets the newest value, and of alerts every event, once. Whoever was cut off goes on with a new watch
    at the `position` of the last update it handled.
    """

    __slots__ = ("_closed", "_core", "_late", "position")

    def __init__(self, opened: core.watch, resume: str) -> None:
        self._core = opened
        self._closed = False
        self._late: WatchUpdate | None = None
        self.position = resume
        """of the last update that was given"""

    def _start(self, timeout: Timeout) -> Any:
        return lambda queue, tag: self._core.start(milliseconds(timeout), queue, tag)

    def _seen(self, update: WatchUpdate) -> WatchUpdate:
        self.position = update.position
        self._late = None
        return update

    def _keep(self, update: WatchUpdate) -> None:
        """What came when nobody waited any more is the next update."""
        self._late = update


class Watch(WatchBase, Iterator["WatchUpdate"]):
    """Waits for updates: `for update in portal.watch("acme"): ...`"""

    __slots__ = ()

    def next(self, timeout: Timeout = None) -> WatchUpdate:
        """The next update. What timed out lost nothing: the next call gives the same."""
        return self._seen(self._late or _calls.wait(self._start(timeout), None, late=self._keep))

    def __next__(self) -> WatchUpdate:
        try:
            return self.next()
        except Cancelled:
            if self._closed:
                raise StopIteration from None
            raise

    def close(self) -> None:
        """Ends it, and the loop over it. A second time does nothing."""
        self._closed = True
        self._core.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
