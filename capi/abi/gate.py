#!/usr/bin/env python3
"""Says whether lineside.h still is the ABI that programs were compiled with.

gate.py numbers          compares layouts and constants with numbers.txt
gate.py types            compares functions and all types they speak of with types.abi, by abidiff
gate.py renew            writes both files anew: see docs/abi.md

Options: --header FILE, --cc COMPILER, --abidiff PROGRAM, --abidw PROGRAM.

What is looked at is the header, compiled as C with a definition of each function: the library's own definitions cannot
differ, for its compiler refuses that, and another test compares what it exports. So the gate needs no debug information
of C++ and takes a second.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent
NUMBERS = ROOT / "numbers.txt"
TYPES = ROOT / "types.abi"
COMMENT = re.compile(r"//[^\n]*")
FUNCTION = re.compile(r"^LINESIDE_C_API ([^;]*?)\b(lineside_\w+)\(([^;]*)\);", re.DOTALL | re.MULTILINE)
STRUCTURE = re.compile(r"^((?:typedef )?struct (lineside_\w+) \{)(.*?)(?=^\})", re.DOTALL | re.MULTILINE)
FUNCTION_MEMBER = re.compile(r"\(\*(\w+)\)\([^)]*\)$")
MEMBER = re.compile(r"(\w+)$")
ENUMERATION = re.compile(r"^enum lineside_\w+ \{(.*?)\}", re.DOTALL | re.MULTILINE)
SIZE = re.compile(r"^#define (LINESIDE_\w+_SIZE) ", re.MULTILINE)
NEVER_GROW = {"lineside_money", "lineside_time_range", "lineside_number_range", "lineside_header"}


def members(body):
    """(name, declaration) of each member."""
    for declaration in (part.strip() for part in body.split(";")):
        if declaration:
            yield (FUNCTION_MEMBER.search(declaration) or MEMBER.search(declaration)).group(1), declaration


def as_frozen(header, frozen):
    """The header without the members that stand behind all that were frozen: those may come."""
    def cut(match):
        name = match.group(2)
        kept = list(members(match.group(3)))
        while name in frozen and name not in NEVER_GROW and kept and f"{name}.{kept[-1][0]}" not in frozen:
            kept.pop()
        return match.group(1) + "".join(f"\n{declaration};" for _, declaration in kept) + "\n"
    return STRUCTURE.sub(cut, header)


def definitions(header):
    yield header
    for returned, name, parameters in FUNCTION.findall(header):
        yield f"{returned.strip()} {name}({parameters}) {{ {'' if returned.strip() == 'void' else 'return 0; '}}}\n"


def printer(header):
    """A program that prints each structure's layout and each constant's value."""
    yield header
    yield "#include <stdio.h>\nint main(void) {\n"
    for _, name, body in STRUCTURE.findall(header):
        yield f'printf("{name} %zu\\n", sizeof({name}));\n'
        for member, _ in members(body):
            yield f'printf("{name}.{member} %zu %zu\\n", offsetof({name}, {member}), sizeof((({name}*)0)->{member}));\n'
    entries = [e.split("=")[0].strip() for body in ENUMERATION.findall(header) for e in body.split(",") if e.strip()]
    for name in entries + SIZE.findall(header):
        yield f'printf("{name} %d\\n", (int){name});\n'
    yield "return 0;\n}\n"


def compile_c(options, folder, name, text, *flags):
    (folder / f"{name}.c").write_text("".join(text), encoding="utf-8")
    # In its folder, so that no path gets into what is compiled.
    subprocess.run([options.cc, "-std=c99", "-w", *flags, f"{name}.c", "-o", name], cwd=folder, check=True)
    return folder / name


def numbers_now(options, header, folder):
    program = compile_c(options, folder, "numbers", printer(header))
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout


def shape(options, header, folder):
    return compile_c(options, folder, "lineside", definitions(header), "-g", "-shared", "-fPIC",
                     "-Wl,-soname,liblineside.so.0", f"-Wl,--version-script={ROOT.parent / 'lineside.map'}")


def table(text):
    rows = (line.split() for line in text.splitlines())
    return {row[0]: [int(number) for number in row[1:]] for row in rows if row and row[0] != "#"}


def changes(frozen, now):
    ends = {}
    for name, was in frozen.items():
        structure, _, member = name.partition(".")
        grows = name.startswith("lineside_") and not member and name not in NEVER_GROW
        if member:
            ends[structure] = max(ends.get(structure, 0), was[0])
        if name not in now:
            yield f"{name} is gone"
        elif now[name] < was if grows else now[name] != was:
            yield f"{name} was {was} and is {now[name]}"
    for name, place in now.items():
        # Not even into a hole: to an older program that is padding with whatever in it.
        structure, _, member = name.partition(".")
        if member and name not in frozen and place[0] < ends.get(structure, 0):
            yield f"{name} is new, but not behind what was there"


def check_numbers(options, header, folder):
    frozen = table(NUMBERS.read_text(encoding="utf-8"))
    found = list(changes(frozen, table(numbers_now(options, header, folder))))
    print("\n".join(found) or f"{len(frozen)} numbers are as they were")
    return not found and bool(frozen)


def check_types(options, header, folder):
    library = shape(options, as_frozen(header, table(NUMBERS.read_text(encoding="utf-8"))), folder)
    # Its other exit codes do not tell harm from none, and its suppression of appended members hides moved ones.
    return subprocess.run([options.abidiff, "--no-added-syms", TYPES, library], check=False).returncode == 0


def renew(options, header, folder):
    NUMBERS.write_text("# Bytes of structures; places and bytes of members; values of constants. gate.py writes this file.\n"
                       + numbers_now(options, header, folder), encoding="utf-8")
    subprocess.run([options.abidw, "--exported-interfaces-only", "--no-show-locs", "--no-corpus-path",
                    "--no-comp-dir-path", "--no-parameter-names", "--no-elf-needed", "--out-file", TYPES,
                    shape(options, header, folder)], check=True)
    return True


def main():
    parser = argparse.ArgumentParser(description="Whether lineside.h still is the ABI it was.")
    parser.add_argument("action", choices=["numbers", "types", "renew"])
    parser.add_argument("--header", type=pathlib.Path, default=ROOT.parent / "include/lineside.h")
    for program in ("cc", "abidiff", "abidw"):
        parser.add_argument(f"--{program}", default=program)
    options = parser.parse_args()
    header = COMMENT.sub("", options.header.read_text(encoding="utf-8"))
    action = {"numbers": check_numbers, "types": check_types, "renew": renew}[options.action]
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if action(options, header, pathlib.Path(folder)) else 1)


if __name__ == "__main__":
    main()
