"""The same program, near and far."""

from __future__ import annotations

import dataclasses
import http.server
import inspect
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import START, made_calls

import lineside
from lineside import _core, _errors
from lineside.testing import IDENTITY, RunningServer, running_server


def a_days_work(portal: lineside.Portal) -> list[object]:
    """What a portal says that has two hours of calls, as far as it does not depend on the clock."""
    said: list[object] = []
    account = portal.get_account("acme")
    said.append((account.id, account.currency, account.channel_limit, account.status))
    said.append([c.call_id for c in portal.calls("acme", page_size=50, order="newest_first")])
    series = portal.series("acme", "asr", START, START + timedelta(hours=2), step="hour", zone="UTC")
    said.append((series.value.tolist(), series.numerator.tolist(), series.unit))
    said.append(
        [
            (r.start, r.attempts, r.asr, r.charge)
            for r in portal.summary("acme", "daily", START, START + timedelta(days=1))
        ]
    )
    said.append(
        portal.query_statistics(
            lineside.SummaryQuery("acme", "daily", None, lineside.TimeRange(START, START + timedelta(days=1))),
            column="answered",
        ).sum
    )
    said.append(portal.explain("acme", metric="asr", range=(START, START + timedelta(hours=1)), limit=1).policy)
    block = portal.add_block("acme", request_id="once")
    said.append((block.id, portal.add_block("acme", request_id="once") == block))
    extension = portal.claim_extension("acme")
    said.append((extension.number, portal.get_number_owner("acme", number=extension.number).state))
    rule = portal.create_alert_rule(
        account="acme", title="low ASR", area="asr", op="<", threshold=50.0, sample_period=timedelta(minutes=30)
    )
    said.append((rule.op, rule.sample_period, rule.enabled, rule.quiet))
    contact = portal.create_contact("acme", name="A", email="a@example.com")
    layout = portal.get_layout("acme", contact=contact.id)
    changed = portal.set_layout(dataclasses.replace(layout, widgets=layout.widgets[:1]), if_match=layout)
    said.append((len(changed.widgets), changed.customised))
    for wrong in (
        lambda: portal.get_account("nobody"),
        lambda: portal.create_account(id="acme"),
        lambda: portal.query_calls("acme", limit=100_000),
        lambda: portal.set_layout(layout, if_match=layout),
    ):
        with pytest.raises(lineside.Error) as refused:
            wrong()
        said.append((refused.value.code, refused.value.field, refused.value.message))
    return said


def test_near_and_far_say_the_same(portal: lineside.Portal, far: lineside.Portal) -> None:
    assert a_days_work(portal) == a_days_work(far)


def test_both_portals_have_the_same_surface() -> None:
    def surface(kind: type) -> dict[str, list[tuple[str, object, object]]]:
        return {
            name: [(p.name, p.kind, p.default) for p in inspect.signature(member).parameters.values()]
            for name, member in inspect.getmembers(kind)
            if not name.startswith("_") and callable(member)
        }

    assert surface(lineside.Portal) == surface(lineside.AsyncPortal)
    for name in surface(lineside.Portal):
        assert inspect.getdoc(getattr(lineside.Portal, name)) == inspect.getdoc(getattr(lineside.AsyncPortal, name))


def test_every_operation_is_a_method() -> None:
    table = Path(__file__).parents[3] / "include/lineside/operations.def"
    rows = [
        line.split("(")[1].split(",")[0]
        for line in table.read_text(encoding="utf-8").splitlines()
        if line.startswith("LINESIDE_OPERATION(")
    ]
    assert len(rows) > 80
    assert [name for name in rows if not hasattr(lineside.Portal, name)] == []


def test_a_store_outlives_its_engine(tmp_path: Path) -> None:
    with lineside.open(tmp_path / "store.db") as portal:
        portal.create_account(id="acme")
        with pytest.raises(lineside.Unavailable):
            lineside.open(tmp_path / "store.db")
    with lineside.open(tmp_path / "store.db") as portal:
        assert [a.id for a in portal.accounts()] == ["acme"]


def too_many_live_calls(_: lineside.Portal) -> None:
    with lineside.open(channels=lineside.EngineChannels(most_live_calls=1)) as portal:
        portal.create_account(id="acme")
        now = datetime.now(timezone.utc)
        events = [lineside.CallEvent(source="s", call_id=str(i), at=now, account="acme") for i in range(2)]
        for event in events:
            portal.report_call_events([event])
        portal.admit_call("acme", source="s", call_id="3")


def closed_portal(portal: lineside.Portal) -> None:
    view = portal.as_()
    view.close()
    view.get_account("acme")


def late_update(portal: lineside.Portal) -> None:
    with portal.watch("acme", topics=["alerts"]) as watch:
        watch.next()
        watch.next(timeout=0.01)


def closed_watch(portal: lineside.Portal) -> None:
    watch = portal.watch("acme", topics=["alerts"])
    watch.next()
    watch.close()
    watch.next()


