"""Job F by its rivals: job_f.py duckdb|pandas ROWS OUT. Only the writing is timed, the rows lie in memory before.

Neither disarms cells that a spreadsheet would run as formulas.
"""

import json
import sys
import time


def duckdb_writer(rows, out):
    import duckdb

    con = duckdb.connect(config={"threads": 2})
    con.execute(f"CREATE TABLE summary AS SELECT * FROM read_csv('{rows}')")
    return lambda: con.execute(f"COPY summary TO '{out}' (HEADER)")


def pandas_writer(rows, out):
    import pandas as pd

    frame = pd.read_csv(rows, parse_dates=["start", "end"])
    return lambda: frame.to_csv(out, index=False)


def main():
    program, rows, out = sys.argv[1:]
    write = {"duckdb": duckdb_writer, "pandas": pandas_writer}[program](rows, out)
    begun = time.perf_counter()
    write()
    print(json.dumps({"seconds": time.perf_counter() - begun}))


main()
