"""Job A by the rivals that Python drives: job_a.py duckdb|polars|pandas CALLS [--threads N] [--database FILE] [--dump]

From the file to: attempts, answered, talk, calls with digits and charge per account and minute, hour, day and month, and
exact peak and channel milliseconds per account and minute. The level of live channels only changes where a call starts
or ends, so it is summed over those events in order of time; each stretch of one level is cut at the minutes it touches.
"""

import argparse
import csv
import json
import sys
import time

MINUTE = 60_000
COUNTS = ["attempts", "answered", "talk_ms", "dtmf_calls", "charge"]

DUCKDB_COLUMNS = {
    "call_id": "VARCHAR", "account_id": "VARCHAR", "start_time": "TIMESTAMP", "answer_time": "TIMESTAMP",
    "end_time": "TIMESTAMP", "duration_ms": "BIGINT", "sip_code": "SMALLINT", "direction": "VARCHAR", "cli": "VARCHAR",
    "destination": "VARCHAR", "dtmf_digits": "INTEGER", "charge": "DECIMAL(18, 6)",
}

# In memory it keeps what the numbers need; in a file it keeps the calls, as Lineside does.
DUCKDB = """
CREATE TABLE calls AS SELECT {kept} FROM read_csv('{path}', header = true, columns = {columns});
CREATE TABLE minutes AS
  SELECT account_id, epoch_ms(start_time) // 60000 AS start, count(*) AS attempts, count(answer_time) AS answered,
         sum(duration_ms)::BIGINT AS talk_ms, count(*) FILTER (dtmf_digits > 0) AS dtmf_calls, sum(charge) AS charge
  FROM calls GROUP BY ALL;
CREATE TABLE live AS
  WITH events AS (
    SELECT account_id, epoch_ms(start_time) AS t, 1 AS step FROM calls
    UNION ALL SELECT account_id, epoch_ms(end_time), -1 FROM calls),
  levels AS (
    SELECT account_id, t, sum(step) OVER w AS level, lead(t) OVER w AS next FROM events
    WINDOW w AS (PARTITION BY account_id ORDER BY t ROWS UNBOUNDED PRECEDING)),
  stretches AS (
    SELECT account_id, t, next, level::INTEGER AS level, t // 60000 AS first, (next - 1) // 60000 AS last FROM levels
    WHERE level > 0 AND next > t),
  pieces AS (
    SELECT account_id, first AS start, level, next - t AS ms FROM stretches WHERE first = last
    UNION ALL
    SELECT account_id, start, level, least(next, (start + 1) * 60000) - greatest(t, start * 60000)
    FROM (SELECT *, unnest(range(first, last + 1)) AS start FROM stretches WHERE first < last))
  SELECT account_id, start, max(level) AS peak, sum(level * ms)::BIGINT AS channel_ms FROM pieces GROUP BY ALL;
CREATE TABLE hours AS SELECT account_id, start // 60 AS start, {sums} FROM minutes GROUP BY ALL;
CREATE TABLE days AS SELECT account_id, start // 24 AS start, {sums} FROM hours GROUP BY ALL;
CREATE TABLE months AS
  SELECT account_id, epoch(date_trunc('month', DATE '1970-01-01' + start::INTEGER))::BIGINT AS start, {sums}
  FROM days GROUP BY ALL;
"""


def run_duckdb(args):
    import duckdb

    def work():
        con = duckdb.connect(args.database or ":memory:", config={"threads": args.threads})
        kept = "*" if args.database else "account_id, start_time, answer_time, end_time, duration_ms, dtmf_digits, charge"
        sums = ", ".join(f"sum({c})::{'DECIMAL(18, 6)' if c == 'charge' else 'BIGINT'} AS {c}" for c in COUNTS)
        for statement in DUCKDB.format(kept=kept, path=args.calls, columns=DUCKDB_COLUMNS, sums=sums).split(";"):
            if statement.strip():
                con.execute(statement)
        if args.database:
            con.execute("CHECKPOINT")
        return con

    def dump(con):
        for table, seconds in (("minutes", 60), ("hours", 3_600), ("days", 86_400), ("months", 1)):
            yield from con.execute(f"SELECT '{table[:-1]}', account_id, start * {seconds}, attempts, answered, talk_ms,"
                                   f" dtmf_calls, (charge * 1000000)::BIGINT FROM {table}").fetchall()
        yield from con.execute("SELECT 'live', account_id, start * 60, peak, channel_ms FROM live").fetchall()

    return work, dump


