"""The values and constants of Lineside. bindings/generate.py writes this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from os import PathLike
from typing import TYPE_CHECKING, Any

from ._base import EPOCH, Constant, Money, Page, TimeRange
from ._dataclass import Value, dataclass
from ._views import AccountView, SeriesView, SummaryView, WatchUpdateView


class WebhookTargets(Constant):
    """Which addresses webhooks may go to."""

    PUBLIC_ADDRESSES = "public_addresses"
    LOOPBACK_TOO = "loopback_too"
    """for tests"""


class ServerCheck(Constant):
    """Whether a client checks who answers."""

    ON = "on"
    INSECURE = "insecure"
    """whoever answers is believed. Logged with every connection."""


class PlainHttp(Constant):
    """Where plain HTTP may go."""

    TO_LOOPBACK = "to_loopback"
    ANYWHERE = "anywhere"


class TimeStep(Constant):
    """The width of one bucket of a time series. Days, weeks (from Monday) and months follow the calendar of the
    query's zone, so a day may have 23, 23.5, 24 or 25 hours.
    """

    MINUTE = "1m"
    FIVE_MINUTES = "5m"
    HOUR = "1h"
    DAY = "1d"
    WEEK = "1w"
    MONTH = "1mo"


class AccountStatus(Constant):
    """Whether the people and keys of an account may do anything."""

    ACTIVE = "active"
    DISABLED = "disabled"
    """its contacts and keys are shut out, its numbers stay"""


class Permission(Constant):
    """What a customer's contact or API key may be allowed to do, one function of the portal each. A function that is
    not allowed fails with `permission_denied`; a member of an answer that is not allowed is absent.
    """

    VIEW_COMPANY = "view_company"
    VIEW_BALANCE = "view_balance"
    VIEW_PAYMENTS = "view_payments"
    MAKE_PAYMENTS = "make_payments"
    """announce a bank transfer"""
    VIEW_GRAPHS = "view_graphs"
    VIEW_SUMMARY = "view_summary"
    VIEW_CALLS = "view_calls"
    VIEW_CHANNELS = "view_channels"
    VIEW_LIVE_CALLS = "view_live_calls"
    VIEW_NUMBERS = "view_numbers"
    MANAGE_NUMBERS = "manage_numbers"
    """claim, transfer and release extensions"""
    MANAGE_BLOCKS = "manage_blocks"
    """add, claim and release number blocks"""
    VIEW_ALERTS = "view_alerts"
    MANAGE_ALERTS = "manage_alerts"
    VIEW_CONTACTS = "view_contacts"
    MANAGE_CONTACTS = "manage_contacts"
    MANAGE_KEYS = "manage_keys"
    VIEW_ACCESS_LOG = "view_access_log"
    VIEW_REVIEW = "view_review"


class Role(Constant):
    """A named set of permissions, the start of what a contact may do."""

    ADMINISTRATOR = "administrator"
    """everything a customer can do"""
    MANAGER = "manager"
    """everything but contacts, keys and number blocks"""
    BILLING = "billing"
    """company, balance, payments, summary, calls"""
    TECHNICIAN = "technician"
    """graphs, calls, channels, numbers, alerts"""
    VIEWER = "viewer"
    """company, graphs, summary, channels; changes nothing"""


class CallDirection(Constant):
    """Seen from the customer."""

    UNKNOWN = "unknown"
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class CallOutcome(Constant):
    """How an attempt ended, normalised from the source's own words, which `hangup_cause` keeps."""

    UNKNOWN = "unknown"
    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    ABANDONED = "abandoned"
    """the caller gave up (SIP 487)"""
    INVALID_NUMBER = "invalid_number"
    CONGESTION = "congestion"
    """network failure or lack of capacity"""
    BLOCKED = "blocked"
    """refused by the source itself: limit, credit, list"""
    UNAUTHORIZED = "unauthorized"
    REDIRECTED = "redirected"


class ReleaseParty(Constant):
    """Who ended a call."""

    UNKNOWN = "unknown"
    CALLER = "caller"
    CALLEE = "callee"
    NETWORK = "network"


class CallOrder(Constant):
    """By the start of calls."""

    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"


class CallFilter(Constant):
    """Which calls."""

    ALL = "all"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


class RecordFormat(Constant):
    """The formats of call records Lineside reads. `detect` looks at the content."""

    DETECT = "auto"
    LINESIDE = "lineside"
    """Lineside's own CSV or NDJSON"""
    ASTERISK = "asterisk"
    ASTERISK_CUSTOM = "asterisk-custom"
    FREESWITCH_CSV = "freeswitch-csv"
    FREESWITCH_JSON = "freeswitch-json"
    KAMAILIO = "kamailio"
    OPENSIPS = "opensips"
    YETI = "yeti"
    CONNEXCS = "connexcs"


class ImportMode(Constant):
    """What the engine does with a file that has bad rows."""

    KEEP_GOOD = "keep_good"
    """reject bad rows one by one, import the rest"""
    STRICT = "strict"
    """refuse the whole file at the first bad row, changing nothing"""


class AttemptCoverage(Constant):
    """Whether the source writes a record for attempts that were not answered."""

    ALL_ATTEMPTS = "all_attempts"
    ANSWERED_ONLY = "answered_only"
    """then ASR and NER are "not reported" wherever its calls count"""


class Metric(Constant):
    """What a series measures. Definitions: docs/guide/metrics.md."""

    LIVE_CHANNELS = "live_channels"
    """peak of calls in [start, end) within the bucket; channels"""
    LIVE_CHANNELS_AVG = "live_channels_avg"
    """time-weighted average of the same; channels"""
    ATTEMPTS = "attempts"
    """calls started (seizures); calls"""
    ANSWERED = "answered"
    """of those, answered; calls"""
    ASR = "asr"
    """answered / attempts x 100 (ITU-T E.425); percent"""
    ACD = "acd"
    """talk time / answered; seconds"""
    NER = "ner"
    """(answered + busy + no answer + rejected + abandoned) / attempts x 100 (E.425); percent"""
    DTMF_CALLS = "dtmf_calls"
    """answered calls with at least one digit; calls"""
    DTMF_DIGITS = "dtmf_digits"
    """digits keyed; digits"""
    DTMF_PERCENT = "dtmf_percent"
    """dtmf_calls / answered calls that report digits x 100; percent"""
    CPS_PEAK = "cps_peak"
    """most calls started in one second; calls per second"""
    CPS_AVG = "cps_avg"
    """calls started / length of the bucket; calls per second"""
    PDD = "pdd"
    """mean post-dial delay of the calls that report it; milliseconds"""
    TALK = "talk"
    """talk time; seconds"""
    CHARGE = "charge"
    """charges; money"""


class SummaryPeriod(Constant):
    """The three tables of the customer Summary. Always 24-hour UTC: the only numbers valid for billing."""

    LIVE = "live"
    """hours, by default the last 24"""
    DAILY = "daily"
    """UTC days, by default the last 31"""
    MONTHLY = "monthly"
    """UTC months, by default the last 12"""


class RowState(Constant):
    """How far a row may still move."""

    OPEN = "open"
    """its time is not over"""
    PROVISIONAL = "provisional"
    """over for less than 24 h"""
    FINAL = "final"
    """over for 24 h or more, never corrected since"""
    RESTATED = "restated"
    """a corrected or late record changed it; `revision` counts how often"""


class SummaryColumn(Constant):
    """The numeric columns of a summary row."""

    ATTEMPTS = "attempts"
    ANSWERED = "answered"
    ASR = "asr"
    ACD_S = "acd_s"
    TALK_S = "talk_s"
    BILLED_S = "billed_s"
    DTMF_CALLS = "dtmf_calls"
    DTMF_PERCENT = "dtmf_percent"
    CHARGE = "charge"


class ExportFormat(Constant):
    """How a table is written."""

    CSV = "csv"
    TSV = "tsv"
    NDJSON = "ndjson"


class CellSafety(Constant):
    """Whether text cells that a spreadsheet would run as a formula are disarmed with a leading apostrophe."""

    FORMULA_SAFE = "formula_safe"
    RAW = "raw"


class HeaderRow(Constant):
    """Whether a table begins with the names of its columns."""

    PRESENT = "present"
    OMITTED = "omitted"


class ContactStatus(Constant):
    """Whether a contact may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"
    """cannot sign in; sessions have ended"""


class ContactAddress(Constant):
    """What is verified."""

    EMAIL = "email"
    MOBILE = "mobile"


class SignOutScope(Constant):
    """Which sessions end."""

    CURRENT = "current"
    OTHERS = "others"
    ALL = "all"
    ONE = "one"


class Severity(Constant):
    """How much it matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class WidgetKind(Constant):
    """What a piece of a dashboard shows."""

    CHANNEL_COUNT = "channel_count"
    BALANCE = "balance"
    GRAPH = "graph"
    SUMMARY_TABLE = "summary_table"
    CHECKLIST = "checklist"
    ALERTS = "alerts"


