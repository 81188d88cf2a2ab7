#!/usr/bin/env python3
"""Writes what the bindings know of lineside.h, so that nobody lists a member or an operation twice.

generate.py        writes bindings/swig/records.def and the generated modules of the Python package
generate.py check  says what is out of date, and fails
"""

import pathlib
import sys

from generator import header, python_operations, python_values, tables

HERE = pathlib.Path(__file__).resolve().parent
BY_HAND = "bindings/generate.py writes this file."


def texts():
    """What the files should hold, by their path."""
    known = header.read()
    package = HERE / "python/src/lineside"
    operations = python_operations.Operations(known)
    written = {
        HERE / "swig/records.def": tables.records_def(known, BY_HAND),
        package / "_values.py": python_values.Values(known).module(BY_HAND),
        package / "_operations.py": operations.module(False, BY_HAND),
        package / "_async_operations.py": operations.module(True, BY_HAND),
    }
    return {
        path: "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + "\n" for path, text in written.items()
    }


def main():
    stale = [path for path, text in texts().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if sys.argv[1:] == ["check"]:
        for path in stale:
            name = path.relative_to(HERE).as_posix()
            print(f"bindings/{name} does not say what lineside.h does; run bindings/generate.py")
        sys.exit(1 if stale else 0)
    for path in stale:
        path.write_text(texts()[path], encoding="utf-8")


if __name__ == "__main__":
    main()
