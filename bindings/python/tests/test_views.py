"""How values look in a notebook, and in the hands of pandas and matplotlib."""

from __future__ import annotations

import dataclasses
import sys
from datetime import datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import pytest
from conftest import START

import lineside


def asr(portal: lineside.Portal, zone: str = "Europe/Berlin") -> lineside.Series:
    return portal.series("acme", "asr", START - timedelta(hours=1), START + timedelta(hours=2), step="hour", zone=zone)


def test_points_have_gaps_where_there_is_nothing_to_measure(portal: lineside.Portal) -> None:
    assert [value for _, value in asr(portal).points()] == [None, 75.0, 75.0]
    assert [f"{time:%H:%M %z}" for time, _ in asr(portal).points()] == ["00:00 +0100", "01:00 +0100", "02:00 +0100"]


def test_pandas_gets_an_index_in_the_zone(portal: lineside.Portal) -> None:
    pandas = pytest.importorskip("pandas")
    frame = asr(portal).to_pandas()
    assert str(frame.index.tz) == "Europe/Berlin"
    assert frame.index[1] == pandas.Timestamp("2026-03-01 01:00", tz="Europe/Berlin")
    assert (frame.name, frame.attrs["unit"], frame.isna().sum(), frame.iloc[-1]) == ("asr", "%", 1, 75.0)


def test_pandas_gets_days_of_23_hours(portal: lineside.Portal) -> None:
    pytest.importorskip("pandas")
    series = portal.series("acme", "attempts", "2026-03-28", "2026-03-31", step="1d", zone="Europe/Berlin")
    assert series.to_pandas().index.strftime("%d %H:%M %z").tolist() == [
        "28 00:00 +0100",
        "29 00:00 +0100",
        "30 00:00 +0200",
    ]


def test_a_summary_is_a_frame(portal: lineside.Portal) -> None:
    pytest.importorskip("pandas")
    summary = portal.summary("acme", "daily", START, START + timedelta(days=1))
    frame = summary.to_pandas()
    assert (len(summary), [row.attempts for row in summary]) == (1, [120])
    assert frame.loc["2026-03-01", "attempts"] == 120
    assert str(frame.index.tz) == "UTC"


def test_a_list_of_live_calls_follows_its_updates() -> None:
    with lineside.open(live=lineside.EngineLive(interval=timedelta(0))) as portal:
        portal.create_account(id="acme")
        started = datetime.now(timezone.utc) - timedelta(minutes=10)

        def tell(kind: str, call_id: str, minutes: int) -> None:
            at = started + timedelta(minutes=minutes)
            report = portal.report_call_events(
                [lineside.CallEvent(kind=kind, source="s", call_id=call_id, at=at, account="acme")]
            )
            assert report.applied == 1

        calls: list[lineside.LiveCall] = []
        with portal.watch("acme", topics=["live_calls"]) as watch:

            def seen() -> list[tuple[str, str]]:
                watch.next().apply_to_calls(calls)
                return [(call.call_id, str(call.state)) for call in calls]

            assert seen() == []
            tell("started", "b", 2)
            assert seen() == [("b", "ringing")]
            tell("started", "a", 1)
            assert seen() == [("a", "ringing"), ("b", "ringing")]
            tell("answered", "b", 3)
            assert seen() == [("a", "ringing"), ("b", "answered")]
            tell("ended", "a", 4)
            assert seen() == [("b", "answered")]
            listed = portal.list_live_calls("acme")
            assert [call.call_id for call in listed] == ["b"]
        with portal.watch("acme", topics=["live_calls"]) as again:
            again.next().apply_to_calls(calls)
            assert [call.call_id for call in calls] == ["b"], "a snapshot takes the place of what was known"


def test_a_list_of_hours_follows_its_updates(portal: lineside.Portal) -> None:
    hours: list[lineside.SummaryRow] = []
    with portal.watch("acme", topics=["summary"]) as watch:
        first = watch.next()
        first.apply_to_hours(hours)
        first.apply_to_calls(unasked := [lineside.LiveCall(call_id="x")])
        assert [call.call_id for call in unasked] == ["x"], "an update of another topic changes nothing"
        assert first.summary is not None
        assert hours == list(first.summary.rows)
    known = list(portal.summary("acme", "live", START, START + timedelta(hours=2)).rows)
    starts = [row.start for row in known]
    second = dataclasses.replace(known[1], attempts=7)
    changed = lineside.SummaryChanges(rows=(second,), gone=(starts[0],))
    dataclasses.replace(first, kind=lineside.WatchKind.CHANGE, summary=changed).apply_to_hours(known)
    assert [row.start for row in known] == starts[1:]
    assert known[0].attempts == 7


def test_matplotlib_draws(portal: lineside.Portal) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    axes = asr(portal).plot(color="black")
    assert (axes.get_ylabel(), len(axes.lines), len(axes.lines[0].get_xdata())) == ("%", 1, 3)
    assert asr(portal).plot(ax=axes) is axes
    assert len(axes.lines) == 2


def test_notebooks_show_series_summaries_accounts_and_lists(portal: lineside.Portal) -> None:
    portal.update_account("acme", name="<Acme & Sons>")
    shown: list[Any] = [
        asr(portal),
        portal.summary("acme", "daily", START, START + timedelta(days=1)),
        portal.get_account("acme"),
        portal.list_accounts(),
        portal.query_calls("acme", limit=100),
        portal.query_calls("acme", number="nobody"),
    ]
    texts = [value._repr_html_() for value in shown]
    assert "<svg" in texts[0]
    assert texts[0].count("<polyline") == 1
    assert "<th>attempts</th>" in texts[1]
    assert all("&lt;Acme &amp; Sons&gt;" in text for text in texts[2:4])
    assert "the first 60 of 100" in texts[4]
    assert texts[5] == "<p>nothing</p>"
    assert repr(shown[0]) == "<Series asr of acme: 3 x 1h, %, Europe/Berlin>"


def test_what_is_not_installed_is_named(portal: lineside.Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        asr(portal).to_pandas()


def test_a_bar_shows_how_far_an_import_is(
    portal: lineside.Portal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    told = lineside.ImportProgress(rows=1234, bytes=50, total_bytes=100)
    from lineside._progress import Bar

    bar = Bar()
    bar(told)
    bar(START)
    bar.close()
    shown = capsys.readouterr().err
    assert "1,234 rows 50%" in shown
    assert "2026-03-01 00:00" in shown
    assert shown.endswith("\n")

    class Tqdm:
        made: list[Tqdm] = []

        def __init__(self, total: int, **_: object) -> None:
            self.total, self.n, self.closed = total, 0, False
            self.made.append(self)

        def update(self, by: int) -> None:
            self.n += by

        def set_postfix_str(self, text: str) -> None:
            assert text == "1,234 rows"

        def close(self) -> None:
            self.closed = True

    module = ModuleType("tqdm.auto")
    module.tqdm = Tqdm  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    bar = Bar()
    bar(told)
    bar(told)
    bar.close()
    assert [(t.total, t.n, t.closed) for t in Tqdm.made] == [(100, 50, True)]
