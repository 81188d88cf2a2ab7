"""Every C and C++ file is as clang-format 14 leaves it."""

import re
import shutil
import subprocess
import sys

import source_tree as tree

VERSION = "14"
SKIPPED = 77


def find_clang_format():
    for program in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(program)
        if path:
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if re.search(rf"version {VERSION}\.", said):
                return path
    return None


def check(root):
    program = find_clang_format()
    names = tree.files(root, "include", "src", "capi", "bindings", "tests", "benchmarks", "examples",
                       suffixes=(".cpp", ".hpp", ".h", ".c"))
    names = [name for name in names if not name.startswith("tests/fixtures/")]
    if not names:
        return []
    done = subprocess.run([program, "--dry-run", "--style=file", *names], cwd=root, capture_output=True, text=True)
    bad = sorted(set(re.findall(r"^([^:\n]+):\d+:\d+: warning: code should be clang-formatted", done.stderr, re.MULTILINE)))
    problems = [f"{name}: not formatted (clang-format -i {name})" for name in bad]
    if done.returncode != 0 and not problems:
        problems.append(f"clang-format failed: {done.stderr.strip()}")
    return problems


if __name__ == "__main__":
    if find_clang_format() is None:
        print(f"skipped: clang-format {VERSION} is not installed, so the layout of the sources is not checked")
        sys.exit(SKIPPED)
    tree.main(check)
