"""What the generated modules stand on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

from ._dataclass import Value, dataclass

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""Where a time stands that nobody gave."""

Request = tuple[Any, ...]
Timeout = float | timedelta | None
"""Of the whole call, retries included: seconds; None: no limit."""
MOST_REJECTED = 1_000_000


class Constant(StrEnum):
    """A constant is its text, wherever a text will do: `Metric.ASR == "asr"`."""

    if not TYPE_CHECKING:
        __hash__ = str.__hash__  # what is equal has one hash; Enum's own is that of the name

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get(value.upper()) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True, repr=False, eq=False, init=False)
class Money(Value):
    """An exact decimal amount of a currency."""

    amount: Decimal
    currency: str
    """ISO 4217; empty where the source does not say"""

    def __init__(self, amount: Decimal | int | str, currency: str = "") -> None:
        if isinstance(amount, float):
            raise TypeError("money is exact: give a Decimal or a text, not a float")
        object.__setattr__(self, "amount", Decimal(amount))
        object.__setattr__(self, "currency", currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}".rstrip()


class TimeRange(NamedTuple):
    """A half-open range of time: `end` is outside."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Page(Value, Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    next: str
    """the cursor of the following page, empty on the last"""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def _repr_html_(self) -> str:
        from ._html import table

        if not self.items:
            return "<p>nothing</p>"
        names: tuple[str, ...] = getattr(self.items[0], "__slots__", ())
        return table(names, [[getattr(item, name) for name in names] for item in self.items])


def whole(name: str, kind: type[Value], value: object, members: tuple[Any, ...]) -> Request:
    """The request that a value is, or else its members."""
    if value is None:
        return (name, *members)
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
    by_default = kind()
    for member, given in zip(kind.__slots__, members, strict=True):
        if given != getattr(by_default, member):
            raise TypeError(f"{member} stands in the {kind.__name__} already: give the value or its members")
    return (name, *(getattr(value, member) for member in kind.__slots__))


def database_of(path: str | os.PathLike[str]) -> str:
    """The engine's name of a database file; without a path it lies in memory."""
    text = os.fspath(path)
    return f"sqlite:{text}" if text else ""


def milliseconds(timeout: Timeout) -> int:
    if timeout is None:
        return 0
    seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
    # 0 is no limit to the core, and a moment to whoever says 0.
    return max(1, round(seconds * 1000))


def moment(when: datetime | date | str, zone: str) -> datetime:
    """A time that people write: a day begins at midnight in `zone`, UTC where it is empty."""
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day)
    if when.tzinfo is None:
        from zoneinfo import ZoneInfo

        when = when.replace(tzinfo=ZoneInfo(zone) if zone else timezone.utc)
    return when


def range_of(start: datetime | date | str | None, end: datetime | date | str | None, zone: str) -> TimeRange | None:
    """From the first to the last moment that was given, or all there is."""
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise TypeError("a range has a start and an end")
    return TimeRange(moment(start, zone), moment(end, zone))
