"""report.py BUILD: the branches of covered.txt that the tests of BUILD took, as they left it in BUILD/coverage.

Prints a table and every side of a branch that nothing took; the exit status is 0 when there is none. A side that no
input can take says so on its line, with the reason, which the report repeats:

    if (::RAND_bytes(...) != 1) // unreachable: OpenSSL has no entropy only before the system has booted

and one that two threads take only when they meet there, which tests can provoke and not promise:

    if (!row) // raced: the contact was ended since its session was found
"""

import collections
import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = ("tests/unit_tests", "tests/integration_tests", "lineside")
MARK = re.compile(r"// (unreachable|raced): \S.*$")
SWITCH = re.compile(r"\bswitch \($")
CASE = re.compile(r"(case\b.*|default):")
CONSTANT_BEFORE = re.compile(r"\bif constexpr \($")
CONSTANT = re.compile(r"true\)")


@dataclasses.dataclass
class FileReport:
    """The sides of one file's branches."""
    area: str
    name: str
    sides: int = 0
    taken: int = 0
    missed: list = dataclasses.field(default_factory=list)   # sentences
    excused: list = dataclasses.field(default_factory=list)  # sentences
    wrong: list = dataclasses.field(default_factory=list)    # sentences


def listed(text):
    """(area, file) of each line of covered.txt; a heading names the area of what follows."""
    area = ""
    for line in text.splitlines():
        if line.startswith("#"):
            area = line.lstrip("# ")
        elif line.strip():
            yield area, line.strip()


def judge(area, name, source, branches):
    """`branches`: (line, column, times true, times false), columns from 1; one place may come several times, once for
    each instantiation, and is one branch."""
    report = FileReport(area, name)
    lines = source.splitlines()
    counts = collections.defaultdict(lambda: [0, 0])
    for line, column, times_true, times_false in branches:
        counts[line, column][0] += times_true
        counts[line, column][1] += times_false
    excusing = set()
    for (line, column), (times_true, times_false) in sorted(counts.items()):
        text = lines[line - 1]
        before, after = text[:column - 1], text[column - 1:]
        if CONSTANT_BEFORE.search(before) or CONSTANT.match(after):
            continue
        sides = [("true", times_true), ("false", times_false)]
        if SWITCH.search(before):
            continue  # the way past all cases: -Wswitch is an error, so every enumerator has one
        if CASE.match(after):
            sides.pop()  # that another case was taken is for that case to count
        report.sides += len(sides)
        report.taken += sum(times > 0 for _, times in sides)
        mark = MARK.search(text)
        for side, times in sides:
            if times > 0:
                continue
            if mark:
                excusing.add(line)
                report.excused.append(f"{name}:{line}:{column}: never {side}: {mark.group()[3:]}")
            else:
                report.missed.append(f"{name}:{line}:{column}: never {side}: {text.strip()}")
    for number, text in enumerate(lines, 1):
        mark = MARK.search(text)
        if mark and mark.group(1) == "unreachable" and number not in excusing:
            report.wrong.append(f"{name}:{number}: marked as unreachable, and the tests reach it: {text.strip()}")
    return report


def percent(taken, sides):
    """Never rounded up to 100."""
    return f"{taken * 1000 // sides / 10:.1f} %" if sides else "-"


def render(reports):
    width = max(len(r.name) for r in reports)
    lines = [f"{'file':{width}}  sides  taken  excused"]
    for area in dict.fromkeys(r.area for r in reports):
        members = [r for r in reports if r.area == area]
        sides, taken = sum(r.sides for r in members), sum(r.taken for r in members)
        excused = sum(len(r.excused) for r in members)
        lines.append(f"{area:{width}}  {sides:5}  {taken:5}  {excused:7}  {percent(taken, sides - excused):>7}")
        for r in members:
            share = percent(r.taken, r.sides - len(r.excused))
            lines.append(f"  {r.name:{width - 2}}  {r.sides:5}  {r.taken:5}  {len(r.excused):7}  {share:>7}")
    for heading, kind in (("Excused:", "excused"), ("Nothing takes these:", "missed"), ("Wrong:", "wrong")):
        sentences = [sentence for r in reports for sentence in getattr(r, kind)]
        if sentences:
            lines += ["", heading, *sentences]
    return "\n".join(lines) + "\n"


def tool(name):
    found = shutil.which(f"{name}-14") or shutil.which(name)
    return found or sys.exit(f"{name} is not installed")


def measured(build, sources):
    """File -> its branches, of every source that the programs hold counts of."""
    counts = build / "coverage"
    profiles = sorted(counts.glob("*.profraw"))
    if not profiles:
        sys.exit(f"no counts in {counts}: run the tests first")
    merged = counts / "merged.profdata"
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", merged, *profiles], check=True)
    first, *others = (build / program for program in PROGRAMS)
    export = subprocess.run(
        [tool("llvm-cov"), "export", "-skip-functions", "-skip-expansions", f"-instr-profile={merged}", first,
         *(f"-object={other}" for other in others), *sources], capture_output=True, check=True)
    return {pathlib.Path(file["filename"]): [(b[0], b[1], b[4], b[5]) for b in file["branches"]]
            for file in json.loads(export.stdout)["data"][0]["files"]}


def main():
    build, root = pathlib.Path(sys.argv[1]).resolve(), HERE.parents[1]
    wanted = list(listed((HERE / "covered.txt").read_text()))
    branches = measured(build, [root / name for _, name in wanted])
    reports = []
    for area, name in wanted:
        report = judge(area, name, (root / name).read_text(), branches.get(root / name, []))
        if root / name not in branches:
            report.wrong.append(f"{name}: the tests' programs hold no counts of it")
        reports.append(report)
    text = render(reports)
    (build / "coverage" / "report.txt").write_text(text)
    print(text, end="")
    sys.exit(any(r.missed or r.wrong for r in reports))


if __name__ == "__main__":
    main()
