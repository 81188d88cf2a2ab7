"""hello: a portal in this process, a day of call records, and how many of them were answered."""

import sys

import lineside

with lineside.open() as portal:
    report = portal.import_file(sys.argv[1])
    print(f"{report.imported} calls")

    (day,) = portal.summary("harbour", "daily", "2026-03-10", "2026-03-11")
    print(f"{day.answered} answered: ASR {day.asr:.2f} %, ACD {day.acd_s:.2f} s")
