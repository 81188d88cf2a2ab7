"""check_tidy.py ROOT BUILD: clang-tidy with the checks of .clang-tidy over every source of the library and the program."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77


def tidy(program, build, source):
    command = [program, "-p", str(build), "--quiet", "--extra-arg=-Wno-unknown-warning-option", str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else done.stdout + done.stderr


def find_clang_tidy():
    return shutil.which("clang-tidy-14") or shutil.which("clang-tidy")


def check(root, build):
    program = find_clang_tidy()
    compiled = {pathlib.Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    sources = sorted(source for source in compiled if source.is_relative_to(root / "src")
                     or source.is_relative_to(root / "capi/src"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [text for text in pool.map(lambda source: tidy(program, build, source), sources) if text.strip()]
    print(f"{len(sources)} sources, {len(findings)} with findings")
    return findings if sources else ["compile_commands.json names no file of src/"]


def main():
    root, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    if find_clang_tidy() is None:
        print("skipped: clang-tidy is not installed")
        sys.exit(SKIPPED)
    findings = check(root, build)
    print("\n".join(findings))
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
