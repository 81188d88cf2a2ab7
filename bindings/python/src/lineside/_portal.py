"""Portals for programs that wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import Any, Self

from . import _calls
from ._base import Request, Timeout, milliseconds, range_of
from ._handle import revision
from ._operations import Operations
from ._progress import telling
from ._types import ExportProgress, Progress, Source, Writer
from ._values import (
    AccessLogQuery,
    CallQuery,
    CellSafety,
    ExportFormat,
    ExportReport,
    ExportSubject,
    Header,
    HeaderRow,
    ImportMode,
    ImportReport,
    Metric,
    RawAnswer,
    RecordFormat,
    RejectedRow,
    Revised,
    Series,
    SeriesQuery,
    Summary,
    SummaryExport,
    SummaryPeriod,
    TimeStep,
    WatchTopic,
)
from ._watch import Watch

# At an engine these may take longer than anybody wants Ctrl-C to wait; all else answers in the calling thread.
LONG = frozenset(
    {
        "import_calls",
        "import_records",
        "import_extensions",
        "export_data",
        "compare_calls",
        "backtest_alert_rule",
        "verify_access_log",
        "run_due_work",
        "get_review",
    }
)

When = datetime | date | str
Exported = CallQuery | SeriesQuery | SummaryExport | AccessLogQuery


def subject(what: Exported) -> ExportSubject:
    match what:
        case SummaryExport():
            return ExportSubject(summary=what)
        case CallQuery():
            return ExportSubject(calls=what)
        case SeriesQuery():
            return ExportSubject(series=what)
        case AccessLogQuery():
            return ExportSubject(access_log=what)


def headers_of(headers: Mapping[str, str]) -> tuple[Header, ...]:
    return tuple(Header(name, value) for name, value in headers.items())


class Portal(Operations):
    """Somebody's view of accounts, calls and their numbers, people, money and number blocks: the operator's, a
    contact's, an API key's or nobody's. `Portal.open` is one over a database in the process, `Portal.connect` one
    over HTTPS.

    Every operation may raise Cancelled, TimedOut, Unauthenticated, PermissionDenied, Unavailable, StorageError,
    Exhausted, InternalError and, at a far portal, ProtocolError; others are named. `timeout` is of the whole call; a
    call with an `idempotency_key` that was made before is that call again, and its answer kept for 24 hours; with
    `if_match`, a value as it was seen or its `revision`, it is done only if the thing still is so. May be used by
    any number of threads.
    """

    __slots__ = ()

    def _run(
        self,
        operation: str,
        request: Request,
        timeout: Timeout,
        *,
        key: str = "",
        if_match: Revised | str = "",
        progress: Progress = None,
        on_rejected: Callable[[RejectedRow], None] | None = None,
    ) -> Any:
        if self._far or operation in LONG:
            return _calls.wait(
                self._starter(operation, request, timeout, key, if_match), request, progress, on_rejected
            )
        seen = if_match if isinstance(if_match, str) else revision(if_match)
        return self._core.call(operation, request, milliseconds(timeout), key, seen)

    def signed_in(
        self, email: str, password: str, *, code: str = "", source_ip: str = "", user_agent: str = ""
    ) -> Self:
        """Signs in and gives the portal of whoever that is. Errors: as sign_in."""
        grant = self.sign_in(email, password=password, code=code, source_ip=source_ip, user_agent=user_agent)
        return self.as_(grant.token, source_ip=source_ip, user_agent=user_agent)

    def series(
        self,
        account: str,
        metric: Metric | str,
        start: When,
        end: When,
        *,
        step: TimeStep | str = TimeStep.HOUR,
        zone: str = "",
        max_points: int = 0,
        timeout: Timeout = None,
    ) -> Series:
        """One metric of one account over time. Times without a zone are in `zone`, or in UTC where that is empty.
        Errors: not_found, invalid_argument.
        """
        return self.query_series(
            account,
            metric=metric,
            range=range_of(start, end, zone),
            step=step,
            zone=zone,
            max_points=max_points,
            timeout=timeout,
        )

    def summary(
        self,
        account: str,
        period: SummaryPeriod | str = SummaryPeriod.LIVE,
        start: When | None = None,
        end: When | None = None,
        *,
        at: datetime | None = None,
        timeout: Timeout = None,
    ) -> Summary:
        """The customer Summary: UTC, the only numbers valid for billing. Errors: not_found, invalid_argument."""
        return self.query_summary(account, period=period, range=range_of(start, end, ""), at=at, timeout=timeout)

    def import_file(
        self,
        path: str | PathLike[str],
        *,
        account: str | None = None,
        format: RecordFormat | str = RecordFormat.DETECT,
        time_zone: str = "",
        source: str = "",
        mode: ImportMode | str = ImportMode.KEEP_GOOD,
        progress: Progress = None,
        on_rejected: Callable[[RejectedRow], None] | None = None,
        timeout: Timeout = None,
    ) -> ImportReport:
        """Reads a file of a switch's call records, compressed or not, and stores the calls: see import_records."""
        return self.import_records(
            path=path,
            account=account,
            format=format,
            time_zone=time_zone,
            source=source,
            mode=mode,
            progress=progress,
            on_rejected=on_rejected,
            timeout=timeout,
        )

    def import_from(
        self,
        reader: Source,
        name: str = "",
        *,
        account: str | None = None,
        format: RecordFormat | str = RecordFormat.DETECT,
        time_zone: str = "",
        source: str = "",
        mode: ImportMode | str = ImportMode.KEEP_GOOD,
        progress: Progress = None,
        on_rejected: Callable[[RejectedRow], None] | None = None,
        timeout: Timeout = None,
    ) -> ImportReport:
        """Reads call records from what is open for reading bytes, or gives bytes one piece after another; for an
        AsyncPortal either may be asynchronous. What reading raises ends the import and is raised here; what is stored
        stays. `name` is for messages. See import_records.
        """
        from ._streams import Feed, pieces_of

        with _calls.while_moving(Feed(pieces_of(reader))) as descriptor:
            return self.import_records(
                name,
                descriptor=descriptor,
                account=account,
                format=format,
                time_zone=time_zone,
                source=source,
                mode=mode,
                progress=progress,
                on_rejected=on_rejected,
                timeout=timeout,
            )

    def export(
        self,
        what: Exported,
        path: str | PathLike[str],
        *,
        format: ExportFormat | str = ExportFormat.CSV,
        safety: CellSafety | str = CellSafety.FORMULA_SAFE,
        header: HeaderRow | str = HeaderRow.PRESENT,
        timeout: Timeout = None,
    ) -> ExportReport:
        """Writes a table of any size to a file, made or written anew. Errors: not_found, invalid_argument, unavailable
        (it could not be written).
        """
        return self.export_data(subject(what), path=path, format=format, safety=safety, header=header, timeout=timeout)

    def export_to(
        self,
        what: Exported,
        writer: Writer,
        *,
        format: ExportFormat | str = ExportFormat.CSV,
        safety: CellSafety | str = CellSafety.FORMULA_SAFE,
        header: HeaderRow | str = HeaderRow.PRESENT,
        progress: ExportProgress = None,
        timeout: Timeout = None,
    ) -> ExportReport:
        """Writes a table of any size to what is open for writing bytes, or to a function that takes them; for an
        AsyncPortal it may be a coroutine. What writing raises ends the export and is raised here. Errors: not_found,
        invalid_argument.
        """
        from ._streams import Drain

        with telling(progress) as tell, _calls.while_moving(Drain(writer, tell)) as descriptor:
            return self.export_data(
                subject(what), descriptor=descriptor, format=format, safety=safety, header=header, timeout=timeout
            )

    def watch(
        self, account: str = "", *, topics: Sequence[WatchTopic | str] = (), contact: str = "", resume: str = ""
    ) -> Watch:
        """What changes in an account; without topics all there are. Asks nothing yet: its first update does, and then
        says what is wrong. `resume`: the position of the last update that was handled.
        """
        request = ("watch_request", account, contact, tuple(topics) or tuple(WatchTopic), resume)
        return Watch(self._core.open_watch(request), resume)

    def send(
        self, method: str, target: str, *, headers: Mapping[str, str] = {}, body: bytes = b"", timeout: Timeout = None
    ) -> RawAnswer:
        """Asks a server what this version of Lineside has no method for, below the base URL: "/v1/accounts/acme". Once;
        an answer of any status is an answer. Of what `connect` gave. Errors: invalid_argument.
        """
        request = ("raw_request", method, target, headers_of(headers), body)
        answer: RawAnswer = _calls.wait(self._starter("send", request, timeout, "", ""), request)
        return answer

    def close(self) -> None:
        """Cancels what is running, waits for it, and closes the engine or client; of a portal of somebody else, nothing
        but that view of it. A server that stands on the portal keeps it open. A second time does nothing."""
        self._shut()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
