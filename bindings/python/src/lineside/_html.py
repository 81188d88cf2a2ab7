"""How values look in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape as escape

MOST_ROWS = 60


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, tuple):
        return escape(", ".join(str(v) for v in value))
    return escape(str(value))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """At most the first 60 rows; it says how many there are."""
    shown = [list(map(cell, row)) for row in rows]
    lines = ["<table><thead><tr>", *(f"<th>{escape(h)}</th>" for h in heads), "</tr></thead><tbody>"]
    for row in shown[:MOST_ROWS]:
        lines += ["<tr>", *(f"<td>{c}</td>" for c in row), "</tr>"]
    lines.append("</tbody></table>")
    if len(shown) > MOST_ROWS:
        lines.append(f"<p>the first {MOST_ROWS} of {len(shown):,}</p>")
    return "".join(lines)


def line_chart(values: Sequence[float | None], width: int = 600, height: int = 120) -> str:
    """A line with gaps where there is nothing to measure, from zero to the largest value."""
    largest = max((v for v in values if v is not None), default=0.0) or 1.0
    step = width / max(1, len(values) - 1)
    pieces: list[list[str]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{i * step:.1f},{height - value / largest * height:.1f}")
    lines = "".join(f'<polyline points="{" ".join(p)}" fill="none" stroke="currentColor"/>' for p in pieces if p)
    return (
        f'<svg viewBox="-2 -2 {width + 4} {height + 4}" width="{width}" height="{height}" role="img">{lines}'
        f'<text x="0" y="10" font-size="10" fill="currentColor">{largest:,.6g}</text></svg>'
    )
