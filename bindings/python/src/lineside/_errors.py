"""What went wrong, by what the caller can do next."""

from __future__ import annotations

import re
from typing import Any


class Error(Exception):
    """Whatever a portal refuses or fails at."""

    code: str = "internal"
    """ "not_found" ...: the same in every language """

    def __init__(
        self,
        message: str = "",
        *,
        field: str = "",
        retryable: bool = False,
        request_id: str = "",
        http_status: int = 0,
        cause: tuple[str, int, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        """one sentence for people, naming file, line and field where there are some"""
        self.field = field
        """the member of the request that is wrong, "tolerance.start_ms"; or empty"""
        self.retryable = retryable
        """the same call may succeed later"""
        self.request_id = request_id
        """for the other side's log; or empty"""
        self.http_status = http_status
        """0 where no server answered"""
        self.cause = cause
        """(category, code, message) of what lies below, as far as it is known: ("lineside.numbers", 10, "taken") """

    def __str__(self) -> str:
        return f"{self.message} (request {self.request_id})" if self.request_id else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (
            type(self),
            self.message,
            {
                "field": self.field,
                "retryable": self.retryable,
                "request_id": self.request_id,
                "http_status": self.http_status,
                "cause": self.cause,
            },
        )


def _again(kind: type[Error], message: str, members: dict[str, Any]) -> Error:
    return kind(message, **members)


class InvalidArgument(Error, ValueError):
    """The request is wrong: mend it; `field` says where."""

    code = "invalid_argument"


class Unauthenticated(Error):
    """Sign in (again)."""

    code = "unauthenticated"


class PermissionDenied(Error, PermissionError):
    """Whoever asks may not."""

    code = "permission_denied"


class NotFound(Error, LookupError):
    """No such thing, or not yours."""

    code = "not_found"


class Conflict(Error):
    """It exists already, or somebody else was first."""

    code = "conflict"


class Exhausted(Error):
    """A limit, a quota or the memory is used up: later, or ask for more."""

    code = "exhausted"


class PreconditionFailed(Error):
    """The thing changed since it was read: read it again."""

    code = "precondition_failed"


class Unavailable(Error, ConnectionError):
    """Not now: try again."""

    code = "unavailable"


class TimedOut(Error, TimeoutError):
    """The deadline passed."""

    code = "timed_out"


class Cancelled(Error):
    """The caller asked to stop."""

    code = "cancelled"


class ProtocolError(Error):
    """The other side broke the protocol."""

    code = "protocol"


class StorageError(Error, OSError):
    """The database failed."""

    code = "storage"


class InternalError(Error, RuntimeError):
    """A defect of Lineside."""

    code = "internal"


# By the codes of the core, from 1.
CLASSES: tuple[type[Error], ...] = (
    InvalidArgument,
    Unauthenticated,
    PermissionDenied,
    NotFound,
    Conflict,
    Exhausted,
    PreconditionFailed,
    Unavailable,
    TimedOut,
    Cancelled,
    ProtocolError,
    StorageError,
    InternalError,
)

# What is a timedelta here is called without its unit.
UNIT = re.compile(r"_ms\b")


def failure(
    code: int,
    retryable: bool,
    message: str,
    field: str,
    request_id: str,
    http_status: int,
    cause_code: int,
    cause_category: str,
    cause: str,
) -> Error:
    """The exception of an error of the core."""
    kind = CLASSES[code - 1] if 0 < code <= len(CLASSES) else Error
    return kind(
        message,
        field=UNIT.sub("", field),
        retryable=retryable,
        request_id=request_id,
        http_status=http_status,
        cause=(cause_category, cause_code, cause) if cause_category else None,
    )
