"""Every operation of a portal, for asyncio. bindings/generate.py writes this file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

from ._base import (
    EPOCH,
    MOST_REJECTED,
    Money,
    Page,
    Request,
    Timeout,
    TimeRange,
    database_of,
    whole,
)
from ._handle import Handle
from ._types import Clock, Mailer, Progress, Refresh, Texter, Traceparent, is_wanted
from ._values import (
    AccessEntry,
    AccessLogVerdict,
    Account,
    AccountStatus,
    Admission,
    AlertArea,
    AlertBacktest,
    AlertEvent,
    AlertOperator,
    AlertRule,
    AlertTest,
    AlertTestDelivery,
    ApiKey,
    ApiKeyGrant,
    AttemptCoverage,
    Balance,
    Branding,
    Call,
    CallDirection,
    CallEvent,
    CallEventReport,
    CallFilter,
    CallOrder,
    CellSafety,
    ChannelStatus,
    Checklist,
    ClientProxy,
    ClientRetries,
    ClientTimeouts,
    ClientTls,
    Contact,
    ContactAddress,
    ContactStatus,
    Delivery,
    DeliveryStatus,
    DisputePopulation,
    DisputeReport,
    DisputeSide,
    DisputeTolerance,
    EngineChannels,
    EngineIdentity,
    EngineLive,
    EngineMoney,
    EngineStorage,
    EngineWebhooks,
    Explanation,
    ExportFormat,
    ExportReport,
    ExportSubject,
    Extension,
    ExtensionImportReport,
    ExtensionImportRow,
    HeaderRow,
    Identity,
    ImportMode,
    ImportReport,
    Layout,
    LiveCall,
    LiveCallFilter,
    LiveSnapshotReport,
    Metric,
    NumberBlock,
    Numbering,
    NumberOwner,
    NumberRange,
    Payment,
    PaymentStatus,
    Permission,
    PlainHttp,
    Preconditions,
    QuietHours,
    RecordFormat,
    RecoveryCodes,
    RejectedRow,
    ReleaseExtensions,
    Review,
    Revised,
    Role,
    SelectionStatistics,
    Series,
    ServerLimits,
    ServerTls,
    Session,
    SessionGrant,
    Severity,
    SignOutReport,
    SignOutScope,
    Summary,
    SummaryColumn,
    SummaryPeriod,
    SummaryQuery,
    TimeStep,
    TwoFactorEnrolment,
    Utilisation,
    VerificationSent,
    Webhook,
    WebhookGrant,
    Widget,
    WorkReport,
)

if TYPE_CHECKING:
    from ._server import Server


class AsyncOperations(Handle):
    """Every operation of a portal, as coroutines."""

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
        raise NotImplementedError

    @classmethod
    def open(
        cls,
        path: str | PathLike[str] = "",
        *,
        storage: EngineStorage | None = None,
        threads: int = 2,
        identity: EngineIdentity | None = None,
        channels: EngineChannels | None = None,
        money: EngineMoney | None = None,
        webhooks: EngineWebhooks | None = None,
        live: EngineLive | None = None,
        mailer: Mailer = None,
        texter: Texter = None,
        clock: Clock = None,
    ) -> Self:
        """Opens a database in the process, and creates or migrates it where needed; without a path it lies in memory.
        The portal is the operator's: it sees every account. One engine owns a file at a time. What an operation
        acknowledged survives a kill of the process. `mailer` and `texter` are how it reaches people: they run on
        the thread of the operation, and what they raise makes it fail with Unavailable. `clock` is the time it
        goes by instead of the system's: for tests. Errors: invalid_argument, unavailable (in use by another
        engine), precondition_failed (written by a newer Lineside), storage.
        """
        return cls._open_engine(
            ("engine_options", database_of(path), storage, threads, identity, channels, money, webhooks, live),
            mailer, texter, clock,
        )

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        token: str = "",
        host_agent: str = "",
        tls: ClientTls | None = None,
        proxy: ClientProxy | None = None,
        retries: ClientRetries | None = None,
        timeouts: ClientTimeouts | None = None,
        connections: int = 64,
        plain: PlainHttp | str = PlainHttp.TO_LOOPBACK,
        log: bool = False,
        refresh: Refresh = None,
        traceparent: Traceparent = None,
    ) -> Self:
        """A portal far away: over HTTPS, at a server. Asks nothing yet. Calls after 408, 429, 502, 503, 504 and lost
        connections are made again where a second time comes to the same. `log`: each attempt goes to the logger
        lineside.client. `refresh` gives another token when the server no longer knows the present one, or None; it
        is asked on a thread of the client. `traceparent` gives the W3C Trace Context of the next call, or None, on
        the thread that calls. Errors: invalid_argument.
        """
        return cls._open_client(
            ("client_options", url, token, host_agent, tls, proxy, retries, timeouts, connections, plain), log,
            refresh, traceparent,
        )

    def serve(
        self,
        listen: str = "127.0.0.1:0",
        *,
        tls: ServerTls | None = None,
        plain: PlainHttp | str = PlainHttp.TO_LOOPBACK,
        admin: str = "",
        web_directory: str = "",
        threads: int = 1,
        limits: ServerLimits | None = None,
        operator_token: str = "",
        trusted_proxies: Sequence[str] = (),
        allowed_origins: Sequence[str] = (),
        updates: Preconditions | str = Preconditions.OPTIONAL,
        log: bool = False,
    ) -> Server:
        """Puts this portal on HTTP and WebSocket, on threads of its own from here on: a server over a client is a
        proxy. The server keeps the portal open. `log`: each request goes to the logger lineside.server. Errors:
        invalid_argument (options, certificate, key), unavailable (the address is in use).
        """
        return self._serve(
            ("server_options", listen, tls, plain, admin, web_directory, threads, limits, operator_token,
            trusted_proxies, allowed_origins, updates), log,
        )

    async def create_account(
        self,
        value: Account | None = None,
        /,
        *,
        id: str = "",
        name: str = "",
        currency: str = "",
        time_zone: str = "UTC",
        channel_limit: int | None = None,
        created_at: datetime = EPOCH,
        contact_name: str = "",
        debit_limit: Money | None = None,
        tax: str = "",
        paypal: str = "",
        language: str = "en",
        status: AccountStatus | str = AccountStatus.ACTIVE,
        withheld: Sequence[Permission | str] = (),
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Account:
        """Creates an account. `id` and, where given, `currency` and `time_zone` are checked; `created_at` is set.
        Errors: invalid_argument, conflict (the id is taken). Takes the value, or its members.
        """
        answer: Account = await self._run(
            "create_account", whole("account", Account, value, (id, name, currency, time_zone, channel_limit,
            created_at, contact_name, debit_limit, tax, paypal, language, status, withheld)), timeout,
            key=idempotency_key,
        )
        return answer

    async def get_account(
        self,
        account: str = "",
        *,
        timeout: Timeout = None,
    ) -> Account:
        """One account. Errors: not_found."""
        answer: Account = await self._run(
            "get_account", ("text", account), timeout,
        )
        return answer

    async def update_account(
        self,
        account: str = "",
        *,
        name: str | None = None,
        time_zone: str | None = None,
        channel_limit: int | None = None,
        no_channel_limit: bool = False,
        contact_name: str | None = None,
        debit_limit: Money | None = None,
        tax: str | None = None,
        paypal: str | None = None,
        language: str | None = None,
        status: AccountStatus | str | None = None,
        withheld: Sequence[Permission | str] | None = None,
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Account:
        """Changes what the operator may change of an account. Errors: not_found, invalid_argument."""
        answer: Account = await self._run(
            "update_account", ("account_update_request", account, name, time_zone, channel_limit, no_channel_limit,
            contact_name, debit_limit, tax, paypal, language, status, withheld), timeout, if_match=if_match,
        )
        return answer

    async def list_accounts(
        self,
        cursor: str = "",
        *,
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Account]:
        """Accounts in the order of their ids."""
        answer: Page[Account] = await self._run(
            "list_accounts", ("account_query", cursor, limit), timeout,
        )
        return answer

    async def accounts(
        self,
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Account]:
        """All that list_accounts lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_accounts(
                cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def import_calls(
        self,
        calls: Sequence[Call] = (),
        *,
        coverage: AttemptCoverage | str = AttemptCoverage.ALL_ATTEMPTS,
        timeout: Timeout = None,
    ) -> ImportReport:
        """Stores calls the host has as values: one transaction, all or nothing; on return they survive a kill of the
        process. A call stored before is a duplicate, or restates what differs. Errors: invalid_argument (names the
        call and field).
        """
        answer: ImportReport = await self._run(
            "import_calls", ("call_import_request", calls, coverage), timeout,
        )
        return answer

    async def import_records(
        self,
        name: str = "",
        *,
        format: RecordFormat | str = RecordFormat.DETECT,
        account: str | None = None,
        account_from: str = "",
        time_zone: str = "",
        source: str = "",
        fields: str = "",
        currency: str = "",
        coverage: AttemptCoverage | str = AttemptCoverage.ALL_ATTEMPTS,
        mode: ImportMode | str = ImportMode.KEEP_GOOD,
        path: str | PathLike[str] = "",
        descriptor: int | None = None,
        data: bytes | None = None,
        on_rejected: Callable[[RejectedRow], None] | None = None,
        progress: Progress = None,
        timeout: Timeout = None,
    ) -> ImportReport:
        """Reads a stream of a switch's call records and stores the calls, one transaction after another; what is
        stored stays when the import is cancelled, and importing the same stream again goes on and counts nothing
        twice. Errors: invalid_argument (format not recognised, zone needed, strict mode's first bad row),
        unavailable.
        """
        answer: ImportReport = await self._run(
            "import_records", ("record_import_request", name, format, account, account_from, time_zone, source,
            fields, currency, coverage, mode, path, descriptor, data, MOST_REJECTED if on_rejected else 0,
            is_wanted(progress)), timeout, on_rejected=on_rejected, progress=progress,
        )
        return answer

    async def query_calls(
        self,
        account: str = "",
        *,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        filter: CallFilter | str = CallFilter.ALL,
        number: str = "",
        order: CallOrder | str = CallOrder.OLDEST_FIRST,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Call]:
        """Calls of one account. Errors: not_found, invalid_argument."""
        answer: Page[Call] = await self._run(
            "query_calls", ("call_query", account, range, filter, number, order, cursor, limit), timeout,
        )
        return answer

    async def calls(
        self,
        account: str = "",
        *,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        filter: CallFilter | str = CallFilter.ALL,
        number: str = "",
        order: CallOrder | str = CallOrder.OLDEST_FIRST,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Call]:
        """All that query_calls lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.query_calls(
                account=account, range=range, filter=filter, number=number, order=order, cursor=cursor,
                limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def query_series(
        self,
        account: str = "",
        *,
        metric: Metric | str = Metric.ATTEMPTS,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        step: TimeStep | str = TimeStep.HOUR,
        zone: str = "",
        max_points: int = 0,
        timeout: Timeout = None,
    ) -> Series:
        """One metric of one account over time. Errors: not_found, invalid_argument."""
        answer: Series = await self._run(
            "query_series", ("series_query", account, metric, range, step, zone, max_points), timeout,
        )
        return answer

    async def query_summary(
        self,
        account: str = "",
        *,
        period: SummaryPeriod | str = SummaryPeriod.LIVE,
        at: datetime | None = None,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        timeout: Timeout = None,
    ) -> Summary:
        """The customer Summary: UTC, the only numbers valid for billing. Errors: not_found, invalid_argument."""
        answer: Summary = await self._run(
            "query_summary", ("summary_query", account, period, at, range), timeout,
        )
        return answer

    async def query_statistics(
        self,
        summary: SummaryQuery | None = None,
        *,
        column: SummaryColumn | str = SummaryColumn.ATTEMPTS,
        first_row: int = 0,
        last_row: int | None = None,
        timeout: Timeout = None,
    ) -> SelectionStatistics:
        """Sum and both averages of a selection of Summary cells. Errors: not_found, invalid_argument."""
        answer: SelectionStatistics = await self._run(
            "query_statistics", ("statistics_query", summary, column, first_row, last_row), timeout,
        )
        return answer

    async def explain(
        self,
        account: str = "",
        *,
        metric: Metric | str = Metric.ASR,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Explanation:
        """Why a number is what it is. Errors: not_found, invalid_argument."""
        answer: Explanation = await self._run(
            "explain", ("explanation_query", account, metric, range, limit), timeout,
        )
        return answer

    async def export_data(
        self,
        what: ExportSubject | None = None,
        *,
        format: ExportFormat | str = ExportFormat.CSV,
        safety: CellSafety | str = CellSafety.FORMULA_SAFE,
        header: HeaderRow | str = HeaderRow.PRESENT,
        path: str | PathLike[str] = "",
        descriptor: int | None = None,
        timeout: Timeout = None,
    ) -> ExportReport:
        """Writes a table of any size piece by piece. Errors: not_found, invalid_argument, unavailable (it could not
        be written).
        """
        answer: ExportReport = await self._run(
            "export_data", ("data_export_request", what, format, safety, header, path, descriptor), timeout,
        )
        return answer

    async def create_contact(
        self,
        account: str = "",
        *,
        name: str = "",
        email: str = "",
        department: str = "",
        phone: str = "",
        mobile: str = "",
        language: str = "",
        time_zone: str = "",
        role: Role | str = Role.VIEWER,
        grants: Sequence[Permission | str] = (),
        denials: Sequence[Permission | str] = (),
        allowed_ips: Sequence[str] = (),
        password: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Contact:
        """Adds a contact; gives it at most what the asker may do. Errors: not_found, invalid_argument, conflict (the
        e-mail is a login already).
        """
        answer: Contact = await self._run(
            "create_contact", ("contact_create_request", account, name, email, department, phone, mobile, language,
            time_zone, role, grants, denials, allowed_ips, password), timeout, key=idempotency_key,
        )
        return answer

    async def get_contact(
        self,
        account: str = "",
        *,
        contact: str = "",
        timeout: Timeout = None,
    ) -> Contact:
        """One contact. Errors: not_found."""
        answer: Contact = await self._run(
            "get_contact", ("contact_key", account, contact), timeout,
        )
        return answer

    async def list_contacts(
        self,
        account: str = "",
        *,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Contact]:
        """Contacts of an account, oldest first. Errors: not_found."""
        answer: Page[Contact] = await self._run(
            "list_contacts", ("contact_query", account, cursor, limit), timeout,
        )
        return answer

    async def contacts(
        self,
        account: str = "",
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Contact]:
        """All that list_contacts lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_contacts(
                account=account, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def update_contact(
        self,
        account: str = "",
        *,
        contact: str = "",
        role: Role | str | None = None,
        grants: Sequence[Permission | str] | None = None,
        denials: Sequence[Permission | str] | None = None,
        allowed_ips: Sequence[str] | None = None,
        status: ContactStatus | str | None = None,
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Contact:
        """Changes role, overrides, allow-list or status. The last administrator cannot be taken away by a contact;
        disabling ends the contact's sessions. Errors: not_found, invalid_argument, permission_denied, conflict.
        """
        answer: Contact = await self._run(
            "update_contact", ("contact_update_request", account, contact, role, grants, denials, allowed_ips,
            status), timeout, if_match=if_match,
        )
        return answer

    async def get_profile(
        self,
        account: str = "",
        *,
        contact: str = "",
        timeout: Timeout = None,
    ) -> Contact:
        """The asker's own profile; of the operator: the one of `contact`. Errors: not_found."""
        answer: Contact = await self._run(
            "get_profile", ("contact_key", account, contact), timeout,
        )
        return answer

    async def update_profile(
        self,
        account: str = "",
        *,
        contact: str = "",
        name: str | None = None,
        email: str | None = None,
        department: str | None = None,
        phone: str | None = None,
        mobile: str | None = None,
        password: str = "",
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Contact:
        """Changes the five fields a contact may edit. Errors: invalid_argument, conflict, unauthenticated (the
        password).
        """
        answer: Contact = await self._run(
            "update_profile", ("profile_update_request", account, contact, name, email, department, phone, mobile,
            password), timeout, if_match=if_match,
        )
        return answer

    async def set_preferences(
        self,
        account: str = "",
        *,
        contact: str = "",
        language: str | None = None,
        time_zone: str | None = None,
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Contact:
        """Changes the asker's language and time zone. Errors: invalid_argument."""
        answer: Contact = await self._run(
            "set_preferences", ("preferences_set_request", account, contact, language, time_zone), timeout,
            if_match=if_match,
        )
        return answer

    async def send_verification(
        self,
        account: str = "",
        *,
        contact: str = "",
        address: ContactAddress | str = ContactAddress.EMAIL,
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> VerificationSent:
        """Sends a code to the pending or present e-mail address, or to the mobile. Errors: invalid_argument (there is
        no such address), exhausted (one a minute), unavailable (it could not be sent).
        """
        answer: VerificationSent = await self._run(
            "send_verification", ("verification_send_request", account, contact, address), timeout,
            key=idempotency_key,
        )
        return answer

    async def verify_contact(
        self,
        account: str = "",
        *,
        contact: str = "",
        address: ContactAddress | str = ContactAddress.EMAIL,
        code: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Contact:
        """Verifies an address by the code that was sent to it. Errors: invalid_argument (the code is wrong, used or
        old), conflict (somebody else verified the address first).
        """
        answer: Contact = await self._run(
            "verify_contact", ("contact_verify_request", account, contact, address, code), timeout,
            key=idempotency_key,
        )
        return answer

    async def sign_in(
        self,
        email: str = "",
        *,
        password: str = "",
        code: str = "",
        source_ip: str = "",
        user_agent: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> SessionGrant:
        """Checks a login. The answer and its time are the same for an unknown login and a wrong password. Errors:
        unauthenticated (field "code": the password is right and a code is needed), exhausted (too many attempts:
        the message says how long to wait).
        """
        answer: SessionGrant = await self._run(
            "sign_in", ("session_sign_in_request", email, password, code, source_ip, user_agent), timeout,
            key=idempotency_key,
        )
        return answer

    async def sign_out(
        self,
        account: str = "",
        *,
        contact: str = "",
        scope: SignOutScope | str = SignOutScope.CURRENT,
        session: str = "",
        timeout: Timeout = None,
    ) -> SignOutReport:
        """Ends sessions at once. Errors: not_found."""
        answer: SignOutReport = await self._run(
            "sign_out", ("session_sign_out_request", account, contact, scope, session), timeout,
        )
        return answer

    async def list_sessions(
        self,
        account: str = "",
        *,
        contact: str = "",
        timeout: Timeout = None,
    ) -> Page[Session]:
        """Live sessions of the asker; of the operator: of `contact`. Errors: not_found."""
        answer: Page[Session] = await self._run(
            "list_sessions", ("contact_key", account, contact), timeout,
        )
        return answer

    async def who_am_i(
        self,
        *,
        timeout: Timeout = None,
    ) -> Identity:
        """Whose portal this is and what it may do."""
        answer: Identity = await self._run(
            "who_am_i", ("identity_query",), timeout,
        )
        return answer

    async def change_password(
        self,
        account: str = "",
        *,
        contact: str = "",
        old_password: str = "",
        new_password: str = "",
        sign_out: SignOutScope | str = SignOutScope.OTHERS,
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> None:
        """Changes the asker's own password. Errors: unauthenticated (the old password), invalid_argument (the new
        one, and why).
        """
        await self._run(
            "change_password", ("password_change_request", account, contact, old_password, new_password, sign_out),
            timeout, key=idempotency_key,
        )

    async def set_password(
        self,
        account: str = "",
        *,
        contact: str = "",
        password: str = "",
        timeout: Timeout = None,
    ) -> None:
        """Gives a contact a password and ends its sessions. Errors: not_found, invalid_argument."""
        await self._run(
            "set_password", ("password_set_request", account, contact, password), timeout,
        )

    async def request_password_reset(
        self,
        email: str = "",
        *,
        source_ip: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> None:
        """Mails the means to choose a new password to a login, if there is one. Errors: exhausted (too many
        requests), unavailable (there is no mailer).
        """
        await self._run(
            "request_password_reset", ("password_reset_begin_request", email, source_ip), timeout,
            key=idempotency_key,
        )

    async def reset_password(
        self,
        token: str = "",
        *,
        new_password: str = "",
        code: str = "",
        source_ip: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> None:
        """Chooses a new password by what was mailed. Ends every session of the contact. Errors: unauthenticated (the
        token or code), invalid_argument (the password).
        """
        await self._run(
            "reset_password", ("password_reset_finish_request", token, new_password, code, source_ip), timeout,
            key=idempotency_key,
        )

    async def enrol_two_factor(
        self,
        account: str = "",
        *,
        contact: str = "",
        password: str = "",
        code: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> TwoFactorEnrolment:
        """Begins to set up two-factor. Errors: unauthenticated (the password, or the code where two-factor is on)."""
        answer: TwoFactorEnrolment = await self._run(
            "enrol_two_factor", ("two_factor_request", account, contact, password, code), timeout,
            key=idempotency_key,
        )
        return answer

    async def confirm_two_factor(
        self,
        account: str = "",
        *,
        contact: str = "",
        code: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> RecoveryCodes:
        """Turns two-factor on. Errors: unauthenticated (the code), conflict (nothing was enrolled)."""
        answer: RecoveryCodes = await self._run(
            "confirm_two_factor", ("two_factor_confirm_request", account, contact, code), timeout,
            key=idempotency_key,
        )
        return answer

    async def disable_two_factor(
        self,
        account: str = "",
        *,
        contact: str = "",
        password: str = "",
        code: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> None:
        """Turns two-factor off. Errors: unauthenticated (the password or code)."""
        await self._run(
            "disable_two_factor", ("two_factor_request", account, contact, password, code), timeout,
            key=idempotency_key,
        )

    async def renew_recovery_codes(
        self,
        account: str = "",
        *,
        contact: str = "",
        password: str = "",
        code: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> RecoveryCodes:
        """Makes new recovery codes; the old ones are void. Errors: unauthenticated (the password or code), conflict
        (two-factor is off).
        """
        answer: RecoveryCodes = await self._run(
            "renew_recovery_codes", ("two_factor_request", account, contact, password, code), timeout,
            key=idempotency_key,
        )
        return answer

    async def create_key(
        self,
        account: str = "",
        *,
        name: str = "",
        scopes: Sequence[Permission | str] = (),
        expires_at: datetime | None = None,
        password: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> ApiKeyGrant:
        """Makes an API key. Errors: unauthenticated (the password), permission_denied (a scope the asker lacks),
        invalid_argument.
        """
        answer: ApiKeyGrant = await self._run(
            "create_key", ("api_key_create_request", account, name, scopes, expires_at, password), timeout,
            key=idempotency_key,
        )
        return answer

    async def list_keys(
        self,
        account: str = "",
        *,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[ApiKey]:
        """API keys of an account, oldest first."""
        answer: Page[ApiKey] = await self._run(
            "list_keys", ("api_key_query", account, cursor, limit), timeout,
        )
        return answer

    async def keys(
        self,
        account: str = "",
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[ApiKey]:
        """All that list_keys lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_keys(
                account=account, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def rotate_key(
        self,
        account: str = "",
        *,
        key: str = "",
        overlap: timedelta = timedelta(milliseconds=86400000),
        password: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> ApiKeyGrant:
        """Gives a key a new secret; the old one works until the overlap ends. Errors: not_found, unauthenticated,
        conflict.
        """
        answer: ApiKeyGrant = await self._run(
            "rotate_key", ("api_key_rotate_request", account, key, overlap, password), timeout, key=idempotency_key,
        )
        return answer

    async def revoke_key(
        self,
        account: str = "",
        *,
        key: str = "",
        timeout: Timeout = None,
    ) -> None:
        """Ends a key at once. Errors: not_found."""
        await self._run(
            "revoke_key", ("api_key_revoke_request", account, key), timeout,
        )

    async def get_checklist(
        self,
        account: str = "",
        *,
        contact: str = "",
        language: str = "",
        timeout: Timeout = None,
    ) -> Checklist:
        """What waits for the customer, computed now. Errors: not_found."""
        answer: Checklist = await self._run(
            "get_checklist", ("checklist_query", account, contact, language), timeout,
        )
        return answer

    async def get_layout(
        self,
        account: str = "",
        *,
        contact: str = "",
        timeout: Timeout = None,
    ) -> Layout:
        """The asker's layout, or the default. Errors: not_found."""
        answer: Layout = await self._run(
            "get_layout", ("layout_query", account, contact), timeout,
        )
        return answer

    async def set_layout(
        self,
        value: Layout | None = None,
        /,
        *,
        account: str = "",
        contact: str = "",
        widgets: Sequence[Widget] = (),
        customised: bool = False,
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Layout:
        """Changes the asker's layout. Errors: invalid_argument. Takes the value, or its members."""
        answer: Layout = await self._run(
            "set_layout", whole("layout", Layout, value, (account, contact, widgets, customised)), timeout,
            if_match=if_match,
        )
        return answer

    async def reset_layout(
        self,
        account: str = "",
        *,
        contact: str = "",
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Layout:
        """Gives the asker's layout back its default."""
        answer: Layout = await self._run(
            "reset_layout", ("layout_query", account, contact), timeout, if_match=if_match,
        )
        return answer

    async def set_branding(
        self,
        value: Branding | None = None,
        /,
        *,
        domain: str = "",
        name: str = "",
        logo_url: str = "",
        text_colour: str = "",
        background_colour: str = "",
        accent_colour: str = "",
        support_name: str = "",
        support_email: str = "",
        support_phone: str = "",
        languages: Sequence[str] = (),
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Branding:
        """Says how the portal of a domain looks. Errors: invalid_argument (also too little contrast). Takes the
        value, or its members.
        """
        answer: Branding = await self._run(
            "set_branding", whole("branding", Branding, value, (domain, name, logo_url, text_colour,
            background_colour, accent_colour, support_name, support_email, support_phone, languages)), timeout,
            if_match=if_match,
        )
        return answer

    async def get_branding(
        self,
        domain: str = "",
        *,
        timeout: Timeout = None,
    ) -> Branding:
        """How the portal of a domain looks; the default where none is set."""
        answer: Branding = await self._run(
            "get_branding", ("branding_key", domain), timeout,
        )
        return answer

    async def list_brandings(
        self,
        cursor: str = "",
        *,
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Branding]:
        """Brandings in the order of their domains."""
        answer: Page[Branding] = await self._run(
            "list_brandings", ("branding_query", cursor, limit), timeout,
        )
        return answer

    async def brandings(
        self,
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Branding]:
        """All that list_brandings lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_brandings(
                cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def list_payments(
        self,
        account: str = "",
        *,
        status: PaymentStatus | str | None = None,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Payment]:
        """Payments of an account, newest first. Errors: not_found."""
        answer: Page[Payment] = await self._run(
            "list_payments", ("payment_query", account, status, cursor, limit), timeout,
        )
        return answer

    async def payments(
        self,
        account: str = "",
        *,
        status: PaymentStatus | str | None = None,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Payment]:
        """All that list_payments lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_payments(
                account=account, status=status, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def create_payment(
        self,
        account: str = "",
        *,
        total: Money | None = None,
        status: PaymentStatus | str = PaymentStatus.PENDING,
        method: str = "",
        description: str = "",
        reference: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Payment:
        """Records a payment. Errors: not_found, invalid_argument, conflict (another currency, a reference of another
        payment).
        """
        answer: Payment = await self._run(
            "create_payment", ("payment_create_request", account, total, status, method, description, reference),
            timeout, key=idempotency_key,
        )
        return answer

    async def announce_transfer(
        self,
        account: str = "",
        *,
        total: Money | None = None,
        description: str = "",
        reference: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Payment:
        """Records a customer's bank transfer that is on its way. Errors: not_found, invalid_argument, conflict."""
        answer: Payment = await self._run(
            "announce_transfer", ("transfer_announce_request", account, total, description, reference), timeout,
            key=idempotency_key,
        )
        return answer

    async def complete_payment(
        self,
        account: str = "",
        *,
        payment: str = "",
        timeout: Timeout = None,
    ) -> Payment:
        """Completes a payment: counts it in the balance, once. Errors: not_found, conflict (it was cancelled)."""
        answer: Payment = await self._run(
            "complete_payment", ("payment_key", account, payment), timeout,
        )
        return answer

    async def cancel_payment(
        self,
        account: str = "",
        *,
        payment: str = "",
        timeout: Timeout = None,
    ) -> Payment:
        """Cancels a payment. Errors: not_found, conflict (it was completed)."""
        answer: Payment = await self._run(
            "cancel_payment", ("payment_key", account, payment), timeout,
        )
        return answer

    async def get_balance(
        self,
        account: str = "",
        *,
        timeout: Timeout = None,
    ) -> Balance:
        """What is left, and what live calls are using up. Errors: not_found."""
        answer: Balance = await self._run(
            "get_balance", ("balance_query", account), timeout,
        )
        return answer

    async def report_call_events(
        self,
        events: Sequence[CallEvent] = (),
        *,
        timeout: Timeout = None,
    ) -> CallEventReport:
        """Events of calls in progress: one transaction, all or nothing. Errors: invalid_argument (names the event),
        exhausted.
        """
        answer: CallEventReport = await self._run(
            "report_call_events", ("call_event_send_request", events), timeout,
        )
        return answer

    async def report_live_calls(
        self,
        source: str = "",
        *,
        account: str | None = None,
        at: datetime | None = None,
        calls: Sequence[LiveCall] = (),
        timeout: Timeout = None,
    ) -> LiveSnapshotReport:
        """Brings the live calls of a source into line with what it says it has. Errors: invalid_argument."""
        answer: LiveSnapshotReport = await self._run(
            "report_live_calls", ("live_call_reconcile_request", source, account, at, calls), timeout,
        )
        return answer

    async def admit_call(
        self,
        account: str = "",
        *,
        source: str = "",
        call_id: str = "",
        branch: str = "",
        at: datetime | None = None,
        cli: str = "",
        destination: str = "",
        direction: CallDirection | str = CallDirection.UNKNOWN,
        rate: Money | None = None,
        timeout: Timeout = None,
    ) -> Admission:
        """Asks whether a call may start; it then occupies a channel. Errors: not_found, invalid_argument, exhausted
        (more live calls than the engine keeps).
        """
        answer: Admission = await self._run(
            "admit_call", ("call_admit_request", account, source, call_id, branch, at, cli, destination, direction,
            rate), timeout,
        )
        return answer

    async def get_channels(
        self,
        account: str = "",
        *,
        timeout: Timeout = None,
    ) -> ChannelStatus:
        """Channels in use and configured. Errors: not_found."""
        answer: ChannelStatus = await self._run(
            "get_channels", ("channels_query", account), timeout,
        )
        return answer

    async def list_live_calls(
        self,
        account: str = "",
        *,
        filter: LiveCallFilter | str = LiveCallFilter.IN_USE,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[LiveCall]:
        """Calls in progress, oldest first. Errors: not_found."""
        answer: Page[LiveCall] = await self._run(
            "list_live_calls", ("live_call_query", account, filter, cursor, limit), timeout,
        )
        return answer

    async def live_calls(
        self,
        account: str = "",
        *,
        filter: LiveCallFilter | str = LiveCallFilter.IN_USE,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[LiveCall]:
        """All that list_live_calls lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_live_calls(
                account=account, filter=filter, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def set_numbering(
        self,
        value: Numbering | None = None,
        /,
        *,
        range_start: str = "1000",
        block_size: int = 1_000,
        rest_days: int = 30,
        reserved: Sequence[NumberRange] = (),
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> Numbering:
        """Changes the operator's rules for internal numbers. Errors: invalid_argument, conflict (a reserved range
        holds live extensions). Takes the value, or its members.
        """
        answer: Numbering = await self._run(
            "set_numbering", whole("numbering", Numbering, value, (range_start, block_size, rest_days, reserved)),
            timeout, if_match=if_match,
        )
        return answer

    async def get_numbering(
        self,
        *,
        timeout: Timeout = None,
    ) -> Numbering:
        """The operator's rules for internal numbers."""
        answer: Numbering = await self._run(
            "get_numbering", ("numbering_query",), timeout,
        )
        return answer

    async def add_block(
        self,
        account: str = "",
        *,
        size: int | None = None,
        request_id: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> NumberBlock:
        """Assigns the next available block. Errors: not_found, exhausted (no block is left), invalid_argument."""
        answer: NumberBlock = await self._run(
            "add_block", ("number_block_add_request", account, size, request_id), timeout, key=idempotency_key,
        )
        return answer

    async def claim_block(
        self,
        account: str = "",
        *,
        range: NumberRange | None = None,
        request_id: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> NumberBlock:
        """Assigns this range. Errors: not_found, invalid_argument, conflict (and with what)."""
        answer: NumberBlock = await self._run(
            "claim_block", ("number_block_claim_request", account, range, request_id), timeout, key=idempotency_key,
        )
        return answer

    async def release_block(
        self,
        account: str = "",
        *,
        block: str = "",
        extensions: ReleaseExtensions | str = ReleaseExtensions.REFUSE,
        timeout: Timeout = None,
    ) -> None:
        """Gives a block back. Errors: not_found, conflict (live extensions inside)."""
        await self._run(
            "release_block", ("number_block_release_request", account, block, extensions), timeout,
        )

    async def transfer_block(
        self,
        account: str = "",
        *,
        block: str = "",
        to: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> NumberBlock:
        """Gives a block to another account. Errors: not_found, conflict."""
        answer: NumberBlock = await self._run(
            "transfer_block", ("number_block_transfer_request", account, block, to), timeout, key=idempotency_key,
        )
        return answer

    async def list_blocks(
        self,
        account: str = "",
        *,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[NumberBlock]:
        """Number blocks of an account, by range. Errors: not_found."""
        answer: Page[NumberBlock] = await self._run(
            "list_blocks", ("number_block_query", account, cursor, limit), timeout,
        )
        return answer

    async def blocks(
        self,
        account: str = "",
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[NumberBlock]:
        """All that list_blocks lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_blocks(
                account=account, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def claim_extension(
        self,
        account: str = "",
        *,
        number: str = "",
        contact: str = "",
        request_id: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Extension:
        """Assigns an extension: a number, or the lowest that is free. Errors: not_found, invalid_argument, conflict
        (and why, in words), exhausted (no number is free).
        """
        answer: Extension = await self._run(
            "claim_extension", ("extension_claim_request", account, number, contact, request_id), timeout,
            key=idempotency_key,
        )
        return answer

    async def release_extension(
        self,
        account: str = "",
        *,
        number: str = "",
        timeout: Timeout = None,
    ) -> None:
        """Gives an extension back. The number rests before it can be used again. Errors: not_found."""
        await self._run(
            "release_extension", ("extension_key", account, number), timeout,
        )

    async def transfer_extension(
        self,
        account: str = "",
        *,
        number: str = "",
        to_contact: str = "",
        to_account: str | None = None,
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Extension:
        """Gives an extension to another contact or account. Errors: not_found, conflict, permission_denied (another
        account: the operator's).
        """
        answer: Extension = await self._run(
            "transfer_extension", ("extension_transfer_request", account, number, to_contact, to_account), timeout,
            key=idempotency_key,
        )
        return answer

    async def list_extensions(
        self,
        account: str = "",
        *,
        contact: str | None = None,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Extension]:
        """Extensions of an account, by number. Errors: not_found."""
        answer: Page[Extension] = await self._run(
            "list_extensions", ("extension_query", account, contact, cursor, limit), timeout,
        )
        return answer

    async def extensions(
        self,
        account: str = "",
        *,
        contact: str | None = None,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Extension]:
        """All that list_extensions lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_extensions(
                account=account, contact=contact, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def get_number_owner(
        self,
        account: str = "",
        *,
        number: str = "",
        timeout: Timeout = None,
    ) -> NumberOwner:
        """Whether a number is free, the asker's or not to be had. Errors: not_found."""
        answer: NumberOwner = await self._run(
            "get_number_owner", ("number_owner_query", account, number), timeout,
        )
        return answer

    async def get_utilisation(
        self,
        account: str = "",
        *,
        timeout: Timeout = None,
    ) -> Utilisation:
        """How far the number blocks of an account are used. Errors: not_found."""
        answer: Utilisation = await self._run(
            "get_utilisation", ("utilisation_query", account), timeout,
        )
        return answer

    async def check_extensions(
        self,
        rows: Sequence[ExtensionImportRow] = (),
        *,
        timeout: Timeout = None,
    ) -> ExtensionImportReport:
        """What would collide if these SIP users were taken over; changes nothing."""
        answer: ExtensionImportReport = await self._run(
            "check_extensions", ("extension_import_request", rows), timeout,
        )
        return answer

    async def import_extensions(
        self,
        rows: Sequence[ExtensionImportRow] = (),
        *,
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> ExtensionImportReport:
        """Takes existing SIP users over: all, or none where anything collides."""
        answer: ExtensionImportReport = await self._run(
            "import_extensions", ("extension_import_request", rows), timeout, key=idempotency_key,
        )
        return answer

    async def create_alert_rule(
        self,
        value: AlertRule | None = None,
        /,
        *,
        account: str = "",
        id: str = "",
        title: str = "",
        area: AlertArea | str = AlertArea.ASR,
        op: AlertOperator | str = AlertOperator.LESS,
        threshold: float = 0.0,
        reset_threshold: float | None = None,
        sample_period: timedelta = timedelta(milliseconds=3600000),
        minimum_samples: int = 1,
        repeat_period: timedelta = timedelta(milliseconds=86400000),
        level: Severity | str = Severity.WARNING,
        recipients: Sequence[str] = (),
        quiet: QuietHours | None = None,
        enabled: bool = True,
        created_at: datetime = EPOCH,
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> AlertRule:
        """Makes an alert rule. Errors: not_found, invalid_argument, conflict (the title is taken), permission_denied
        (it speaks of money that the asker may not see), exhausted (too many rules). Takes the value, or its
        members.
        """
        answer: AlertRule = await self._run(
            "create_alert_rule", whole("alert_rule", AlertRule, value, (account, id, title, area, op, threshold,
            reset_threshold, sample_period, minimum_samples, repeat_period, level, recipients, quiet, enabled,
            created_at)), timeout, key=idempotency_key,
        )
        return answer

    async def update_alert_rule(
        self,
        value: AlertRule | None = None,
        /,
        *,
        account: str = "",
        id: str = "",
        title: str = "",
        area: AlertArea | str = AlertArea.ASR,
        op: AlertOperator | str = AlertOperator.LESS,
        threshold: float = 0.0,
        reset_threshold: float | None = None,
        sample_period: timedelta = timedelta(milliseconds=3600000),
        minimum_samples: int = 1,
        repeat_period: timedelta = timedelta(milliseconds=86400000),
        level: Severity | str = Severity.WARNING,
        recipients: Sequence[str] = (),
        quiet: QuietHours | None = None,
        enabled: bool = True,
        created_at: datetime = EPOCH,
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> AlertRule:
        """Replaces an alert rule. Errors: not_found, invalid_argument, conflict, permission_denied. Takes the value,
        or its members.
        """
        answer: AlertRule = await self._run(
            "update_alert_rule", whole("alert_rule", AlertRule, value, (account, id, title, area, op, threshold,
            reset_threshold, sample_period, minimum_samples, repeat_period, level, recipients, quiet, enabled,
            created_at)), timeout, if_match=if_match,
        )
        return answer

    async def delete_alert_rule(
        self,
        account: str = "",
        *,
        rule: str = "",
        timeout: Timeout = None,
        if_match: Revised | str = "",
    ) -> None:
        """Deletes an alert rule; its history stays. Errors: not_found."""
        await self._run(
            "delete_alert_rule", ("alert_rule_key", account, rule), timeout, if_match=if_match,
        )

    async def list_alert_rules(
        self,
        account: str = "",
        *,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[AlertRule]:
        """Alert rules of an account, oldest first. Errors: not_found."""
        answer: Page[AlertRule] = await self._run(
            "list_alert_rules", ("alert_rule_query", account, cursor, limit), timeout,
        )
        return answer

    async def alert_rules(
        self,
        account: str = "",
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[AlertRule]:
        """All that list_alert_rules lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_alert_rules(
                account=account, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def test_alert_rule(
        self,
        account: str = "",
        *,
        rule: str = "",
        delivery: AlertTestDelivery | str = AlertTestDelivery.SIMULATE,
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> AlertTest:
        """What a rule sees and would do now. Errors: not_found, exhausted (one sent test a minute)."""
        answer: AlertTest = await self._run(
            "test_alert_rule", ("alert_rule_test_request", account, rule, delivery), timeout, key=idempotency_key,
        )
        return answer

    async def backtest_alert_rule(
        self,
        rule: AlertRule | None = None,
        *,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        progress: Progress = None,
        timeout: Timeout = None,
    ) -> AlertBacktest:
        """Replays a rule over stored history. Errors: not_found, invalid_argument, permission_denied."""
        answer: AlertBacktest = await self._run(
            "backtest_alert_rule", ("alert_rule_backtest_request", rule, range, is_wanted(progress)), timeout,
            progress=progress,
        )
        return answer

    async def list_alert_events(
        self,
        account: str = "",
        *,
        rule: str = "",
        range: TimeRange | tuple[datetime, datetime] | None = None,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[AlertEvent]:
        """Alerts that fired, newest first. Errors: not_found."""
        answer: Page[AlertEvent] = await self._run(
            "list_alert_events", ("alert_event_query", account, rule, range, cursor, limit), timeout,
        )
        return answer

    async def alert_events(
        self,
        account: str = "",
        *,
        rule: str = "",
        range: TimeRange | tuple[datetime, datetime] | None = None,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[AlertEvent]:
        """All that list_alert_events lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_alert_events(
                account=account, rule=rule, range=range, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def run_due_work(
        self,
        most_deliveries: int = 1_000,
        *,
        timeout: Timeout = None,
    ) -> WorkReport:
        """Evaluates alerts by the clock, makes deliveries that are due and gives up what is too old. The host runs
        it, at the latest when the last report said, and every minute for rules that are made in between.
        """
        answer: WorkReport = await self._run(
            "run_due_work", ("due_work_run_request", most_deliveries), timeout,
        )
        return answer

    async def create_webhook(
        self,
        account: str = "",
        *,
        url: str = "",
        events: Sequence[str] = (),
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> WebhookGrant:
        """Makes a webhook. Errors: not_found, invalid_argument, exhausted (too many webhooks)."""
        answer: WebhookGrant = await self._run(
            "create_webhook", ("webhook_create_request", account, url, events), timeout, key=idempotency_key,
        )
        return answer

    async def list_webhooks(
        self,
        account: str = "",
        *,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Webhook]:
        """Webhooks of an account, oldest first. Errors: not_found."""
        answer: Page[Webhook] = await self._run(
            "list_webhooks", ("webhook_query", account, cursor, limit), timeout,
        )
        return answer

    async def webhooks(
        self,
        account: str = "",
        *,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Webhook]:
        """All that list_webhooks lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_webhooks(
                account=account, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def delete_webhook(
        self,
        account: str = "",
        *,
        webhook: str = "",
        timeout: Timeout = None,
    ) -> None:
        """Deletes a webhook; what waits for it is given up. Errors: not_found."""
        await self._run(
            "delete_webhook", ("webhook_key", account, webhook), timeout,
        )

    async def list_deliveries(
        self,
        account: str = "",
        *,
        status: DeliveryStatus | str | None = None,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[Delivery]:
        """What was sent to the receivers of an account, or waits to be; newest first. Errors: not_found."""
        answer: Page[Delivery] = await self._run(
            "list_deliveries", ("delivery_query", account, status, cursor, limit), timeout,
        )
        return answer

    async def deliveries(
        self,
        account: str = "",
        *,
        status: DeliveryStatus | str | None = None,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[Delivery]:
        """All that list_deliveries lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_deliveries(
                account=account, status=status, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def replay_delivery(
        self,
        account: str = "",
        *,
        delivery: str = "",
        timeout: Timeout = None,
        idempotency_key: str = "",
    ) -> Delivery:
        """Sends something once more. Errors: not_found, conflict (the webhook is gone), exhausted (one replay a
        minute).
        """
        answer: Delivery = await self._run(
            "replay_delivery", ("delivery_key", account, delivery), timeout, key=idempotency_key,
        )
        return answer

    async def list_access_log(
        self,
        account: str = "",
        *,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        cursor: str = "",
        limit: int = 100,
        timeout: Timeout = None,
    ) -> Page[AccessEntry]:
        """Who did what to an account, newest first. Errors: not_found."""
        answer: Page[AccessEntry] = await self._run(
            "list_access_log", ("access_log_query", account, range, cursor, limit), timeout,
        )
        return answer

    async def access_log(
        self,
        account: str = "",
        *,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        page_size: int = 100,
        timeout: Timeout = None,
    ) -> AsyncIterator[AccessEntry]:
        """All that list_access_log lists, page by page as they are looked at. `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.list_access_log(
                account=account, range=range, cursor=cursor, limit=page_size, timeout=timeout,
            )
            for item in page.items:
                yield item
            if not page.next:
                return
            cursor = page.next

    async def verify_access_log(
        self,
        account: str = "",
        *,
        timeout: Timeout = None,
    ) -> AccessLogVerdict:
        """Follows the chain of hashes from the first entry. Errors: not_found."""
        answer: AccessLogVerdict = await self._run(
            "verify_access_log", ("access_log_verify_request", account), timeout,
        )
        return answer

    async def get_review(
        self,
        account: str = "",
        *,
        at: datetime | None = None,
        language: str = "",
        timeout: Timeout = None,
    ) -> Review:
        """The week of an account as data and as a page. Errors: not_found."""
        answer: Review = await self._run(
            "get_review", ("review_query", account, at, language), timeout,
        )
        return answer

    async def compare_calls(
        self,
        account: str = "",
        *,
        ours: DisputeSide | None = None,
        theirs: DisputeSide | None = None,
        range: TimeRange | tuple[datetime, datetime] | None = None,
        population: DisputePopulation | str = DisputePopulation.AUTOMATIC,
        tolerance: DisputeTolerance | None = None,
        limit: int = 100,
        evidence_format: ExportFormat | str = ExportFormat.CSV,
        evidence_safety: CellSafety | str = CellSafety.FORMULA_SAFE,
        evidence_path: str | PathLike[str] = "",
        evidence_descriptor: int | None = None,
        progress: Progress = None,
        timeout: Timeout = None,
    ) -> DisputeReport:
        """Compares two sets of calls down to the call. Errors: not_found, invalid_argument, unavailable (the evidence
        could not be written).
        """
        answer: DisputeReport = await self._run(
            "compare_calls", ("call_compare_request", account, ours, theirs, range, population, tolerance, limit,
            evidence_format, evidence_safety, evidence_path, evidence_descriptor, is_wanted(progress)), timeout,
            progress=progress,
        )
        return answer
