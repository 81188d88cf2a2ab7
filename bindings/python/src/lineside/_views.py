"""What series, summaries, accounts and live updates can do beside holding their members."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ._base import EPOCH
from ._dataclass import Value

Call = TypeVar("Call", bound=Value)
Row = TypeVar("Row", bound=Value)


def _library(name: str, for_what: str) -> Any:
    try:
        return import_module(name)
    except ImportError as missing:
        raise ImportError(f"{for_what} needs {name}: pip install {name}", name=name) from missing


class SeriesView(Value):
    """Columns export the buffer protocol: `numpy.asarray(series.value)` copies nothing, and keeps the series alive."""

    __slots__ = ()

    if TYPE_CHECKING:
        account: str
        metric: Any
        unit: str
        zone: str
        step: Any
        size: int
        time: memoryview
        offset_s: memoryview
        value: memoryview

    # Columns are not compared: NaN is no number's equal.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"<Series {self.metric} of {self.account}: {self.size} x {self.step}, {self.unit}, {self.zone}>"

    @property
    def times(self) -> list[datetime]:
        """The start of each bucket, in the series' zone."""
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(self.zone)
        return [(EPOCH + timedelta(milliseconds=ms)).astimezone(zone) for ms in self.time]

    def points(self) -> Iterator[tuple[datetime, float | None]]:
        """The start and the value of each bucket; None where there is nothing to measure."""
        for time, value in zip(self.times, self.value, strict=True):
            yield time, None if math.isnan(value) else value

    def to_pandas(self) -> Any:
        """A pandas.Series of the values by the start of each bucket, in the series' zone."""
        pandas = _library("pandas", "to_pandas")
        numpy = _library("numpy", "to_pandas")
        index = pandas.DatetimeIndex(numpy.asarray(self.time).astype("datetime64[ms]")).tz_localize("UTC")
        index = index.tz_convert(self.zone).rename("time")
        series = pandas.Series(numpy.asarray(self.value), index=index, name=str(self.metric))
        series.attrs["unit"] = self.unit
        return series

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draws the values with matplotlib; `options` are those of Axes.plot. Gives the axes."""
        if ax is None:
            ax = _library("matplotlib.pyplot", "plot").subplots()[1]
        ax.plot(self.times, list(self.value), label=str(self.metric), **options)
        ax.set_ylabel(self.unit)
        ax.set_title(f"{self.account}: {self.metric}")
        return ax

    def _repr_html_(self) -> str:
        from ._html import escape, line_chart

        values = [None if math.isnan(v) else v for v in self.value]
        times = self.times
        span = f"{times[0]:%Y-%m-%d %H:%M} to {times[-1]:%Y-%m-%d %H:%M}" if times else "nothing"
        title = f"{self.account}: {self.metric} ({self.unit}), {span}, {self.zone}"
        return f"<figure>{line_chart(values)}<figcaption>{escape(title)}</figcaption></figure>"


class SummaryView(Value, Generic[Row]):
    """One table of the customer Summary."""

    __slots__ = ()

    if TYPE_CHECKING:
        _row: ClassVar[type[Value]]
        account: str
        period: Any
        as_of: datetime
        rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def _table(self) -> tuple[Sequence[str], list[list[Any]]]:
        names = self._row.__slots__
        return names, [[getattr(row, name) for name in names] for row in self.rows]

    def to_pandas(self) -> Any:
        """A pandas.DataFrame with a row for each, by its start, UTC."""
        pandas = _library("pandas", "to_pandas")
        names, rows = self._table()
        frame = pandas.DataFrame(rows, columns=list(names))
        frame["start"] = pandas.to_datetime(frame["start"], utc=True)
        return frame.set_index("start")

    def _repr_html_(self) -> str:
        from ._html import escape, table

        return f"<p>{escape(self.account)}: {self.period}, UTC, as of {self.as_of:%Y-%m-%d %H:%M}</p>" + table(
            *self._table()
        )


class AccountView(Value):
    """A customer."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from ._html import table

        names: tuple[str, ...] = self.__slots__
        return table(["", ""], [[name, getattr(self, name)] for name in names])


_call_key = attrgetter("source", "call_id", "branch")
_call_place = attrgetter("started_at", "source", "call_id", "branch")
_start = attrgetter("start")


class WatchUpdateView(Value, Generic[Call, Row]):
    """Brings lists up to date: `update.apply_to_calls(calls)`."""

    __slots__ = ()

    if TYPE_CHECKING:
        kind: Any
        live_calls: Any
        summary: Any

    @property
    def _is_whole(self) -> bool:
        return self.kind in ("snapshot", "resync")

    def apply_to_calls(self, calls: list[Call]) -> None:
        """Brings a list of live calls up to date, in the order of their starts, then of their keys; one that begins
        empty will do. An update of another topic changes nothing.
        """
        if (changes := self.live_calls) is None:
            return
        replaced = {_call_key(c) for c in (*changes.calls, *changes.ended)}
        kept = [] if self._is_whole else [c for c in calls if _call_key(c) not in replaced]
        calls[:] = sorted((*kept, *changes.calls), key=_call_place)

    def apply_to_hours(self, hours: list[Row]) -> None:
        """The same for the Summary's hours, in order."""
        if (changes := self.summary) is None:
            return
        replaced = {*map(_start, changes.rows), *changes.gone}
        kept = [] if self._is_whole else [row for row in hours if _start(row) not in replaced]
        hours[:] = sorted((*kept, *changes.rows), key=_start)