def other_server(_: lineside.Portal) -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>It works!</h1>")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        try:
            with lineside.connect(f"http://127.0.0.1:{server.server_port}") as far:
                far.get_account("acme")
        finally:
            thread.join()


def no_database(_: lineside.Portal) -> None:
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(b"certainly no database" * 1000)
        file.flush()
        lineside.open(file.name)


def defect(_: lineside.Portal) -> None:
    # None is known: what the core makes of one.
    raise _errors.failure(13, False, "a defect", "", "", 0, 0, "", "")


# What raises each code, its exception and what that is beside.
REFUSALS: dict[str, tuple[type[lineside.Error], type[Exception], Callable[[lineside.Portal], object]]] = {
    "invalid_argument": (lineside.InvalidArgument, ValueError, lambda p: p.query_calls("acme", limit=0, cursor="?")),
    "unauthenticated": (lineside.Unauthenticated, lineside.Error, lambda p: p.as_("lsk_no_such").get_account("acme")),
    "permission_denied": (
        lineside.PermissionDenied,
        PermissionError,
        lambda p: p.signed_in("v@example.com", "correct horse battery").create_account(id="x"),
    ),
    "not_found": (lineside.NotFound, LookupError, lambda p: p.get_account("nobody")),
    "conflict": (lineside.Conflict, lineside.Error, lambda p: p.create_account(id="acme")),
    "exhausted": (lineside.Exhausted, lineside.Error, too_many_live_calls),
    "precondition_failed": (
        lineside.PreconditionFailed,
        lineside.Error,
        lambda p: p.update_account("acme", name="x", if_match="A" * 22),
    ),
    "unavailable": (lineside.Unavailable, ConnectionError, closed_portal),
    "timed_out": (lineside.TimedOut, TimeoutError, late_update),
    "cancelled": (lineside.Cancelled, lineside.Error, closed_watch),
    "protocol": (lineside.ProtocolError, lineside.Error, other_server),
    "storage": (lineside.StorageError, OSError, no_database),
    "internal": (lineside.InternalError, RuntimeError, defect),
}


def test_every_code_has_an_exception_that_is_raised() -> None:
    assert list(REFUSALS) == [_core.code_name(number) for number in range(1, 14)] == [k.code for k in _errors.CLASSES]
    assert _core.code_name(14) == ""


@pytest.mark.parametrize("code", REFUSALS)
def test_errors_are_raised_by_their_meaning(portal: lineside.Portal, code: str) -> None:
    portal.create_contact("acme", name="V", email="v@example.com", role="viewer", password="correct horse battery")
    kind, builtin, wrong = REFUSALS[code]
    with pytest.raises(lineside.Error) as refused:
        wrong(portal)
    assert type(refused.value) is kind
    assert refused.value.code == code
    assert isinstance(refused.value, builtin)
    assert refused.value.message
    assert refused.value.retryable == (code in ("exhausted", "unavailable", "timed_out"))
    assert refused.value.http_status == (200 if code == "protocol" else 0)


def test_errors_of_a_server_have_its_status_and_request(far: lineside.Portal) -> None:
    with pytest.raises(lineside.NotFound) as refused:
        far.get_account("nobody")
    assert refused.value.http_status == 404
    assert refused.value.request_id
    assert refused.value.request_id in str(refused.value)


def test_the_reason_of_a_refused_number_is_its_cause(portal: lineside.Portal) -> None:
    portal.add_block("acme")
    portal.create_account(id="other")
    portal.claim_extension("acme", number="1000")
    with pytest.raises(lineside.Error) as refused:
        portal.claim_extension("other", number="1000")
    assert refused.value.cause is not None
    category, code, _ = refused.value.cause
    assert category == "lineside.numbers"
    assert list(lineside.NumberRefusal)[code - 1] in ("taken", "in_other_block")


def test_a_deadline_passes() -> None:
    with running_server() as server, lineside.connect(server.url, token=server.token) as far:
        watch = far.watch("nobody-writes-here", topics=["alerts"])
        with pytest.raises((TimeoutError, lineside.NotFound)):
            watch.next(timeout=0.01)


def test_an_answer_that_was_given_is_given_again(portal: lineside.Portal) -> None:
    key = "01900000-0000-7000-8000-000000000000"
    first = portal.create_payment("acme", total=lineside.Money("10", "EUR"), idempotency_key=key)
    assert portal.create_payment("acme", total=lineside.Money("10", "EUR"), idempotency_key=key) == first
    assert len(list(portal.payments("acme"))) == 1


