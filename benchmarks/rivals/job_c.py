"""Job C by DuckDB: job_c.py prepare FROM TO, then job_c.py ask FILE.

`prepare` sorts what job A left in a database by account and time, which is what makes DuckDB skip what a question does
not touch. `ask` uses one thread and prepared statements; the times include Python's call and its fetch.
"""

import json
import os
import random
import sys
import time

FIRST, LAST = 1_772_323_200, 1_775_001_600  # March 2026 in UTC
SERIES = {
    "live_channels": ("live", "max(peak)"), "live_channels_avg": ("live", "sum(channel_ms)"),
    "attempts": ("minutes", "sum(attempts)"), "asr": ("minutes", "sum(answered), sum(attempts)"),
    "acd": ("minutes", "sum(talk_ms), sum(answered)"), "dtmf_percent": ("minutes", "sum(dtmf_calls), sum(answered)"),
    "talk": ("minutes", "sum(talk_ms)"), "charge": ("minutes", "sum(charge)"),
}


def prepare(duckdb, source, target):
    if os.path.exists(target):
        os.remove(target)
    con = duckdb.connect(target)
    con.execute(f"ATTACH '{source}' AS made (READ_ONLY)")
    for table in ("minutes", "live", "hours", "days"):
        con.execute(f"CREATE TABLE {table} AS SELECT * FROM made.{table} ORDER BY account_id, start")
    con.execute("CHECKPOINT")


class Latencies(list):
    def measure(self, work):
        begun = time.perf_counter()
        rows = work()
        self.append((time.perf_counter() - begun) * 1e6)
        return rows

    def at(self, part):
        return sorted(self)[int(part * (len(self) - 1))]


def ask(duckdb, path):
    rng = random.Random(1)
    begun = time.perf_counter()
    con = duckdb.connect(path, read_only=True, config={"threads": 1})
    for name, (table, value) in SERIES.items():
        # An hour of Kyiv is an hour of UTC, so the rival may group by UTC's and is spared the zone.
        con.execute(f"PREPARE {name} AS SELECT start // 60 AS hour, {value} FROM {table} WHERE account_id = $1"
                    f" AND start >= {FIRST // 60} AND start < {LAST // 60} GROUP BY hour ORDER BY hour")
    con.execute(f"PREPARE hour_rows AS SELECT * FROM hours WHERE account_id = $1 AND start >= {LAST // 3600 - 24}"
                f" AND start < {LAST // 3600} ORDER BY start")
    con.execute(f"PREPARE day_rows AS SELECT * FROM days WHERE account_id = $1 AND start >= {FIRST // 86400}"
                f" AND start < {LAST // 86400} ORDER BY start")
    accounts = [row[0] for row in con.execute("SELECT DISTINCT account_id FROM days").fetchall()]
    opened = time.perf_counter() - begun

    def run(statement, account):
        return con.execute(f"EXECUTE {statement}('{account}')").fetchall()

    cold, warm, busy, hours, days = (Latencies() for _ in range(5))
    busiest = sorted(accounts)[:10]
    rng.shuffle(accounts)
    names = list(SERIES)
    for account in accounts:
        cold.measure(lambda: run(rng.choice(names), account))
    for _ in range(500):
        warm.measure(lambda: run(rng.choice(names), rng.choice(accounts)))
        busy.measure(lambda: run(rng.choice(names), rng.choice(busiest)))
        hours.measure(lambda: run("hour_rows", rng.choice(accounts)))
        days.measure(lambda: run("day_rows", rng.choice(accounts)))
    print(json.dumps({"open_ms": opened * 1e3, "cold_p50": cold.at(0.5), "cold_p99": cold.at(0.99),
                      "warm_p50": warm.at(0.5), "warm_p99": warm.at(0.99), "busy_p50": busy.at(0.5), "busy_p99": busy.at(0.99),
                      "hours_p50": hours.at(0.5), "days_p50": days.at(0.5)}))


def main():
    import duckdb

    if sys.argv[1] == "prepare":
        prepare(duckdb, sys.argv[2], sys.argv[3])
    else:
        ask(duckdb, sys.argv[2])


main()
