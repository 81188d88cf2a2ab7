"""Every operation is asked once, and every kind of answer comes back as the value it is."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import struct
from base64 import b32decode
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from conftest import START, made_calls

import lineside
from lineside import Money, _operations, _values
from lineside.testing import IDENTITY

OPERATIONS = sorted(
    line.split("(")[1].split(",")[0]
    for line in (Path(__file__).parents[3] / "include/lineside/operations.def").read_text("utf-8").splitlines()
    if line.startswith("LINESIDE_OPERATION(")
)
PASSWORD = "correct horse battery"
DAY = (START, START + timedelta(days=1))


def one_time_code(key: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    secret = b32decode(key + "=" * (-len(key) % 8))
    counter = int(datetime.now(timezone.utc).timestamp()) // 30
    digest = hmac.digest(secret, struct.pack(">Q", counter), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def fits(value: object, kind: Any) -> bool:
    """Whether a value and all that is in it are of the types that their classes name."""
    origin = getattr(kind, "__origin__", None)
    if origin is tuple:
        return isinstance(value, tuple) and all(fits(v, kind.__args__[0]) for v in value)
    if origin is not None and getattr(origin, "__name__", "") == "Sequence":
        return isinstance(value, tuple) and all(fits(v, kind.__args__[0]) for v in value)
    if hasattr(kind, "__args__") and origin is None:
        return any(fits(value, one) for one in kind.__args__)
    if origin is lineside.Page:
        return isinstance(value, lineside.Page) and all(fits(v, kind.__args__[0]) for v in value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if dataclasses.is_dataclass(kind) and kind is not Money:
        hints = hints_of(kind)
        return all(fits(getattr(value, f.name), hints[f.name]) for f in dataclasses.fields(kind))
    return True


def hints_of(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, vars(_values))


class Asked(lineside.Portal):
    """A portal that notes what it was asked, and checks what it says."""

    names: set[str] = set()
    kinds: set[type] = set()

    __slots__ = ()

    def _run(self, operation: str, *rest: Any, **more: Any) -> Any:
        answer = super()._run(operation, *rest, **more)
        kind = get_type_hints(getattr(_operations.Operations, operation), vars(_operations))["return"]
        assert fits(answer, kind), (operation, answer)
        Asked.names.add(operation)
        Asked.kinds.add(type(answer))
        return answer


@pytest.fixture(scope="module")
def mails() -> list[lineside.Mail]:
    return []


@pytest.fixture(scope="module")
def asked(mails: list[lineside.Mail]) -> Iterator[Asked]:
    with Asked.open(identity=IDENTITY, mailer=mails.append) as portal:
        portal.create_account(id="acme", currency="EUR", debit_limit=Money("5", "EUR"), channel_limit=2)
        portal.create_account(id="other", currency="EUR")
        portal.import_calls(made_calls(120))
        yield portal


def test_accounts(asked: Asked) -> None:
    assert asked.get_account("acme").debit_limit == Money("5.00", "EUR")
    assert asked.update_account("acme", name="Acme", no_channel_limit=True).channel_limit is None
    assert [a.id for a in asked.list_accounts()] == ["acme", "other"]


def test_calls_and_their_numbers(asked: Asked, tmp_path: Path) -> None:
    assert asked.import_records(data=b"call_id,account_id,start_time\n", format="lineside").read == 0
    assert asked.query_calls("acme", filter="unanswered", limit=5).next
    assert asked.query_series("acme", metric="charge", range=DAY, step="day").amount == (Money("4.50", "EUR"),)
    assert len(asked.query_summary("acme", period="daily", range=DAY)) == 1
    query = lineside.SummaryQuery("acme", lineside.SummaryPeriod.DAILY, range=DAY)
    assert asked.query_statistics(query, column="asr").true_average == "75.00"
    explained = asked.explain("acme", metric="asr", range=DAY, limit=3)
    assert (explained.value, len(explained.calls), explained.coverage[0].attempts_known) == (75.0, 3, True)
    assert explained.range == DAY
    subject = lineside.ExportSubject(calls=lineside.CallQuery("acme"))
    assert asked.export_data(subject, path=tmp_path / "calls.csv").rows == 120


def test_contacts(asked: Asked, mails: list[lineside.Mail]) -> None:
    made = asked.create_contact(
        "acme",
        name="Ann",
        email="ann@example.com",
        role="administrator",
        password=PASSWORD,
        grants=["view_calls"],
        allowed_ips=["127.0.0.0/8", "10.0.0.1"],
    )
    ann = made.id
    assert asked.get_contact("acme", contact=ann) == made
    assert (made.allowed_ips, made.grants) == (("127.0.0.0/8", "10.0.0.1"), (lineside.Permission.VIEW_CALLS,))
    assert list(asked.list_contacts("acme")) == [made]
    assert asked.update_contact("acme", contact=ann, allowed_ips=[], if_match=made).allowed_ips == ()
    assert asked.get_profile("acme", contact=ann).grants == made.grants
    assert asked.update_profile("acme", contact=ann, phone="+49301234567").phone == "+49301234567"
    assert asked.set_preferences("acme", contact=ann, language="de").language == "de"
    assert asked.send_verification("acme", contact=ann).expires_at > datetime.now(timezone.utc)
    assert mails[-1].to == "ann@example.com"
    assert asked.verify_contact("acme", contact=ann).email_verified


def test_who_asks(asked: Asked, mails: list[lineside.Mail]) -> None:
    grant = asked.sign_in("ann@example.com", password=PASSWORD)
    ann = asked.as_(grant.token)
    assert ann.who_am_i().permissions
    assert [s.current for s in ann.list_sessions()] == [True]
    ann.change_password(old_password=PASSWORD, new_password=PASSWORD + " staple")
    enrolled = ann.enrol_two_factor(password=PASSWORD + " staple")
    assert enrolled.uri.startswith("otpauth://totp/")
    codes = ann.confirm_two_factor(code=one_time_code(enrolled.key)).codes
    assert len(codes) == 10
    renewed = ann.renew_recovery_codes(password=PASSWORD + " staple", code=codes[0]).codes
    ann.disable_two_factor(password=PASSWORD + " staple", code=renewed[0])
    key = ann.create_key(name="crm", scopes=["view_calls"], password=PASSWORD + " staple")
    assert asked.as_(key.text).who_am_i().permissions == (lineside.Permission.VIEW_CALLS,)
    assert ann.rotate_key(key=key.key.id, password=PASSWORD + " staple", overlap=timedelta(0)).text != key.text
    ann.revoke_key(key=key.key.id)
    assert [k.revoked for k in ann.list_keys()] == [True]
    assert ann.sign_out().ended == 1
    asked.set_password("acme", contact=grant.contact.id, password=PASSWORD)
    asked.request_password_reset("ann@example.com")
    asked.reset_password(max(mails[-1].text.split(), key=len), new_password=PASSWORD)


def test_the_dashboard(asked: Asked) -> None:
    (ann,) = asked.list_contacts("acme")
    assert asked.get_checklist("acme", contact=ann.id, language="de").language == "de"
    layout = asked.get_layout("acme", contact=ann.id)
    widget = lineside.Widget(id="w", metric=lineside.Metric.ASR, width=4, range_hours=24)
    assert asked.set_layout(dataclasses.replace(layout, widgets=[widget])).widgets == (widget,)
    assert not asked.reset_layout("acme", contact=ann.id).customised
    branding = asked.get_branding("portal.example")
    made = asked.set_branding(dataclasses.replace(branding, domain="portal.example", languages=["en", "de"]))
    assert list(asked.list_brandings()) == [made]


def test_money(asked: Asked) -> None:
    paid = asked.create_payment("acme", total=Money("10", "EUR"))
    assert asked.complete_payment("acme", payment=paid.id).completed_at is not None
    announced = asked.announce_transfer("acme", total=Money("1.5", "EUR"), reference="r")
    assert asked.cancel_payment("acme", payment=announced.id).status == "cancelled"
    assert [p.status for p in asked.list_payments("acme", status="cancelled")] == ["cancelled"]
    balance = asked.get_balance("acme")
    assert (balance.amount, balance.charges, balance.time_to_zero) == (Money("5.50", "EUR"), Money("4.50", "EUR"), None)


def test_channels(asked: Asked) -> None:
    now = datetime.now(timezone.utc)
    event = lineside.CallEvent(source="s", call_id="1", at=now, account="acme", rate=Money("0.6", "EUR"))
    assert asked.report_call_events([event]).applied == 1
    assert asked.admit_call("acme", source="s", call_id="2").admitted
    assert asked.get_channels("acme").in_use == 2
    live = asked.list_live_calls("acme")
    assert {call.call_id for call in live} == {"1", "2"}
    report = asked.report_live_calls(
        "s", at=now + timedelta(minutes=1), calls=[lineside.LiveCall(account="acme", call_id="1")]
    )
    assert report.confirmed == 1


def test_internal_numbers(asked: Asked) -> None:
    numbering = asked.get_numbering()
    changed = asked.set_numbering(dataclasses.replace(numbering, reserved=[lineside.NumberRange("1000", "1009")]))
    assert changed.reserved == (lineside.NumberRange("1000", "1009"),)
    block = asked.claim_block("acme", range=lineside.NumberRange("2000", "2999"))
    assert block.range == lineside.NumberRange("2000", "2999")
    added = asked.add_block("acme", size=100)
    assert asked.transfer_block("acme", block=added.id, to="other").account == "other"
    assert [b.id for b in asked.list_blocks("acme")] == [block.id]
    extension = asked.claim_extension("acme", number="2005")
    assert asked.transfer_extension("acme", number="2005").contact == ""
    assert list(asked.list_extensions("acme")) == [extension]
    assert asked.get_number_owner("acme", number="2005").state == "yours"
    assert asked.get_utilisation("acme").used == 1
    rows = [lineside.ExtensionImportRow("acme", "2005"), lineside.ExtensionImportRow("acme", "2006")]
    assert [c.reason for c in asked.check_extensions(rows).collisions] == ["already_yours"]
    assert asked.import_extensions(rows[1:]).imported == 1
    asked.release_extension("acme", number="2006")
    asked.release_block("acme", block=block.id, extensions="release")


def test_alerts(asked: Asked) -> None:
    rule = asked.create_alert_rule(
        account="acme",
        title="ASR",
        area="asr",
        threshold=90.0,
        recipients=["noc@example.com"],
        quiet=lineside.QuietHours(from_minute=60, to_minute=120),
    )
    assert rule.quiet == lineside.QuietHours(from_minute=60, to_minute=120)
    rule = asked.update_alert_rule(dataclasses.replace(rule, op=lineside.AlertOperator.LESS_OR_EQUAL), if_match=rule)
    assert rule in asked.list_alert_rules("acme").items
    assert asked.test_alert_rule("acme", rule=rule.id, delivery="send").recipients == ("noc@example.com",)
    reached: list[object] = []
    replayed = asked.backtest_alert_rule(rule, range=DAY, progress=reached.append)
    assert (replayed.fired > 0, replayed.range) == (True, DAY)
    assert all(isinstance(at, datetime) for at in reached)
    grant = asked.create_webhook("acme", url="https://hooks.example/in", events=["alert.fired"])
    assert [w.events for w in asked.list_webhooks("acme")] == [("alert.fired",)]
    asked.delete_webhook("acme", webhook=grant.webhook.id)
    assert asked.run_due_work().evaluated > 0
    assert {e.kind for e in asked.list_alert_events("acme")} >= {lineside.AlertEventKind.TESTED}
    delivery = asked.list_deliveries("acme").items[0]
    assert delivery.to == "noc@example.com"
    assert asked.replay_delivery("acme", delivery=delivery.id).id == delivery.id
    asked.delete_alert_rule("acme", rule=rule.id)


def test_what_happened(asked: Asked, tmp_path: Path) -> None:
    assert "create_contact" in {entry.action for entry in asked.list_access_log("acme", limit=500)}
    assert asked.verify_access_log("acme").intact
    review = asked.get_review("acme", at=START + timedelta(days=1))
    assert review.days is not None
    assert review.html.startswith("<!")
    records = tmp_path / "theirs.csv"
    asked.export(lineside.CallQuery("acme", range=(START, START + timedelta(hours=1))), records)
    report = asked.compare_calls(
        "acme",
        ours=lineside.DisputeSide(),
        theirs=lineside.DisputeSide(
            records=lineside.RecordImportRequest(path=str(records), format=lineside.RecordFormat.LINESIDE)
        ),
        evidence_path=tmp_path / "evidence.csv",
        tolerance=lineside.DisputeTolerance(start=timedelta(seconds=1)),
    )
    assert (report.matched, report.difference.calls, len(report.hours)) == (60, 60, 1)


def test_all_of_them_were_asked() -> None:
    assert len(OPERATIONS) > 80
    assert sorted(set(OPERATIONS) - Asked.names) == []