def test_an_import_tells_how_far_it_is_and_what_it_refused(portal: lineside.Portal, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    rows = ["call_id,account_id,start_time,duration_ms"]
    rows += [f"{i},acme,{START + timedelta(seconds=i):%Y-%m-%dT%H:%M:%SZ},0" for i in range(50)]
    rows.append("bad,acme,yesterday,0")
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    refused: list[lineside.RejectedRow] = []
    told: list[lineside.ImportProgress] = []
    report = portal.import_file(file, format="lineside", progress=told.append, on_rejected=refused.append)
    assert (report.imported, report.rejected) == (50, 1)
    assert [(r.line, r.field) for r in refused] == [(52, "start_time")]
    assert all(t.bytes <= file.stat().st_size for t in told)
    assert portal.import_records(data=file.read_bytes(), format="lineside").duplicates == 50


def test_progress_that_raises_stops_the_import(portal: lineside.Portal) -> None:
    row = "bad,acme,yesterday,0\n"

    def stop(_: lineside.RejectedRow) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        portal.import_records(
            data=b"call_id,account_id,start_time,duration_ms\n" + row.encode() * 1000,
            format="lineside",
            on_rejected=stop,
        )
    assert portal.get_account("acme").id == "acme"


def test_a_call_may_be_made_while_another_tells(portal: lineside.Portal) -> None:
    seen: list[str] = []
    portal.import_records(
        data=b"call_id,account_id,start_time,duration_ms\nbad,acme,yesterday,0\n",
        format="lineside",
        on_rejected=lambda row: seen.append(str(portal.verify_access_log("acme").intact)),
    )
    assert seen == ["True"]


def test_an_export_is_what_the_portal_says(portal: lineside.Portal, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    report = portal.export(lineside.CallQuery("acme"), file)
    assert report.rows == 120
    assert len(file.read_text(encoding="utf-8").splitlines()) == 121


def test_people_are_reached_through_the_host() -> None:
    sent: list[lineside.Mail] = []
    with lineside.open(identity=IDENTITY, mailer=sent.append) as portal:
        portal.create_account(id="acme")
        portal.create_contact("acme", name="A", email="a@example.com", role="administrator")
        portal.request_password_reset("a@example.com")
        assert sent[0].to == "a@example.com"
        token = max(sent[0].text.split(), key=len)
        portal.reset_password(token, new_password="correct horse battery")
        assert portal.signed_in("a@example.com", "correct horse battery").who_am_i().kind == "contact"


def test_a_mailer_that_raises_makes_the_operation_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: unraisable.append(args.exc_value))

    def broken(_: lineside.Mail) -> None:
        raise OSError("no network")

    with lineside.open(identity=IDENTITY, mailer=broken) as portal:
        portal.create_account(id="acme")
        contact = portal.create_contact("acme", name="A", email="a@example.com", role="administrator")
        with pytest.raises(lineside.Unavailable):
            portal.send_verification("acme", contact=contact.id)
    assert [str(e) for e in unraisable] == ["no network"]


def test_live_data_comes_as_it_changes(far: lineside.Portal, server: RunningServer) -> None:
    with far.watch("acme", topics=["channels"]) as watch:
        assert next(watch).kind == "snapshot"
        server.operator.report_call_events(
            [
                lineside.CallEvent(
                    kind="started", source="s", call_id="1", at=datetime.now(tz=START.tzinfo), account="acme"
                )
            ]
        )
        update = next(watch)
        assert update.channels is not None
        assert update.channels.in_use == 1
        assert watch.position == update.position
        watch.close()
        assert list(watch) == []


def test_a_closed_portal_says_so(portal: lineside.Portal) -> None:
    view = portal.as_()
    portal.close()
    portal.close()
    for closed in (portal, view):
        with pytest.raises(lineside.Unavailable):
            closed.get_account("acme")


def test_what_no_method_asks_can_be_sent(far: lineside.Portal) -> None:
    answer = far.send("GET", "/v1/accounts/acme")
    assert answer.status == 200
    assert b'"acme"' in answer.body
    assert "content-type" in {f.name.lower() for f in answer.fields}


def test_a_webhooks_receiver_checks_its_signature() -> None:
    with pytest.raises(lineside.Unauthenticated):
        lineside.verify_webhook(
            "whsec_" + "A" * 32, {"Webhook-Id": "1", "Webhook-Timestamp": "1", "Webhook-Signature": "v1,AAAA"}, b"{}"
        )


def test_a_receiver_is_tested_with_a_webhook_of_its_own() -> None:
    # The example of the Standard Webhooks specification.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime(2021, 2, 25, 15, 2, 10, tzinfo=START.tzinfo)
    headers = lineside.sign_webhook(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", body, at=at)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert lineside.verify_webhook(secret, headers, body, now=at) == at
    assert lineside.verify_webhook(secret, lineside.sign_webhook(secret, "1", b"\0\xff"), b"\0\xff")
    with pytest.raises(lineside.Unauthenticated):
        lineside.verify_webhook(secret, headers, body + b" ", now=at)
    with pytest.raises(lineside.InvalidArgument):
        lineside.sign_webhook("no secret", "1", body)


def test_servers_and_clients_log(server: RunningServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "lineside")
    with (
        server.operator.serve(operator_token=server.token, log=True) as logged,
        lineside.connect(logged.url, token=server.token, log=True) as far,
    ):
        far.get_account("acme")
    names = {record.name for record in caplog.records}
    assert names == {"lineside.server", "lineside.client"}
    assert all(server.token not in record.getMessage() for record in caplog.records)


def test_calls_are_counted_once(portal: lineside.Portal) -> None:
    assert portal.import_calls(made_calls(120)).duplicates == 120