def run_polars(args):
    import polars as pl

    def at(name):
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms").to_physical().alias(name)

    def work():
        calls = pl.scan_csv(args.calls, schema_overrides={"duration_ms": pl.Int64, "dtmf_digits": pl.Int32,
                                                          "charge": pl.Float64}).select(
            pl.col("account_id").cast(pl.Categorical), at("start_time"), at("end_time"),
            pl.col("answer_time").is_not_null().alias("answered"), "duration_ms",
            (pl.col("dtmf_digits") > 0).alias("dtmf"),
            (pl.col("charge") * 1e6).round().cast(pl.Int64).alias("charge")).collect()
        minutes = calls.lazy().group_by("account_id", (pl.col("start_time") // MINUTE).alias("start")).agg(
            pl.len().cast(pl.Int64).alias("attempts"), pl.col("answered").sum().cast(pl.Int64),
            pl.col("duration_ms").sum().alias("talk_ms"), pl.col("dtmf").sum().cast(pl.Int64).alias("dtmf_calls"),
            pl.col("charge").sum()).collect()
        sums = [pl.col(c).sum() for c in COUNTS]
        hours = minutes.group_by("account_id", pl.col("start") // 60).agg(sums)
        days = hours.group_by("account_id", pl.col("start") // 24).agg(sums)
        month = (pl.col("start") * 86_400_000).cast(pl.Datetime("ms")).dt.truncate("1mo").to_physical() // 1_000
        months = days.group_by("account_id", month).agg(sums)

        # Every account ends at level 0, so one running sum serves them all.
        step = pl.lit(1, pl.Int32)
        stretches = pl.concat([
            calls.lazy().select("account_id", pl.col("start_time").alias("t"), step.alias("step")),
            calls.lazy().select("account_id", pl.col("end_time").alias("t"), (-step).alias("step")),
        ]).sort(pl.col("account_id").to_physical(), "t").select(
            "account_id", "t", pl.col("t").shift(-1).alias("next"), pl.col("step").cum_sum().alias("level")
        ).filter(pl.col("level") > 0, pl.col("next") > pl.col("t")).with_columns(
            (pl.col("t") // MINUTE).alias("start"), ((pl.col("next") - 1) // MINUTE).alias("last")).collect()
        inside = pl.col("start") == pl.col("last")
        cut = stretches.lazy().filter(~inside).with_columns(
            pl.int_ranges("start", pl.col("last") + 1).alias("start")).explode("start").select(
            "account_id", "start", "level",
            (pl.min_horizontal("next", (pl.col("start") + 1) * MINUTE)
             - pl.max_horizontal("t", pl.col("start") * MINUTE)).alias("ms"))
        whole = stretches.lazy().filter(inside).select("account_id", "start", "level",
                                                       (pl.col("next") - pl.col("t")).alias("ms"))
        live = pl.concat([whole, cut]).group_by("account_id", "start").agg(
            pl.col("level").max().alias("peak"), (pl.col("level") * pl.col("ms")).sum().alias("channel_ms")).collect()
        return {"minute": (minutes, 60), "hour": (hours, 3_600), "day": (days, 86_400), "month": (months, 1),
                "live": (live, 60)}

    def dump(tables):
        for name, (table, seconds) in tables.items():
            for account, start, *numbers in table.with_columns(pl.col("account_id").cast(pl.String)).iter_rows():
                yield name, account, start * seconds, *numbers

    return work, dump


def run_pandas(args):
    import numpy as np
    import pandas as pd

    def work():
        calls = pd.read_csv(args.calls, usecols=["account_id", "start_time", "answer_time", "end_time", "duration_ms",
                                                 "dtmf_digits", "charge"], dtype={"account_id": "category"})
        start, end = (pd.to_datetime(calls[name], format="%Y-%m-%dT%H:%M:%S.%fZ").to_numpy().astype("datetime64[ms]")
                      .astype(np.int64) for name in ("start_time", "end_time"))
        counted = pd.DataFrame({
            "account_id": calls["account_id"], "start": start // MINUTE, "attempts": 1,
            "answered": calls["answer_time"].notna().astype(np.int64), "talk_ms": calls["duration_ms"],
            "dtmf_calls": (calls["dtmf_digits"] > 0).astype(np.int64),
            "charge": (calls["charge"] * 1e6).round().astype(np.int64)})
        keys = ["account_id", "start"]
        minutes = counted.groupby(keys, observed=True, sort=False)[COUNTS].sum().reset_index()
        hours = minutes.assign(start=minutes["start"] // 60).groupby(keys, observed=True)[COUNTS].sum().reset_index()
        days = hours.assign(start=hours["start"] // 24).groupby(keys, observed=True)[COUNTS].sum().reset_index()
        month = days["start"].to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[s]")
        months = days.assign(start=month.astype(np.int64)).groupby(keys, observed=True)[COUNTS].sum().reset_index()

        account = np.tile(calls["account_id"].cat.codes.to_numpy(), 2)
        t = np.concatenate([start, end])
        order = np.lexsort((t, account))
        t, account = t[order], account[order]
        level = np.cumsum(np.where(order < len(start), 1, -1))[:-1]
        t, after, account = t[:-1], t[1:], account[:-1]
        kept = (level > 0) & (after > t)
        t, after, account, level = t[kept], after[kept], account[kept], level[kept]
        first = t // MINUTE
        touched = (after - 1) // MINUTE - first + 1
        row = np.repeat(np.arange(len(t)), touched)
        minute = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(touched) - touched, touched)
        ms = np.minimum(after[row], (minute + 1) * MINUTE) - np.maximum(t[row], minute * MINUTE)
        live = pd.DataFrame({"account_id": pd.Categorical.from_codes(account[row], calls["account_id"].cat.categories),
                             "start": minute, "peak": level[row], "channel_ms": level[row] * ms})
        live = live.groupby(keys, observed=True, sort=False).agg({"peak": "max", "channel_ms": "sum"}).reset_index()
        return {"minute": (minutes, 60), "hour": (hours, 3_600), "day": (days, 86_400), "month": (months, 1),
                "live": (live, 60)}

    def dump(tables):
        for name, (table, seconds) in tables.items():
            for account, start, *numbers in table.itertuples(index=False):
                yield name, account, start * seconds, *numbers

    return work, dump


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", choices=["duckdb", "polars", "pandas"])
    parser.add_argument("calls")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--database")
    parser.add_argument("--dump", action="store_true")
    args = parser.parse_args()
    work, dump = globals()["run_" + args.program](args)  # imports first: they are not part of the work
    begun = time.perf_counter()
    made = work()
    seconds = time.perf_counter() - begun
    if args.dump:
        csv.writer(sys.stdout, lineterminator="\n").writerows(dump(made))
    else:
        print(json.dumps({"seconds": seconds}))


main()
