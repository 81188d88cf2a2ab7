"""How far an import, a comparison or a back-test has come, told to whoever wants to know."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._types import ExportProgress, Progress

if TYPE_CHECKING:
    from ._values import ImportProgress


class Bar:
    """A bar of tqdm where that is installed, else a line on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._plain = False
        try:
            self._tqdm: Any = import_module("tqdm.auto").tqdm
        except ImportError:
            self._tqdm = None

    def __call__(self, at: ImportProgress | datetime | int) -> None:
        if isinstance(at, int):
            self._line(f"{at:,} bytes")
        elif isinstance(at, datetime):
            self._line(f"{at:%Y-%m-%d %H:%M}")
        elif self._tqdm is None:
            share = f" {at.bytes / at.total_bytes:.0%}" if at.total_bytes else ""
            self._line(f"{at.rows:,} rows{share}")
        else:
            if self._bar is None:
                self._bar = self._tqdm(total=at.total_bytes, unit="B", unit_scale=True)
            self._bar.update(at.bytes - self._bar.n)
            self._bar.set_postfix_str(f"{at.rows:,} rows")

    def _line(self, text: str) -> None:
        self._plain = True
        sys.stderr.write(f"\r{text}\x1b[K")
        sys.stderr.flush()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._plain:
            sys.stderr.write("\n")


def teller(progress: Progress | ExportProgress) -> Callable[[Any], object] | None:
    if progress is True:
        return Bar()
    return progress or None


@contextmanager
def telling(progress: Progress | ExportProgress) -> Iterator[Callable[[Any], object] | None]:
    """Whom to tell, as long as there is something to be told."""
    tell = teller(progress)
    try:
        yield tell
    finally:
        if isinstance(tell, Bar):
            tell.close()
