"""Values are ordinary Python, and say what the core says."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from conftest import START, made_calls

import lineside
from lineside import _core, _values


def test_every_constant_has_the_name_the_core_gives_it() -> None:
    for name, kind in _values.ENUMERATIONS.items():
        named = _core.constant_name(name, 1) != ""
        texts = [_core.constant_name(name, i) for i in range(1, len(kind) + 1)]
        assert not named or texts == [str(c) for c in kind], name
        assert _core.constant_name(name, len(kind) + 1) == "", name


def test_a_constant_is_its_text() -> None:
    text: str = lineside.Metric.ASR
    assert text == "asr"
    assert lineside.Metric("asr") is lineside.Metric.ASR
    assert lineside.TimeStep("hour") is lineside.TimeStep.HOUR
    assert {text: 1}["asr"] == 1


def test_every_error_of_the_core_has_a_class() -> None:
    codes = [_core.code_name(i) for i in range(1, 100)]
    known = [code for code in codes if code]
    assert [kind.code for kind in lineside._errors.CLASSES] == known
    assert len(set(lineside._errors.CLASSES)) == len(known)


@pytest.mark.parametrize("kind", [k for k in _values.RECORDS.values() if k is not lineside.Page])
def test_values_are_frozen_and_slotted(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert not hasattr(kind, "__dict__") or "__dict__" not in kind.__dict__
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind.__setattr__(object.__new__(kind), dataclasses.fields(kind)[0].name, None)
    assert kind.__doc__


def test_what_is_sent_comes_back(lineside_portal: lineside.Portal) -> None:
    lineside_portal.create_account(id="acme", currency="EUR")
    sent = made_calls(2)
    lineside_portal.import_calls(sent)
    first, second = lineside_portal.query_calls("acme", limit=2).items
    for got, was in ((first, sent[0]), (second, sent[1])):
        assert dataclasses.replace(got, charge=was.charge) == was
    assert first.charge == lineside.Money("0.05", "EUR")
    assert isinstance(first.charge.amount, Decimal)


def test_times_are_aware_and_of_any_zone(portal: lineside.Portal) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hour = (START.astimezone(berlin), (START + timedelta(hours=1)).astimezone(berlin))
    calls = portal.query_calls("acme", range=hour, limit=100).items
    assert len(calls) == 60
    assert calls[0].start_time == START
    assert calls[0].start_time.tzinfo is timezone.utc


def test_a_naive_time_is_refused_by_name(portal: lineside.Portal) -> None:
    with pytest.raises(ValueError, match="range has no time zone"):
        portal.query_calls("acme", range=(datetime(2026, 3, 1), datetime(2026, 3, 2)))


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("limit", "ten", "limit is a whole number, not str"),
        ("limit", -1, "limit is out of range: -1"),
        ("limit", 2**40, "limit is out of range"),
        ("number", 5, "number is a text, not int"),
        ("number", "a\0b", "number has a zero byte in it"),
        ("filter", "sometimes", "filter: there is no call_filter 'sometimes'"),
        ("range", "2026", "range is a TimeRange or a pair of datetimes, not str"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    portal: lineside.Portal, member: str, value: object, message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        portal.query_calls("acme", **{member: value})  # type: ignore[arg-type]


def test_a_truth_is_true_or_false(portal: lineside.Portal) -> None:
    with pytest.raises(TypeError, match="no_channel_limit is True or False, not str"):
        portal.update_account("acme", no_channel_limit="no")  # type: ignore[arg-type]


def test_a_list_is_not_a_text(portal: lineside.Portal) -> None:
    with pytest.raises(TypeError, match="recipients is a sequence, not str"):
        portal.create_alert_rule(account="acme", title="t", recipients="me@example.com")
    with pytest.raises(TypeError, match="calls is Call, not"):
        portal.import_calls([object()])  # type: ignore[list-item]


def test_times_beyond_pythons_years_are_its_first_and_last(portal: lineside.Portal) -> None:
    forever = lineside.TimeRange(datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc))
    assert len(portal.query_calls("acme", range=forever, limit=1000)) == 120


def test_every_date_survives_the_way_there_and_back(lineside_portal: lineside.Portal) -> None:
    lineside_portal.create_account(id="acme")
    for days in (-25_000, -141, -1, 0, 58, 59, 11_016, 20_513, 60_000):
        day = lineside.EPOCH + timedelta(days=days, milliseconds=1)
        payment = lineside.Call(source="s", call_id=str(days), account_id="acme", start_time=day)
        lineside_portal.import_calls([payment])
        assert [c.start_time for c in lineside_portal.calls("acme") if c.call_id == str(days)] == [day]


def test_money_is_exact() -> None:
    assert lineside.Money("0.1") == lineside.Money(Decimal("0.1"))
    assert str(lineside.Money("12.50", "EUR")) == "12.50 EUR"
    with pytest.raises(TypeError, match="exact"):
        lineside.Money(0.1)  # type: ignore[arg-type]


def test_money_that_does_not_fit_is_refused(lineside_portal: lineside.Portal) -> None:
    with pytest.raises(ValueError, match="debit_limit"):
        lineside_portal.create_account(id="acme", debit_limit=lineside.Money("1e30", "EUR"))


def test_a_value_or_its_members_but_not_both(lineside_portal: lineside.Portal) -> None:
    made = lineside_portal.create_account(lineside.Account(id="acme", name="Acme"))
    assert made.name == "Acme"
    with pytest.raises(TypeError, match="name stands in the Account already"):
        lineside_portal.create_account(lineside.Account(id="b"), name="B")
    with pytest.raises(TypeError, match="Account expected, not str"):
        lineside_portal.create_account("acme")  # type: ignore[arg-type]


def test_errors_survive_pickling() -> None:
    error = lineside.NotFound("there is none", field="account", http_status=404, request_id="r-1")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.field, again.http_status) == (
        lineside.NotFound,
        "there is none (request r-1)",
        "account",
        404,
    )
