#!/usr/bin/env python3
"""Writes what capi/src knows of the structures and constants of lineside.h, so that nobody lists a member twice.

describe.py        writes capi/src/structures.def and capi/src/constants.def
describe.py check  says what is out of date, and fails
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent
COMMENT = re.compile(r"//[^\n]*")
STRUCTURE = re.compile(r"^(?:typedef )?struct (lineside_\w+) \{(.*?)^\}", re.DOTALL | re.MULTILINE)
FUNCTION_MEMBER = re.compile(r"\(\*(\w+)\)\([^)]*\)$")
MEMBER = re.compile(r"(\w+)$")
ENUMERATION = re.compile(r"^enum lineside_(\w+) \{(.*?)\}", re.DOTALL | re.MULTILINE)


def structures(header):
    """(name, members) of each structure, in the order of the header."""
    for name, body in STRUCTURE.findall(COMMENT.sub("", header)):
        members = [declaration.strip() for declaration in body.split(";") if declaration.strip()]
        yield name, [(FUNCTION_MEMBER.search(m) or MEMBER.search(m)).group(1) for m in members]


def constants(header):
    """(enumeration, constants) of those whose values have names."""
    for name, body in ENUMERATION.findall(COMMENT.sub("", header)):
        if name != "code" and f"lineside_{name}_name(int32_t" in header:
            yield name, [entry.split("=")[0].strip() for entry in body.split(",") if entry.strip()]


def texts(root):
    """What the two files should hold, by their path."""
    header = (root / "include/lineside.h").read_text(encoding="utf-8")
    rows = ["// The structures of lineside.h and their members. capi/describe.py writes this file.\n"]
    rows += [f"LINESIDE_C_STRUCTURE({name}, {', '.join(members)})\n" for name, members in structures(header)]
    lists = ["// The constants of lineside.h that have names, each with its enumerator. capi/describe.py writes this file.\n"]
    for name, entries in constants(header):
        prefix = f"LINESIDE_{name.upper()}_"
        lists.append(f"LINESIDE_C_ENUMERATION({name}, {len(entries)})\n")
        lists += [f"LINESIDE_C_CONSTANT({name}, {entry.removeprefix(prefix).lower()}, {entry})\n" for entry in entries]
    return {root / "src/structures.def": "".join(rows), root / "src/constants.def": "".join(lists)}


def main():
    stale = [path for path, text in texts(ROOT).items()
             if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if sys.argv[1:] == ["check"]:
        for path in stale:
            print(f"capi/{path.relative_to(ROOT).as_posix()} does not say what lineside.h does; run capi/describe.py")
        sys.exit(1 if stale else 0)
    for path in stale:
        path.write_text(texts(ROOT)[path], encoding="utf-8")


if __name__ == "__main__":
    main()
