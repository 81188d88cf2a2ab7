"""Lineside: a voice carrier's customer portal inside any program, near (an engine over a database in the process) or
far (a client over HTTPS).

    import lineside

    with lineside.open("calls.db") as portal:
        portal.import_file("cdr.csv.gz", account="acme", progress=True)
        print(portal.series("acme", "asr", "2026-03-01", "2026-03-08").to_pandas())
"""

from typing import TYPE_CHECKING

from . import _core

if not _core.is_main_interpreter():
    raise ImportError("lineside runs in the main interpreter only, not in sub-interpreters")

from . import _values
from ._base import EPOCH, Constant, Money, Page, TimeRange
from ._errors import (
    Cancelled,
    Conflict,
    Error,
    Exhausted,
    InternalError,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    ProtocolError,
    StorageError,
    TimedOut,
    Unauthenticated,
    Unavailable,
)
from ._handle import revision
from ._portal import Portal
from ._server import Server
from ._values import *  # noqa: F403
from ._watch import Watch
from ._webhooks import sign_webhook, verify_webhook

__version__ = _core.version()

open = Portal.open
connect = Portal.connect

__all__ = [
    "EPOCH",
    "AsyncPortal",
    "AsyncWatch",
    "Cancelled",
    "Conflict",
    "Constant",
    "Error",
    "Exhausted",
    "InternalError",
    "InvalidArgument",
    "Money",
    "NotFound",
    "Page",
    "PermissionDenied",
    "Portal",
    "PreconditionFailed",
    "ProtocolError",
    "Server",
    "StorageError",
    "TimeRange",
    "TimedOut",
    "Unauthenticated",
    "Unavailable",
    "Watch",
    "connect",
    "open",
    "revision",
    "sign_webhook",
    "verify_webhook",
]
__all__ += _values.__all__

for _name in __all__:
    _public = globals().get(_name)
    if isinstance(_public, type):
        _public.__module__ = __name__

if TYPE_CHECKING:
    from ._async_portal import AsyncPortal, AsyncWatch
else:

    def __getattr__(name):
        """asyncio costs as much as all else of an import: only who wants it pays."""
        if name not in ("AsyncPortal", "AsyncWatch"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _async_portal

        return getattr(_async_portal, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
