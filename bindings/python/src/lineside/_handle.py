"""What both kinds of portal are made of."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

from ._base import Request, Timeout, milliseconds
from ._binding import core
from ._errors import Error
from ._server import Server
from ._types import Clock, Mailer, Refresh, Texter, Traceparent
from ._values import REVISED, Revised

if TYPE_CHECKING:
    from ._log import LogThread


def _log_thread(wanted: bool) -> LogThread | None:
    if not wanted:
        return None
    from ._log import LogThread

    return LogThread()


def revision(value: Revised) -> str:
    """What a value looked like, for `if_match`: equal for equal values only."""
    name = REVISED[type(value)]
    return core.revision_of((name, *(getattr(value, member) for member in value.__slots__)))


_open: WeakSet[Handle | Server] = WeakSet()


@atexit.register
def _close_all() -> None:
    """Before the interpreter goes: what is in flight ends, and no engine calls a mailer of Python any more."""
    for handle in list(_open):
        with suppress(Error):
            handle.close() if isinstance(handle, Server) else handle._shut()


class Handle:
    """What both kinds of portal are made of."""

    __slots__ = ("__weakref__", "_core", "_far", "_log", "_shown")

    _core: core.portal
    _far: bool
    _log: LogThread | None
    _shown: str

    @classmethod
    def _made(cls, opened: core.portal, far: bool, shown: str, log: LogThread | None = None) -> Self:
        made = cls.__new__(cls)
        made._core, made._far, made._log, made._shown = opened, far, log, shown
        _open.add(made)
        return made

    @classmethod
    def _open_engine(cls, options: Request, mailer: Mailer, texter: Texter, clock: Clock) -> Self:
        opened = core.open_engine(options, (mailer, texter, clock))
        return cls._made(opened, False, options[1].removeprefix("sqlite:") or "in memory")

    @classmethod
    def _open_client(cls, options: Request, log: bool, refresh: Refresh, traceparent: Traceparent) -> Self:
        thread = _log_thread(log)
        try:
            queue = None if thread is None else thread.queue
            opened = core.open_asking_client(options, queue, (refresh, traceparent))
        except BaseException:
            if thread is not None:
                thread.close()
            raise
        return cls._made(opened, True, options[1], thread)

    def _serve(self, options: Request, log: bool) -> Server:
        thread = _log_thread(log)
        try:
            server = Server(self._core.serve(options, None if thread is None else thread.queue), thread)
        except BaseException:
            if thread is not None:
                thread.close()
            raise
        _open.add(server)
        return server

    def as_(self, token: str = "", *, source_ip: str = "", user_agent: str = "") -> Self:
        """The portal of whoever a token stands for: a session's or an API key's; nobody's without one. Asks nothing
        yet: each operation checks the token, so a session that ends takes effect with the next one. `source_ip` and
        `user_agent` are for the access log and allow-lists. It does not keep the engine or client open.
        """
        view = self._core.as_whoever(("credential", token, source_ip, user_agent))
        return self._made(view, self._far, self._shown)

    def _shut(self) -> None:
        self._core.close()
        if self._log is not None:
            self._log.close()

    def _starter(
        self, operation: str, request: Request, timeout: Timeout, key: str, if_match: Revised | str
    ) -> Callable[[core.queue, int], None]:
        seen = if_match if isinstance(if_match, str) else revision(if_match)
        limit = milliseconds(timeout)
        return lambda queue, tag: self._core.start(operation, request, limit, key, seen, queue, tag)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._shown}>"
