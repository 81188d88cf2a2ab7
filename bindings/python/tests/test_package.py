"""The package itself: what its import brings, and that its values are the dataclasses they look like."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from typing import Any

import pytest
from conftest import made_calls

import lineside
from lineside import _values

KINDS = sorted({kind for kind in _values.RECORDS.values() if kind is not lineside.Page}, key=lambda kind: kind.__name__)


def modules_after(code: str) -> set[str]:
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(said.stdout.split())


def test_an_import_brings_nothing_that_not_everybody_needs() -> None:
    slow = {"asyncio", "dataclasses", "inspect", "logging", "socket", "zoneinfo", "html", "numpy", "pandas", "pytest"}
    before = modules_after("pass")
    assert (modules_after("import lineside") - before) & slow == set()
    assert "asyncio" in modules_after("from lineside import AsyncPortal")


def test_all_that_is_public_is_there_and_says_where_it_lives() -> None:
    assert set(lineside.__all__) <= set(dir(lineside))
    for name in lineside.__all__:
        public = getattr(lineside, name)
        assert not isinstance(public, type) or public.__module__ == "lineside", name
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = lineside.no_such_thing  # type: ignore[attr-defined]
    everything: dict[str, Any] = {}
    exec("from lineside import *", everything)
    assert set(lineside.__all__) <= set(everything)


@pytest.mark.parametrize("kind", KINDS)
def test_each_value_is_as_the_standard_decorator_makes_it(kind: Any) -> None:
    fields = dataclasses.fields(kind)
    with_defaults = {f.name: f.default for f in fields if f.default is not dataclasses.MISSING}
    members = {"__annotations__": {f.name: f.type for f in fields}, "__module__": kind.__module__, **with_defaults}
    plain: type[Any] = type(kind.__name__, (), members)
    standard: Any = dataclasses.dataclass(frozen=True, slots=True)(plain)
    assert all(map(dataclasses.is_dataclass, (kind, standard)))
    assert [(f.name, f.default) for f in fields] == [(f.name, f.default) for f in dataclasses.fields(standard)]
    assert kind.__match_args__ == standard.__match_args__ == kind.__slots__
    given = inspect.signature(kind).parameters.values()
    assert [(p.name, p.kind, p.default) for p in given] == [
        (p.name, p.kind, p.default) for p in inspect.signature(standard).parameters.values()
    ]
    made: Any = kind() if kind._constants else kind(*range(len(fields)))
    other = kind.__new__(kind)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.no_such_member = 1
    for f in fields:
        object.__setattr__(other, f.name, getattr(made, f.name))
        with pytest.raises(dataclasses.FrozenInstanceError, match=f.name):
            setattr(made, f.name, 1)
        with pytest.raises(dataclasses.FrozenInstanceError, match=f.name):
            delattr(made, f.name)
    if kind is not lineside.Series:  # those are equal to themselves only
        assert made == other == copy.copy(made) == dataclasses.replace(made) == pickle.loads(pickle.dumps(made))
        assert repr(made) == repr(other)


def test_a_value_can_be_taken_apart_and_changed() -> None:
    call = made_calls(1)[0]
    match call:
        case lineside.Call(outcome=lineside.CallOutcome.ANSWERED, charge=lineside.Money(amount, "EUR")):
            assert str(amount) == "0.05"
        case _:
            pytest.fail("no match")
    assert dataclasses.asdict(dataclasses.replace(call, call_id="2"))["call_id"] == "2"
    assert hash(call) == hash(copy.deepcopy(call))
    assert len({call, copy.deepcopy(call)}) == 1


def test_a_program_may_derive_from_a_value() -> None:
    @dataclasses.dataclass(frozen=True)
    class Rated(lineside.Call):
        rate_name: str = ""

    class Named(lineside.TimeRange):
        pass

    rated = Rated(call_id="1", rate_name="night", outcome="busy")  # type: ignore[arg-type]
    assert (rated.call_id, rated.rate_name, rated.outcome) == ("1", "night", lineside.CallOutcome.BUSY)
    assert [f.name for f in dataclasses.fields(Rated)][-1] == "rate_name"
    assert Named(rated.start_time, rated.start_time).start == lineside.EPOCH


def test_a_constant_may_be_given_as_its_text() -> None:
    call = lineside.Call(outcome="busy", direction=lineside.CallDirection.INBOUND)
    assert call.outcome is lineside.CallOutcome.BUSY
    assert call == lineside.Call(outcome=lineside.CallOutcome.BUSY, direction="INBOUND")
    changed = dataclasses.replace(call, released_by="caller")  # type: ignore[arg-type]
    assert changed.released_by is lineside.ReleaseParty.CALLER
    assert lineside.SummaryQuery("acme", "daily").period is lineside.SummaryPeriod.DAILY
    with pytest.raises(ValueError, match="'drowned' is not a valid CallOutcome"):
        lineside.Call(outcome="drowned")
    with pytest.raises(ValueError, match="5 is not a valid CallOutcome"):
        lineside.Call(outcome=5)  # type: ignore[arg-type]
