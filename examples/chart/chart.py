"""chart: one metric over a day in the customer's own time zone, drawn as bars."""

import sys
from datetime import datetime, timezone

import lineside

day = (datetime(2026, 3, 10, tzinfo=timezone.utc), datetime(2026, 3, 11, tzinfo=timezone.utc))

with lineside.open() as portal:
    portal.import_file(sys.argv[1])
    line = portal.series("harbour", "attempts", *day, zone="Europe/Kyiv")

# Columns without gaps, which NumPy takes as they are; `times` are local. They outlive the portal.
most = max(line.value)
print(f"{line.unit} per hour, {line.zone}")
for time, value in zip(line.times, line.value, strict=True):
    print(f"{time:%H:%M} {'#' * int(value / most * 40)} {value:.0f}")
