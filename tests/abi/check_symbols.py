"""check_symbols.py NM LIBRARY ROOT: what the C library exports, against lineside.h and operations.def."""

import pathlib
import re
import subprocess
import sys

DECLARED = re.compile(r"^LINESIDE_C_API [^;]*?\b(lineside_\w+)\(", re.MULTILINE)
OPERATION = re.compile(r"^LINESIDE_OPERATION\((\w+),", re.MULTILINE)
ROW = re.compile(r"^LINESIDE_C_(?:OPERATION|COMMAND)\((\w+), (\w+),", re.MULTILINE)


def main():
    nm, library, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    listed = subprocess.run([nm, "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in listed.splitlines()} - {"LINESIDE_1"}
    declared = set(DECLARED.findall((root / "capi/include/lineside.h").read_text(encoding="utf-8")))
    operations = set(OPERATION.findall((root / "include/lineside/operations.def").read_text(encoding="utf-8")))
    rows = dict(ROW.findall((root / "capi/src/operations.def").read_text(encoding="utf-8")))
    problems = [f"exported, but not in lineside.h: {name}" for name in sorted(exported - declared)]
    problems += [f"in lineside.h, but not exported: {name}" for name in sorted(declared - exported)]
    problems += [f"{line.split()[-1]} is not of version LINESIDE_1" for line in listed.splitlines()
                 if " T " in line and not line.endswith("@@LINESIDE_1")]
    problems += [f"{name} has no functions in C" for name in sorted(operations - rows.keys())]
    for function in rows.values():
        problems += [f"not exported: {name}" for name in (f"lineside_{function}", f"lineside_{function}_async")
                     if name not in exported]
    print("\n".join(problems) or f"{len(exported)} symbols, {len(operations)} operations")
    sys.exit(1 if problems or not operations or len(exported) < 2 * len(operations) else 0)


if __name__ == "__main__":
    main()