class PaymentStatus(Constant):
    """Only completed payments count in the balance."""

    PENDING = "pending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CallEventKind(Constant):
    """What a switch says."""

    STARTED = "started"
    ANSWERED = "answered"
    DIGIT = "digit"
    ENDED = "ended"


class LiveCallState(Constant):
    """Ghosts should be over, but nobody said so."""

    RINGING = "ringing"
    ANSWERED = "answered"
    GHOST = "ghost"


class LiveCallFilter(Constant):
    """Which live calls."""

    IN_USE = "in_use"
    GHOSTS = "ghosts"
    ALL = "all"


class NumberRefusal(Constant):
    """Why a block or an extension cannot be had, transferred or released. Values and names are stable. The `cause` in
    the diagnostics of an error is one of these wherever a rule for numbers is behind it.
    """

    MALFORMED = "malformed"
    """not 1 to 18 digits; a range: not two of one width, the lower one first"""
    OUT_OF_RANGE = "out_of_range"
    """there are no such numbers of that width"""
    RESERVED = "reserved"
    """reserved by the operator"""
    OVERLAPS_BLOCK = "overlaps_block"
    """it touches a block"""
    RESTING = "resting"
    """released not long ago"""
    EXHAUSTED = "exhausted"
    """no free block of that size, or no free number, is left"""
    UNKNOWN_BLOCK = "unknown_block"
    """the account has no such block"""
    HOLDS_EXTENSION = "holds_extension"
    """somebody else's live extension is inside the range"""
    IN_USE = "in_use"
    """live extensions are inside the block"""
    TAKEN = "taken"
    """the extension is another account's"""
    ALREADY_YOURS = "already_yours"
    """the extension is the account's already"""
    IN_OTHER_BLOCK = "in_other_block"
    """the number is inside another account's block"""
    OUTSIDE_BLOCKS = "outside_blocks"
    """the account has blocks, and the number is in none of them"""
    WRONG_WIDTH = "wrong_width"
    """the account has blocks, all of another number of digits"""
    DUPLICATE = "duplicate"
    """the same number stands further up in the list"""
    UNKNOWN_EXTENSION = "unknown_extension"
    """the account has no such live extension"""
    NO_BLOCK = "no_block"
    """the next free number of an account without a block"""
    UNKNOWN_ACCOUNT = "unknown_account"
    UNKNOWN_CONTACT = "unknown_contact"
    REQUEST_REUSED = "request_reused"
    """the request id was another request's"""


class NumberState(Constant):
    """What a number is, to whoever asks."""

    FREE = "free"
    YOURS = "yours"
    TAKEN = "taken"
    OUTSIDE_BLOCKS = "outside_blocks"
    RESERVED = "reserved"
    RESTING = "resting"
    MALFORMED = "malformed"


class ReleaseExtensions(Constant):
    """What happens to the live extensions of a block that is given back."""

    REFUSE = "refuse"
    RELEASE = "release"


class AlertArea(Constant):
    """What a rule looks at."""

    BALANCE = "balance"
    """credit available, in the account's currency"""
    ASR = "asr"
    """%"""
    ACD = "acd"
    """s"""
    PDD = "pdd"
    """ms"""
    CPS = "cps"
    """calls started in the busiest second"""
    CHANNELS = "channels"
    CONSECUTIVE_FAILURES = "consecutive_failures"
    """attempts in a row that were not answered"""
    DAILY_SPEND = "daily_spend"
    """charges since midnight UTC, in the account's currency"""


class AlertOperator(Constant):
    """How a value stands to a threshold."""

    LESS = "<"
    LESS_OR_EQUAL = "<="
    EQUAL = "="
    GREATER_OR_EQUAL = ">="
    GREATER = ">"


class AlertEventKind(Constant):
    """What a line of the alert history says."""

    FIRED = "fired"
    REPEATED = "repeated"
    HELD_BACK = "held_back"
    RESET = "reset"
    TESTED = "tested"


class AlertTestDelivery(Constant):
    """Whether a test is sent."""

    SIMULATE = "simulate"
    SEND = "send"


class DeliveryStatus(Constant):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class DeliveryChannel(Constant):
    """How something reaches somebody."""

    CALLBACK = "callback"
    MAIL = "mail"
    WEBHOOK = "webhook"


class AccessOutcome(Constant):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"


class DurationRounding(Constant):
    """How a length of time is rounded before it is billed: to full seconds, or to increments such as 30/6 (at least
    30 seconds, then steps of 6).
    """

    EXACT = "exact"
    UP_TO_SECONDS = "up_to_seconds"
    INCREMENTS = "increments"


class ChargeRounding(Constant):
    """How a charge is rounded."""

    EXACT = "exact"
    UP = "up"
    HALF_UP = "half_up"
    DOWN = "down"


class DisputePopulation(Constant):
    """Which calls are compared. `automatic`: all, but only the answered where one side has no others."""

    AUTOMATIC = "automatic"
    ALL = "all"
    ANSWERED = "answered"


class DifferenceClass(Constant):
    """How a call differs."""

    MISSING_IN_OURS = "missing_in_ours"
    MISSING_IN_THEIRS = "missing_in_theirs"
    LENGTH = "length"
    """the charge, where it differs, only follows the billed time"""
    RATING = "rating"
    LENGTH_AND_RATING = "length_and_rating"
    ROUNDING = "rounding"
    """explained by the tolerance"""


class WatchTopic(Constant):
    """What can be watched. Each needs the permission of the operation that shows the same."""

    CHANNELS = "channels"
    """as get_channels"""
    LIVE_CALLS = "live_calls"
    """as list_live_calls with ghosts, the oldest 5,000"""
    BALANCE = "balance"
    """as get_balance"""
    ALERTS = "alerts"
    """as list_alert_events"""
    SUMMARY = "summary"
    """the hours of query_summary"""
    DASHBOARD = "dashboard"
    """as get_layout and get_checklist"""


class WatchKind(Constant):
    """How an update stands to those before."""

    SNAPSHOT = "snapshot"
    """the whole: what was known before is void. Of alerts: events follow from here on"""
    CHANGE = "change"
    """live calls and summary: what changed since; the others: the whole, anew"""
    EVENT = "event"
    RESYNC = "resync"
    """A snapshot that does not follow from the position to resume at: that is another engine's, or what lies between
    is no longer kept.
    """


