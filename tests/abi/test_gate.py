"""test_gate.py GATE HEADER OPTIONS...: the gate passes what old programs do not notice, and nothing else."""

import pathlib
import subprocess
import sys
import tempfile

# (what is done to the header, what stands there, what stands there then, whether numbers and types pass; None: not asked)
CHANGES = [
    ("nothing is changed", "", "", True, True),
    ("a function is new", "LINESIDE_C_API const char* lineside_version(void);",
     "LINESIDE_C_API const char* lineside_version(void);\nLINESIDE_C_API const char* lineside_motto(void);", None, True),
    ("a request has a new last member", "    uint32_t history_days;", "    uint32_t history_days;\n    int64_t newest;",
     True, True),
    ("a value has a new last member", "    int32_t new_connection;", "    int32_t new_connection;\n    const char* proxy;",
     True, True),
    ("a constant is new", "    LINESIDE_INTERNAL = 13 ", "    LINESIDE_INTERNAL = 13, LINESIDE_TIRED = 14", True, None),
    ("a function is gone", "LINESIDE_C_API const char* lineside_version(void);", "", None, False),
    ("a function returns something else", "LINESIDE_C_API int32_t lineside_abi_version(void);",
     "LINESIDE_C_API int64_t lineside_abi_version(void);", None, False),
    ("a parameter has another type", "lineside_time_format(int64_t time, int32_t offset_s",
     "lineside_time_format(int64_t time, int64_t offset_s", None, False),
    ("a function has one more parameter", "lineside_version(void);", "lineside_version(int32_t which);", None, False),
    ("members changed places", "    int64_t from;\n    int64_t to;", "    int64_t to;\n    int64_t from;", False, False),
    ("a member is new in the middle", "    int64_t timeout_ms;", "    int64_t newest;\n    int64_t timeout_ms;",
     False, None),
    ("a member is new where there was a hole", "    int32_t kind;                //", "    int32_t kind, newest;  //",
     False, None),
    ("a member is gone", "    int32_t new_connection;", "", False, None),
    ("a member has another type of the same size", "    int64_t timeout_ms;", "    double timeout_ms;", True, False),
    ("a member is new last, and another has another type", "    int64_t longest_call;   ///< after this a call without an"
     " end is given up; default: 4 hours", "    double longest_call;", True, False),
    ("a structure that never grows has a new member", "    const char* currency; ///< ISO 4217;",
     "    const char* currency; int32_t newest; ///< ISO 4217;", False, None),
    ("a constant has another value", "    LINESIDE_INTERNAL = 13 ", "    LINESIDE_INTERNAL = 14 ", False, None),
]


def passes(gate, action, header, options):
    return subprocess.run([sys.executable, "-B", gate, action, "--header", header, *options], check=False,
                          capture_output=True).returncode == 0


def main():
    gate, header, options = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"), sys.argv[3:]
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        changed = pathlib.Path(folder) / "lineside.h"
        for what, old, new, numbers, types in CHANGES:
            if old not in header:
                problems.append(f"{what}: the header no longer has {old!r}")
                continue
            text = header.replace(old, new, 1)
            if "longest_call" in old:
                text = text.replace("    uint32_t history_days;", "    uint32_t history_days;\n    int64_t newest;", 1)
            changed.write_text(text, encoding="utf-8")
            for action, expected in (("numbers", numbers), ("types", types)):
                if expected is not None and passes(gate, action, changed, options) != expected:
                    problems.append(f"{what}: {action} {'do not pass' if expected else 'pass'}")
    print("\n".join(problems) or f"{len(CHANGES)} changes are judged as they are")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
