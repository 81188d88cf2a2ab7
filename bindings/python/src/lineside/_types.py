"""Functions that a program may hand over."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from ._values import ImportProgress, Mail, TextMessage

Progress = Callable[[ImportProgress], None] | Callable[[datetime], None] | bool | None
"""True shows a bar. A function is told how far it has come: ImportProgress, of a back-test the time it has reached."""
ExportProgress = Callable[[int], object] | bool | None
"""True shows how far it has come. A function is told how many bytes were written."""
Mailer = Callable[[Mail], object] | None
Texter = Callable[[TextMessage], object] | None
Clock = Callable[[], datetime] | None
Refresh = Callable[[], str | None] | None
Traceparent = Callable[[], str | None] | None


def is_wanted(progress: Progress) -> bool:
    return progress is not None and progress is not False


class Readable(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int, /) -> Any: ...


class Writable(Protocol):
    """A file that is open for writing bytes."""

    def write(self, data: bytes, /) -> Any: ...


Source = Readable | Iterable[bytes]
AsyncSource = Source | AsyncIterable[bytes]
"""Its `read` may be a coroutine."""
Writer = Writable | Callable[[bytes], Any]
"""Of asyncio it may be a coroutine."""
