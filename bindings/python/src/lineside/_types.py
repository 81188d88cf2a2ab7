"""Functions that a program may hand over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ._values import ImportProgress, Mail, TextMessage

Progress = Callable[[ImportProgress], None] | Callable[[datetime], None] | bool | None
"""True shows a bar. A function is told how far it has come: ImportProgress, of a back-test the time it has reached."""
Mailer = Callable[[Mail], object] | None
Texter = Callable[[TextMessage], object] | None


def is_wanted(progress: Progress) -> bool:
    return progress is not None and progress is not False
