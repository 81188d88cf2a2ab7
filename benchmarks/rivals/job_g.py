"""Job G, what Python pays. Prints a line of JSON.

job_g.py near DATABASE LIBRARY   an account, a month of one metric in hours, a point of it; calls that do nothing
job_g.py import CSV DATABASE     a file of calls into a new database
"""

import ctypes
import json
import statistics
import sys
import time
from datetime import datetime, timezone

import lineside

ROUNDS = 11


def each(count, operation, *arguments):
    """Microseconds an operation takes: the median of some rounds."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(count):
            operation(*arguments)
        took.append((time.perf_counter() - begun) / count * 1e6)
    return statistics.median(took)


def near(database, library):
    numbers = {}
    numbers["nothing_us"] = each(200_000, lambda: None)
    numbers["ctypes_us"] = each(200_000, ctypes.CDLL(library).lineside_abi_version)
    numbers["swig_us"] = each(200_000, lineside._core.abi_version)
    with lineside.open(database) as portal:
        account = next(iter(portal.accounts())).id
        numbers["call_us"] = each(20_000, portal.get_account, account)
        month = (datetime(2026, 3, 1, tzinfo=timezone.utc), datetime(2026, 4, 1, tzinfo=timezone.utc))

        def series():
            return portal.query_series(account, metric="attempts", range=month, zone="UTC")

        numbers["series_us"] = each(500, series)
        one = series()
        points = numbers["points"] = len(one)
        room = (ctypes.c_char * one.value.nbytes)()
        column = (ctypes.c_char * one.value.nbytes).from_buffer_copy(one.value)
        numbers["memcpy_ns"] = each(20_000, ctypes.memmove, room, column, len(room)) * 1e3 / points
        numbers["view_ns"] = each(20_000, getattr, one, "value") * 1e3 / points
        numbers["list_ns"] = each(2_000, one.value.tolist) * 1e3 / points
        numbers["sum_ns"] = each(500, sum, one.value) * 1e3 / points
        try:
            import numpy
        except ImportError:
            return numbers
        numbers["numpy_ns"] = each(20_000, numpy.asarray, one.value) * 1e3 / points
        column = numpy.asarray(one.value)
        numbers["numpy_sum_ns"] = each(20_000, column.sum) * 1e3 / points
        return numbers


def import_calls(csv, database):
    begun = time.perf_counter()
    with lineside.open(database) as portal:
        portal.import_file(csv)
    return {"seconds": time.perf_counter() - begun}


def main():
    what, *arguments = sys.argv[1:]
    print(json.dumps({"near": near, "import": import_calls}[what](*arguments)))


main()
