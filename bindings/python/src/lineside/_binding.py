"""The core, told which classes its values become."""

from __future__ import annotations

from decimal import Decimal

from . import _core as core
from ._base import EPOCH, Money, TimeRange
from ._errors import failure
from ._values import ENUMERATIONS, RECORDS

core.bind(RECORDS, ENUMERATIONS, Money, Decimal, TimeRange, failure, EPOCH)

# Kinds of what a queue brings.
ANSWER, PROGRESS, REJECTED_ROW, SERVED_REQUEST, CLIENT_ATTEMPT, ALERT = range(1, 7)

__all__ = ["ALERT", "ANSWER", "CLIENT_ATTEMPT", "PROGRESS", "REJECTED_ROW", "SERVED_REQUEST", "core"]
