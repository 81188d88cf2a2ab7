"""A portal on HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from ._base import Timeout, milliseconds
from ._binding import core

if TYPE_CHECKING:
    from ._log import LogThread


class Server:
    """Serves on threads of its own until it is closed, and keeps its portal open."""

    __slots__ = ("__weakref__", "_core", "_log")

    def __init__(self, running: core.server, log: LogThread | None) -> None:
        self._core = running
        self._log = log

    @property
    def url(self) -> str:
        """ "https://127.0.0.1:8443", with the host it listens on"""
        return self._core.url()

    @property
    def port(self) -> int:
        return self._core.port()

    @property
    def admin_port(self) -> int:
        """0: there is none"""
        return self._core.admin_port()

    def drain(self, grace: Timeout = timedelta(seconds=10)) -> None:
        """Accepts no more, lets requests that are being answered finish for `grace`, then ends them. Waits for that.
        Once; `/readyz` says no from its beginning."""
        self._core.drain(milliseconds(grace))

    def reload_certificate(self) -> None:
        """Reads certificate and key again. Errors: invalid_argument; then the old ones stay."""
        self._core.reload_certificate()

    def close(self) -> None:
        """Ends every connection at once. A second time does nothing."""
        self._core.close()
        if self._log is not None:
            self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
