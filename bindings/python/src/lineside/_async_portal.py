"""Portals for asyncio, which is imported by whoever asks for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import Any, Self

from . import _events
from ._async_operations import AsyncOperations
from ._base import Request, Timeout, milliseconds, range_of
from ._calls import TAGS
from ._errors import Cancelled
from ._handle import revision
from ._portal import Exported, When, headers_of, subject
from ._progress import telling
from ._types import AsyncSource, ExportProgress, Progress, Writer
from ._values import (
    CellSafety,
    ExportFormat,
    ExportReport,
    HeaderRow,
    ImportMode,
    ImportReport,
    Metric,
    RawAnswer,
    RecordFormat,
    RejectedRow,
    Revised,
    Series,
    Summary,
    SummaryPeriod,
    TimeStep,
    WatchTopic,
    WatchUpdate,
)
from ._watch import WatchBase


class AsyncWatch(WatchBase, AsyncIterator[WatchUpdate]):
    """Waits for updates: `async for update in portal.watch("acme"): ...`"""

    __module__ = "lineside"
    __slots__ = ()

    async def next(self, timeout: Timeout = None) -> WatchUpdate:
        """The next update. What timed out or was cancelled lost nothing: the next call gives the same."""
        return self._seen(self._late or await _events.wait(self._start(timeout), None, late=self._keep))

    async def __anext__(self) -> WatchUpdate:
        try:
            return await self.next()
        except Cancelled:
            if self._closed:
                raise StopAsyncIteration from None
            raise

    async def close(self) -> None:
        """Ends it, and the loop over it. A second time does nothing."""
        self._closed = True
        self._core.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class AsyncPortal(AsyncOperations):
    """A Portal whose operations are coroutines, with the same names and parameters. A task that is cancelled stops its
    call; a write that was cancelled may have had its effect, so make it again with the same `idempotency_key`. May
    be used by any number of event loops.
    """

    __module__ = "lineside"
    __slots__ = ()

    async def _run(
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
        if progress or on_rejected:
            start = self._starter(operation, request, timeout, key, if_match)
            return await _events.wait(start, request, progress, on_rejected)
        # The way of nearly all calls, with nothing on it that is not needed.
        here, tag = _events.hub(), next(TAGS)
        seen = if_match if isinstance(if_match, str) else revision(if_match)
        self._core.start(operation, request, milliseconds(timeout), key, seen, here.queue, tag)
        future = here.calls[tag] = asyncio.get_running_loop().create_future()
        try:
            return await future
        except BaseException:
            here.abandon(tag, request)
            raise

    async def signed_in(
        self, email: str, password: str, *, code: str = "", source_ip: str = "", user_agent: str = ""
    ) -> Self:
        """Signs in and gives the portal of whoever that is. Errors: as sign_in."""
        grant = await self.sign_in(email, password=password, code=code, source_ip=source_ip, user_agent=user_agent)
        return self.as_(grant.token, source_ip=source_ip, user_agent=user_agent)

    async def series(
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
        return await self.query_series(
            account,
            metric=metric,
            range=range_of(start, end, zone),
            step=step,
            zone=zone,
            max_points=max_points,
            timeout=timeout,
        )

    async def summary(
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
        return await self.query_summary(account, period=period, range=range_of(start, end, ""), at=at, timeout=timeout)

    async def import_file(
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
        return await self.import_records(
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

    async def import_from(
        self,
        reader: AsyncSource,
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
        from ._async_streams import feed

        return await feed(
            reader,
            lambda descriptor: self.import_records(
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
            ),
        )

    async def export(
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
        return await self.export_data(
            subject(what), path=path, format=format, safety=safety, header=header, timeout=timeout
        )

    async def export_to(
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
        from ._async_streams import drain

        with telling(progress) as tell:
            return await drain(
                writer,
                tell,
                lambda descriptor: self.export_data(
                    subject(what), descriptor=descriptor, format=format, safety=safety, header=header, timeout=timeout
                ),
            )

    def watch(
        self, account: str = "", *, topics: Sequence[WatchTopic | str] = (), contact: str = "", resume: str = ""
    ) -> AsyncWatch:
        """What changes in an account; without topics all there are. Asks nothing yet: its first update does, and then
        says what is wrong. `resume`: the position of the last update that was handled.
        """
        request = ("watch_request", account, contact, tuple(topics) or tuple(WatchTopic), resume)
        return AsyncWatch(self._core.open_watch(request), resume)

    async def send(
        self, method: str, target: str, *, headers: Mapping[str, str] = {}, body: bytes = b"", timeout: Timeout = None
    ) -> RawAnswer:
        """Asks a server what this version of Lineside has no method for, below the base URL: "/v1/accounts/acme". Once;
        an answer of any status is an answer. Of what `connect` gave. Errors: invalid_argument.
        """
        request = ("raw_request", method, target, headers_of(headers), body)
        answer: RawAnswer = await _events.wait(self._starter("send", request, timeout, "", ""), request)
        return answer

    async def close(self) -> None:
        """Cancels what is running, waits for it, and closes the engine or client; of a portal of somebody else, nothing
        but that view of it. A server that stands on the portal keeps it open. A second time does nothing."""
        await asyncio.to_thread(self._shut)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