class Preconditions(Constant):
    """Whether an update needs `If-Match`."""

    OPTIONAL = "optional"
    REQUIRED = "required"
    """an update without it is answered 428"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ServedRequest(Value):
    """A request that a server answered. No secrets: the path has no query."""

    request_id: str
    peer: str
    """the address of who asked, as far as trusted proxies tell"""
    method: str
    path: str
    operation: str
    """"" is none"""
    status: int
    bytes: int
    """of the answer's body"""
    took_us: int
    user_agent: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClientAttempt(Value):
    """One attempt of a client's call. Nothing secret: the path has no query."""

    operation: str
    method: str
    path: str
    request_id: str
    """the same for all attempts of a call"""
    attempt: int
    """from 1"""
    status: int
    """0: there was no answer"""
    failure: str
    took_us: int
    new_connection: bool


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Mail(Value):
    """Mail to be sent."""

    to: str
    subject: str
    text: str
    account: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TextMessage(Value):
    """A text message to be sent."""

    to: str
    """E.164"""
    text: str
    account: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EngineStorage(Value):
    """How an engine keeps its data."""

    journal_calls: int = 262_144
    """Calls that may wait in the journal before they are folded into columns; more memory, fewer and larger folds.
    default: 262,144
    """
    import_batch_calls: int = 196_608
    """calls of one transaction of import_records"""
    cache_bytes: int = 33_554_432
    """page cache of the writing connection, bytes"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EngineIdentity(Value):
    """How people prove who they are."""

    issuer: str = "Lineside"
    """what an authenticator shows beside the login; without a colon"""
    key: bytes | None = None
    """32 bytes that encrypt two-factor secrets in the database. Empty: the engine makes some and keeps them there
    too, which protects copies of single tables but not of the whole file
    """
    reset_link: str = ""
    """of password resets: a URL with {token}; empty: the mail holds the bare token"""
    password_memory_kib: int = 47_104
    """What checking a password costs (Argon2id): memory in KiB and passes over it, 47 ms by default. Where they rise,
    each password is hashed anew at its next sign-in. Lower ones are for tests. default: 47,104
    """
    password_passes: int = 1
    attempts_per_source: int = 30
    """failed sign-ins from one address at once; one more each 10 s"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EngineChannels(Value):
    """Live calls."""

    most_live_calls: int = 1_000_000
    longest_call: timedelta = timedelta(milliseconds=14400000)
    """after this a call without an end is given up"""
    lateness: timedelta = timedelta(milliseconds=120000)
    """How late an event may come and still change the history of the minute it speaks of. None: 2 minutes"""
    snapshot_grace: timedelta = timedelta(milliseconds=10000)
    """A call that showed itself so shortly before a snapshot may be missing in it. None: 10 seconds"""
    history_days: int = 90


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EngineMoney(Value):
    """Links with which customers pay."""

    payment_link: str = ""
    """An http or https URL with the places {account}, {amount}, {currency} and {payment}, filled in percent-encoded;
    empty: no payment link. In a balance's link the amount is what the balance lacks to zero, in whole coins, and
    {payment} is empty
    """


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EngineWebhooks(Value):
    """Webhooks."""

    allowed: WebhookTargets = WebhookTargets.PUBLIC_ADDRESSES
    """Loopback is for tests"""
    ca_file: str = ""
    """PEM, beside the system's authorities"""

    _constants = {
        "allowed": WebhookTargets,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            allowed: WebhookTargets | str = WebhookTargets.PUBLIC_ADDRESSES,
            ca_file: str = "",
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EngineLive(Value):
    """Live data: what lineside_watch_open shows. Once somebody waits for an update, the engine's threads look for it.
    """

    interval: timedelta = timedelta(milliseconds=250)
    """After a change, how long nobody looks for the next one of the same kind. 0: each is looked for at once, in the
    thread of the operation that made it. None: 250 ms
    """
    look_every: timedelta = timedelta(milliseconds=5000)
    """for what changes with time alone; 1 ms or more"""
    most_watches: int = 100_000
    kept_changes: int = 256
    """of an account and topic, for whoever reads slowly or was cut off"""
    kept_for: timedelta = timedelta(milliseconds=300000)
    """after the last watch has gone, for whoever comes back"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClientTls(Value):
    """TLS of a client: 1.2 or newer, the server's certificate checked against its name."""

    ca_file: str = ""
    """PEM: authorities beside the system's"""
    certificate_file: str = ""
    """PEM: who this client is, where the server wants to know"""
    key_file: str = ""
    """PEM"""
    server: ServerCheck = ServerCheck.ON
    """Insecure: whoever answers is believed. Logged with every connection"""

    _constants = {
        "server": ServerCheck,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            ca_file: str = "",
            certificate_file: str = "",
            key_file: str = "",
            server: ServerCheck | str = ServerCheck.ON,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClientProxy(Value):
    """Where connections go through (CONNECT)."""

    host: str = ""
    """empty: none"""
    port: int = 3_128
    authorization: str = ""
    """the value of `Proxy-Authorization`: "Basic ..."
    """


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClientRetries(Value):
    """When a call is made again: after 408, 429, 502, 503, 504 and lost connections, where a second time comes to the
    same. What creates something get a key of their own, so that holds for them too.
    """

    attempts: int = 3
    """in all; 1 to 10"""
    base: timedelta = timedelta(milliseconds=50)
    """waits are drawn between 0 and this, doubled each time up to `cap`"""
    throttled_base: timedelta = timedelta(milliseconds=1000)
    cap: timedelta = timedelta(milliseconds=20000)
    """see `base`"""
    longest_retry_after: timedelta = timedelta(milliseconds=60000)
    reconnect_for: timedelta = timedelta(milliseconds=600000)
    """A watch that was open and lost its server looks for it so long before it ends with `unavailable`. default:
    600,000 ms
    """


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClientTimeouts(Value):
    """How long a client waits."""

    connect: timedelta = timedelta(milliseconds=10000)
    """name, TCP and TLS"""
    call: timedelta = timedelta(milliseconds=60000)
    """of a call without a timeout of its own; not of streams. 0: none; None: 60,000 ms"""
    idle: timedelta = timedelta(milliseconds=50000)
    """connections are kept so long"""
    stall: timedelta = timedelta(milliseconds=60000)
    """of a stream: without a byte in either direction"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Header(Value):
    """A header of a request or an answer."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RawAnswer(Value):
    """What the server said."""

    status: int
    fields: tuple[Header, ...]
    body: bytes
    """ends with a zero byte, which does not count"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Account(AccountView):
    """A customer of the operator, with the company profile, which its contacts read and only the operator writes.
    Created by the operator, or on first sight of its id in call records.
    """

    id: str = ""
    name: str = ""
    """company name; the id where nobody gave one"""
    currency: str = ""
    """ISO 4217, fixed once set: at creation, or by the first record that states one"""
    time_zone: str = "UTC"
    """IANA zone of graphs and call lists; never moves Summary rows. default: "UTC"
    """
    channel_limit: int | None = None
    """Configured channels; unset is "no limit configured", 0 is a real limit. None: unset"""
    created_at: datetime = EPOCH
    """set by the engine"""
    contact_name: str = ""
    debit_limit: Money | None = None
    """How far the balance may go below zero: 0 is prepaid, positive is credit, negative keeps a reserve. In the
    account's currency. Unset in a request: 0; in an answer: the asker may not see it. None: unset
    """
    tax: str = ""
    """as it stands on invoices: a rate, a number"""
    paypal: str = ""
    """where the operator's PayPal payments of this customer come from"""
    language: str = "en"
    """BCP 47, of contacts that chose none"""
    status: AccountStatus = AccountStatus.ACTIVE
    withheld: Sequence[Permission] = ()
    """What none of its contacts and keys may do, whatever their role. Permission"""

    _constants = {
        "status": AccountStatus,
        "withheld": Permission,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
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
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Call(Value):
    """One attempt to reach somebody, folded from however many rows the source wrote for it. (source, call_id, branch)
    is its identity. "Optional" means the source may not report it: then it is unset, never zero.
    """

    source: str = ""
    """name of the switch or file family; ids are unique within it"""
    call_id: str = ""
    """1 to 512 bytes"""
    branch: str = ""
    """tells apart attempts that share a call id; usually empty"""
    account_id: str = ""
    direction: CallDirection = CallDirection.UNKNOWN
    cli: str = ""
    """caller's number"""
    destination: str = ""
    """called number"""
    start_time: datetime = EPOCH
    """set-up: the bucket the call belongs to"""
    answer_time: datetime | None = None
    end_time: datetime | None = None
    """unset while the call is in progress"""
    duration: timedelta = timedelta(milliseconds=0)
    """talk time, answer to end; 0 for an unanswered call"""
    billed: timedelta | None = None
    pdd: timedelta | None = None
    """start to first ringing or progress"""
    outcome: CallOutcome = CallOutcome.UNKNOWN
    sip_code: int | None = None
    q850_cause: int | None = None
    hangup_cause: str = ""
    """the source's own text"""
    released_by: ReleaseParty = ReleaseParty.UNKNOWN
    dtmf_digits: int | None = None
    """how many digits were keyed during the call"""
    charge: Money | None = None
    """its currency may be empty: then the account's"""
    rate: Money | None = None
    """per minute"""
    source_ip: str = ""

    _constants = {
        "direction": CallDirection,
        "outcome": CallOutcome,
        "released_by": ReleaseParty,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            source: str = "",
            call_id: str = "",
            branch: str = "",
            account_id: str = "",
            direction: CallDirection | str = CallDirection.UNKNOWN,
            cli: str = "",
            destination: str = "",
            start_time: datetime = EPOCH,
            answer_time: datetime | None = None,
            end_time: datetime | None = None,
            duration: timedelta = timedelta(milliseconds=0),
            billed: timedelta | None = None,
            pdd: timedelta | None = None,
            outcome: CallOutcome | str = CallOutcome.UNKNOWN,
            sip_code: int | None = None,
            q850_cause: int | None = None,
            hangup_cause: str = "",
            released_by: ReleaseParty | str = ReleaseParty.UNKNOWN,
            dtmf_digits: int | None = None,
            charge: Money | None = None,
            rate: Money | None = None,
            source_ip: str = "",
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RejectedRow(Value):
    """A row that could not become a call. The text is the row as it stood, so that it can be mended and imported
    again.
    """

    file: str
    line: int
    """first line of the row, from 1"""
    column: int
    """column of the field in the row, from 1; 0 when the row as a whole is wrong"""
    field: str
    """name of the field"""
    reason: str
    text: str
    header: str
    """the input's header row, where its format has one"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ImportProgress(Value):
    """How far an import or a comparison has come."""

    rows: int
    """rows read so far"""
    bytes: int
    """bytes read so far (of a compressed file: compressed)"""
    total_bytes: int | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RecordImportRequest(Value):
    """A stream of a switch's call records to be read, folded into calls and stored."""

    name: str = ""
    """what messages call the input: the file's name"""
    format: RecordFormat = RecordFormat.DETECT
    account: str | None = None
    """put every record on this account"""
    account_from: str = ""
    """or on the one this field of the record names; empty: the format's own"""
    time_zone: str = ""
    """IANA zone of local times without offset"""
    source: str = ""
    fields: str = ""
    """explicit column list or template where the format is configurable"""
    currency: str = ""
    """of charges without one"""
    coverage: AttemptCoverage = AttemptCoverage.ALL_ATTEMPTS
    mode: ImportMode = ImportMode.KEEP_GOOD
    path: str | PathLike[str] = ""
    """a file; "-" is standard input"""
    descriptor: int | None = None
    """a file, pipe or socket that blocks; read to its end, not closed"""
    data: bytes | None = None
    """Bytes that stay there until the call has completed or, where its queue went before, until the portal was freed"""
    report_rejected: int = 0
    """`_async`: how many rejected rows to tell at most; the report counts them all"""
    report_progress: bool = False
    """`_async`: one progress at a time waits in the queue, the newest"""

    _constants = {
        "format": RecordFormat,
        "coverage": AttemptCoverage,
        "mode": ImportMode,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            name: str = "",
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
            report_rejected: int = 0,
            report_progress: bool = False,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ImportReport(Value):
    """What an import did. read = imported + duplicates + restated + rejected + folded."""

    read: int
    """rows read"""
    imported: int
    """calls that were new"""
    duplicates: int
    """calls already stored, byte for byte the same in meaning"""
    restated: int
    """calls already stored that this record corrected"""
    rejected: int
    """rows refused"""
    folded: int
    """rows that were further legs or retries of a call counted above"""
    bytes: int
    seconds: float
    format: RecordFormat
    """the one that was used"""
    source: str
    evidence: str
    """why that format"""
    notes: tuple[str, ...]
    """what the reader assumed: zone, ambiguous hours, columns ignored"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CallQuery(Value):
    """Which calls of one account to list, ordered by (start_time, identity)."""

    account: str = ""
    range: TimeRange | tuple[datetime, datetime] | None = None
    """of `start_time`; None: all there are"""
    filter: CallFilter = CallFilter.ALL
    number: str = ""
    """a part of `cli` or `destination`; empty: any"""
    order: CallOrder = CallOrder.OLDEST_FIRST
    cursor: str = ""
    limit: int = 100
    """1 to 5,000"""

    _constants = {
        "filter": CallFilter,
        "order": CallOrder,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            account: str = "",
            range: TimeRange | tuple[datetime, datetime] | None = None,
            filter: CallFilter | str = CallFilter.ALL,
            number: str = "",
            order: CallOrder | str = CallOrder.OLDEST_FIRST,
            cursor: str = "",
            limit: int = 100,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SeriesQuery(Value):
    """Which metric, of whom, when and how finely."""

    account: str = ""
    metric: Metric = Metric.ATTEMPTS
    range: TimeRange | tuple[datetime, datetime] | None = None
    """Widened to whole buckets of the zone's calendar at both ends"""
    step: TimeStep = TimeStep.HOUR
    zone: str = ""
    """IANA zone; empty: the account's"""
    max_points: int = 0
    """0: every bucket. Otherwise neighbours are merged (ratios by their parts, peaks as peaks) until no more remain"""

    _constants = {
        "metric": Metric,
        "step": TimeStep,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            account: str = "",
            metric: Metric | str = Metric.ATTEMPTS,
            range: TimeRange | tuple[datetime, datetime] | None = None,
            step: TimeStep | str = TimeStep.HOUR,
            zone: str = "",
            max_points: int = 0,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Series(SeriesView):
    """A series as columns of equal length, each without gaps in memory."""

    account: str
    metric: Metric
    unit: str
    zone: str
    step: TimeStep
    size: int
    """of each column"""
    time: memoryview
    """start of each bucket"""
    offset_s: memoryview
    """the zone's offset from UTC at that start, seconds"""
    value: memoryview
    """in `unit`; NaN where there is nothing to measure"""
    numerator: memoryview
    """value = numerator / denominator (x 100 for percentages; talk and acd: numerator in ms; live_channels_avg:
    channel milliseconds / milliseconds; cps_avg: calls / milliseconds). A plain count has denominator 1; where
    there is nothing to measure it is 0
    """
    denominator: memoryview
    amount: tuple[Money, ...] | None
    """exact charges; None: of every other metric"""
    open_calls: memoryview
    """calls started in the bucket and still in progress"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SummaryQuery(Value):
    """Which table of the customer Summary."""

    account: str = ""
    period: SummaryPeriod = SummaryPeriod.LIVE
    at: datetime | None = None
    """The instant the default range ends at and the states are told for; unset: now. None: unset"""
    range: TimeRange | tuple[datetime, datetime] | None = None
    """Rows that touch this range instead of the period's default one. None: unset"""

    _constants = {
        "period": SummaryPeriod,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            account: str = "",
            period: SummaryPeriod | str = SummaryPeriod.LIVE,
            at: datetime | None = None,
            range: TimeRange | tuple[datetime, datetime] | None = None,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SummaryRow(Value):
    """One row. Unset is "not reported" or "nothing to divide by", never 0. Percentages and seconds as shown: two
    decimals, half up.
    """

    start: datetime
    end: datetime
    attempts: int
    answered: int
    asr: float | None
    """percent"""
    acd_s: float | None
    """seconds"""
    talk_s: float
    """seconds, exact to the millisecond"""
    billed_s: float | None
    """seconds; unset where there were calls and none reports it"""
    dtmf_calls: int | None
    dtmf_percent: float | None
    charge: Money | None
    """unset where no call reports one and there were attempts"""
    currency: str
    state: RowState
    revision: int
    open_calls: int
    """started here and still in progress"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Summary(SummaryView[SummaryRow]):
    """One table of the customer Summary."""

    account: str
    period: SummaryPeriod
    as_of: datetime
    rows: tuple[SummaryRow, ...]

    _row = SummaryRow


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SelectionStatistics(Value):
    """What the portal shows under a selection, and what it should be compared with. Decimal texts, exact: money and
    counts as they are, ratios with two decimals half up.
    """

    column: str
    count: int
    """cells that hold a number"""
    sum: str | None
    """of the shown values"""
    average_of_values: str | None
    """unweighted average of the shown values (an average of averages)"""
    true_average: str | None
    """of the calls behind them: numerators over denominators"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SourceCoverage(Value):
    """What one source contributed."""

    source: str
    attempts: int
    attempts_known: bool
    """0: the source writes no records of failed attempts"""
    pdd_reported: int
    dtmf_reported: int
    charge_reported: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Explanation(Value):
    """Why a number is what it is."""

    account: str
    metric: Metric
    unit: str
    range: TimeRange
    value: float | None
    numerator: int
    denominator: int
    amount: Money | None
    """of charge"""
    numerator_is: str
    """in words, with its unit"""
    denominator_is: str
    policy: str
    """the rules applied: what counts as answered, which bucket a call belongs to"""
    coverage: tuple[SourceCoverage, ...]
    watermark: datetime | None
    """the latest call start stored for the account"""
    open_calls: int
    call_count: int
    """calls behind the number"""
    calls: tuple[Call, ...]
    """the first of them, by start"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SummaryExport(Value):
    """The summary rows of every account of the portal, or of one."""

    account: str | None = None
    """None: all, in the order of their ids"""
    period: SummaryPeriod = SummaryPeriod.LIVE
    at: datetime | None = None
    range: TimeRange | tuple[datetime, datetime] | None = None

    _constants = {
        "period": SummaryPeriod,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            account: str | None = None,
            period: SummaryPeriod | str = SummaryPeriod.LIVE,
            at: datetime | None = None,
            range: TimeRange | tuple[datetime, datetime] | None = None,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AccessLogQuery(Value):
    """Newest first."""

    account: str = ""
    """the operator leaves it empty for its own log"""
    range: TimeRange | tuple[datetime, datetime] | None = None
    """None: all there are"""
    cursor: str = ""
    limit: int = 100
    """1 to 5,000"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExportSubject(Value):
    """What to export: exactly one of them."""

    summary: SummaryExport | None = None
    calls: CallQuery | None = None
    """cursor and limit are ignored"""
    series: SeriesQuery | None = None
    access_log: AccessLogQuery | None = None
    """likewise"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExportReport(Value):
    """What was written."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Contact(Value):
    """A person at a customer who may sign in to the portal. Texts are UTF-8 without control characters, at most 256
    bytes.
    """

    account: str
    id: str
    """assigned by the engine"""
    name: str
    email: str
    """the login; unique among all contacts of the operator, letter case ignored"""
    department: str
    phone: str
    """E.164, `+49301234567`, or empty"""
    mobile: str
    """likewise"""
    pending_email: str
    """wanted as the new login, once verified"""
    email_verified: bool
    mobile_verified: bool
    language: str
    """BCP 47; empty: the company's"""
    time_zone: str
    """IANA; empty: the company's"""
    role: Role
    grants: tuple[Permission, ...]
    """beside those of the role"""
    denials: tuple[Permission, ...]
    """taken from those of the role"""
    allowed_ips: tuple[str, ...]
    """addresses and networks (CIDR) to sign in from; empty: any"""
    status: ContactStatus
    two_factor: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class VerificationSent(Value):
    """Where a code went."""

    to: str
    """the address, in part"""
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Session(Value):
    """A signed-in contact. Ends after 30 minutes without use and 12 hours in any case."""

    id: str
    account: str
    contact: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    source_ip: str
    user_agent: str
    current: bool
    """the one that asks"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SessionGrant(Value):
    """What signing in gives. The token is shown once: Credential.token."""

    token: str
    session: Session
    contact: Contact


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SignOutReport(Value):
    """How many sessions ended."""

    ended: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Identity(Value):
    """Whose portal this is."""

    kind: str
    """"operator", "contact" or "key"
    """
    account: str
    """empty: the operator"""
    contact: Contact | None
    session: str
    """its id, where a contact signed in"""
    key: str
    """its id, where an API key asks"""
    permissions: tuple[Permission, ...]
    """what it may do now"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TwoFactorEnrolment(Value):
    """Shown once, to the contact alone."""

    key: str
    """the shared secret in base32, for typing"""
    uri: str
    """otpauth://totp/"""
    qr_svg: str
    """the URI as a QR code"""
    qr_png: str
    """likewise, base64"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RecoveryCodes(Value):
    """Ten, each good once in place of a code. Earlier ones are void."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ApiKey(Value):
    """A program's credential. Its text is `lsk_<id>_<secret>`."""

    id: str
    account: str
    """empty: the operator's own"""
    name: str
    scopes: tuple[Permission, ...]
    """of an operator's key: empty is everything"""
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    """to the minute"""
    previous_until: datetime | None
    """the secret before the last rotation works until here"""
    revoked: bool


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ApiKeyGrant(Value):
    """The text is shown once."""

    text: str
    key: ApiKey


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ChecklistItem(Value):
    """Something that waits for the customer."""

    code: str
    """stable: "verify_email"
    """
    severity: Severity
    text: str
    """in the language asked for"""
    remedy: str
    """what to do about it, likewise"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Checklist(Value):
    """Computed when asked, most severe first."""

    account: str
    language: str
    """of the texts"""
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Widget(Value):
    """One piece of a dashboard. Widgets stand in their order, in rows of four columns."""

    id: str = ""
    """unique in the layout"""
    kind: WidgetKind = WidgetKind.GRAPH
    metric: Metric | None = None
    """of a graph"""
    period: SummaryPeriod | None = None
    """of a summary table"""
    width: int = 1
    """columns, 1 to 4"""
    height: int = 1
    """rows, 1 to 4"""
    range_hours: int | None = None
    """how far back a graph looks, 1 to 8,784"""
    step: TimeStep | None = None
    """of a graph"""
    zone: str = ""
    """IANA; empty: the contact's"""

    _constants = {
        "kind": WidgetKind,
        "metric": Metric,
        "period": SummaryPeriod,
        "step": TimeStep,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            id: str = "",
            kind: WidgetKind | str = WidgetKind.GRAPH,
            metric: Metric | str | None = None,
            period: SummaryPeriod | str | None = None,
            width: int = 1,
            height: int = 1,
            range_hours: int | None = None,
            step: TimeStep | str | None = None,
            zone: str = "",
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Layout(Value):
    """How a dashboard is arranged."""

    account: str = ""
    contact: str = ""
    widgets: Sequence[Widget] = ()
    """at most 50"""
    customised: bool = False
    """0: the default"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Branding(Value):
    """How the portal of one domain looks: for partners who sell it under their own name."""

    domain: str = ""
    """`portal.example`, lower case"""
    name: str = ""
    logo_url: str = ""
    """https"""
    text_colour: str = ""
    """`#rrggbb`"""
    background_colour: str = ""
    """likewise; contrast with the text at least 4.5 to 1"""
    accent_colour: str = ""
    support_name: str = ""
    support_email: str = ""
    support_phone: str = ""
    languages: Sequence[str] = ()
    """BCP 47, those offered; the first is the default"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Payment(Value):
    """Money a customer paid (positive) or spent on a purchase (negative)."""

    account: str
    id: str
    created_at: datetime
    completed_at: datetime | None
    cancelled_at: datetime | None
    total: Money
    """in the account's currency"""
    status: PaymentStatus
    method: str
    """"bank transfer", "card"
    """
    description: str
    """Text from a `#` on is private to the operator: a customer sees what stands before it"""
    reference: str
    """host-chosen, unique in the account where given"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Balance(Value):
    """What an account has left. Members that the asker may not see are unset."""

    account: str
    currency: str
    as_of: datetime
    amount: Money
    """completed payments - charges"""
    payments: Money | None
    """completed"""
    charges: Money | None
    """of all calls stored, as in the Summary"""
    debit_limit: Money
    credit_available: Money
    """amount + debit limit"""
    in_flight: Money
    """what live calls have cost so far, where their rate is known"""
    burn_per_minute: Money
    """what live calls cost each minute"""
    calls_without_rate: int
    """live calls that in_flight does not know the cost of"""
    time_to_zero: timedelta | None
    """Until credit available less in flight is used up at the present burn; unset: nothing burns. None: unset"""
    payment_link: str
    """the host's template filled in; empty: none"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CallEvent(Value):
    """Something a switch says about a call in progress. Repeated and out of order it comes to the same."""

    kind: CallEventKind = CallEventKind.STARTED
    source: str = ""
    call_id: str = ""
    branch: str = ""
    at: datetime | None = None
    sequence: int | None = None
    """the source's own order of the events of a call; else `at` decides"""
    account: str = ""
    """needed when started; made where it is not known, as by call records"""
    cli: str = ""
    destination: str = ""
    direction: CallDirection = CallDirection.UNKNOWN
    rate: Money | None = None
    """per minute of answered time"""

    _constants = {
        "kind": CallEventKind,
        "direction": CallDirection,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            kind: CallEventKind | str = CallEventKind.STARTED,
            source: str = "",
            call_id: str = "",
            branch: str = "",
            at: datetime | None = None,
            sequence: int | None = None,
            account: str = "",
            cli: str = "",
            destination: str = "",
            direction: CallDirection | str = CallDirection.UNKNOWN,
            rate: Money | None = None,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CallEventReport(Value):
    """What became of the events."""

    applied: int
    ignored: int
    """told before, or older than what is known"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LiveCall(Value):
    """A call in progress."""

    account: str = ""
    source: str = ""
    call_id: str = ""
    branch: str = ""
    state: LiveCallState = LiveCallState.RINGING
    started_at: datetime = EPOCH
    answered_at: datetime | None = None
    cli: str = ""
    destination: str = ""
    direction: CallDirection = CallDirection.UNKNOWN
    dtmf_digits: int = 0
    rate: Money | None = None
    """per minute of answered time"""

    _constants = {
        "state": LiveCallState,
        "direction": CallDirection,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            account: str = "",
            source: str = "",
            call_id: str = "",
            branch: str = "",
            state: LiveCallState | str = LiveCallState.RINGING,
            started_at: datetime = EPOCH,
            answered_at: datetime | None = None,
            cli: str = "",
            destination: str = "",
            direction: CallDirection | str = CallDirection.UNKNOWN,
            dtmf_digits: int = 0,
            rate: Money | None = None,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LiveSnapshotReport(Value):
    """What a snapshot changed."""

    confirmed: int
    added: int
    """not known before: drift"""
    vanished: int
    """known, but over: drift"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Admission(Value):
    """Whether the call may start."""

    admitted: bool
    reason: str
    """stable, where refused: "channel_limit", "account_disabled"
    """
    in_use: int
    limit: int | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ChannelStatus(Value):
    """Channels in use and configured."""

    account: str
    as_of: datetime
    in_use: int
    configured: int | None
    """None: no limit"""
    ringing: int
    answered: int
    ghosts: int
    """calls that should be over; not in use"""
    drift: int
    """corrections that snapshots made since the engine was opened"""
    drift_net: int
    """calls that they added less those that they ended"""
    aged_out: int
    """calls given up at the maximum duration, likewise"""
    peak_today: int
    """since midnight UTC"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NumberRange(Value):
    """A range of numbers of one width, both ends included: "1000" to "1999". 0100 is not 100."""

    first: str
    last: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Numbering(Value):
    """The operator's rules for internal numbers."""

    range_start: str = "1000"
    """where the first block begins; its width is that of blocks added"""
    block_size: int = 1_000
    rest_days: int = 30
    """0 to 3,650: before a released number can be used again; of releases from now on; None: 30"""
    reserved: Sequence[NumberRange] = ()
    """Never given out. What is reserved inside a block cannot become an extension; a new block is never laid over it"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NumberBlock(Value):
    """A range of internal numbers that an account has."""

    account: str
    id: str
    """its range: "1000-1999"
    """
    range: NumberRange
    created_at: datetime
    extensions: int
    """live ones inside"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Extension(Value):
    """An internal number that is in use."""

    account: str
    number: str
    contact: str
    """empty: nobody's in particular"""
    created_at: datetime


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NumberOwner(Value):
    """Whose a number is, as far as the asker may know."""

    number: str
    state: NumberState
    text: str
    """in words"""
    owner: str | None
    """for the operator alone"""
    contact: str | None
    """of the asker's own extension; for the operator of anybody's"""
    block: NumberRange | None
    """likewise"""
    free_from: datetime | None
    """of a resting number"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class BlockUtilisation(Value):
    """How far one block is used."""

    range: NumberRange
    numbers: int
    used: int
    resting: int
    reserved: int
    free: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Utilisation(Value):
    """How far the blocks of an account are used."""

    account: str
    blocks: tuple[BlockUtilisation, ...]
    numbers: int
    """this and what follows: of all blocks"""
    used: int
    resting: int
    reserved: int
    free: int
    outside_blocks: int
    """live extensions that lie in no block"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExtensionImportRow(Value):
    """An existing SIP user to be taken over."""

    account: str = ""
    number: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExtensionCollision(Value):
    """Why a row cannot be taken over."""

    row: int
    """from 0"""
    account: str
    number: str
    reason: NumberRefusal
    text: str
    """in words"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExtensionImportReport(Value):
    """All rows are imported, or, when there are collisions, none."""

    rows: int
    imported: int
    collisions: tuple[ExtensionCollision, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class QuietHours(Value):
    """Local times of day between which nothing is sent; across midnight where `from` is later than `to`. What is held
    back is sent at their end if it still holds.
    """

    from_minute: int = 0
    """of the day, 0 to 1,439"""
    to_minute: int = 0
    zone: str = ""
    """IANA; empty: the account's"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlertRule(Value):
    """When somebody is told about what."""

    account: str = ""
    id: str = ""
    """assigned by the engine"""
    title: str = ""
    area: AlertArea = AlertArea.ASR
    op: AlertOperator = AlertOperator.LESS
    threshold: float = 0.0
    reset_threshold: float | None = None
    """Once fired, fires again only after the value was beyond this (above it for < and <=, below for > and >=);
    unset: after the value was no longer beyond the threshold. None: unset
    """
    sample_period: timedelta = timedelta(milliseconds=3600000)
    """Whole minutes, 1 minute to 31 days; of no meaning for balance and daily_spend. ASR, ACD, PDD and consecutive
    failures are of the calls that ended in it, CPS and channels are the most that were seen in it. default: 1 hour
    """
    minimum_samples: int = 1
    """Fewer calls decide nothing; for ASR, ACD (answered ones), PDD (those that report it) and consecutive failures.
    For ASR with < <= > >= the calls have to be enough, too, for the whole Wilson interval to be beyond the
    threshold. default: 1
    """
    repeat_period: timedelta = timedelta(milliseconds=86400000)
    """at most one notification in it; 1 minute to 31 days"""
    level: Severity = Severity.WARNING
    recipients: Sequence[str] = ()
    """e-mail addresses, at most 20"""
    quiet: QuietHours | None = None
    enabled: bool = True
    """None: 1"""
    created_at: datetime = EPOCH

    _constants = {
        "area": AlertArea,
        "op": AlertOperator,
        "level": Severity,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
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
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlertEvent(Value):
    """A line of an account's alert history. Those that fired, repeated or were tested were sent; the others are kept
    alone.
    """

    account: str
    number: int
    """from 1, without gaps"""
    at: datetime
    rule: str
    title: str
    area: AlertArea
    kind: AlertEventKind
    level: Severity
    value: float | None
    samples: int
    threshold: float
    text: str
    """why, in words"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlertTest(Value):
    """What the rule sees now and what it would do."""

    event: AlertEvent
    would_fire: bool
    recipients: tuple[str, ...]
    message: str
    """what would be sent"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlertBacktest(Value):
    """What the rule would have done had it looked at every step, each call been reported when it ended and, for CPS
    and channels, when it started.
    """

    range: TimeRange
    evaluations: int
    fired: int
    """times anybody would have been told, repetitions included"""
    held_back: int
    events: tuple[AlertEvent, ...]
    """at most 10,000"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WorkReport(Value):
    """What the clock brought: alerts evaluated, deliveries made, old things given up."""

    evaluated: int
    fired: int
    delivered: int
    failed: int
    waiting: int
    next_due: datetime | None
    """run again then; None: no rule and no delivery waits"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Webhook(Value):
    """Where events of an account are posted to, signed as Standard Webhooks (a receiver checks it with
    lineside_webhook_verify): a JSON object `{"type": "alert.fired", "timestamp": ..., "data": alert_event}`.
    Events are "alert.fired", "alert.repeated" and "alert.tested".
    """

    account: str
    id: str
    url: str
    """https, to a public address"""
    events: tuple[str, ...]
    """"alert.fired" ...; empty: all"""
    created_at: datetime
    enabled: bool
    """the engine turns it off when the receiver says 410"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WebhookGrant(Value):
    """The signing secret, `whsec_...`, is shown once."""

    webhook: Webhook
    signing_secret: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Delivery(Value):
    """Something on its way to somebody. It is written together with what it tells, and made at least once: after a
    kill in the middle it may come twice, with the same id. Kept for 30 days.
    """

    account: str
    id: str
    """the header webhook-id: the same in every attempt"""
    channel: DeliveryChannel
    webhook: str
    """id; of webhooks"""
    to: str
    """a URL, an e-mail address, or nothing"""
    event: str
    """"alert.fired"
    """
    body: str
    """of the webhook, or the mail's text"""
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    last_failure: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AccessEntry(Value):
    """Somebody did something, or was refused. Entries of an account are numbered from 1 and chained: each hash covers
    the entry and the hash before it, so that none can be changed, removed or inserted without breaking what
    follows.
    """

    number: int
    at: datetime
    account: str
    """empty in the operator's own log"""
    who: str
    """"operator", "contact c-1", "key k-1", "nobody"
    """
    source_ip: str
    """empty: not known"""
    user_agent: str
    """control characters are escaped"""
    action: str
    """the operation: "sign_in"
    """
    target: str
    """the id of what it was done to"""
    outcome: AccessOutcome
    detail: str
    """what changed, never a secret"""
    hash: str
    """SHA-256 in hexadecimal"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AccessLogVerdict(Value):
    """Whether the log is what was written."""

    account: str
    entries: int
    intact: bool
    first_broken: int | None
    """the number of the first entry that does not fit"""
    reason: str
    """where broken"""
    head: str
    """hash of the newest entry: keep it to find a log cut short"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SignInAnomaly(Value):
    """A sign-in that stands out."""

    at: datetime
    who: str
    """as the access log names it: "contact c-1"; empty: several"""
    code: str
    """stable: "new_network", "new_program", "failed_burst", "failed_codes"
    """
    source: str
    """the address, network or program; empty: not known"""
    text: str
    """in the review's language"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReviewDay(Value):
    """24 hours of calls, by their start; calls in progress are left out."""

    start: datetime
    attempts: int
    answered: int
    asr: float | None
    """%; None: no attempts, or a source does not record failed ones"""
    acd_s: float | None
    """None: none was answered"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MetricMove(Value):
    """A metric that moved against the week before."""

    metric: Metric
    destination: str
    """leading digits; empty: all calls"""
    before: float | None
    now: float | None
    calls: int
    """of this week"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExpiringThing(Value):
    """What will soon stop working."""

    what: str
    """"api_key"; "api_key_secret": the one before the last rotation"""
    id: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Review(Value):
    """One week of one account, to be read in two minutes. Each part is what the asker could look up elsewhere: it is
    unset without the permission named beside it.
    """

    account: str
    week: TimeRange
    zone: str
    """the account's, of times in the page"""
    language: str
    """of texts and the page"""
    sign_ins: int | None
    failed_sign_ins: int | None
    anomalies: tuple[SignInAnomaly, ...] | None
    """in order of time; at most 100"""
    changes: tuple[AccessEntry, ...] | None
    """Of permissions, people and keys, newest first; at most 100. None: unset"""
    log: AccessLogVerdict | None
    """whether the log of all time is what was written"""
    days: tuple[ReviewDay, ...] | None
    """14: of the week before and of the week"""
    movers: tuple[MetricMove, ...] | None
    alerts: tuple[AlertEvent, ...] | None
    """newest first; at most 100"""
    unverified: tuple[Contact, ...] | None
    """active ones; at most 100"""
    expiring: tuple[ExpiringThing, ...] | None
    """Within 30 days of the week's end, soonest first; at most 100"""
    html: str
    """the same as a page that needs nothing else"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeSide(Value):
    """One side of a comparison: a stream of records, or the stored calls of the account whose dispute it is."""

    records: RecordImportRequest | None = None
    """Read as an import reads it, with its format, zone, fields, mode and `on_rejected`; nothing is stored. Where it
    names neither `account` nor `account_from`, records need not say whose they are. Unset: the stored calls. None:
    unset
    """
    only_account: str = ""
    """of the records only those that say they are this account's; empty: all"""
    name: str = ""
    """what the report calls this side"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeTolerance(Value):
    """What differences are only rounding."""

    start: timedelta = timedelta(milliseconds=10000)
    """Between the starts of one call on both sides, once the clocks agree. 0 to an hour. None: 10 seconds"""
    length: timedelta = timedelta(milliseconds=0)
    """of billed time"""
    rounding: DurationRounding = DurationRounding.EXACT
    first_increment_s: int = 60
    """of `increments`: 30/6 is 30 ... 1 to 3,600"""
    next_increment_s: int = 60
    """and 6. 1 to 3,600"""
    charge: Money | None = None
    """of one call; its currency is not looked at"""
    charge_mode: ChargeRounding = ChargeRounding.EXACT
    charge_decimals: int = 4
    """of `charge_mode`: 0 to 9; None: 4"""

    _constants = {
        "rounding": DurationRounding,
        "charge_mode": ChargeRounding,
    }

    if TYPE_CHECKING:

        def __init__(
            self,
            start: timedelta = timedelta(milliseconds=10000),
            length: timedelta = timedelta(milliseconds=0),
            rounding: DurationRounding | str = DurationRounding.EXACT,
            first_increment_s: int = 60,
            next_increment_s: int = 60,
            charge: Money | None = None,
            charge_mode: ChargeRounding | str = ChargeRounding.EXACT,
            charge_decimals: int = 4,
        ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeInput(Value):
    """What was read of one side."""

    name: str
    format: RecordFormat
    """`detect`: stored calls"""
    evidence: str
    """why that format"""
    read: int
    """rows; of stored calls: calls"""
    rejected: int
    folded: int
    """rows that were further legs or retries of a call"""
    other_account: int
    """calls of other accounts than `only_account`"""
    not_compared: int
    """calls in progress, out of range, or not answered where only answered ones count"""
    notes: tuple[str, ...]
    """what the reader assumed"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeTotals(Value):
    """What one side has."""

    calls: int
    answered: int
    talk: timedelta
    billed: timedelta
    """talk time of calls that do not report it"""
    charge: Money | None
    """None: no call of this side reports one"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeAmount(Value):
    """Ours less theirs."""

    calls: int
    billed: timedelta
    charge: Money | None
    """None: not reported on both sides, so not compared"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeClassTotal(Value):
    """The calls of one class."""

    kind: DifferenceClass
    rule: str
    """of `rounding`: the rule that explains it, "60/60 s"
    """
    count: int
    amount: DisputeAmount


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputePeriod(Value):
    """A day or an hour, UTC. A call on both sides counts in the period of our start, one that is only theirs in that
    of its start by our clock; so the classes add up exactly to the difference, and the difference is ours less
    theirs.
    """

    start: datetime
    ours: DisputeTotals
    theirs: DisputeTotals
    difference: DisputeAmount
    classes: tuple[DisputeClassTotal, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeCall(Value):
    """A call that differs, as far as it was compared."""

    kind: DifferenceClass
    ours: Call | None
    theirs: Call | None
    amount: DisputeAmount
    text: str
    """what differs, in words"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DisputeReport(Value):
    """How two sets of calls differ: total, day, hour, call. On each level the classes add up exactly to ours less
    theirs.
    """

    account: str
    our_input: DisputeInput
    their_input: DisputeInput
    ours: DisputeTotals
    theirs: DisputeTotals
    difference: DisputeAmount
    matched: int
    """calls on both sides"""
    matched_by_id: int
    """of those, with the same call id"""
    zone_shift: timedelta
    """theirs less ours: whole quarter hours, as of a zone that was not stated"""
    clock_skew: timedelta
    """theirs less ours beyond that: the median of the matched calls"""
    classes: tuple[DisputeClassTotal, ...]
    days: tuple[DisputePeriod, ...]
    """those with calls"""
    hours: tuple[DisputePeriod, ...]
    """Those that differ; of more than 2,000 the worst, in the order of time"""
    differing_hours: int
    calls: tuple[DisputeCall, ...]
    """the first `limit` that differ, in the order of time"""
    differing_calls: int
    findings: tuple[str, ...]
    """patterns in words: "theirs is rounded up to 60/60 s"
    """


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LiveCallKey(Value):
    """What tells a live call from all others."""

    source: str
    call_id: str
    branch: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LiveCallChanges(Value):
    """Live calls, or how they changed."""

    calls: tuple[LiveCall, ...]
    """of a snapshot: all, oldest first; else those that are new or changed"""
    ended: tuple[LiveCallKey, ...]
    """those that are no longer among them"""
    more: bool
    """there are younger ones than those that are shown"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SummaryChanges(Value):
    """Hours of the Summary, or how they changed."""

    rows: tuple[SummaryRow, ...]
    """of a snapshot: all, in order; else those that are new or changed"""
    gone: tuple[datetime, ...]
    """starts of those that are out of the range"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Dashboard(Value):
    """How a contact's dashboard is arranged, and what waits for the contact."""

    layout: Layout
    checklist: Checklist


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WatchUpdate(WatchUpdateView[LiveCall, SummaryRow]):
    """Something that was not so before. The member of its topic is set; of alerts only in an `event`."""

    topic: WatchTopic
    kind: WatchKind
    position: str
    """Opaque, of the whole watch: what to resume after once this is handled"""
    at: datetime
    """when it was so"""
    channels: ChannelStatus | None
    live_calls: LiveCallChanges | None
    balance: Balance | None
    alert: AlertEvent | None
    summary: SummaryChanges | None
    dashboard: Dashboard | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ServerTls(Value):
    """TLS of a server: 1.2 or newer."""

    certificate_file: str = ""
    """PEM, the chain"""
    key_file: str = ""
    """PEM"""
    client_ca_file: str = ""
    """PEM; then every client needs a certificate from it"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ServerLimits(Value):
    """What a server puts up with. Beyond it clients are told so: 408, 413, 414, 429, 431, 503."""

    connections: int = 10_000
    connections_of_address: int = 1_000
    """IPv6 by /64"""
    header_bytes: int = 16_384
    """100 fields, 8 KB of target"""
    json_bytes: int = 1_048_576
    """of a request's JSON"""
    batch_bytes: int = 67_108_864
    """and of one of calls, events or extensions"""
    upload_bytes: int = 68_719_476_736
    """of an upload of call records"""
    streams: int = 4
    """uploads, exports and comparisons at a time, a thread each; 1 to 64"""
    watchers: int = 20_000
    """live streams at a time"""
    request_burst: int = 2_000
    """Requests of one credential, or of an address without one: so many at once, and so many a second after that.
    default: 2,000
    """
    requests_per_second: int = 500
    handshake: timedelta = timedelta(milliseconds=10000)
    header: timedelta = timedelta(milliseconds=10000)
    idle: timedelta = timedelta(milliseconds=60000)
    write_stall: timedelta = timedelta(milliseconds=30000)
    socket_idle: timedelta = timedelta(milliseconds=60000)
    """of a web socket"""
    operation: timedelta = timedelta(milliseconds=60000)
    """of one that is no stream; then 504"""


Revised = Account | Contact | Layout | Branding | Numbering | AlertRule
"""What has a revision: see `if_match`."""

# What the core calls them.
ENUMERATIONS: dict[str, type[Constant]] = {
    "webhook_targets": WebhookTargets,
    "server_check": ServerCheck,
    "plain_http": PlainHttp,
    "time_step": TimeStep,
    "account_status": AccountStatus,
    "permission": Permission,
    "role": Role,
    "call_direction": CallDirection,
    "call_outcome": CallOutcome,
    "release_party": ReleaseParty,
    "call_order": CallOrder,
    "call_filter": CallFilter,
    "record_format": RecordFormat,
    "import_mode": ImportMode,
    "attempt_coverage": AttemptCoverage,
    "metric": Metric,
    "summary_period": SummaryPeriod,
    "row_state": RowState,
    "summary_column": SummaryColumn,
    "export_format": ExportFormat,
    "cell_safety": CellSafety,
    "header_row": HeaderRow,
    "contact_status": ContactStatus,
    "contact_address": ContactAddress,
    "sign_out_scope": SignOutScope,
    "severity": Severity,
    "widget_kind": WidgetKind,
    "payment_status": PaymentStatus,
    "call_event_kind": CallEventKind,
    "live_call_state": LiveCallState,
    "live_call_filter": LiveCallFilter,
    "number_refusal": NumberRefusal,
    "number_state": NumberState,
    "release_extensions": ReleaseExtensions,
    "alert_area": AlertArea,
    "alert_operator": AlertOperator,
    "alert_event_kind": AlertEventKind,
    "alert_test_delivery": AlertTestDelivery,
    "delivery_status": DeliveryStatus,
    "delivery_channel": DeliveryChannel,
    "access_outcome": AccessOutcome,
    "duration_rounding": DurationRounding,
    "charge_rounding": ChargeRounding,
    "dispute_population": DisputePopulation,
    "difference_class": DifferenceClass,
    "watch_topic": WatchTopic,
    "watch_kind": WatchKind,
    "preconditions": Preconditions,
}
RECORDS: dict[str, type[Any]] = {
    "served_request": ServedRequest,
    "client_attempt": ClientAttempt,
    "mail": Mail,
    "text_message": TextMessage,
    "engine_storage": EngineStorage,
    "engine_identity": EngineIdentity,
    "engine_channels": EngineChannels,
    "engine_money": EngineMoney,
    "engine_webhooks": EngineWebhooks,
    "engine_live": EngineLive,
    "client_tls": ClientTls,
    "client_proxy": ClientProxy,
    "client_retries": ClientRetries,
    "client_timeouts": ClientTimeouts,
    "header": Header,
    "raw_answer": RawAnswer,
    "account": Account,
    "account_page": Page,
    "call": Call,
    "rejected_row": RejectedRow,
    "import_progress": ImportProgress,
    "record_import_request": RecordImportRequest,
    "import_report": ImportReport,
    "call_query": CallQuery,
    "call_page": Page,
    "series_query": SeriesQuery,
    "series": Series,
    "summary_query": SummaryQuery,
    "summary_row": SummaryRow,
    "summary": Summary,
    "selection_statistics": SelectionStatistics,
    "source_coverage": SourceCoverage,
    "explanation": Explanation,
    "summary_export": SummaryExport,
    "access_log_query": AccessLogQuery,
    "export_subject": ExportSubject,
    "export_report": ExportReport,
    "contact": Contact,
    "contact_page": Page,
    "verification_sent": VerificationSent,
    "session": Session,
    "session_grant": SessionGrant,
    "session_page": Page,
    "sign_out_report": SignOutReport,
    "identity": Identity,
    "two_factor_enrolment": TwoFactorEnrolment,
    "recovery_codes": RecoveryCodes,
    "api_key": ApiKey,
    "api_key_grant": ApiKeyGrant,
    "api_key_page": Page,
    "checklist_item": ChecklistItem,
    "checklist": Checklist,
    "widget": Widget,
    "layout": Layout,
    "branding": Branding,
    "branding_page": Page,
    "payment": Payment,
    "payment_page": Page,
    "balance": Balance,
    "call_event": CallEvent,
    "call_event_report": CallEventReport,
    "live_call": LiveCall,
    "live_snapshot_report": LiveSnapshotReport,
    "admission": Admission,
    "channel_status": ChannelStatus,
    "live_call_page": Page,
    "number_range": NumberRange,
    "numbering": Numbering,
    "number_block": NumberBlock,
    "number_block_page": Page,
    "extension": Extension,
    "extension_page": Page,
    "number_owner": NumberOwner,
    "block_utilisation": BlockUtilisation,
    "utilisation": Utilisation,
    "extension_import_row": ExtensionImportRow,
    "extension_collision": ExtensionCollision,
    "extension_import_report": ExtensionImportReport,
    "quiet_hours": QuietHours,
    "alert_rule": AlertRule,
    "alert_rule_page": Page,
    "alert_event": AlertEvent,
    "alert_event_page": Page,
    "alert_test": AlertTest,
    "alert_backtest": AlertBacktest,
    "work_report": WorkReport,
    "webhook": Webhook,
    "webhook_grant": WebhookGrant,
    "webhook_page": Page,
    "delivery": Delivery,
    "delivery_page": Page,
    "access_entry": AccessEntry,
    "access_entry_page": Page,
    "access_log_verdict": AccessLogVerdict,
    "sign_in_anomaly": SignInAnomaly,
    "review_day": ReviewDay,
    "metric_move": MetricMove,
    "expiring_thing": ExpiringThing,
    "review": Review,
    "dispute_side": DisputeSide,
    "dispute_tolerance": DisputeTolerance,
    "dispute_input": DisputeInput,
    "dispute_totals": DisputeTotals,
    "dispute_amount": DisputeAmount,
    "dispute_class_total": DisputeClassTotal,
    "dispute_period": DisputePeriod,
    "dispute_call": DisputeCall,
    "dispute_report": DisputeReport,
    "live_call_key": LiveCallKey,
    "live_call_changes": LiveCallChanges,
    "summary_changes": SummaryChanges,
    "dashboard": Dashboard,
    "watch_update": WatchUpdate,
    "server_tls": ServerTls,
    "server_limits": ServerLimits,
}
REVISED: dict[type[Any], str] = {
    Account: "account",
    Contact: "contact",
    Layout: "layout",
    Branding: "branding",
    Numbering: "numbering",
    AlertRule: "alert_rule",
}

__all__ = [
    "AccessEntry",
    "AccessLogQuery",
    "AccessLogVerdict",
    "AccessOutcome",
    "Account",
    "AccountStatus",
    "Admission",
    "AlertArea",
    "AlertBacktest",
    "AlertEvent",
    "AlertEventKind",
    "AlertOperator",
    "AlertRule",
    "AlertTest",
    "AlertTestDelivery",
    "ApiKey",
    "ApiKeyGrant",
    "AttemptCoverage",
    "Balance",
    "BlockUtilisation",
    "Branding",
    "Call",
    "CallDirection",
    "CallEvent",
    "CallEventKind",
    "CallEventReport",
    "CallFilter",
    "CallOrder",
    "CallOutcome",
    "CallQuery",
    "CellSafety",
    "ChannelStatus",
    "ChargeRounding",
    "Checklist",
    "ChecklistItem",
    "ClientAttempt",
    "ClientProxy",
    "ClientRetries",
    "ClientTimeouts",
    "ClientTls",
    "Contact",
    "ContactAddress",
    "ContactStatus",
    "Dashboard",
    "Delivery",
    "DeliveryChannel",
    "DeliveryStatus",
    "DifferenceClass",
    "DisputeAmount",
    "DisputeCall",
    "DisputeClassTotal",
    "DisputeInput",
    "DisputePeriod",
    "DisputePopulation",
    "DisputeReport",
    "DisputeSide",
    "DisputeTolerance",
    "DisputeTotals",
    "DurationRounding",
    "EngineChannels",
    "EngineIdentity",
    "EngineLive",
    "EngineMoney",
    "EngineStorage",
    "EngineWebhooks",
    "ExpiringThing",
    "Explanation",
    "ExportFormat",
    "ExportReport",
    "ExportSubject",
    "Extension",
    "ExtensionCollision",
    "ExtensionImportReport",
    "ExtensionImportRow",
    "Header",
    "HeaderRow",
    "Identity",
    "ImportMode",
    "ImportProgress",
    "ImportReport",
    "Layout",
    "LiveCall",
    "LiveCallChanges",
    "LiveCallFilter",
    "LiveCallKey",
    "LiveCallState",
    "LiveSnapshotReport",
    "Mail",
    "Metric",
    "MetricMove",
    "NumberBlock",
    "NumberOwner",
    "NumberRange",
    "NumberRefusal",
    "NumberState",
    "Numbering",
    "Payment",
    "PaymentStatus",
    "Permission",
    "PlainHttp",
    "Preconditions",
    "QuietHours",
    "RawAnswer",
    "RecordFormat",
    "RecordImportRequest",
    "RecoveryCodes",
    "RejectedRow",
    "ReleaseExtensions",
    "ReleaseParty",
    "Review",
    "ReviewDay",
    "Role",
    "RowState",
    "SelectionStatistics",
    "Series",
    "SeriesQuery",
    "ServedRequest",
    "ServerCheck",
    "ServerLimits",
    "ServerTls",
    "Session",
    "SessionGrant",
    "Severity",
    "SignInAnomaly",
    "SignOutReport",
    "SignOutScope",
    "SourceCoverage",
    "Summary",
    "SummaryChanges",
    "SummaryColumn",
    "SummaryExport",
    "SummaryPeriod",
    "SummaryQuery",
    "SummaryRow",
    "TextMessage",
    "TimeStep",
    "TwoFactorEnrolment",
    "Utilisation",
    "VerificationSent",
    "WatchKind",
    "WatchTopic",
    "WatchUpdate",
    "Webhook",
    "WebhookGrant",
    "WebhookTargets",
    "Widget",
    "WidgetKind",
    "WorkReport",
]
